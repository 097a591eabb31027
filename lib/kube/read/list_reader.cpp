// The reader of a list's pages, ahead of their parsing.
#include "kube/read/list_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/http/api_error.hpp"
#include "kube/parse/protobuf_reader.hpp"
#include "kube/parse/value_builder.hpp"
#include "kube/read/continue_token.hpp"
#include "kube/read/list_query.hpp"

namespace kube {
namespace {

// Each is held in memory while it downloads; more do not make the server faster.
constexpr std::ptrdiff_t pages_at_once = 2;
// Against a server that never stops: ten thousand pages are five million objects.
constexpr std::size_t max_pages = 10'000;
// One after the other. An API server has filled a page when it ends it.
constexpr std::size_t max_empty_pages = 100;
// Each page takes a round trip of its own: over a long line there are fewer and larger ones.
constexpr std::chrono::milliseconds long_round_trip{10};
constexpr int larger_pages = 4;
// What an object takes beside its document: here, in the snapshot, and in its index by name.
constexpr std::size_t bytes_beside_item = 256;

}  // namespace

void ListReader::start(RequestBatch& batch) {
  state_ = State::reading;
  document_ = std::make_shared<Document>();
  Builder::count_memory(*document_, batch.memory());
  objects_.clear();
  resource_version_.clear();
  pages_.clear();
  ask(batch, {});
}

void ListReader::start(RequestBatch& batch, std::string version) {
  spec_.version = std::move(version);
  start(batch);
}

void ListReader::ask(RequestBatch& batch, const std::string& token) {
  const bool larger = !token.empty() && batch.round_trip() >= long_round_trip;
  const int limit = larger ? larger_pages * spec_.limit : spec_.limit;
  Request request;
  request.path =
      page_path({*spec_.resource, spec_.version, spec_.ns, spec_.field_selector, token, limit});
  request.accept = list_accept(*spec_.resource, spec_.version);
  request.watch_body = true;
  request.expected_bytes = page_bytes_ + page_bytes_ / 16;
  pages_.push_back({batch.ask(*this, std::move(request)), token});
}

void ListReader::ask_next(RequestBatch& batch) {
  if (pages_.empty() || pages_.back().next.empty()) return;
  const auto on_the_way =
      std::count_if(pages_.begin(), pages_.end(), [](const Page& page) { return !page.done; });
  if (on_the_way < pages_at_once) ask(batch, std::string(pages_.back().next));
}

ListReader::Page* ListReader::find(std::size_t number) {
  const auto it = std::find_if(pages_.begin(), pages_.end(),
                               [&](const Page& page) { return page.number == number; });
  return it == pages_.end() ? nullptr : &*it;
}

bool ListReader::on_body(std::size_t number, std::string_view so_far, RequestBatch& batch) {
  // A page that already has a successor is being downloaded a second time: the parsed page decides.
  if (pages_.empty() || pages_.back().number != number) return false;
  TokenScan scan = scan_continue_token(so_far);
  if (scan.state == TokenScan::State::need_more) return true;
  pages_.back().next = std::move(scan.token);
  ask_next(batch);
  return false;
}

void ListReader::on_response(std::size_t number, Response&& response, RequestBatch& batch) {
  Page* page = find(number);
  if (page == nullptr || state_ != State::reading) return;
  if (response.ok()) return read_page(*page, response, batch);
  const bool first = page->token.empty();
  const bool gone = response.failure == Failure::none && response.status == 410;
  if (gone && !first) {
    refusal_ = std::move(response);
    return again(batch, "its continue token expired twice");
  }
  if (response.failure == Failure::too_large) {
    refuse("AnswerTooLarge", describe_failure(response));
  }
  State state = State::failed;
  if (response.failure == Failure::none && first) {
    if (response.status == 404) state = State::not_found;
    if (response.status == 403) state = State::forbidden;
  }
  std::string detail = state == State::forbidden
                           ? forbidden_text("list", *spec_.resource, spec_.ns, response)
                           : describe_failure(response);
  refusal_ = std::move(response);
  fail(state, std::move(detail));
}

bool ListReader::parse_page(ListPage& parsed, Response& response, RequestBatch& batch) {
  const auto start = std::chrono::steady_clock::now();
  base::MemoryShare scratch(batch.memory().get());
  try {
    if (is_protobuf(response.content_type)) {
      parsed = read_protobuf_page(response.body, *document_);
    } else {
      // simdjson keeps what it found in the text, and the text of strings, beside it.
      scratch.set(2 * response.body.size());
      parsed = read_list_page(response.body, *document_);
    }
    Builder::count_beside(*document_, parsed.items.size() * bytes_beside_item);
  } catch (const base::Error& error) {
    if (error.reason == "MemoryLimit") refuse(error.reason, error.what());
    refusal_ = std::move(response);
    fail(State::failed, error.what());
    return false;
  }
  batch.stats().parse += std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  return true;
}

bool ListReader::take_items(const ListPage& parsed, Response& response) {
  if (!std::string_view(parsed.kind).ends_with("List")) {
    refusal_ = std::move(response);
    fail(State::failed, describe_failure(refusal_));
    return false;
  }
  for (const Value& item : parsed.items) {
    if (item.at("metadata", "name").text().empty()) {
      refusal_ = std::move(response);
      fail(State::failed, "an item of the list has no name");
      return false;
    }
    objects_.emplace_back(*spec_.resource, item);
  }
  return true;
}

void ListReader::read_page(Page& page, Response& response, RequestBatch& batch) {
  ListPage parsed;
  page_bytes_ = std::max(page_bytes_, response.body.size());
  if (!parse_page(parsed, response, batch) || !take_items(parsed, response)) return;
  response.body = std::string();
  // All pages have that of the first.
  if (resource_version_.empty()) resource_version_ = parsed.resource_version;
  page.done = true;
  empty_pages_ = parsed.items.empty() ? empty_pages_ + 1 : 0;
  go_on(page, std::move(parsed.continue_token), batch);
}

void ListReader::go_on(Page& page, std::string next, RequestBatch& batch) {
  const bool last = &page == &pages_.back();
  const std::string& asked = last ? next : (&page + 1)->token;
  if (asked != next) return again(batch, "its pages do not follow from each other");
  if (next.size() > token_scan_limit) {
    return fail(State::failed,
                "the server's continue token has " + base::format_bytes(next.size()));
  }
  const bool seen_before =
      !next.empty() && std::any_of(pages_.begin(), pages_.end(), [&](const Page& other) {
        return other.token == next && &other != &page + 1;
      });
  if (seen_before) {
    return fail(State::failed,
                "the server gives the same continue token again: its pages go in a circle");
  }
  page.next = std::move(next);
  if (!page.next.empty() && (pages_.size() > max_pages || empty_pages_ > max_empty_pages)) {
    refuse("EndlessList", "the server goes on giving continue tokens after " +
                              base::plural(pages_.size(), "page") + " with " +
                              base::plural(objects_.size(), "object"));
  }
  ask_next(batch);
  const bool complete =
      std::all_of(pages_.begin(), pages_.end(), [](const Page& p) { return p.done; });
  if (complete && pages_.back().next.empty()) state_ = State::loaded;
}

void ListReader::refuse(std::string reason, const std::string& what) const {
  const std::string where = spec_.ns.empty() ? std::string() : " in namespace " + spec_.ns;
  throw base::Error(
      base::Fault::unavailable, std::move(reason),
      "the list of " + full_name(*spec_.resource) + where + " cannot be read: " + what,
      "limit what is read (-n, --only), or raise --max-memory; is this a Kubernetes API server?");
}

void ListReader::again(RequestBatch& batch, const char* why) {
  if (restarted_) return fail(State::failed, why);
  restarted_ = true;
  start(batch);
}

void ListReader::fail(State state, std::string detail) {
  state_ = state;
  detail_ = std::move(detail);
  // Of protobuf there is nothing to quote, and nobody has looked whether our login is in it.
  const std::size_t quotable = is_protobuf(refusal_.content_type) ? 0 : 4096;
  refusal_.body.resize(std::min(refusal_.body.size(), quotable));
  objects_.clear();
  document_.reset();
  pages_.clear();
}

}  // namespace kube
