// The maker of a snapshot from files, and of what their silence means for each kind.
#include "kube/files/manifest.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/files/manifest_documents.hpp"
#include "kube/files/manifest_files.hpp"
#include "kube/files/manifest_time.hpp"

namespace kube {
namespace {

constexpr std::ptrdiff_t shown_names = 5;

// Served without a CRD: Kubernetes' own groups.
bool built_in(const Resource& resource) {
  constexpr auto groups = std::to_array<std::string_view>(
      {"admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io",
       "authentication.k8s.io", "authorization.k8s.io", "certificates.k8s.io",
       "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "flowcontrol.apiserver.k8s.io",
       "networking.k8s.io", "node.k8s.io", "rbac.authorization.k8s.io", "resource.k8s.io",
       "scheduling.k8s.io", "storage.k8s.io"});
  return resource.group.find('.') == std::string_view::npos ||
         std::ranges::find(groups, resource.group) != groups.end();
}

std::string shown(std::vector<std::string> names) {
  if (std::ssize(names) > shown_names) {
    const auto more = std::ssize(names) - shown_names;
    names.resize(shown_names);
    names.push_back(std::to_string(more) + " more");
  }
  return base::join_and(names);
}

void add_notes(SnapshotBuilder& builder, const Manifests& manifests,
               const ManifestOptions& options) {
  if (manifests.placed_by_chart != 0) {
    builder.note(base::plural(manifests.placed_by_chart, "object") +
                 " of a Helm chart without a namespace: read as in " + options.chart_namespace +
                 " (-n names another)");
  }
  if (!manifests.other_kinds.empty()) {
    std::vector<std::string> kinds;
    std::size_t documents = 0;
    for (const auto& [kind, count] : manifests.other_kinds) {
      kinds.push_back(kind);
      documents += count;
    }
    builder.note(base::plural(documents, "object") +
                 " ignored (kinds that no check reads): " + shown(kinds));
  }
  if (!manifests.not_manifests.empty()) {
    std::vector<std::string> files;
    for (const std::string& file : manifests.not_manifests) files.push_back(base::printable(file));
    builder.note(base::plural(files.size(), "file") +
                 " without Kubernetes objects: " + shown(files));
  }
  for (const std::string& duplicate : manifests.duplicates) {
    if (&duplicate - manifests.duplicates.data() == shown_names) {
      builder.note(std::to_string(std::ssize(manifests.duplicates) - shown_names) +
                   " more duplicate keys");
      break;
    }
    builder.note(duplicate);
  }
  if (!manifests.cut_lists.empty()) {
    std::vector<std::string> kinds;
    for (const Resource* resource : manifests.cut_lists) kinds.push_back(full_name(*resource));
    std::sort(kinds.begin(), kinds.end());
    builder.note("only the first part of the list of " + shown(kinds) + " is in the files");
  }
}

// The rule of manifest.hpp.
class Completeness {
 public:
  Completeness(const Manifests& manifests, bool whole_cluster)
      : manifests_(manifests), whole_cluster_(whole_cluster) {
    const auto recorded = manifests.objects.find(&resources::crds);
    crds_ =
        recorded != manifests.objects.end() || manifests.empty_lists.count(&resources::crds) != 0;
    if (recorded == manifests.objects.end()) return;
    for (const Object& crd : recorded->second) crd_names_.emplace(crd.name());
  }

  void decide(const Resource& resource, List& list) const {
    const bool objects = !list.objects.empty();
    list.everywhere = whole_cluster_ && manifests_.cut_lists.count(&resource) == 0;
    const bool empty_list = manifests_.empty_lists.count(&resource) != 0;
    const bool own_crd = crd_names_.count(full_name(resource)) != 0;
    if (objects || (whole_cluster_ && (empty_list || own_crd))) {
      list.state = ListState::loaded;
    } else {
      list.everywhere = false;
      list.state = whole_cluster_ && crds_ && !built_in(resource) ? ListState::absent
                                                                  : ListState::not_recorded;
    }
  }

 private:
  const Manifests& manifests_;
  bool whole_cluster_;
  bool crds_ = false;
  std::set<std::string, std::less<>> crd_names_;
};

std::optional<base::Time> newest(const Manifests& manifests) {
  std::optional<base::Time> newest;
  for (const auto& [resource, objects] : manifests.objects) {
    for (const Object& object : objects) {
      const auto time = newest_time(object);
      if (time && (!newest || *time > *newest)) newest = time;
    }
  }
  return newest;
}

Snapshot from_objects(Manifests manifests, const ManifestOptions& options,
                      std::span<const Resource* const> known) {
  SnapshotBuilder builder(Source::files);
  builder.now(options.now ? options.now : newest(manifests));
  add_notes(builder, manifests, options);
  const Completeness completeness(manifests, options.whole_cluster);
  for (const Resource* resource : known) {
    List list;
    if (const auto it = manifests.objects.find(resource); it != manifests.objects.end()) {
      list.objects = it->second;
    }
    completeness.decide(*resource, list);
    builder.set(*resource, std::move(list));
  }
  builder.written() = std::move(manifests.written);
  for (auto& memory : manifests.owned) builder.own(std::move(memory));
  return builder.build();
}

// Manifests beside the snapshot lie over its objects: what would be if they were applied.
Snapshot from_snapshot(Manifests manifests, const ManifestOptions& options) {
  RecordedSnapshot& recorded = *manifests.snapshot;
  SnapshotBuilder builder(Source::snapshot);
  builder.now(options.now ? options.now : recorded.now);
  builder.info(std::move(recorded.info));
  if (recorded.served) builder.served(std::move(*recorded.served));
  for (std::string& note : recorded.notes) builder.note(std::move(note));
  builder.logs() = std::move(recorded.logs);
  add_notes(builder, manifests, options);
  for (auto& [resource, objects] : manifests.objects) {
    List& list = recorded.lists[resource];
    list.state = ListState::loaded;
    list.objects.insert(list.objects.end(), objects.begin(), objects.end());
  }
  for (auto& [resource, list] : recorded.lists) builder.set(*resource, std::move(list));
  builder.written() = std::move(manifests.written);
  for (auto& memory : manifests.owned) builder.own(std::move(memory));
  return builder.build();
}

void read_file(ManifestDocuments& documents, const std::string& path, bool named,
               std::size_t max_bytes) {
  std::string text = base::read_file(path, max_bytes);
  const bool is_template = text.find("{{") != std::string::npos;
  try {
    documents.read({std::move(text), path, named, can_read_again(path)});
  } catch (const base::Error& e) {
    const bool malformed = e.reason == "BadYaml" || e.reason == "BadJson";
    if (!is_template || !malformed) throw;
    throw base::Error(e.fault, e.reason, e.what(),
                      "this looks like a Helm template; give the output of helm template instead");
  }
}

}  // namespace

Snapshot read_manifests(ManifestOptions options, std::span<const Resource* const> known) {
  ManifestDocuments documents(known, options);
  for (const std::string& path : options.paths) {
    if (path == "-") {
      documents.read({std::exchange(options.stdin_text, {}), "stdin", true, false});
      continue;
    }
    const ManifestFiles found = find_manifests(path);
    for (const std::string& file : found.files) {
      read_file(documents, file, !found.folder, options.max_file_bytes);
    }
  }
  Manifests manifests = documents.take();
  if (!manifests.any) {
    const bool several = options.paths.size() != 1;
    throw base::Error(base::Fault::usage, "NoObjects",
                      base::printable(base::join(options.paths, ", ")) +
                          (several ? " hold" : " holds") + " no Kubernetes object",
                      "give manifests, or the output of kubectl get … -o yaml");
  }
  if (manifests.snapshot) return from_snapshot(std::move(manifests), options);
  return from_objects(std::move(manifests), options, known);
}

}  // namespace kube
