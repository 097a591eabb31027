// YAML files read into values, as kubectl reads them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "kube/parse/duplicate_keys.hpp"
#include "kube/parse/value.hpp"

namespace kube {

// Every document of a YAML file, null for an empty one. A text that starts with a bracket is JSON.
//
// Scalars mean what kubectl's reader makes of them (yaml_scalar.hpp) and keep their type. Values
// know their lines; a mapping's line is that of its first key. Aliases share what they refer to;
// merge keys are resolved. Dead weight is left out (is_pruned).
//
// What is not YAML, duplicate keys (unless there is a list for them: then the last counts, as it
// does for kubectl), aliases that contain themselves or expand without bounds (as kubectl bounds
// them), tabs as indentation, nesting deeper than max_json_depth and keys that are no text are
// base::Error(Fault::usage, …, "file:line: …").
std::vector<Value> read_yaml(std::string_view text, const std::string& file, Document& document,
                             std::vector<Duplicate>* duplicates = nullptr);

// The same without a copy of the text where it is JSON; may grow its capacity.
std::vector<Value> read_manifest(std::string& text, const std::string& file, Document& document,
                                 std::vector<Duplicate>* duplicates = nullptr);

}  // namespace kube
