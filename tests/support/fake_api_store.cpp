// The reading half of the fake API server: lists, pages, objects, metadata.
#include "support/fake_api_store.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace support {
namespace {

using Json = nlohmann::ordered_json;
using Query = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Query query_of(const std::string& text) {
  Query query;
  for (const std::string& pair : split(text, '&')) {
    const auto equals = pair.find('=');
    if (equals != std::string::npos) {
      query[unescape(pair.substr(0, equals))] = unescape(pair.substr(equals + 1));
    }
  }
  return query;
}

std::string plural_of(const std::string& kind) {
  std::string text;
  for (const char c : kind) text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (text == "endpoints") return text;
  const auto ends = [&](std::string_view end) {
    return text.size() > end.size() &&
           std::string_view(text).substr(text.size() - end.size()) == end;
  };
  if (ends("s")) return text + "es";
  if (ends("y") && !ends("ay") && !ends("ey")) return text.substr(0, text.size() - 1) + "ies";
  return text + "s";
}

bool is_builtin(std::string_view group) {
  return group.find('.') == std::string_view::npos ||
         (group.size() > 7 && group.substr(group.size() - 7) == ".k8s.io" &&
          group.find("gateway.networking") == std::string_view::npos);
}

bool matches(const std::string& selector, const std::pair<std::string, std::string>& key) {
  if (selector.empty()) return true;
  for (const std::string& term : split(selector, ',')) {
    if (term.rfind("metadata.name=", 0) == 0 && term.substr(14) != key.second) return false;
    if (term.rfind("metadata.namespace=", 0) == 0 && term.substr(19) != key.first) return false;
  }
  return true;
}

}  // namespace

FakeAnswer status_answer(int code, const std::string& reason, const std::string& message) {
  const Json status = {{"kind", "Status"},           {"apiVersion", "v1"},
                       {"metadata", Json::object()}, {"status", "Failure"},
                       {"message", message},         {"reason", reason},
                       {"details", Json::object()},  {"code", code}};
  return {code, status.dump() + "\n"};
}

FakeStore::FakeStore() {
  serve("", "v1", "namespaces", "Namespace", false);
  serve("", "v1", "nodes", "Node", false);
  serve("", "v1", "persistentvolumes", "PersistentVolume", false);
  for (const char* kind : {"Pod", "Service", "ConfigMap", "Secret", "Event", "ServiceAccount",
                           "PersistentVolumeClaim", "Endpoints"}) {
    serve("", "v1", plural_of(kind), kind, true);
  }
  for (const char* kind : {"Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"}) {
    serve("apps", "v1", plural_of(kind), kind, true);
  }
  serve("batch", "v1", "jobs", "Job", true);
  serve("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
  serve("coordination.k8s.io", "v1", "leases", "Lease", true);
  for (const char* kind : {"ClusterRole", "ClusterRoleBinding"}) {
    serve("rbac.authorization.k8s.io", "v1", plural_of(kind), kind, false);
  }
  serve("apiregistration.k8s.io", "v1", "apiservices", "APIService", false);
  for (const char* kind : {"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}) {
    serve("admissionregistration.k8s.io", "v1", plural_of(kind), kind, false);
  }
  serve("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition",
        false);
}

FakeKind& FakeStore::serve(std::string_view group, std::string_view served, std::string_view plural,
                           std::string_view kind, bool namespaced) {
  for (FakeKind& known : kinds_) {
    if (known.group != group || known.plural != plural) continue;
    if (std::find(known.versions.begin(), known.versions.end(), served) == known.versions.end()) {
      known.versions.emplace_back(served);
    }
    return known;
  }
  kinds_.push_back({std::string(group),
                    std::string(plural),
                    std::string(kind),
                    {std::string(served)},
                    namespaced,
                    is_builtin(group),
                    {}});
  return kinds_.back();
}

void FakeStore::stop_serving(std::string_view group, std::string_view plural) {
  kinds_.erase(std::remove_if(kinds_.begin(), kinds_.end(),
                              [&](const FakeKind& kind) {
                                return kind.group == group && kind.plural == plural;
                              }),
               kinds_.end());
}

void FakeStore::add(const std::string& text) {
  Json object = Json::parse(text);
  const std::string kind = object.value("kind", "");
  if (kind.size() >= 4 && kind.substr(kind.size() - 4) == "List" && object.contains("items")) {
    for (const Json& item : object["items"]) add(item.dump());
    return;
  }
  const std::string api = object.value("apiVersion", "");
  const auto slash = api.find('/');
  const std::string group = slash == std::string::npos ? "" : api.substr(0, slash);
  const std::string served = slash == std::string::npos ? api : api.substr(slash + 1);
  const Json metadata = object.value("metadata", Json::object());
  const std::string ns = metadata.value("namespace", "");
  if (kind == "CustomResourceDefinition" && object.contains("spec")) {
    const Json& spec = object["spec"];
    for (const Json& one : spec.value("versions", Json::array())) {
      if (one.value("served", true)) {
        serve(spec.value("group", ""), one.value("name", ""), spec["names"].value("plural", ""),
              spec["names"].value("kind", ""), spec.value("scope", "Namespaced") == "Namespaced");
      }
    }
  }
  FakeKind& served_kind = serve(group, served, plural_of(kind), kind, !ns.empty());
  const Json partial = {
      {"kind", "PartialObjectMetadata"}, {"apiVersion", "meta.k8s.io/v1"}, {"metadata", metadata}};
  if (served_kind.builtin) {
    object.erase("kind");
    object.erase("apiVersion");
  }
  const std::string name = metadata.value("name", "");
  const bool known = served_kind.objects.contains({ns, name});
  FakeKind::Entry& entry = served_kind.objects[{ns, name}];
  entry = {object.dump(), partial.dump()};
  record(known ? "MODIFIED" : "ADDED", served_kind, ns, name, entry);
}

const FakeKind* FakeStore::find(std::string_view group, std::string_view plural) const {
  for (const FakeKind& kind : kinds_) {
    if (kind.group == group && kind.plural == plural) return &kind;
  }
  return nullptr;
}

FakeAnswer FakeStore::answer(const std::string& target, const std::string& accept) const {
  const auto mark = target.find('?');
  const std::string path = target.substr(0, mark);
  const Query query = query_of(mark == std::string::npos ? "" : target.substr(mark + 1));
  if (path == "/version") {
    return {200, Json{{"major", "1"}, {"minor", "36"}, {"gitVersion", version}}.dump()};
  }
  const std::string wanted = discovery == Discovery::v2 ? "v=v2;" : "v=v2beta1;";
  const bool asks = accept.find("g=apidiscovery.k8s.io;" + wanted) != std::string::npos;
  if ((path == "/api" || path == "/apis") && asks &&
      (discovery == Discovery::v2 || discovery == Discovery::v2beta1)) {
    return aggregated(path == "/api");
  }
  Path what;
  if (!parse_path(path, what)) return classic(path);
  return objects(what, query, accept.find("as=PartialObjectMetadata") != std::string::npos);
}

bool FakeStore::parse_path(const std::string& path, Path& what) {
  const auto parts = split(path.substr(1), '/');
  std::size_t i = 0;
  if (parts[0] == "api" && parts.size() > 2) {
    what.version = parts[1];
    i = 2;
  } else if (parts[0] == "apis" && parts.size() > 3) {
    what.group = parts[1];
    what.version = parts[2];
    i = 3;
  } else {
    return false;
  }
  if (parts[i] == "namespaces" && i + 2 < parts.size()) {
    what.ns = parts[i + 1];
    i += 2;
  }
  what.plural = parts[i];
  if (i + 1 < parts.size()) what.name = parts[i + 1];
  return true;
}

FakeAnswer FakeStore::objects(const Path& path, const Query& query, bool metadata_only) const {
  const std::string where =
      path.ns.empty() ? " at the cluster scope" : " in the namespace \"" + path.ns + "\"";
  // Authorization comes before routing: what does not exist is forbidden just the same.
  if (restricted && allowed.count({path.plural, path.ns}) == 0 &&
      allowed.count({path.plural, ""}) == 0) {
    const std::string what = path.plural + (path.group.empty() ? "" : "." + path.group);
    return status_answer(403, "Forbidden",
                         what + " is forbidden: User \"" + user + "\" cannot " +
                             (path.name.empty() ? "list" : "get") + " resource \"" + path.plural +
                             "\" in API group \"" + path.group + "\"" + where);
  }
  if (broken_groups.count(path.group) != 0) {
    return {503, "service unavailable\n", "text/plain; charset=utf-8"};
  }
  const FakeKind* kind = find(path.group, path.plural);
  const bool served = kind != nullptr && std::find(kind->versions.begin(), kind->versions.end(),
                                                   path.version) != kind->versions.end();
  if (!served) return {404, "404 page not found\n", "text/plain; charset=utf-8"};
  if (path.name.empty()) return page(*kind, path, query, metadata_only);
  const auto it = kind->objects.find({path.ns, path.name});
  if (it == kind->objects.end()) {
    return status_answer(404, "NotFound", path.plural + " \"" + path.name + "\" not found");
  }
  if (metadata_only) return {200, it->second.metadata};
  Json object = Json::parse(it->second.json);
  object["kind"] = kind->kind;
  object["apiVersion"] = path.group.empty() ? path.version : path.group + "/" + path.version;
  return {200, object.dump()};
}

FakeAnswer FakeStore::page(const FakeKind& kind, const Path& path, const Query& query,
                           bool metadata_only) const {
  const auto value = [&](const char* key) {
    const auto it = query.find(key);
    return it == query.end() ? std::string() : it->second;
  };
  const std::size_t limit = value("limit").empty() ? 0 : std::stoul(value("limit"));
  // A token is "v1~<index>", made to look like one that needs escaping in a URL.
  const std::string token = value("continue");
  const std::size_t from = token.empty() ? 0 : std::stoul(token.substr(token.find('~') + 1));
  std::string items;
  std::size_t index = 0;
  std::size_t taken = 0;
  std::size_t left = 0;
  for (const auto& [key, entry] : kind.objects) {
    if (!path.ns.empty() && key.first != path.ns) continue;
    if (!matches(value("fieldSelector"), key)) continue;
    if (index++ < from) continue;
    if (limit != 0 && taken == limit) {
      ++left;
      continue;
    }
    if (taken++ != 0) items += ',';
    items += metadata_only ? entry.metadata : entry.json;
  }
  Json metadata = {{"resourceVersion", std::to_string(revision_)}};
  if (left != 0) {
    metadata["continue"] = "v1=/+~" + std::to_string(from + taken);
    metadata["remainingItemCount"] = left;
  }
  std::string api = path.group.empty() ? path.version : path.group + "/" + path.version;
  std::string name = kind.kind + "List";
  if (metadata_only) {
    api = "meta.k8s.io/v1";
    name = "PartialObjectMetadataList";
  }
  if (kind.builtin || metadata_only) {
    return {200, "{\"kind\":\"" + name + "\",\"apiVersion\":\"" + api +
                     "\",\"metadata\":" + metadata.dump() + ",\"items\":[" + items + "]}\n"};
  }
  return {200, "{\"apiVersion\":\"" + api + "\",\"items\":[" + items + "],\"kind\":\"" + name +
                   "\",\"metadata\":" + metadata.dump() + "}\n"};
}

void FakeStore::record(const std::string& type, const FakeKind& kind, const std::string& ns,
                       const std::string& name, const FakeKind::Entry& entry) {
  history_.push_back(
      {++revision_, type, kind.group, kind.plural, ns, name, entry.json, entry.metadata});
}

FakeWatch FakeStore::watch_of(const std::string& target, const std::string& accept) {
  const auto mark = target.find('?');
  Query query = query_of(target.substr(mark + 1));
  Path path;
  parse_path(target.substr(0, mark), path);
  return {path.group,
          path.version,
          path.plural,
          path.ns,
          query["fieldSelector"],
          accept.find("as=PartialObjectMetadata") != std::string::npos,
          std::stoul(query["resourceVersion"])};
}

std::string FakeStore::events(FakeWatch& watch) const {
  std::string out;
  for (const Event& event : history_) {
    if (event.revision <= watch.seen || event.group != watch.group ||
        event.plural != watch.plural) {
      continue;
    }
    if (!watch.ns.empty() && event.ns != watch.ns) continue;
    if (!matches(watch.selector, {event.ns, event.name})) continue;
    Json object = Json::parse(watch.metadata_only ? event.metadata : event.json);
    if (!watch.metadata_only) {
      const FakeKind* kind = find(watch.group, watch.plural);
      object["kind"] = kind == nullptr ? "" : kind->kind;
      object["apiVersion"] =
          watch.group.empty() ? watch.version : watch.group + '/' + watch.version;
    }
    object["metadata"]["resourceVersion"] = std::to_string(event.revision);
    out += Json{{"type", event.type}, {"object", object}}.dump() + '\n';
  }
  watch.seen = std::max(watch.seen, revision_);
  return out;
}

std::string FakeStore::bookmark(const FakeWatch& watch) const {
  const Json metadata = {{"resourceVersion", std::to_string(watch.seen)}};
  return Json{{"type", "BOOKMARK"}, {"object", {{"metadata", metadata}}}}.dump() + '\n';
}

}  // namespace support
