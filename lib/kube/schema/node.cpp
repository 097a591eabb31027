// The readers of schemas: of the program's own table, and of a CRD.
#include "kube/schema/node.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace kube {
namespace {

using Type = SchemaNode::Type;

// Deeper than any CRD's schema; bounds the recursion.
constexpr int max_depth = 100;

std::uint32_t base36(std::string_view text) {
  std::uint32_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out, 36);
  return out;
}

std::optional<double> decimal(std::string_view text) {
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

Type type_of(char letter) {
  switch (letter) {
    case 'o': return Type::object;
    case 'a': return Type::array;
    case 's': return Type::string;
    case 'i': return Type::integer;
    case 'n': return Type::number;
    case 'b': return Type::boolean;
    case 'x': return Type::int_or_string;
    case 'q': return Type::quantity;
    default: return Type::any;
  }
}

Type type_of(std::string_view name) {
  if (name == "object") return Type::object;
  if (name == "array") return Type::array;
  if (name == "string") return Type::string;
  if (name == "integer") return Type::integer;
  if (name == "number") return Type::number;
  if (name == "boolean") return Type::boolean;
  return Type::any;
}

void read_head(std::string_view word, SchemaNode& node) {
  node.type = type_of(word[0]);
  const std::string_view flags = word.substr(1);
  node.open = flags.find('p') != std::string_view::npos;
  node.nullable = flags.find('u') != std::string_view::npos;
  node.has_default = flags.find('d') != std::string_view::npos;
}

void read_word(std::string_view word, const SchemaTable& table, SchemaNode& node) {
  const std::string_view rest = word.substr(1);
  switch (word[0]) {
    case '.': {
      const std::size_t equals = rest.find('=');
      const std::size_t name = base36(rest.substr(0, equals));
      const std::uint32_t from = table.name_at[name];
      node.fields.push_back({table.names.substr(from, table.name_at[name + 1] - from - 1),
                             base36(rest.substr(equals + 1))});
      return;
    }
    case '{': node.values = base36(rest); return;
    case '[': node.items = base36(rest); return;
    case 'r': node.required = base::split(rest, '|'); return;
    case 'e': node.choices = base::split(rest, '|'); return;
    case '/': node.pattern = rest; return;
    case 'f': node.format = rest; return;
    case '<': node.minimum = decimal(rest); return;
    case '>': node.maximum = decimal(rest); return;
    case 'x': (rest == "<" ? node.above_minimum : node.below_maximum) = true; return;
    case 'l':
    case 'c':
    case 'k': node.least = whole(rest); return;
    case 'L':
    case 'C':
    case 'K': node.most = whole(rest); return;
    case '=': node.default_json = rest; return;
    case 'm':
      node.is_set = rest.empty();
      if (!rest.empty()) node.keys = base::split(rest, '|');
      return;
    case 'v': {
      const std::size_t message = rest.find('\x02');
      node.rules.push_back({rest.substr(0, message), rest.substr(message + 1)});
      return;
    }
    default: return;
  }
}

// Of the three pairs of bounds that go with a type.
void read_sizes(const Value& schema, SchemaNode& node) {
  std::string_view least = "minLength";
  std::string_view most = "maxLength";
  if (node.type == Type::array) least = "minItems", most = "maxItems";
  if (node.type == Type::object) least = "minProperties", most = "maxProperties";
  node.least = schema[least].integer();
  node.most = schema[most].integer();
}

void read_scalars(const Value& schema, SchemaNode& node) {
  node.type = schema["x-kubernetes-int-or-string"].is_true() ? Type::int_or_string
                                                             : type_of(schema["type"].text());
  node.open = schema["x-kubernetes-preserve-unknown-fields"].is_true();
  node.nullable = schema["nullable"].is_true();
  node.has_default = schema["default"].exists();
  node.pattern = schema["pattern"].text();
  node.format = schema["format"].text();
  node.minimum = schema["minimum"].number();
  node.maximum = schema["maximum"].number();
  node.above_minimum = schema["exclusiveMinimum"].is_true();
  node.below_maximum = schema["exclusiveMaximum"].is_true();
  for (const Value& name : schema["required"].items()) node.required.push_back(name.text());
  for (const Value& choice : schema["enum"].items()) node.choices.push_back(choice.scalar());
  for (const Value& rule : schema["x-kubernetes-validations"].items()) {
    if (rule["rule"].text().find("oldSelf") != std::string_view::npos) continue;
    node.rules.push_back({rule["rule"].text(), rule["message"].text()});
  }
  for (const Value& key : schema["x-kubernetes-list-map-keys"].items()) {
    node.keys.push_back(key.text());
  }
  node.is_set = schema["x-kubernetes-list-type"].text() == "set";
  read_sizes(schema, node);
}

}  // namespace

std::optional<std::uint32_t> SchemaNode::field(std::string_view name) const {
  const auto it = std::find_if(fields.begin(), fields.end(),
                               [&](const Field& field) { return field.name == name; });
  return it == fields.end() ? std::nullopt : std::optional(it->node);
}

const SchemaNode& TableSchemas::node(std::uint32_t id) const {
  std::unique_ptr<SchemaNode>& read = read_[id];
  if (read != nullptr) return *read;
  read = std::make_unique<SchemaNode>();
  const std::uint32_t from = table_.node_at[id];
  const std::string_view line = table_.nodes.substr(from, table_.node_at[id + 1] - from - 1);
  bool head = true;
  for (const std::string_view word : base::split(line, '\t')) {
    if (head) {
      read_head(word, *read);
    } else if (!word.empty()) {
      read_word(word, table_, *read);
    }
    head = false;
  }
  return *read;
}

CrdSchema::CrdSchema(const Value& schema) {
  nodes_.emplace_back();
  root_ = add(schema, 0);
  // Metadata and what a controller writes are no part of it.
  std::erase_if(nodes_[root_].fields, [](const SchemaNode::Field& field) {
    return field.name == "metadata" || field.name == "status" || field.name == "apiVersion" ||
           field.name == "kind";
  });
  for (const std::string_view name : {"metadata", "status", "apiVersion", "kind"}) {
    nodes_[root_].fields.push_back({name, 0});
  }
}

std::uint32_t CrdSchema::add(const Value& schema, int depth) {
  if (!schema.is_object() || depth > max_depth) return 0;
  SchemaNode node;
  read_scalars(schema, node);
  if (const Value value = schema["default"];
      value.exists() && !value.is_object() && !value.is_array()) {
    node.default_json = *texts_.emplace_back(std::make_unique<std::string>(to_json(value)));
  }
  for (const Member& field : schema["properties"].members()) {
    node.fields.push_back({field.key, add(field.value, depth + 1)});
  }
  const Value more = schema["additionalProperties"];
  if (more.is_object() || more.is_true()) node.values = add(more, depth + 1);
  if (schema["items"].is_object()) node.items = add(schema["items"], depth + 1);
  nodes_.push_back(std::move(node));
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

}  // namespace kube
