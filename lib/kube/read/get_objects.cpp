// The sender of GET requests for single objects, and the reader of their answers.
#include "kube/read/get_objects.hpp"

#include <utility>

#include "base/error.hpp"
#include "kube/http/api_error.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/read/discovery.hpp"
#include "kube/read/list_query.hpp"

namespace kube {
namespace {

// etcd takes 1.5 MiB if not told otherwise.
constexpr std::size_t max_object_bytes = std::size_t{16} << 20;

// The answer is about the object asked for. Lists leave kind and apiVersion out; a GET has them.
bool is_about(const ObjectKey& key, const Value& root) {
  const std::string_view version = root["apiVersion"].text();
  const auto slash = version.find('/');
  const std::string_view group =
      slash == std::string_view::npos ? std::string_view() : version.substr(0, slash);
  const bool metadata = root["kind"].text() == "PartialObjectMetadata";
  const bool kind = (metadata && key.resource->metadata_only) ||
                    (root["kind"].text() == key.resource->kind && group == key.resource->group);
  return kind && root.at("metadata", "name").text() == key.name &&
         (!key.resource->namespaced || root.at("metadata", "namespace").text() == key.ns);
}

GetOutcome read_object(const ObjectKey& key, const Response& response) {
  GetOutcome out;
  if (response.failure == Failure::none && response.status == 404) {
    out.state = GetOutcome::State::gone;
    return out;
  }
  if (!response.ok()) {
    out.detail = response.status == 403 ? forbidden_text("get", *key.resource, key.ns, response)
                                        : describe_failure(response);
    return out;
  }
  const auto document = std::make_shared<Document>();
  try {
    const Value root =
        key.whole ? read_whole_json(response.body, *document) : read_json(response.body, *document);
    if (root.at("metadata", "name").text().empty()) {
      out.detail = describe_failure(response);
      return out;
    }
    if (!is_about(key, root)) {
      out.detail = "the response for " + full_name(*key.resource) + " " + key.name +
                   " is about another object";
      return out;
    }
    out.object.emplace(*key.resource, root);
  } catch (const base::Error& error) {
    out.detail = error.what();
    return out;
  }
  out.memory = document;
  out.state = GetOutcome::State::found;
  return out;
}

}  // namespace

GetResult get_objects(Transport& transport, const Snapshot& snapshot,
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
    request.max_bytes = max_object_bytes;
    batch.push_back(std::move(request));
  }
  const auto answers = transport.send(std::move(batch));
  GetResult result;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto date = answers[i].date;
    if (date && (!result.now || *date > *result.now)) result.now = date;
    result.objects.push_back(read_object(keys[i], answers[i]));
  }
  return result;
}

}  // namespace kube
