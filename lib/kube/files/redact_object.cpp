#include "kube/files/redact_object.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/error.hpp"
#include "kube/files/redact.hpp"
#include "kube/files/secret_names.hpp"
#include "kube/parse/json_backend.hpp"
#include "kube/parse/value_builder.hpp"

namespace kube {
namespace {

constexpr int max_json_in_json = 3;

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Maps whose keys and values match each other elsewhere; they hold no secrets.
bool is_selector(std::string_view key) {
  constexpr auto selectors = std::to_array<std::string_view>(
      {"labels", "matchLabels", "selector", "nodeSelector", "podSelector"});
  return one_of(selectors, key);
}

// Fields of Kubernetes that only sound like secrets: names of things that hold them.
bool secret_field(std::string_view key) {
  constexpr auto innocent =
      std::to_array<std::string_view>({"Name", "Namespace", "Ref", "Refs", "Path", "File", "Kind",
                                       "Seconds", "Policy", "Mode", "Type"});
  if (key == "key" || key == "keys" || key == "topologyKey") return false;
  if (std::ranges::any_of(innocent, [&](std::string_view end) { return ends_with(key, end); })) {
    return false;
  }
  return secret_like(key);
}

// Annotations in which tools keep the whole object as it was applied.
bool repeats_object(std::string_view annotation) {
  return annotation.find("last-applied") != std::string_view::npos ||
         ends_with(annotation, "/applied") || ends_with(annotation, "/original-object");
}

class Copier {
 public:
  Copier(Document& document, Builder::Keep keep, int json_depth)
      : builder_(document, keep), json_depth_(json_depth) {}

  Value finish() { return builder_.finish(); }

  // `parent` is the key that holds the value.
  void copy(const Value& value, std::string_view parent) {
    const std::uint32_t line = value.line();
    switch (value.type()) {
      case Value::Type::missing:
      case Value::Type::null: builder_.null(line); return;
      case Value::Type::boolean: builder_.boolean(value.is_true(), line); return;
      case Value::Type::number: builder_.number(value.scalar(), line); return;
      case Value::Type::string: text(redact_string(value.text()), line); return;
      case Value::Type::array: array(value); return;
      case Value::Type::object: object(value, parent); return;
    }
  }

  // A map of which only the keys stay.
  void hide_values(const Value& map) {
    builder_.begin_object(map.line());
    for (const Member& member : map.members()) {
      if (!builder_.key(member.key)) continue;
      builder_.string(member.value.scalar().empty() ? std::string_view() : redacted,
                      member.value.line());
    }
    builder_.end_object();
  }

  Builder& builder() { return builder_; }

 private:
  void text(const std::string& clean, std::uint32_t line) { builder_.string(clean, line); }

  void array(const Value& value) {
    builder_.begin_array(value.line());
    std::string_view previous;
    for (const Value& item : value.items()) {
      if (item.is_string()) {
        const bool json = !item.text().empty() && (item.text()[0] == '{' || item.text()[0] == '[');
        text(json ? redact_string(item.text()) : redact_argument(item.text(), previous),
             item.line());
      } else {
        copy(item, {});
      }
      previous = item.text();
    }
    builder_.end_array();
  }

  void object(const Value& value, std::string_view parent) {
    const bool selector = is_selector(parent);
    // {name: HF_TOKEN, value: …}: environment variables, headers, parameters.
    const std::string_view name = value["name"].text(value["key"].text());
    const bool secret_value = !selector && value["value"].exists() && secret_like(name);
    builder_.begin_object(value.line());
    for (const Member& member : value.members()) {
      if (!builder_.key(member.key)) continue;
      const Value& v = member.value;
      const bool scalar = v.is_string() || v.type() == Value::Type::number;
      if (selector && v.is_string()) {
        builder_.string(v.text(), v.line());
      } else if (scalar && secret_value && member.key == "value") {
        text(redact_named(name, v.scalar()), v.line());
      } else if (parent == "annotations" && v.is_string()) {
        annotation(member.key, v);
      } else if (v.is_string() && secret_field(member.key)) {
        text(redact_named(member.key, v.text()), v.line());
      } else {
        copy(v, member.key);
      }
    }
    builder_.end_object();
  }

  void annotation(std::string_view key, const Value& value) {
    if (repeats_object(key) && !value.text().empty()) {
      builder_.string(redacted, value.line());
    } else if (secret_like(key)) {
      text(redact_named(key, value.text()), value.line());
    } else {
      text(redact_string(value.text()), value.line());
    }
  }

  std::string redact_string(std::string_view text) const {
    const bool bracket = !text.empty() && (text[0] == '{' || text[0] == '[');
    if (bracket && json_depth_ < max_json_in_json) {
      Document scratch;
      try {
        const json::Input input{text, text.size(), 0, Builder::Keep::everything};
        const json::Parsed parsed = json::parse_nlohmann(input, scratch);
        if (text.find_first_not_of(" \t\r\n", parsed.end) == std::string_view::npos) {
          Copier copier(scratch, Builder::Keep::everything, json_depth_ + 1);
          copier.copy(parsed.value, {});
          const Value clean = copier.finish();
          return clean.same(parsed.value) ? std::string(text) : to_json(clean);
        }
      } catch (const json::SyntaxError&) {  // then it is text like any other
      }
    }
    return redact_text(text);
  }

  Builder builder_;
  int json_depth_;
};

}  // namespace

Value redact_object(const Object& object, Document& document,
                    std::span<const std::string_view> readable_configmaps) {
  const bool hide_data =
      &object.resource() == &resources::secrets ||
      (&object.resource() == &resources::configmaps &&
       std::ranges::find(readable_configmaps, object.name()) == readable_configmaps.end());
  Copier copier(document, Builder::Keep::pruned, 0);
  Builder& builder = copier.builder();
  builder.begin_object(object.line());
  for (const Member& member : object.root().members()) {
    if (!builder.key(member.key)) continue;
    const bool data =
        member.key == "data" || member.key == "binaryData" || member.key == "stringData";
    if (data && hide_data && member.value.is_object()) {
      copier.hide_values(member.value);
    } else {
      copier.copy(member.value, member.key);
    }
  }
  builder.end_object();
  return copier.finish();
}

std::string redact_answer(std::string_view json, bool& changed) {
  Document document;
  try {
    const json::Input input{json, json.size(), 0, Builder::Keep::everything};
    const json::Parsed parsed = json::parse_nlohmann(input, document);
    Copier copier(document, Builder::Keep::everything, 0);
    copier.copy(parsed.value, {});
    const Value clean = copier.finish();
    changed = !clean.same(parsed.value);
    return to_json(clean);
  } catch (const json::SyntaxError& failure) {
    throw base::Error(base::Fault::unavailable, "BadAnswer",
                      "the answer is not valid JSON: " + failure.message);
  }
}

}  // namespace kube
