// Kubernetes objects without what is secret in them.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/object.hpp"
#include "kube/parse/value.hpp"

namespace kube {

// A copy of the object, in `document`, without what may be secret: values of Secrets and ConfigMaps
// (their keys stay), environment variables, headers, flags and fields of secret-like name, URLs'
// credentials, annotations that repeat a whole object. Strings that hold JSON are looked into.
// `readable_configmaps` are the names of ConfigMaps whose text checks read: of those the one key
// that is called as they read it ("envoy-gateway.yaml") stays, without its secrets.
Value redact_object(const Object& object, Document& document,
                    std::span<const std::string_view> readable_configmaps = {});

// The same for an answer of the API server, as text, with everything else in it kept. `changed`
// tells whether there was anything to take out. Throws base::Error(unavailable, "BadAnswer").
std::string redact_answer(std::string_view json, bool& changed);

// A JSON document inside of `depth` other texts; nullopt: it is none.
std::optional<std::string> redact_json(std::string_view text, int depth);

// The fields of this JSON in which something stands in place of a secret: "spec.artifactURL",
// "items[0].data.token". Empty also for what is no JSON and holds none.
std::vector<std::string> placeholder_fields(std::string_view json);
// What redact_answer would take out, by field.
std::vector<std::string> secret_fields(const Object& object);

}  // namespace kube
