// JSON Patch (RFC 6902) as this program uses it: tests first, then the change. A test that fails
// makes the API server refuse the whole patch (422), so that nothing is changed that has moved
// since.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/parse/value.hpp"

namespace fix {

struct Operation {
  enum class Op { test, add, replace, remove };
  Op op = Op::test;
  std::string path;   // JSON Pointer
  std::string value;  // JSON text; empty for remove. "null" in a test: nothing is there

  bool operator==(const Operation&) const = default;
};
using Patch = std::vector<Operation>;

Operation test(std::string path, std::string json);
Operation add(std::string path, std::string json);
Operation replace(std::string path, std::string json);
Operation remove(std::string path);

std::string_view to_string(Operation::Op op);
// The patch as a JSON array.
std::string to_json(const Patch& patch);
using kube::json_string;
// One step of a JSON Pointer: "~" and "/" escaped.
std::string pointer_step(std::string_view key);

// How a patch and an object stand to each other.
enum class Effect {
  done,     // what it wants is already so
  pending,  // every test holds: it would be applied
  moved,    // neither: somebody else changed what it tests
};
// `why` names the first test that does not hold: metadata.uid is "b", expected "a".
Effect effect_of(const Patch& patch, const kube::Value& object, std::string* why = nullptr);

// Removes these finalizers and nothing else, guarded by uid and by their places in the list; empty
// when none of them is there.
Patch strip_patch(const kube::Value& object, const std::vector<std::string>& finalizers);
// The finalizers a patch of that kind removes; empty for any other patch.
std::vector<std::string> stripped_finalizers(const Patch& patch);

}  // namespace fix
