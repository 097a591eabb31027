// The objects of manifest files, by kind.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "kube/files/manifest.hpp"
#include "kube/files/snapshot_file.hpp"
#include "kube/object.hpp"
#include "kube/origin.hpp"
#include "kube/parse/value.hpp"
#include "kube/snapshot.hpp"

namespace kube {

// What the documents read so far hold, before it becomes a Snapshot.
struct Manifests {
  std::map<const Resource*, std::vector<Object>> objects;
  std::vector<Written> written;           // without a uid of every kind, with one of custom ones
  std::set<const Resource*> empty_lists;  // typed lists without an item
  std::set<const Resource*> cut_lists;    // lists that go on elsewhere
  std::optional<RecordedSnapshot> snapshot;
  bool any = false;                                 // some document was a manifest
  std::size_t placed_by_chart = 0;                  // objects that got the chart's namespace
  std::map<std::string, std::size_t> other_kinds;   // that no check reads
  std::map<std::string, std::size_t> without_name;  // kinds that no server keeps
  std::vector<std::string> not_manifests;           // "file" in a folder
  std::vector<std::string> templates;               // files in a folder
  std::vector<std::string> folder_notes;            // what of folders was not read, and why
  std::vector<FileFault> faults;                    // of files in a folder
  std::vector<std::string> duplicates;              // a sentence for each key that came twice
  std::vector<std::shared_ptr<const void>> owned;   // what the objects borrow from
};

// Takes files apart into objects of the known kinds.
class ManifestDocuments {
 public:
  // The options must outlive it.
  ManifestDocuments(std::span<const Resource* const> known, const ManifestOptions& options);

  // `named`: the user named this file, so that what is no manifest in it is an error.
  // `again`: the file can be read a second time, so that nobody need keep its text (places.hpp).
  struct Input {
    std::string text;
    std::string file;
    bool named = false;
    bool again = true;
    bool strict = false;  // in a folder, but what is no manifest is an error all the same
  };
  void read(Input input);
  // A file of a folder that the parser refused: passed over, or a fault.
  void refused(const base::Error& error, std::string_view text, const std::string& file);
  void pass_over_template(const std::string& file) { manifests_.templates.push_back(file); }
  Manifests take() { return std::move(manifests_); }

 private:
  struct File {
    const std::string& name() const { return source->name; }

    std::shared_ptr<SourceFile> source;
    std::shared_ptr<std::deque<Origin>> origins;
    Origin here;  // of what is being read
    std::shared_ptr<Document> document;
    bool named = false;
    bool strict = false;
    bool whole = false;    // nothing was left out while reading
    bool foreign = false;  // holds something that is no manifest
  };
  void read_document(const Value& root, File& file);
  void read_list(const Value& root, std::string_view kind, File& file);
  // What a list says of its items.
  struct ListOf {
    std::string kind;  // empty: they say it themselves
    std::string api_version;
    bool cut = false;
  };
  void read_items(const Value& items, const ListOf& list, File& file);
  bool judge_name(const Value& root, const std::string& api_version, std::string_view kind,
                  File& file);
  void read_object(const Value& root, const std::string& api_version, std::string_view kind,
                   File& file);
  bool is_template(const Value& root, File& file);
  void nameless(const Value& root, const Value& at, const std::string& words, File& file);
  void not_a_manifest(const Value& root, File& file, const std::string& why);
  Value placed(const Value& root, const Resource& resource, Document& document);
  const std::string& default_namespace(const Value& metadata);
  const Resource* find(std::string_view api_version, std::string_view kind) const;

  std::span<const Resource* const> known_;
  std::map<std::pair<std::string_view, std::string_view>, const Resource*> by_kind_;
  const ManifestOptions& options_;
  Manifests manifests_;
};

}  // namespace kube
