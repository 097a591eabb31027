// The types of YAML scalars.
#pragma once
#include <string>
#include <string_view>

#include "kube/parse/value.hpp"

namespace kube {

// What a scalar means, by the rules of the YAML library inside kubectl (goyaml.v2: YAML 1.1 without
// base 60 numbers; dates stay strings).
struct Scalar {
  Value::Type type = Value::Type::string;
  std::string_view text;  // a number in JSON syntax, decimal; "true" or "false"
  // Of no use in JSON: .nan and .inf (kubectl refuses them), or a value that is not what its tag
  // says.
  bool invalid = false;
};

// A plain (unquoted, untagged) scalar. `scratch` holds the text where it had to be rewritten.
Scalar resolve_scalar(std::string_view text, std::string& scratch);
// One with a tag ("tag:yaml.org,2002:int"), quoted or not. Tags of others are strings.
Scalar resolve_tagged(std::string_view tag, std::string_view text, std::string& scratch);
// The text of a key that is not a string: kubectl writes whole numbers in decimal and all others as
// a 32-bit float, which `scratch` then holds.
std::string_view key_text(const Scalar& scalar, std::string& scratch);

}  // namespace kube
