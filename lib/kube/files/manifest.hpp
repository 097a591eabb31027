// Input given with -f: manifests, dumps and snapshot files, read into a snapshot.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "kube/resource.hpp"
#include "kube/snapshot.hpp"

namespace kube {

struct ManifestOptions {
  // Files, folders (find_manifests), "-" for stdin_text. An object that comes twice: the later one.
  std::vector<std::string> paths;
  std::string stdin_text;
  bool whole_cluster = false;
  // Of folders: patterns of what is left out (path_rules.hpp); and whether a file that is no
  // manifest, or a template of one, is an error.
  std::vector<std::string> exclude = {};
  bool strict_files = false;
  // Set: run on kustomizations and charts of folders, in place of reading what they are made of.
  // They give what the program wrote.
  std::function<std::string(const std::string& folder)> kustomize = {};
  std::function<std::string(const std::string& folder)> helm = {};
  bool name_all = false;  // notes name every file, not the first few
  // Called now and then while folders are read.
  std::function<void(std::size_t read, std::size_t of)> progress = {};
  std::optional<base::Time> now;  // else the newest moment a server wrote into them
  // Where objects without a namespace of their own would go.
  std::string default_namespace = "default";
  // Helm renders most objects of a chart without one. Those whose label helm.sh/chart begins with
  // `chart` go to `chart_namespace`.
  std::string chart = {};
  std::string chart_namespace = {};
  std::size_t max_file_bytes = std::size_t{1} << 30U;
};

// Manifests, dumps (`kubectl get … -o yaml`), folders of them, or a snapshot file
// (snapshot_file.hpp) as a Snapshot of the kinds in `known`; documents of other kinds are counted
// in a note.
//
// Files are an open world: a kind of which they hold an object is loaded, but what is not in them
// is unknown; any other kind is not_recorded. `whole_cluster` closes it kind by kind:
// - an object of the kind, an empty list of it ("kind: PodList"; an empty "kind: List" tells
//   nothing) or its CRD is in the files: loaded, with every namespace, unless the list says that it
//   goes on (metadata.continue);
// - CRDs are in the files, but not this custom kind's, nor an object of it: absent;
// - any other kind: not_recorded.
// A snapshot file says itself how each list went, and `whole_cluster` adds nothing to it.
//
// A key that comes twice in a mapping counts with its last value, as for kubectl, and is noted.
// Objects without a namespace get the default one; those of the chart, theirs, which is noted. Of
// Secrets, only metadata, type and the names of the data's keys are ever kept.
//
// In a folder, what does not look like a Kubernetes object is passed over and noted, and so are
// templates; a manifest that cannot be parsed, or an object without a name, is a FileFault, and the
// other files are read all the same. Patches and bases of kustomizations are left out.
//
// Throws base::Error(Fault::usage) for a file that cannot be read, for one that was named and is
// not YAML or JSON or no manifest, or when there is neither an object nor a fault.
Snapshot read_manifests(ManifestOptions options, std::span<const Resource* const> known);

}  // namespace kube
