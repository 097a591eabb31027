// The judge of references across namespaces, and of the grants that nearly permit them.
#include "aibrix/grants.hpp"

#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using kube::Object;
using kube::Value;

void compare(std::vector<Mismatch>& out, std::string_view field, std::string_view value,
             std::string_view want, std::string_view hint = {}) {
  if (value == want) return;
  Mismatch m;
  m.field = field;
  m.value = value;
  m.want = want;
  m.hint = hint;
  out.push_back(std::move(m));
}

std::string_view kind_hint(std::string_view value, std::string_view want) {
  return base::lower(value) == base::lower(want) ? "kinds are case-sensitive" : "";
}

std::string_view from_group_hint(std::string_view value, std::string_view want) {
  if (value.empty()) return "the empty string is the core group";
  // As an example in upstream's documentation once had it (kubernetes-sigs/gateway-api#1557).
  if (value == "networking.gateway.k8s.io" && want == gateway_group) return "the words are swapped";
  if (value.find('/') != std::string_view::npos) return "a group does not include a version";
  return "";
}

std::string_view to_group_hint(std::string_view value, std::string_view want) {
  if (!want.empty()) return "";
  if (value == "core" || value == "v1") return "the core group is written as the empty string";
  return "";
}

std::vector<Mismatch> compare_from(const Value& from, const Reference& ref) {
  std::vector<Mismatch> out;
  const std::string_view group = from["group"].text();
  const std::string_view kind = from["kind"].text();
  const std::string_view ns = from["namespace"].text();
  compare(out, "from.group", group, ref.from_group, from_group_hint(group, ref.from_group));
  compare(out, "from.kind", kind, ref.from_kind, kind_hint(kind, ref.from_kind));
  compare(out, "from.namespace", ns, ref.from_ns,
          ns == ref.to.ns ? "this is the namespace of the target: from and to are swapped"
          : ns == "*"     ? "there is no wildcard for namespaces"
                          : "");
  return out;
}

std::vector<Mismatch> compare_to(const Value& to, const Reference& ref) {
  std::vector<Mismatch> out;
  const std::string_view group = to["group"].text();
  const std::string_view kind = to["kind"].text();
  const std::string_view name = to["name"].text();
  compare(out, "to.group", group, ref.to.group, to_group_hint(group, ref.to.group));
  compare(out, "to.kind", kind, ref.to.kind, kind_hint(kind, ref.to.kind));
  if (!name.empty()) compare(out, "to.name", name, ref.to.name);  // no name: every object
  return out;
}

template <typename Compare>
std::vector<Mismatch> closest_match(const Value& entries, const std::string& list,
                                    Compare compare_entry) {
  if (entries.empty()) {
    Mismatch none;
    none.field = list;
    none.path = "spec." + list;
    none.want = "at least one entry";
    return {none};
  }
  std::vector<Mismatch> best;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    std::vector<Mismatch> misses = compare_entry(entries[i]);
    if (i != 0 && misses.size() >= best.size()) continue;
    best = std::move(misses);
    chosen = i;
  }
  for (Mismatch& m : best) {
    m.path = "spec." + list + '[' + std::to_string(chosen) + ']' + m.field.substr(list.size());
  }
  return best;
}

// The from and to lists are independent of each other, so the nearest pair is the nearest of each.
GrantFit fit(const Object& grant, const Reference& ref) {
  GrantFit out;
  out.grant = &grant;
  out.mismatches = closest_match(grant.spec()["from"], "from",
                                 [&](const Value& from) { return compare_from(from, ref); });
  std::vector<Mismatch> to =
      closest_match(grant.spec()["to"], "to", [&](const Value& t) { return compare_to(t, ref); });
  std::move(to.begin(), to.end(), std::back_inserter(out.mismatches));
  return out;
}

// Envoy Gateway first picks one grant per reference by kind, namespace and name, never by group,
// and only that one is looked at closely (internal/provider/kubernetes/controller.go
// findReferenceGrant, v1.2 to v1.9). So a grant that is wrong in nothing but a group can hide a
// right one that comes after it.
bool may_shadow(const GrantFit& f) {
  return !f.fits() && std::all_of(f.mismatches.begin(), f.mismatches.end(), [](const Mismatch& m) {
    return m.field == "from.group" || m.field == "to.group";
  });
}

void judge_allowed(GrantVerdict& verdict) {
  verdict.permission = Permission::allowed;
  verdict.ending = true;
  for (const GrantFit& f : verdict.fits) {
    if (!f.fits()) continue;
    const bool better = verdict.allowed_by == nullptr || (verdict.ending && !f.terminating());
    if (better) verdict.allowed_by = f.grant;
    verdict.ending = verdict.ending && f.terminating();
  }
  const auto shadow = std::find_if(verdict.fits.begin(), verdict.fits.end(), may_shadow);
  if (shadow != verdict.fits.end()) verdict.shadowed_by = shadow->grant;
  if (verdict.ending) {
    verdict.remarks.push_back("ReferenceGrant " + verdict.allowed_by->full_name() +
                              " is being deleted, and the permission ends with it");
  }
  if (verdict.shadowed_by != nullptr) {
    verdict.remarks.push_back(
        "permitted by the Gateway API's rules, but Envoy Gateway may consider " +
        verdict.shadowed_by->full_name() +
        ", whose group is wrong, instead of the matching grant, and reject the reference");
  }
}

// Of all misses of a grant, how many are on one side.
bool misses_only(const GrantFit& f, std::string_view side) {
  return std::all_of(f.mismatches.begin(), f.mismatches.end(), [&](const Mismatch& m) {
    return std::string_view(m.field).substr(0, side.size()) == side;
  });
}

void remark_split_pair(GrantVerdict& verdict) {
  const GrantFit* right_from = nullptr;
  const GrantFit* right_to = nullptr;
  for (const GrantFit& f : verdict.fits) {
    if (right_from == nullptr && misses_only(f, "to")) right_from = &f;
    if (right_to == nullptr && misses_only(f, "from")) right_to = &f;
  }
  if (right_from == nullptr || right_to == nullptr) return;
  verdict.remarks.push_back("the matching from is in ReferenceGrant " +
                            std::string(right_from->grant->name()) + " and the matching to in " +
                            std::string(right_to->grant->name()) +
                            ", but both must be in one grant");
}

void judge_denied(GrantVerdict& verdict, const GrantList& grants, const Reference& ref) {
  verdict.permission = Permission::denied;
  remark_split_pair(verdict);
  for (const Object& grant : grants.of_source) {
    GrantFit f = fit(grant, ref);
    if (!f.fits()) continue;
    compare(f.mismatches, "metadata.namespace", grant.ns(), ref.to.ns,
            "a ReferenceGrant has to be in the namespace of the target");
    f.mismatches.front().path = f.mismatches.front().field;
    verdict.fits.push_back(std::move(f));
  }
  if (!grants.installed) {
    verdict.remarks.push_back("the CRD referencegrants.gateway.networking.k8s.io is not installed");
  }
}

std::string why_incomplete(const kube::Snapshot& snapshot, std::string_view ns) {
  const std::string name = kube::full_name(resources::reference_grants);
  switch (snapshot.state(resources::reference_grants)) {
    case kube::ListState::forbidden: return "may not list " + name;
    case kube::ListState::failed:
      return "could not read " + name + ": " +
             std::string(snapshot.detail(resources::reference_grants));
    case kube::ListState::loaded:
      return "not all ReferenceGrants of namespace " + std::string(ns) + " were read";
    case kube::ListState::not_asked:
    case kube::ListState::not_recorded:
    case kube::ListState::absent: break;
  }
  return name + " not recorded";
}

}  // namespace

std::string_view to_string(Permission permission) {
  switch (permission) {
    case Permission::not_needed: return "not needed";
    case Permission::allowed: return "allowed";
    case Permission::denied: return "denied";
    case Permission::undetermined: return "undetermined";
  }
  return "undetermined";
}

std::string Mismatch::text() const {
  if (field == "from" || field == "to") return field + " is empty, expected " + want;
  return field + " is \"" + value + "\", expected \"" + want + '"';
}

std::string GrantFit::text() const {
  if (fits()) return terminating() ? "permits it, but is being deleted" : "permits it";
  const Mismatch& first = mismatches.front();
  std::string out = first.text();
  if (!first.hint.empty()) out += " (" + first.hint + ')';
  if (mismatches.size() > 1) out += ", and " + base::plural(mismatches.size() - 1, "more field");
  return out;
}

GrantVerdict judge(const GrantList& grants, const Reference& reference) {
  GrantVerdict verdict;
  if (reference.from_ns == reference.to.ns) {
    verdict.permission = Permission::not_needed;
    return verdict;
  }
  for (const Object& grant : grants.of_target) verdict.fits.push_back(fit(grant, reference));
  if (std::any_of(verdict.fits.begin(), verdict.fits.end(),
                  [](const GrantFit& f) { return f.fits(); })) {
    judge_allowed(verdict);
  } else if (grants.complete) {
    judge_denied(verdict, grants, reference);
  } else {
    verdict.why = grants.why;
  }
  return verdict;
}

GrantVerdict judge(const kube::Snapshot& snapshot, const Reference& reference) {
  const kube::Resource& kind = resources::reference_grants;
  GrantList grants;
  grants.of_target = snapshot.list(kind, reference.to.ns);
  grants.of_source = snapshot.list(kind, reference.from_ns);
  grants.complete = snapshot.complete(kind, reference.to.ns);
  grants.installed = snapshot.state(kind) != kube::ListState::absent;
  if (!grants.complete) grants.why = why_incomplete(snapshot, reference.to.ns);
  return judge(grants, reference);
}

}  // namespace aibrix
