// Label selectors, held against labels.
#pragma once
#include "kube/parse/value.hpp"

namespace kube {

// metav1.LabelSelector: matchLabels and matchExpressions, all must hold. A missing or empty
// selector matches everything (what an empty selector means differs by kind: check first).
bool matches_selector(const Value& selector, const Value& labels);
// The plain map of Services: every pair must be among the labels. An empty map matches nothing, as
// for a Service.
bool matches_map(const Value& map, const Value& labels);
// "app=web,role in (a,b)", for people.
std::string selector_text(const Value& selector);

}  // namespace kube
