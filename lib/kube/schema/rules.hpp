// The rules between fields that schemas hold (x-kubernetes-validations), as far as understood here.
#pragma once
#include <optional>
#include <string_view>

#include "kube/parse/value.hpp"
#include "kube/schema/node.hpp"

namespace kube {

// Whether the rule holds of the value; nullopt: it is not understood here, and nothing is said.
std::optional<bool> rule_holds(std::string_view rule, const Value& self, const SchemaNode& node,
                               const SchemaSource& source);

}  // namespace kube
