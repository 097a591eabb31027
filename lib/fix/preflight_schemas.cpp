// The objects that are here, held against the schemas of the release that comes.
#include <algorithm>

#include "aibrix/resources.hpp"
#include "aibrix/schemas.hpp"
#include "base/text.hpp"
#include "fix/preflight_traps.hpp"
#include "kube/schema/validate.hpp"

namespace fix {
namespace {

using kube::Object;

// More than these of one kind of mistake fill screens and tell nothing new.
constexpr std::size_t most_told = 20;

class SchemaLook {
 public:
  SchemaLook(const checks::Context& context, const aibrix::ReleaseData& to, Preflight& out)
      : context_(context), to_(to), out_(out) {}

  void look() {
    const bool known = std::ranges::any_of(
        schemas_.all(), [&](const aibrix::KindSchema& k) { return k.set == to_.release; });
    if (!known) {
      out_.not_checked.push_back("whether the CRDs of " + std::string(to_.release) +
                                 " refuse, or drop fields of, objects that are here (its schemas "
                                 "are not known)");
      return;
    }
    for (const kube::Resource* kind : aibrix::resources::all()) {
      if (!kind->group.ends_with(".aibrix.ai")) continue;
      for (const Object& object : context_.snapshot.list(*kind)) look_at(object);
    }
    tell();
  }

 private:
  void look_at(const Object& object) {
    const std::string_view api = object["apiVersion"].text();
    const std::string_view version =
        api.empty() ? object.resource().version : api.substr(api.find('/') + 1);
    for (const aibrix::KindSchema* kind :
         schemas_.of(object.resource().group, object.resource().kind)) {
      if (kind->set != to_.release || kind->version != version) continue;
      ++looked_at_;
      // Readers leave members out that no check reads.
      for (const kube::Violation& v :
           kube::validate(object.root(), schemas_.source(), kind->node, {false, false})) {
        const std::string text = kube::to_string(object) + ": " + v.server;
        if (v.mistake == kube::Mistake::unknown_field) {
          dropped_.push_back(kube::to_string(object) + ": " + v.path);
        } else {
          refused_.push_back(text);
        }
      }
    }
  }

  void tell() {
    const std::string release(to_.release);
    for (std::size_t i = 0; i < std::min(refused_.size(), most_told); ++i) {
      out_.warnings.push_back(
          {"the schema of " + release + " refuses changes of " + refused_[i], {}});
    }
    for (std::size_t i = 0; i < std::min(dropped_.size(), most_told); ++i) {
      out_.lost.push_back(dropped_[i] + ", a field that the schema of " + release +
                          " does not have: it is dropped when the object is next written");
    }
    const std::size_t more = (refused_.size() - std::min(refused_.size(), most_told)) +
                             (dropped_.size() - std::min(dropped_.size(), most_told));
    if (more != 0) {
      out_.warnings.push_back(
          {"the schemas of " + release + " refuse or drop " + base::plural(more, "more field"),
           {}});
    }
    if (refused_.empty() && dropped_.empty() && looked_at_ != 0) {
      out_.found.push_back("the schemas of " + release + " take all that is here (" +
                           base::plural(looked_at_, "object") + ")");
    }
  }

  const checks::Context& context_;
  const aibrix::ReleaseData& to_;
  Preflight& out_;
  aibrix::Schemas schemas_;
  std::size_t looked_at_ = 0;
  std::vector<std::string> refused_;
  std::vector<std::string> dropped_;
};

}  // namespace

void look_at_schemas(const checks::Context& context, const aibrix::ReleaseData& to,
                     Preflight& out) {
  SchemaLook(context, to, out).look();
}

}  // namespace fix
