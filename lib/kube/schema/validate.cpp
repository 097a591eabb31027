// The comparison of an object with its schema.
#include "kube/schema/validate.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "kube/parse/value_builder.hpp"
#include "kube/quantity.hpp"
#include "kube/schema/rules.hpp"
#include "kube/schema/tell.hpp"

namespace kube {
namespace {

using Type = SchemaNode::Type;

std::string_view name_of(Type type) {
  switch (type) {
    case Type::any: return "anything";
    case Type::object: return "object";
    case Type::array: return "array";
    case Type::string:
    case Type::quantity: return "string";
    case Type::integer: return "integer";
    case Type::number: return "number";
    case Type::boolean: return "boolean";
    case Type::int_or_string: return "integer or string";
  }
  return "";
}

bool is_whole(const Value& value) {
  return value.type() == Value::Type::number && value.integer().has_value();
}

std::string_view name_of(const Value& value) {
  switch (value.type()) {
    case Value::Type::missing:
    case Value::Type::null: return "null";
    case Value::Type::boolean: return "boolean";
    case Value::Type::number: return is_whole(value) ? "integer" : "number";
    case Value::Type::string: return "string";
    case Value::Type::array: return "array";
    case Value::Type::object: return "object";
  }
  return "";
}

bool is_of(const Value& value, Type type) {
  switch (type) {
    case Type::any: return true;
    case Type::object: return value.is_object();
    case Type::array: return value.is_array();
    case Type::string: return value.is_string();
    case Type::integer: return is_whole(value);
    case Type::number: return value.type() == Value::Type::number;
    case Type::boolean: return value.type() == Value::Type::boolean;
    case Type::int_or_string: return value.is_string() || is_whole(value);
    case Type::quantity: return value.is_string() || value.type() == Value::Type::number;
  }
  return true;
}

std::string quoted(std::string_view text) {
  return '"' + base::printable(base::shorten(text, 80)) + '"';
}

std::string shown(const Value& value) {
  if (value.is_string()) return quoted(value.text());
  return base::printable(base::shorten(to_json(value), 80));
}

std::string number_text(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

// Characters, as the API server counts.
std::int64_t characters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return !base::continues_utf8(c); });
}

void append_member(std::string& path, std::string_view key) {
  const bool plain = key.find_first_of(".[]/\"") == std::string_view::npos && !key.empty();
  if (!plain) {
    path.append("[\"").append(key).append("\"]");
    return;
  }
  if (!path.empty()) path += '.';
  path += key;
}

class Validator {
 public:
  Validator(const SchemaSource& source, std::uint32_t root, const Manner& manner)
      : source_(source),
        root_(root),
        core_(manner.core),
        whole_(manner.whole),
        path_(manner.path) {}

  void look(const Value& value, std::uint32_t id) {
    const SchemaNode& node = source_.node(id);
    const std::string& path = path_;
    if (value.is_string() && is_placeholder(value.text())) return;
    // As if it were not there: for a custom kind, too, the API server drops it.
    if (value.is_null()) return;
    if (!is_of(value, node.type)) return wrong_type(value, node, path);
    look_at_choice(value, node, path);
    if (value.is_string()) look_at_text(value, node, path);
    if (value.type() == Value::Type::number) look_at_number(value, node, path);
    if (value.is_array()) look_at_items(value, node, path);
    if (value.is_object()) look_at_members(value, node, path);
    if (!node.rules.empty()) look_at_rules(value, node, path);
  }

  std::vector<Violation> take() { return std::move(found_); }

 private:
  void add(Mistake mistake, const std::string& path, const Value& at, std::string what,
           std::string server, std::string fix = {}) {
    found_.push_back({mistake, path, std::move(what), std::move(server), std::move(fix), at});
  }

  void wrong_type(const Value& value, const SchemaNode& node, const std::string& path) {
    const std::string wanted(name_of(node.type));
    const std::string is(name_of(value));
    const bool quote = node.type == Type::string && !value.scalar().empty();
    add(Mistake::wrong_type, path, value,
        "has " +
            std::string(is.starts_with("a") || is.starts_with("i") || is.starts_with("o") ? "an "
                                                                                          : "a ") +
            is + " in " + path + ", where the type is " + wanted,
        core_ ? "cannot unmarshal " + is + " into field " + path + " of type " + wanted
              : path + ": Invalid value: \"" + is + "\": " + path + " in body must be of type " +
                    wanted + ": \"" + is + '"',
        quote ? '"' + base::printable(value.scalar()) + '"' : std::string());
  }

  void look_at_choice(const Value& value, const SchemaNode& node, const std::string& path) {
    if (node.choices.empty() || !(value.is_string() || !value.scalar().empty())) return;
    const std::string_view text = value.is_string() ? value.text() : value.scalar();
    if (std::ranges::find(node.choices, text) != node.choices.end()) return;
    if (core_ && text.empty()) return;  // as good as not there: defaulted
    std::vector<std::string> all;
    std::vector<std::string> words;
    for (const std::string_view choice : node.choices) {
      all.push_back('"' + std::string(choice) + '"');
      words.emplace_back(choice);
    }
    std::string near = base::closest_match(text, words);
    for (const std::string& word : words) {
      if (near.empty() && base::lower(word) == base::lower(text)) near = word;
    }
    add(Mistake::not_a_choice, path, value,
        "has " + shown(value) + " in " + path + ", which is none of its values",
        path + ": Unsupported value: " + shown(value) +
            ": supported values: " + base::join(all, ", "),
        near);
  }

  void look_at_text(const Value& value, const SchemaNode& node, const std::string& path) {
    const std::string_view text = value.text();
    if (node.type == Type::quantity) {
      if (text.empty() || parse_quantity(text)) return;
      return add(Mistake::malformed, path, value,
                 "has no quantity in " + path + ": " + shown(value),
                 path +
                     ": quantities must match the regular expression "
                     "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    }
    if (core_ && text.empty()) return;  // the same as not there
    if (node.format == "byte" && !base::decode_base64(text).problem.empty()) {
      return add(Mistake::malformed, path, value, "has no base64 text in " + path,
                 path + ": illegal base64 data");
    }
    if (node.type == Type::string || node.type == Type::int_or_string)
      look_at_size(characters(text), value, node, path, "characters");
    if (node.pattern.empty()) return;
    if (!node.compiled) node.compiled.emplace(node.pattern);
    if (node.compiled->fits(text).value_or(true)) return;
    add(Mistake::malformed, path, value,
        "has " + shown(value) + " in " + path + ", which does not have the form it must have",
        path + ": Invalid value: " + shown(value) + ": " + path + " in body should match '" +
            std::string(node.pattern) + "'");
  }

  void look_at_number(const Value& value, const SchemaNode& node, const std::string& path) {
    const std::optional<double> number = value.number();
    if (!number) return;
    constexpr double int32_end = 2147483648.0;
    const bool beyond = node.format == "int32" && (*number >= int32_end || *number < -int32_end);
    if (beyond) {
      return add(Mistake::out_of_range, path, value,
                 "has " + shown(value) + " in " + path + ", which does not fit into 32 bits",
                 path + ": Invalid value: " + shown(value) + ": must be of type int32");
    }
    const bool low =
        node.minimum && (node.above_minimum ? *number <= *node.minimum : *number < *node.minimum);
    const bool high =
        node.maximum && (node.below_maximum ? *number >= *node.maximum : *number > *node.maximum);
    if (!low && !high) return;
    const std::string bound = number_text(low ? *node.minimum : *node.maximum);
    add(Mistake::out_of_range, path, value,
        "has " + shown(value) + " in " + path + ", which is too " + (low ? "small" : "large"),
        path + ": Invalid value: " + shown(value) + ": must be " + (low ? "greater" : "less") +
            " than " + ((low ? node.above_minimum : node.below_maximum) ? "" : "or equal to ") +
            bound);
  }

  void look_at_size(std::int64_t size, const Value& value, const SchemaNode& node,
                    const std::string& path, const std::string& of) {
    if (node.least && size < *node.least) {
      add(Mistake::out_of_range, path, value,
          "has " + std::to_string(size) + ' ' + of + " in " + path + ", fewer than " +
              std::to_string(*node.least),
          path + ": Invalid value: should have at least " + std::to_string(*node.least) + ' ' + of);
    }
    if (node.most && size > *node.most) {
      add(Mistake::out_of_range, path, value,
          "has " + std::to_string(size) + ' ' + of + " in " + path + ", more than " +
              std::to_string(*node.most),
          path + ": Too long: may not be more than " + std::to_string(*node.most) + ' ' + of);
    }
  }

  void look_at_items(const Value& value, const SchemaNode& node, const std::string& path) {
    if (node.type == Type::array) {
      look_at_size(static_cast<std::int64_t>(value.size()), value, node, path, "items");
    }
    if (!node.items) return;
    if (node.is_set || !node.keys.empty()) look_at_twins(value, node, path);
    std::size_t i = 0;
    const std::size_t end = path_.size();
    for (const Value& item : value.items()) {
      path_ += '[';
      path_ += std::to_string(i++);
      path_ += ']';
      look(item, *node.items);
      path_.resize(end);
    }
  }

  // Items that are told apart by some of their members, or are scalars of which each comes once.
  void look_at_twins(const Value& value, const SchemaNode& node, const std::string& path) {
    std::set<std::string> seen;
    std::size_t i = 0;
    for (const Value& item : value.items()) {
      std::string key = node.is_set ? to_json(item) : std::string();
      for (const std::string_view name : node.keys) {
        const Value part = item[name];
        if (part.exists()) {
          key += to_json(part);
        } else if (const auto field = source_.node(*node.items).field(name)) {
          key += source_.node(*field).default_json;
        }
        key += ' ';
      }
      const std::string at = path + '[' + std::to_string(i++) + ']';
      if (seen.insert(key).second) continue;
      add(Mistake::rule, at, item, "has the same item twice in " + path,
          at + ": Duplicate value: " + base::printable(base::shorten(key, 80)));
    }
  }

  void look_at_members(const Value& value, const SchemaNode& node, const std::string& path) {
    if (node.type == Type::object) {
      look_at_size(static_cast<std::int64_t>(value.size()), value, node, path, "members");
    }
    for (const Member& member : value.members()) {
      if (const auto field = node.field(member.key)) {
        look_below(member, *field);
      } else if (node.values) {
        look_below(member, *node.values);
      } else if (!node.open && node.type == Type::object) {
        unknown(member, node, path);
      }
    }
    for (const std::string_view name : node.required) {
      const Value field = value[name];
      const std::optional<std::uint32_t> field_id = node.field(name);
      const bool null_counts = field_id && !core_ && source_.node(*field_id).nullable;
      const bool empty_text = core_ && field.is_string() && field.text().empty();
      const bool there = field.exists() && (!field.is_null() || null_counts) && !empty_text;
      if (!whole_ && is_pruned({}, name)) continue;
      if (there || (field_id && source_.node(*field_id).has_default)) continue;
      const std::string at = member_path(path, name);
      add(Mistake::missing, at, value, "has no " + at, at + ": Required value");
    }
  }

  void look_below(const Member& member, std::uint32_t id) {
    const std::size_t end = path_.size();
    append_member(path_, member.key);
    look(member.value, id);
    path_.resize(end);
  }

  void look_at_rules(const Value& value, const SchemaNode& node, const std::string& path) {
    for (const SchemaNode::Rule& rule : node.rules) {
      if (rule_holds(rule.rule, value, node, source_).value_or(true)) continue;
      const std::string message = base::printable(rule.message.empty() ? rule.rule : rule.message);
      add(Mistake::rule, path, value, "breaks a rule of " + path + ": " + message,
          path + ": Invalid value: " + message);
    }
  }

  void unknown(const Member& member, const SchemaNode& node, const std::string& path) {
    const std::string at = member_path(path, member.key);
    std::vector<std::string> names;
    for (const SchemaNode::Field& field : node.fields) names.emplace_back(field.name);
    const std::string near = base::closest_match(member.key, names);
    std::string fix =
        near.empty() ? belongs(std::string(member.key), path) : member_path(path, near);
    add(Mistake::unknown_field, at, member.value, "has the unknown field " + base::printable(at),
        "strict decoding error: unknown field \"" + base::printable(at) + '"', std::move(fix));
  }

  // Where a field of this name stands: nearest to where it was written.
  std::string belongs(const std::string& name, const std::string& path) {
    budget_ = search_budget;
    Search found{name, member_path(path, name), {}};
    search(found, root_, "", 0);
    return found.best;
  }

  struct Search {
    const std::string& name;
    std::string wrong;  // the path at which it was written
    std::string best;
    std::size_t best_score = 0;
  };

  static std::size_t shared(std::string_view a, std::string_view b) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < a.size() && i < b.size() && a[i] == b[i]; ++i) {
      if (a[i] == '.') ++out;
    }
    return out + (b.starts_with(a) || a.starts_with(b) ? 1 : 0);
  }

  void search(Search& found, std::uint32_t id, const std::string& path, int depth) {
    if (depth > 7 || budget_-- <= 0) return;
    const SchemaNode& node = source_.node(id);
    for (const SchemaNode::Field& field : node.fields) {
      const std::string at = member_path(path, field.name);
      if (field.name == found.name) {
        const std::size_t score =
            100 + 10 * shared(at, found.wrong) - static_cast<std::size_t>(3 * depth);
        if (score > found.best_score) found.best = at, found.best_score = score;
      }
      search(found, field.node, at, depth + 1);
    }
    if (node.items) search(found, *node.items, path + "[]", depth);
  }

  static constexpr int search_budget = 4000;
  const SchemaSource& source_;
  std::uint32_t root_;
  bool core_;
  bool whole_;
  int budget_ = 0;
  std::string path_;  // of what is looked at; one text, since nearly always nobody wants it
  std::vector<Violation> found_;
};

}  // namespace

std::string member_path(const std::string& path, std::string_view key) {
  std::string out = path;
  append_member(out, key);
  return out;
}

std::vector<Violation> validate(const Value& object, const SchemaSource& source, std::uint32_t root,
                                const Manner& manner) {
  Validator validator(source, root, manner);
  validator.look(object, root);
  return validator.take();
}

}  // namespace kube
