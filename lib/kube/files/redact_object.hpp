#pragma once
#include <span>
#include <string>
#include <string_view>

#include "kube/object.hpp"
#include "kube/parse/value.hpp"

namespace kube {

// A copy of the object, in `document`, without what may be secret: values of Secrets and ConfigMaps
// (their keys stay), environment variables, headers, flags and fields of secret-like name, URLs'
// credentials, annotations that repeat the whole object. Strings that hold JSON are looked into.
// `readable_configmaps` are the names of ConfigMaps whose data stays: checks read it.
Value redact_object(const Object& object, Document& document,
                    std::span<const std::string_view> readable_configmaps = {});

// The same for an answer of the API server, as text, with everything else in it kept. `changed`
// tells whether there was anything to take out. Throws base::Error(unavailable, "BadAnswer").
std::string redact_answer(std::string_view json, bool& changed);

}  // namespace kube
