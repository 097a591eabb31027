#include "kube/reread.hpp"

#include <utility>

#include "base/error.hpp"
#include "kube/api_error.hpp"
#include "kube/discovery.hpp"
#include "kube/json_reader.hpp"
#include "kube/plan.hpp"

namespace kube {
namespace {

Reread read_object(const ObjectKey& key, const Response& response) {
  Reread out;
  if (response.failure == Failure::none && response.status == 404) {
    out.state = Reread::State::gone;
    return out;
  }
  if (!response.ok()) {
    out.detail = response.status == 403 ? forbidden_text("get", *key.resource, key.ns, response)
                                        : trouble(response);
    return out;
  }
  const auto document = std::make_shared<Document>();
  try {
    const Value root = read_json(response.body, *document);
    if (root.at("metadata", "name").text().empty()) {
      out.detail = trouble(response);
      return out;
    }
    out.object.emplace(*key.resource, root);
  } catch (const base::Error& error) {
    out.detail = error.what();
    return out;
  }
  out.memory = document;
  out.state = Reread::State::found;
  return out;
}

}  // namespace

RereadResult fetch_objects(Transport& transport, const Snapshot& snapshot,
                           std::span<const ObjectKey> keys) {
  Discovery discovery;
  if (snapshot.served()) discovery.served = *snapshot.served();
  std::vector<Request> batch;
  for (const ObjectKey& key : keys) {
    const std::string version =
        discovery.version_for(*key.resource).value_or(std::string(key.resource->version));
    Request request;
    request.path = api_path(*key.resource, version, key.ns, key.name);
    request.accept = object_accept(*key.resource);
    batch.push_back(std::move(request));
  }
  const auto answers = transport.send(std::move(batch));
  RereadResult result;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto date = answers[i].date;
    if (date && (!result.now || *date > *result.now)) result.now = date;
    result.objects.push_back(read_object(keys[i], answers[i]));
  }
  return result;
}

}  // namespace kube
