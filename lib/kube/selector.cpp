// The matcher of label selectors.
#include "kube/selector.hpp"

#include <algorithm>

namespace kube {
namespace {

bool holds(const Value& expression, const Value& labels) {
  const Value label = labels[expression["key"].text()];
  const auto values = expression["values"].items();
  const bool among = std::any_of(values.begin(), values.end(), [&](const Value& v) {
    return label.exists() && v.text() == label.text();
  });
  const std::string_view op = expression["operator"].text();
  if (op == "In") return among;
  if (op == "NotIn") return !among;
  if (op == "Exists") return label.exists();
  if (op == "DoesNotExist") return !label.exists();
  return false;
}

}  // namespace

bool matches_map(const Value& map, const Value& labels) {
  const auto members = map.members();
  return !members.empty() && std::all_of(members.begin(), members.end(), [&](const Member& m) {
    return labels[m.key].exists() && labels[m.key].scalar() == m.value.scalar();
  });
}

bool matches_selector(const Value& selector, const Value& labels) {
  const Value map = selector["matchLabels"];
  if (!map.empty() && !matches_map(map, labels)) return false;
  const auto expressions = selector["matchExpressions"].items();
  return std::all_of(expressions.begin(), expressions.end(),
                     [&](const Value& e) { return holds(e, labels); });
}

std::string selector_text(const Value& selector) {
  const bool plain = !selector["matchLabels"].exists() && !selector["matchExpressions"].exists();
  std::string out;
  const auto add = [&out](const std::string& term) {
    if (!out.empty()) out += ',';
    out += term;
  };
  for (const Member& m : (plain ? selector : selector["matchLabels"]).members()) {
    add(std::string(m.key) + '=' + std::string(m.value.scalar()));
  }
  for (const Value& e : selector["matchExpressions"].items()) {
    std::string term = std::string(e["key"].text()) + ' ' + std::string(e["operator"].text());
    for (const Value& v : e["values"].items()) term += ' ' + std::string(v.text());
    add(term);
  }
  return out;
}

}  // namespace kube
