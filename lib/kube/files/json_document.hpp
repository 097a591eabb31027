// What all JSON documents of this program are made of. For .cpp files only: nlohmann takes long to
// compile.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "kube/object.hpp"

namespace kube {

using Json = nlohmann::ordered_json;

// How every document begins: apiVersion, kind and, but in a snapshot, the version of the program.
Json document_head(std::string_view kind);
Json document_head(std::string_view kind, std::string_view tool_version);
// A member, unless the text is empty. Foreign text is made valid UTF-8 first.
void put(Json& out, const char* key, std::string_view text);
// group, version, kind, namespace, name and uid, as far as they are known; kind and name always.
Json object_json(const ObjectRef& ref, std::string_view version = {}, std::string_view uid = {});
// What an object says it is. Throws nlohmann's exceptions where it does not.
ObjectRef ref_of(const Json& object);
// As it is printed: indented, with a line end; hidden characters as escapes.
std::string json_text(const Json& document);

}  // namespace kube
