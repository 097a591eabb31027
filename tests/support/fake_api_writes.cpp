// The writing half of the fake API server, by what a real one (v1.36) was seen to answer.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "support/fake_api_store.hpp"

namespace support {
namespace {

using Json = nlohmann::ordered_json;

const std::string moved = "the server rejected our request due to an error in our request";

// RFC 6902, with what evanphx/json-patch adds: a test for null holds where nothing is. Throws.
void apply_patch(Json& object, const Json& patch) {
  for (const Json& operation : patch) {
    const Json::json_pointer path(operation.at("path").get<std::string>());
    if (operation.at("op") == "test" && operation.at("value").is_null() && !object.contains(path) &&
        object.contains(path.parent_pointer())) {
      continue;
    }
    object = object.patch(Json::array({operation}));
  }
}

bool has_finalizers(const Json& object) {
  const Json& metadata = object["metadata"];
  return metadata.contains("finalizers") && !metadata["finalizers"].empty();
}

// A finalizer that was not there before.
bool adds_finalizer(const Json& before, const Json& after) {
  const Json old = before["metadata"].value("finalizers", Json::array());
  const Json now = after["metadata"].value("finalizers", Json::array());
  return std::any_of(now.begin(), now.end(), [&](const Json& name) {
    return std::find(old.begin(), old.end(), name) == old.end();
  });
}

std::string place(const std::string& plural, const std::string& name) {
  return plural + " \"" + name + "\"";
}

Json partial(const Json& object) {
  return {{"kind", "PartialObjectMetadata"},
          {"apiVersion", "meta.k8s.io/v1"},
          {"metadata", object.at("metadata")}};
}

}  // namespace

FakeAnswer FakeStore::write(const std::string& method, const std::string& target,
                            const std::string& body) {
  const auto mark = target.find('?');
  const std::string query = mark == std::string::npos ? "" : target.substr(mark);
  const bool dry_run = query.find("dryRun=All") != std::string::npos;
  Path path;
  if (!parse_path(target.substr(0, mark), path)) return {404, "404 page not found\n", "text/plain"};
  const std::string verb = method == "POST" ? "create" : method == "PATCH" ? "patch" : "delete";
  if (read_only.count(path.plural) != 0) {
    const std::string where =
        path.ns.empty() ? " at the cluster scope" : " in the namespace \"" + path.ns + "\"";
    return status_answer(403, "Forbidden",
                         place(path.plural, path.name) + " is forbidden: User \"" + user +
                             "\" cannot " + verb + " resource \"" + path.plural +
                             "\" in API group \"" + path.group + "\"" + where);
  }
  if (!refusing_webhook.empty() && path.plural == webhook_plural && method != "DELETE") {
    return status_answer(500, "InternalError",
                         "Internal error occurred: failed calling webhook \"" + refusing_webhook +
                             "\": failed to call webhook: service not found");
  }
  if (method == "POST") return create(path, body, dry_run);
  auto kind = std::find_if(kinds_.begin(), kinds_.end(), [&](const FakeKind& k) {
    return k.group == path.group && k.plural == path.plural;
  });
  if (kind == kinds_.end() || kind->objects.count({path.ns, path.name}) == 0) {
    return status_answer(404, "NotFound", place(path.plural, path.name) + " not found");
  }
  return method == "PATCH" ? patch(*kind, path, body, dry_run) : remove(*kind, path, body);
}

FakeAnswer FakeStore::create(const Path& path, const std::string& body, bool dry_run) {
  Json object = Json::parse(body);
  const std::string name = object["metadata"].value("name", "");
  if (!this->object(path.plural, path.ns, name).empty()) {
    return status_answer(409, "AlreadyExists", place(path.plural, name) + " already exists");
  }
  object["metadata"]["uid"] = "created-" + std::to_string(++created_);
  object["metadata"]["creationTimestamp"] = now;
  if (!dry_run) add(object.dump());
  return {201, object.dump()};
}

FakeAnswer FakeStore::patch(FakeKind& kind, const Path& path, const std::string& body,
                            bool dry_run) {
  FakeKind::Entry& entry = kind.objects.at({path.ns, path.name});
  const Json before = Json::parse(entry.json);
  Json after = before;
  try {
    apply_patch(after, Json::parse(body));
  } catch (const Json::exception&) {
    return status_answer(422, "Invalid", moved);
  }
  const bool deleting = before["metadata"].contains("deletionTimestamp");
  if (deleting && adds_finalizer(before, after)) {
    return status_answer(
        422, "Invalid",
        place(path.plural, path.name) +
            " is invalid: metadata.finalizers: Forbidden: no new finalizers can be "
            "added if the object is being deleted");
  }
  if (!dry_run && deleting && !has_finalizers(after)) {
    kind.objects.erase({path.ns, path.name});
  } else if (!dry_run) {
    entry = {after.dump(), partial(after).dump()};
  }
  return {200, after.dump()};
}

FakeAnswer FakeStore::remove(FakeKind& kind, const Path& path, const std::string& body) {
  FakeKind::Entry& entry = kind.objects.at({path.ns, path.name});
  Json object = Json::parse(entry.json);
  const Json options = body.empty() ? Json::object() : Json::parse(body);
  const std::string uid = object["metadata"].value("uid", "");
  const std::string wanted = options.value("preconditions", Json::object()).value("uid", uid);
  if (uid != wanted) {
    return status_answer(
        409, "Conflict",
        "Precondition failed: UID in precondition: " + wanted + ", UID in object meta: " + uid);
  }
  if (options.contains("dryRun")) return {200, object.dump()};
  if (has_finalizers(object)) {
    object["metadata"]["deletionTimestamp"] = now;
    entry = {object.dump(), partial(object).dump()};
  } else {
    kind.objects.erase({path.ns, path.name});
  }
  return {200, object.dump()};
}

std::string FakeStore::object(std::string_view plural, const std::string& ns,
                              const std::string& name) const {
  for (const FakeKind& kind : kinds_) {
    if (kind.plural != plural) continue;
    const auto it = kind.objects.find({ns, name});
    if (it != kind.objects.end()) return it->second.json;
  }
  return {};
}

void FakeStore::erase(std::string_view plural, const std::string& ns, const std::string& name) {
  for (FakeKind& kind : kinds_) {
    const auto it = kind.plural == plural ? kind.objects.find({ns, name}) : kind.objects.end();
    if (it == kind.objects.end()) continue;
    record("DELETED", kind, ns, name, it->second);
    kind.objects.erase(it);
  }
}

}  // namespace support
