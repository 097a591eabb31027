// The maker of a snapshot from files, and of what their silence means for each kind.
#include "kube/files/manifest.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/program.hpp"
#include "base/shell.hpp"
#include "base/text.hpp"
#include "kube/files/file_kind.hpp"
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

std::string shown(std::vector<std::string> names, bool all = false) {
  if (!all && std::ssize(names) > shown_names) {
    const auto more = std::ssize(names) - shown_names;
    names.resize(shown_names);
    names.push_back(std::to_string(more) + " more");
  }
  return base::join_and(names);
}

std::vector<std::string> printable(const std::vector<std::string>& files) {
  std::vector<std::string> out;
  for (const std::string& file : files) out.push_back(base::printable(file));
  return out;
}

using Words = std::vector<std::string>;

// What to run so that doctor gets what a program makes of the first of the folders. Its words are
// quoted one by one.
std::string piped(Words words, const std::vector<std::string>& folders) {
  words.push_back(folders.front());
  std::string out;
  for (const std::string& word : words) out += base::shell_word(word) + " ";
  out += "| " + std::string(base::program_name) + " doctor -f -";
  if (folders.size() > 1) out += " (and " + std::to_string(folders.size() - 1) + " more)";
  return out;
}

// What to do with the templates that are no chart's: the first file says which program made them.
std::string render_hint(const std::vector<std::string>& templates, std::size_t max_bytes) {
  const std::string& file = templates.front();
  std::string text;
  try {
    text = base::read_file(file, max_bytes);
  } catch (const base::Error&) {  // gone since
  }
  const bool variables =
      text.find("{{") == std::string::npos && text.find("{%") == std::string::npos;
  if (variables) {
    return "envsubst < " + base::shell_word(file) + " | " + std::string(base::program_name) +
           " doctor -f -";
  }
  return "give what they render to: … | " + std::string(base::program_name) + " doctor -f -";
}

void add_folder(Manifests& manifests, const ManifestFiles& folder, const ManifestOptions& options) {
  auto& notes = manifests.folder_notes;
  if (folder.excluded != 0) {
    notes.push_back(base::plural(folder.excluded, "file or folder", "files or folders") +
                    " left out by --exclude or .aibrixctlignore");
  }
  if (!folder.templates.empty()) {
    notes.push_back(base::plural(folder.templates.size(), "template") +
                    " of Helm charts passed over: " + piped({"helm", "template"}, folder.charts) +
                    (options.name_all ? ": " + base::join_and(printable(folder.templates)) : ""));
  }
  if (folder.kustomizations.empty()) return;
  const std::string command = piped({"kubectl", "kustomize"}, folder.kustomizations);
  notes.push_back(
      (folder.left_out == 0
           ? base::plural(folder.kustomizations.size(), "kustomization") + " not carried out"
           : base::plural(folder.left_out, "patch or base", "patches and bases") +
                 " of kustomize left out") +
      ": " + command);
}

void note_duplicate_objects(SnapshotBuilder& builder, const Manifests& manifests,
                            const ManifestOptions& options) {
  std::size_t told = 0;
  std::size_t more = 0;
  for (const auto& [resource, objects] : manifests.objects) {
    std::map<std::pair<std::string_view, std::string_view>, const Object*> seen;
    for (const Object& object : objects) {
      const auto [it, first] = seen.try_emplace({object.ns(), object.name()}, &object);
      if (first) continue;
      const Object& before = *std::exchange(it->second, &object);
      if (before.file() == nullptr || object.file() == nullptr) continue;
      // A bundle that holds each object as JSON and as YAML: nobody wrote it twice.
      if (!object.uid().empty() && object.uid() == before.uid()) continue;
      if (!options.name_all && told == static_cast<std::size_t>(shown_names)) {
        ++more;
        continue;
      }
      ++told;
      const auto place = [](const Object& o) {
        return base::printable(*o.file()) + ":" + std::to_string(o.line());
      };
      builder.note(std::string(object.kind()) + " " + base::printable(object.full_name()) +
                   " is in " + place(before) + " and " + place(object) + ": the latter is judged");
    }
  }
  if (more != 0)
    builder.note(base::plural(more, "more object is", "more objects are") + " there twice");
}

// "3 objects ignored (kinds that no check reads): Application and HelmRelease"
void note_kinds(SnapshotBuilder& builder, const std::map<std::string, std::size_t>& counts,
                const std::string& why) {
  std::vector<std::string> kinds;
  std::size_t objects = 0;
  for (const auto& [kind, count] : counts) {
    kinds.push_back(kind);
    objects += count;
  }
  if (objects == 0) return;
  builder.note(base::plural(objects, "object") + " ignored (" + why + "): " + shown(kinds));
}

void add_notes(SnapshotBuilder& builder, const Manifests& manifests,
               const ManifestOptions& options) {
  builder.file_faults() = manifests.faults;
  for (const std::string& note : manifests.folder_notes) builder.note(note);
  note_duplicate_objects(builder, manifests, options);
  if (!manifests.templates.empty()) {
    builder.note(base::plural(manifests.templates.size(), "template") + " passed over (" +
                 shown(printable(manifests.templates), options.name_all) +
                 "): " + render_hint(manifests.templates, options.max_file_bytes));
  }
  if (manifests.placed_by_chart != 0) {
    builder.note(base::plural(manifests.placed_by_chart, "object") +
                 " of a Helm chart without a namespace: read as in " + options.chart_namespace +
                 " (-n names another)");
  }
  note_kinds(builder, manifests.other_kinds, "kinds that no check reads");
  note_kinds(builder, manifests.without_name, "without a name: not for the API server");
  if (!manifests.not_manifests.empty()) {
    builder.note(base::plural(manifests.not_manifests.size(), "file") +
                 " without Kubernetes objects: " +
                 shown(printable(manifests.not_manifests), options.name_all));
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

// A file that was named: what it is not is the end.
void read_named(ManifestDocuments& documents, const std::string& path, std::size_t max_bytes) {
  std::string text = base::read_file(path, max_bytes);
  const bool is_template = text.find("{{") != std::string::npos;
  try {
    documents.read({std::move(text), path, true, can_read_again(path)});
  } catch (const base::Error& e) {
    const bool malformed = e.reason == "BadYaml" || e.reason == "BadJson";
    if (!is_template || !malformed) throw;
    throw base::Error(e.fault, e.reason, e.what(),
                      "this looks like a Helm template; give the output of helm template instead");
  }
}

// One of a folder: others are read, whatever it is.
void read_found(ManifestDocuments& documents, const std::string& path,
                const ManifestOptions& options) {
  try {
    documents.read({base::read_file(path, options.max_file_bytes), path, false,
                    can_read_again(path), options.strict_files});
  } catch (const base::Error& e) {
    const bool malformed = e.reason == "BadYaml" || e.reason == "BadJson" || e.reason == "NotText";
    if (!malformed) throw;
    const std::string text = base::read_file(path, options.max_file_bytes);
    const bool passed_over = template_in(text) != Template::no || !claims_to_be_manifest(text);
    if (options.strict_files && passed_over) throw;
    documents.refused(e, text, path);
  }
}

void read_folder(ManifestDocuments& documents, const ManifestFiles& found,
                 const ManifestOptions& options) {
  constexpr std::size_t told_every = 50;
  if (options.strict_files && !found.templates.empty()) {
    throw base::Error(base::Fault::usage, "NotAManifest",
                      base::printable(found.templates.front()) + ": a template of a Helm chart",
                      "give what it renders to: " + piped({"helm", "template"}, found.charts));
  }
  for (const std::string& folder : found.kustomize_on) {
    documents.read({options.kustomize(folder), "kustomization " + folder, true, false});
  }
  for (const std::string& folder : found.helm_on) {
    documents.read({options.helm(folder), "chart " + folder, true, false});
  }
  for (std::size_t i = 0; i < found.files.size(); ++i) {
    if (options.progress && i % told_every == 0) options.progress(i, found.files.size());
    read_found(documents, found.files[i], options);
  }
}

}  // namespace

Snapshot read_manifests(ManifestOptions options, std::span<const Resource* const> known) {
  ManifestDocuments documents(known, options);
  std::vector<ManifestFiles> folders;
  for (const std::string& path : options.paths) {
    if (path == "-") {
      documents.read({std::exchange(options.stdin_text, {}), "stdin", true, false});
      continue;
    }
    ManifestFiles found = find_manifests(
        path, {options.exclude, options.kustomize != nullptr, options.helm != nullptr});
    if (found.folder) {
      read_folder(documents, found, options);
    } else {
      read_named(documents, path, options.max_file_bytes);
    }
    found.files = {};
    folders.push_back(std::move(found));
  }
  Manifests manifests = documents.take();
  for (const ManifestFiles& folder : folders) add_folder(manifests, folder, options);
  // What a program must be run on first is named, with the command, and is no fault of the files.
  const bool to_render =
      !manifests.templates.empty() || std::ranges::any_of(folders, [](const ManifestFiles& folder) {
        return !folder.templates.empty() || !folder.kustomizations.empty();
      });
  if (!manifests.any && manifests.faults.empty() && !to_render) {
    const bool several = options.paths.size() != 1;
    throw base::Error(base::Fault::usage, "NoObjects",
                      base::printable(base::join(options.paths, ", ")) +
                          (several ? " hold" : " holds") + " no Kubernetes object",
                      manifests.folder_notes.empty()
                          ? "give manifests, or the output of kubectl get … -o yaml"
                          : base::join(manifests.folder_notes, "; "));
  }
  if (manifests.snapshot) return from_snapshot(std::move(manifests), options);
  return from_objects(std::move(manifests), options, known);
}

}  // namespace kube
