// The choice of the schema for each manifest, and the findings about it.
#include "checks/common/manifest_mistakes.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "aibrix/schemas.hpp"
#include "base/text.hpp"
#include "kube/api_version.hpp"

namespace checks {
namespace {

using aibrix::KindSchema;
using kube::Mistake;
using kube::Violation;
using kube::Written;

std::string api_version(const KindSchema& kind) {
  return kind.group.empty() ? std::string(kind.version)
                            : std::string(kind.group) + '/' + std::string(kind.version);
}

// "AIBrix v0.8.0", "kubernetes v1.36.3".
std::string set_name(const KindSchema& kind) {
  if (kind.of_aibrix()) return "AIBrix " + std::string(kind.set);
  std::string out(kind.set);
  const std::size_t dash = out.rfind("-v");
  if (dash != std::string::npos) out[dash] = ' ';
  return out;
}

class Judge {
 public:
  explicit Judge(const Context& context) : context_(context) {
    for (const Written& written : context.snapshot.written()) {
      if (written.kind == "CustomResourceDefinition") remember_crd(written.root);
    }
    for (const kube::Object& crd : context.snapshot.list(kube::resources::crds)) {
      if (!crd.uid().empty()) remember_crd(crd.root()).of_cluster = true;
    }
    choose_release();
  }

  JudgedManifests run() {
    JudgedManifests out;
    std::unordered_map<const kube::Origin*, const kube::Object*> placed;
    for (const Written& written : context_.snapshot.written()) {
      if (written.has_uid && find_crd(written) == nullptr) continue;
      ++out.looked_at;
      JudgedManifest one = judge(written);
      if (one.violations.empty()) continue;
      if (placed.empty()) placed = objects_by_origin();
      const auto object = placed.find(written.origin);
      one.subject = object == placed.end() ? subject_of(written) : Subject(*object->second);
      const kube::ObjectRef& ref = one.subject.ref;
      one.name = base::lower(ref.kind) + ' ' + (ref.ns.empty() ? "" : ref.ns + '/') + ref.name;
      out.mistaken.push_back(std::move(one));
    }
    return out;
  }

 private:
  struct Served {
    kube::Value schema;  // missing: it has none
    std::optional<kube::CrdSchema> read;
  };
  struct Crd {
    std::string kind;
    std::map<std::string, Served, std::less<>> versions;
    bool of_cluster = false;
  };

  std::unordered_map<const kube::Origin*, const kube::Object*> objects_by_origin() const {
    std::unordered_map<const kube::Origin*, const kube::Object*> out;
    for (const kube::Resource* kind : context_.snapshot.kinds()) {
      for (const kube::Object& object : context_.snapshot.list(*kind)) {
        if (object.origin() != nullptr) out[object.origin()] = &object;
      }
    }
    return out;
  }

  Crd& remember_crd(const kube::Value& crd) {
    Crd& out = crds_[std::string(crd.at("spec", "group").text()) + ' ' +
                     std::string(crd.at("spec", "names", "kind").text())];
    for (const kube::Value& version : crd.at("spec", "versions").items()) {
      if (version["served"].is_false()) continue;
      kube::Value schema;
      for (const kube::Member& member : version["schema"].members()) {
        if (member.key == "openAPIV3Schema") schema = member.value;
      }
      out.versions.try_emplace(std::string(version["name"].text()), Served{schema, {}});
    }
    return out;
  }

  // The files' release, or the one nearest before it; empty: not known.
  void choose_release() {
    const aibrix::Release& release = context_.cluster.release();
    std::string known;
    for (const KindSchema& kind : schemas_.all()) {
      if (!kind.of_aibrix()) continue;
      newest_ = kind.set;
      const std::string line(kind.set.substr(0, kind.set.rfind('.') + 1));
      if (release.tagged() && (release.text() == kind.set || release.text() + '.' == line ||
                               release.text().starts_with(line))) {
        known = kind.set;
      }
    }
    if (!known.empty()) release_ = known;
    if (release.beyond_known()) release_ = newest_;
    older_than_known_ = release.tagged() && known.empty() && !release.beyond_known();
  }

  static Subject subject_of(const Written& written) {
    Subject out(kube::ObjectRef{std::string(kube::group_in(written.api_version)), written.kind,
                                std::string(written.root.at("metadata", "namespace").text()),
                                std::string(written.root.at("metadata", "name").text())});
    out.version = kube::version_in(written.api_version);
    if (written.origin != nullptr) out.file = written.origin->file->name;
    out.origin = written.origin;
    out.line = written.root.line();
    return out;
  }

  // SOPS writes its own field and "ENC[…]" for values; its controller or plugin takes both away
  // before the API server sees the object (getsops.io, "Encryption Protocol").
  static bool is_encrypted(const Written& written) {
    return written.root["sops"]["mac"].is_string();
  }

  JudgedManifest judge(const Written& written) {
    JudgedManifest out;
    out.written = &written;
    if (is_encrypted(written)) return out;
    if (Crd* const crd = find_crd(written)) {
      judge_by_crd(*crd, out);
      return out;
    }
    const std::string_view group = kube::group_in(written.api_version);
    const auto [known, first] = known_.try_emplace({group, written.kind});
    if (first) known->second = schemas_.of(group, written.kind);
    const std::vector<const KindSchema*>& kinds = known->second;
    if (kinds.empty()) {
      judge_foreign(group, out);
    } else {
      judge_known(kinds, out);
    }
    return out;
  }

  Crd* find_crd(const Written& written) {
    const auto found =
        crds_.find(std::string(kube::group_in(written.api_version)) + ' ' + written.kind);
    if (found == crds_.end()) return nullptr;
    // Where its schema was left out it is the one that took the object.
    const bool has_schema = std::ranges::any_of(
        found->second.versions, [](const auto& one) { return one.second.schema.is_object(); });
    return has_schema || !written.has_uid ? &found->second : nullptr;
  }

  void judge_by_crd(Crd& crd, JudgedManifest& out) {
    const auto version = crd.versions.find(kube::version_in(out.written->api_version));
    if (version == crd.versions.end()) {
      if (crd.versions.empty()) return;
      return not_served(out, std::string(kube::group_in(out.written->api_version)) + '/' +
                                 crd.versions.rbegin()->first);
    }
    Served& served = version->second;
    if (!served.schema.is_object()) return;
    out.set = crd.of_cluster ? "the cluster's CRD" : "the CRD in the files";
    if (!served.read) served.read.emplace(served.schema);
    const kube::CrdSchema& schema = *served.read;
    out.violations =
        kube::validate(out.written->root, schema, schema.root(), {false, out.written->whole});
    add_names(out, false);
  }

  void not_served(JudgedManifest& out, std::string right) const {
    const std::string& api = out.written->api_version;
    const std::string kind = base::printable(out.written->kind);
    out.violations.push_back(
        {Mistake::not_served, "apiVersion",
         "has kind " + kind + " in apiVersion " + base::printable(api) + ", which nothing serves",
         "no matches for kind \"" + kind + "\" in version \"" + base::printable(api) + '"',
         std::move(right), out.written->root["apiVersion"]});
  }

  // A group that we do not know, or a kind that it does not have. Most are of somebody else.
  void judge_foreign(std::string_view group, JudgedManifest& out) {
    std::vector<std::string> near_kinds;
    bool known_group = false;
    for (const KindSchema& kind : schemas_.all()) {
      if (kind.group == group) {
        known_group = true;
        near_kinds.emplace_back(kind.kind);
      }
    }
    const KindSchema* same_kind = nullptr;
    for (const KindSchema& kind : schemas_.all()) {
      if (kind.kind == out.written->kind && is_slip(group, kind.group)) same_kind = &kind;
    }
    if (same_kind != nullptr) return not_served(out, api_version(*same_kind));
    if (!known_group) return;
    const std::string near = base::closest_match(out.written->kind, near_kinds);
    const bool all_known = group.ends_with(".aibrix.ai") || group == "gateway.networking.k8s.io";
    if (!near.empty() || all_known) {
      not_served(out, near.empty() ? "" : std::string(group) + " kind " + near);
    }
  }

  // A group that was meant to be the other: once Kubernetes' own, or nearly spelled so.
  static bool is_slip(std::string_view group, std::string_view right) {
    if (group == "extensions") return right == "apps" || right == "networking.k8s.io";
    if (right.ends_with(".aibrix.ai")) {
      return group.find("aibrix") != std::string_view::npos || group.empty() ||
             group.find('.') == std::string_view::npos || base::distance(group, right) <= 2;
    }
    if (right == "gateway.networking.k8s.io") return base::distance(group, right) <= 2;
    const bool own = right.find('.') == std::string_view::npos || right.ends_with(".k8s.io");
    return own && (group.find('.') == std::string_view::npos);
  }

  void judge_known(const std::vector<const KindSchema*>& kinds, JudgedManifest& out) {
    const std::string_view version = kube::version_in(out.written->api_version);
    const bool aibrix = kinds.front()->of_aibrix();
    if (aibrix && older_than_known_) return;
    const std::string& release = release_.empty() ? newest_ : release_;
    std::vector<const KindSchema*> served;
    const KindSchema* other = nullptr;
    for (const KindSchema* kind : kinds) {
      if (kind->version == version && (!aibrix || kind->set == release)) served.push_back(kind);
      if (!aibrix || kind->set == release) other = kind;
    }
    if (served.empty()) {
      // Betas of Kubernetes' lesser kinds come and go.
      const bool sure = !kinds.front()->core() || kinds.front()->node != 0;
      if (sure) not_served(out, other == nullptr ? "" : api_version(*other));
      return;
    }
    out.core = served.back()->core();
    for (auto kind = served.rbegin(); kind != served.rend(); ++kind) {
      if ((*kind)->node == 0) return;
      std::vector<Violation> found = look(**kind, out);
      if (kind == served.rbegin() || found.empty()) {
        out.violations = std::move(found);
        out.set = set_name(**kind);
      }
      const bool bare = std::ranges::any_of(out.violations, [](const Violation& v) {
        return v.mistake == Mistake::missing && v.path == "spec";
      });
      // An older set that takes an object without anything in it helps nobody.
      if (out.violations.empty() || bare) break;
    }
    if (aibrix && release_.empty() && !out.violations.empty()) look_at_earlier(kinds, out);
    add_names(out, out.core);
    if (!out.written->whole) return;
    if (out.core) return append(kube::validate_core(out.written->root), out);
    append(kube::validate_scale(out.written->root), out);
    add_templates(out);
  }

  // What is told of a field already is not told once more of its pods.
  static void append(std::vector<Violation> found, JudgedManifest& out) {
    for (Violation& v : found) {
      const bool told = std::ranges::any_of(
          out.violations, [&](const Violation& other) { return other.path == v.path; });
      if (!told) out.violations.push_back(std::move(v));
    }
  }

  void add_templates(JudgedManifest& out) const {
    for (const KindSchema* kind : schemas_.of("", "PodTemplate")) {
      const auto node = schemas_.source().node(kind->node).field("template");
      if (node) append(kube::validate_templates(out.written->root, schemas_.source(), *node), out);
    }
  }

  std::vector<Violation> look(const KindSchema& kind, const JudgedManifest& out) const {
    return kube::validate(out.written->root, schemas_.source(), kind.node,
                          {kind.core(), out.written->whole});
  }

  void look_at_earlier(const std::vector<const KindSchema*>& kinds, JudgedManifest& out) const {
    for (const KindSchema* kind : kinds) {
      if (kind->version == kube::version_in(out.written->api_version) && look(*kind, out).empty()) {
        out.taken_by = kind->set;
      }
    }
  }

  static void add_names(JudgedManifest& out, bool core) {
    for (Violation& v : kube::validate_names(out.written->root, out.written->kind, core)) {
      out.violations.push_back(std::move(v));
    }
  }

  const Context& context_;
  aibrix::Schemas schemas_;
  std::map<std::string, Crd> crds_;
  // By group and kind, whose texts are the manifests'.
  std::map<std::pair<std::string_view, std::string_view>, std::vector<const KindSchema*>> known_;
  std::string release_;
  std::string newest_;
  bool older_than_known_ = false;
};

std::string consequence(const JudgedManifest& one, const Violation& v) {
  if (one.written->has_uid) {
    const bool dropped = v.mistake == Mistake::unknown_field;
    return "It was stored before " + one.set + " held: when it is written again, the API server " +
           (dropped ? "drops the field." : "refuses it.");
  }
  if (v.refuser == kube::Refuser::server_of_pods) return "The API server refuses its pods.";
  if (v.refuser == kube::Refuser::usual_server) {
    return "An API server with the usual settings refuses the object.";
  }
  if (one.taken_by.empty()) return "The API server refuses the object.";
  return one.set + " refuses the object; AIBrix " + one.taken_by + " takes it.";
}

std::string remedy_of(const Violation& v) {
  switch (v.mistake) {
    case Mistake::unknown_field: return "write it as " + v.fix;
    case Mistake::not_served: return "write apiVersion: " + v.fix;
    case Mistake::missing: return {};
    default: return "write " + v.fix;
  }
}

}  // namespace

const JudgedManifests& judged_manifests(const Context& context) {
  return context.memo->once<JudgedManifests>([&] { return Judge(context).run(); });
}

void report_mistakes(const Context& context, Reporter& reporter, Mistake mistake) {
  const JudgedManifests& judged = judged_manifests(context);
  if (judged.looked_at == 0) {
    return reporter.not_applicable("no manifest was given that is not from a cluster");
  }
  for (const JudgedManifest& one : judged.mistaken) {
    for (const Violation& v : one.violations) {
      if (v.mistake != mistake) continue;
      const bool taken_by_some = (one.core && mistake == Mistake::unknown_field) ||
                                 one.written->has_uid || v.refuser != kube::Refuser::server ||
                                 !one.taken_by.empty();
      Subject subject = one.subject;
      if (v.at.line() != 0) subject.line = v.at.line();
      const std::string title = one.name + ' ' + v.what;
      Finding& f =
          taken_by_some ? reporter.warning(subject, title) : reporter.error(subject, title);
      f.at_field(v.path);
      if (mistake == Mistake::unknown_field) f.instead = v.fix;
      f.with_consequence(consequence(one, v));
      f.with_evidence("API server", v.server);
      if (!one.set.empty()) f.with_evidence("schema", one.set);
      if (!v.fix.empty()) f.remedy(Confidence::review, remedy_of(v));
      const bool in_labels =
          mistake == Mistake::wrong_type && v.path.find("abels") != std::string::npos;
      if (in_labels) f.caused_by(MDL008, subject.ref);
    }
  }
}

}  // namespace checks
