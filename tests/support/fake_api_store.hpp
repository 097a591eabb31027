// Kinds and objects of the fake API server, and its answers about them.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace support {

// What FakeApiServer serves, without any network.
struct FakeKind {
  std::string group, plural, kind;
  std::vector<std::string> versions;  // best first
  bool namespaced = true;
  bool builtin = true;  // its lists have no kind per item, and metadata before items
  struct Entry {
    std::string json;      // as lists hold it
    std::string metadata;  // PartialObjectMetadata
  };
  std::map<std::pair<std::string, std::string>, Entry> objects;  // by namespace and name
};

struct FakeAnswer {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
};

// A watch of one list.
struct FakeWatch {
  std::string group, version, plural, ns, selector;
  bool metadata_only = false;
  std::size_t seen = 0;  // the revision up to which it was told
};

FakeAnswer status_answer(int code, const std::string& reason, const std::string& message);

class FakeStore {
 public:
  enum class Discovery { v2, v2beta1, classic, none };

  FakeStore();
  FakeKind& serve(std::string_view group, std::string_view version, std::string_view plural,
                  std::string_view kind, bool namespaced);
  void stop_serving(std::string_view group, std::string_view plural);
  void add(const std::string& json);
  FakeAnswer answer(const std::string& target, const std::string& accept) const;
  // POST, PATCH (JSON Patch), DELETE, with dryRun=All, as a real server answers them: uid and value
  // tests, preconditions, finalizers.
  FakeAnswer write(const std::string& method, const std::string& target, const std::string& body);
  // The object as it is; empty when there is none.
  std::string object(std::string_view plural, const std::string& ns, const std::string& name) const;
  void erase(std::string_view plural, const std::string& ns, const std::string& name);
  // What this target watches.
  static FakeWatch watch_of(const std::string& target, const std::string& accept);
  // Lines for what happened since it was last told.
  std::string events(FakeWatch& watch) const;
  std::string bookmark(const FakeWatch& watch) const;
  std::size_t revision() const { return revision_; }

  std::string version = "v1.36.3";
  Discovery discovery = Discovery::v2;
  std::string user = "test-user";
  bool restricted = false;
  std::set<std::pair<std::string, std::string>> allowed;  // plural, namespace
  std::set<std::string> broken_groups;
  std::set<std::string> read_only;  // plurals that nobody may change
  std::string refusing_webhook;     // of this name, called for every change of `webhook_plural`
  std::string webhook_plural;
  std::string now = "2026-08-22T15:00:18Z";

 private:
  struct Path {
    std::string group, version, ns, plural, name;
  };
  FakeAnswer aggregated(bool core) const;
  FakeAnswer classic(const std::string& path) const;
  FakeAnswer objects(const Path& path, const std::map<std::string, std::string>& query,
                     bool metadata_only) const;
  FakeAnswer page(const FakeKind& kind, const Path& path,
                  const std::map<std::string, std::string>& query, bool metadata_only) const;
  const FakeKind* find(std::string_view group, std::string_view plural) const;
  static bool parse_path(const std::string& path, Path& out);
  FakeAnswer create(const Path& path, const std::string& body, bool dry_run);
  FakeAnswer patch(FakeKind& kind, const Path& path, const std::string& body, bool dry_run);
  FakeAnswer remove(FakeKind& kind, const Path& path, const std::string& body);

  struct Event {
    std::size_t revision;
    std::string type, group, plural, ns, name;
    std::string json, metadata;
  };
  void record(const std::string& type, const FakeKind& kind, const std::string& ns,
              const std::string& name, const FakeKind::Entry& entry);

  std::vector<FakeKind> kinds_;
  std::vector<Event> history_;
  std::size_t revision_ = 4711;
  int created_ = 0;
};

}  // namespace support
