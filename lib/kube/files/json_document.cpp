// The head and the common members of every JSON document.
#include "kube/files/json_document.hpp"

#include "base/hidden.hpp"
#include "base/program.hpp"
#include "base/utf8.hpp"

namespace kube {

Json document_head(std::string_view kind) {
  return {{"apiVersion", base::document_format}, {"kind", kind}};
}

Json document_head(std::string_view kind, std::string_view tool_version) {
  Json out = document_head(kind);
  out["tool"] = {{"version", tool_version}};
  return out;
}

void put(Json& out, const char* key, std::string_view text) {
  if (!text.empty()) out[key] = base::utf8(text);
}

Json object_json(const ObjectRef& ref, std::string_view version, std::string_view uid) {
  Json out = Json::object();
  put(out, "group", ref.group);
  put(out, "version", version);
  out["kind"] = base::utf8(ref.kind);
  put(out, "namespace", ref.ns);
  out["name"] = base::utf8(ref.name);
  put(out, "uid", uid);
  return out;
}

ObjectRef ref_of(const Json& object) {
  const auto version = object.at("apiVersion").get<std::string>();
  const std::size_t slash = version.find('/');
  const Json& metadata = object.at("metadata");
  return {slash == std::string::npos ? "" : version.substr(0, slash),
          object.at("kind").get<std::string>(), metadata.value("namespace", ""),
          metadata.at("name").get<std::string>()};
}

std::string json_text(const Json& document) {
  return base::visible_document(document.dump(2), base::Escapes::json) + '\n';
}

}  // namespace kube
