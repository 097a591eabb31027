// The objects a plan touches, read before anything is sent.
#include "fix/backup.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "fix/requests.hpp"
#include "kube/http/api_error.hpp"
#include "kube/redact/redact_object.hpp"

namespace fix {
namespace {

using Json = nlohmann::ordered_json;

// What the server writes, and what would keep a new object from being created or living.
constexpr const char* server_fields[] = {"uid",
                                         "resourceVersion",
                                         "generation",
                                         "creationTimestamp",
                                         "deletionTimestamp",
                                         "deletionGracePeriodSeconds",
                                         "managedFields",
                                         "ownerReferences",
                                         "selfLink"};

void make_creatable(Json& object, const std::set<std::string>& without) {
  object.erase("status");
  Json& metadata = object["metadata"];
  for (const char* field : server_fields) metadata.erase(field);
  if (metadata.contains("annotations")) {
    // It repeats the whole object, secrets and all.
    metadata["annotations"].erase("kubectl.kubernetes.io/last-applied-configuration");
    if (metadata["annotations"].empty()) metadata.erase("annotations");
  }
  if (!metadata.contains("finalizers")) return;
  Json left = Json::array();
  for (const Json& name : metadata["finalizers"]) {
    if (!name.is_string() || without.count(name.get<std::string>()) == 0) left.push_back(name);
  }
  metadata.erase("finalizers");
  if (!left.empty()) metadata["finalizers"] = std::move(left);
}

}  // namespace

Backup read_backup(kube::Transport& transport, const Plan& plan) {
  Backup out;
  std::vector<const Step*> steps;
  std::set<std::string> seen;
  for (const Step& step : plan.steps) {
    if (step.verb != Step::Verb::create && seen.insert(step.id()).second) steps.push_back(&step);
  }
  Json items = Json::array();
  constexpr std::size_t batch_size = 32;
  for (std::size_t from = 0; from < steps.size(); from += batch_size) {
    const std::size_t to = std::min(steps.size(), from + batch_size);
    std::vector<kube::Request> batch;
    for (std::size_t i = from; i < to; ++i) batch.push_back(read_request(*steps[i]));
    const auto answers = transport.send(std::move(batch));
    for (std::size_t i = from; i < to; ++i) {
      const kube::Response& answer = answers[i - from];
      if (answer.failure == kube::Failure::none && answer.status == 404)
        continue;  // gone meanwhile
      if (!answer.ok()) {
        out.failed[steps[i]->id()] = kube::describe_failure(answer);
        continue;
      }
      bool redacted = false;
      Json object = Json::parse(answer.body);
      const auto stripped = stripped_finalizers(steps[i]->patch);
      make_creatable(object, {stripped.begin(), stripped.end()});
      object = Json::parse(kube::redact_answer(object.dump(), redacted));
      if (redacted) {
        out.redacted.push_back(steps[i]->id());
        out.incomplete.push_back(name_of(steps[i]->object) + ": " +
                                 base::join(kube::placeholder_fields(object.dump()), ", "));
      }
      items.push_back(std::move(object));
    }
  }
  const Json list = {{"apiVersion", "v1"}, {"kind", "List"}, {"items", std::move(items)}};
  out.list = list.dump(2) + '\n';
  return out;
}

}  // namespace fix
