// One paginated list of the Kubernetes API.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "kube/object.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/read/request_batch.hpp"

namespace kube {

// Reads one list, page by page. The next page is asked for as soon as its token is known, which is
// mostly long before the current page is here. Every page counts only if it follows from the one
// before: else, and when a token expires on the way (410), the list is read again, once.
class ListReader : public BatchItem {
 public:
  struct Spec {
    const Resource* resource = nullptr;
    std::string version;
    std::string ns = {};  // empty: all, or cluster-scoped
    std::string field_selector = {};
    int limit = 500;  // objects of a page; of later ones several times as many over a long line
  };
  // Throws base::Error when what comes is larger than it may be, or never ends: MemoryLimit,
  // AnswerTooLarge, EndlessList.
  enum class State { reading, loaded, not_found, forbidden, failed };

  explicit ListReader(Spec spec) : spec_(std::move(spec)) {}

  // Puts the first page's request. Also to start over with another version.
  void start(RequestBatch& batch);
  void start(RequestBatch& batch, std::string version);

  bool on_body(std::size_t number, std::string_view so_far, RequestBatch& batch) override;
  void on_response(std::size_t number, Response&& response, RequestBatch& batch) override;

  const Spec& spec() const { return spec_; }
  State state() const { return state_; }
  // Why, unless loaded: the answer, and the words for it.
  const Response& refusal() const { return refusal_; }
  const std::string& detail() const { return detail_; }
  // When loaded. The objects borrow from the document.
  const std::vector<Object>& objects() const { return objects_; }
  std::shared_ptr<const Document> document() const { return document_; }
  // Of the list: a watch goes on from there.
  const std::string& resource_version() const { return resource_version_; }

 private:
  struct Page {
    std::size_t number;  // of the request
    std::string token;   // it was asked with
    std::string next = {};
    bool done = false;
  };

  void ask(RequestBatch& batch, const std::string& token);
  void ask_next(RequestBatch& batch);
  void read_page(Page& page, Response& response, RequestBatch& batch);
  // False: it failed.
  bool parse_page(ListPage& parsed, Response& response, RequestBatch& batch);
  bool take_items(const ListPage& parsed, Response& response);
  void go_on(Page& page, std::string next, RequestBatch& batch);
  [[noreturn]] void refuse(std::string reason, const std::string& what) const;
  void again(RequestBatch& batch, const char* why);
  void fail(State state, std::string detail);
  Page* find(std::size_t number);

  Spec spec_;
  State state_ = State::reading;
  std::shared_ptr<Document> document_;
  std::vector<Object> objects_;
  std::vector<Page> pages_;  // in order; those of a list given up are forgotten
  std::string resource_version_;
  std::size_t page_bytes_ = 0;
  std::size_t empty_pages_ = 0;
  bool restarted_ = false;
  Response refusal_;
  std::string detail_;
};

}  // namespace kube
