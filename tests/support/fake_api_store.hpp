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

  std::string version = "v1.36.3";
  Discovery discovery = Discovery::v2;
  std::string user = "test-user";
  bool restricted = false;
  std::set<std::pair<std::string, std::string>> allowed;  // plural, namespace
  std::set<std::string> broken_groups;

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

  std::vector<FakeKind> kinds_;
};

}  // namespace support
