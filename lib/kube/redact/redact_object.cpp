// Objects without their secrets.
#include "kube/redact/redact_object.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "kube/parse/json_backend.hpp"
#include "kube/parse/value_builder.hpp"
#include "kube/redact/redact.hpp"
#include "kube/redact/redact_inner.hpp"
#include "kube/redact/secret_names.hpp"
#include "kube/redact/tokens.hpp"

namespace kube {
namespace {

using base::npos;
// The key under which the readable ConfigMap has its text.
constexpr std::string_view readable_key = "envoy-gateway.yaml";

// Maps whose keys and values match each other elsewhere; they hold no secrets.
bool is_selector(std::string_view key) {
  constexpr auto selectors = std::to_array<std::string_view>(
      {"labels", "matchLabels", "selector", "nodeSelector", "podSelector"});
  return base::contains(selectors, key);
}

// Maps of which nobody knows what is in them: drivers' parameters, headers of probes.
bool is_opaque(std::string_view key) {
  constexpr auto maps = std::to_array<std::string_view>(
      {"volumeAttributes", "options", "httpHeaders", "volumeAttributesClassParameters"});
  return base::contains(maps, key);
}

// Fields of Kubernetes that only sound like secrets: names of things that hold them.
bool secret_field(std::string_view key) {
  if (key == "key" || key == "keys" || key == "topologyKey") return false;
  return secret_like(key);
}

// Below a name of a secret: {"password": {"v": "X"}}; but not {"secretKeyRef": {"name": …}}.
bool names_something(std::string_view key) {
  constexpr auto names = std::to_array<std::string_view>(
      {"name", "namespace", "kind", "group", "key", "apiVersion", "type", "optional", "path",
       "secretName", "mode", "operator", "username", "user", "email", "url", "host", "port"});
  return base::contains(names, key) || std::string_view(key).ends_with("Ref") ||
         key.ends_with("Name");
}

bool is_whole_object(const Value& value) {
  const auto has = [&](std::string_view key) { return value[key].exists(); };
  return (has("kind") && has("apiVersion")) || (has("metadata") && has("spec")) ||
         (has("spec") && value["spec"].is_object()) || has("stringData") ||
         (has("data") && value["data"].is_object() && !value["data"].empty());
}

std::optional<Value> parsed_json(std::string_view text, Document& document) {
  try {
    const json::Input input{text, text.size(), 0, Builder::Keep::everything};
    const json::Parsed parsed = json::parse_nlohmann(input, document);
    if (text.find_first_not_of(" \t\r\n", parsed.end) == npos) return parsed.value;
  } catch (const json::SyntaxError&) {  // then it is text like any other
  }
  return std::nullopt;
}

class Copier {
 public:
  // `foreign`: not an object of Kubernetes, whose fields are known, but somebody's JSON.
  Copier(Document& document, Builder::Keep keep, int depth, bool foreign = false)
      : builder_(document, keep), depth_(depth), foreign_(foreign) {}

  Value finish() { return builder_.finish(); }
  Builder& builder() { return builder_; }
  // All annotations go: somebody keeps copies of Secrets in them.
  void hide_annotations() { hide_annotations_ = true; }

  // `parent` is the key that holds the value.
  void copy(const Value& value, std::string_view parent) {
    const std::uint32_t line = value.line();
    switch (value.type()) {
      case Value::Type::missing:
      case Value::Type::null: builder_.null(line); return;
      case Value::Type::boolean: builder_.boolean(value.is_true(), line); return;
      case Value::Type::number: builder_.number(value.scalar(), line); return;
      case Value::Type::string: text(clean(value.text()), line); return;
      case Value::Type::array: array(value, parent, {}); return;
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

  // Only what names something stays.
  void hide_below(const Value& value, std::string_view key) {
    if (value.is_array()) {
      builder_.begin_array(value.line());
      for (const Value& item : value.items()) hide_below(item, key);
      builder_.end_array();
    } else if (value.is_object()) {
      builder_.begin_object(value.line());
      for (const Member& member : value.members()) {
        if (!builder_.key(member.key)) continue;
        names_something(member.key) ? copy(member.value, member.key)
                                    : hide_below(member.value, member.key);
      }
      builder_.end_object();
    } else if (value.is_string() && !harmless_value("token", value.text())) {
      builder_.string(redacted, value.line());
    } else {
      copy(value, key);
    }
  }

 private:
  void text(const std::string& clean, std::uint32_t line) { builder_.string(clean, line); }
  // Of an object inside a text, that text is looked through again as a whole.
  std::string clean(std::string_view text) const {
    return depth_ == 0 ? redact_text(text) : redact_inner(text, depth_);
  }

  static bool all_strings(const Value& value) {
    return std::ranges::all_of(value.items(), [](const Value& v) { return v.is_string(); });
  }

  void array(const Value& value, std::string_view parent, const Value& command) {
    builder_.begin_array(value.line());
    const bool words = parent == "args" || parent == "command" || parent.empty() ||
                       parent == "entrypoint" || parent == "cmd";
    if (words && value.size() > 0 && all_strings(value)) {
      std::vector<std::string_view> before;
      std::vector<std::string_view> arguments;
      for (const Value& item : command.items()) before.push_back(item.text());
      for (const Value& item : value.items()) arguments.push_back(item.text());
      const std::vector<std::string> clean = redact_arguments(arguments, before);
      for (std::size_t i = 0; i < clean.size(); ++i) text(clean[i], value[i].line());
    } else {
      for (const Value& item : value.items()) copy(item, parent);
    }
    builder_.end_array();
  }

  void object(const Value& value, std::string_view parent) {
    const bool selector = is_selector(parent) && !foreign_;
    // {name: HF_TOKEN, value: …}: environment variables, headers, parameters.
    const std::string_view name = value["name"].text(value["key"].text());
    const bool pair = !selector && value["value"].exists();
    const bool key_set = value["kty"].exists() || (parent == "keys" && value["k"].exists());
    builder_.begin_object(value.line());
    for (const Member& member : value.members()) {
      if (!builder_.key(member.key)) continue;
      const Value& v = member.value;
      const bool scalar = v.is_string() || v.type() == Value::Type::number;
      if (selector && v.is_string()) {
        builder_.string(v.text(), v.line());
      } else if (key_set && v.is_string() && member.key.size() <= 2 && member.key != "n" &&
                 member.key != "e" && member.key != "x" && member.key != "y") {
        builder_.string(redacted, v.line());
      } else if (scalar && pair && member.key == "value") {
        paired(name, parent, v);
      } else if (parent == "annotations" && v.is_string() && !foreign_) {
        annotation(member.key, v);
      } else if (member.key == "args" && v.is_array()) {
        array(v, "args", value["command"]);
      } else {
        field(member.key, parent, v);
      }
    }
    builder_.end_object();
  }

  void field(std::string_view key, std::string_view parent, const Value& v) {
    const bool secret = foreign_ ? secret_setting(key) : secret_field(key);
    const bool holds = v.is_object() || v.is_array();
    if (v.is_object() && is_opaque(key) && !foreign_ && all_scalars(v)) {
      hide_values(v);
    } else if (v.is_string() && key.starts_with("inline") && random_word(v.text())) {
      text(std::string(redacted), v.line());  // Envoy's data sources
    } else if (secret && holds && !v.empty() && (foreign_ || plain_list(v) || holds_key(key))) {
      hide_below(v, key);
    } else if (secret && (v.is_string() || v.type() == Value::Type::number)) {
      const std::string clean = redact_named(key, v.scalar());
      clean == v.scalar() ? copy(v, key) : text(clean, v.line());
    } else if (v.is_string() && of_settings(parent)) {
      text(redact_named(key, v.text()), v.line());
    } else {
      copy(v, key);
    }
  }

  // Objects of Kubernetes that are called so name where a secret is; these hold it.
  static bool holds_key(std::string_view key) {
    constexpr auto keys = std::to_array<std::string_view>(
        {"private_key", "privateKey", "password", "api_key", "apiKey"});
    return base::contains(keys, key);
  }

  // Maps with keys of the user's choice that go to a program.
  static bool of_settings(std::string_view parent) {
    return parent == "additionalConfig" || parent == "env" || parent == "parameters" ||
           parent == "rayStartParams" || parent == "environment";
  }

  static bool all_scalars(const Value& map) {
    return std::ranges::all_of(map.members(),
                               [](const Member& m) { return !m.value.scalar().empty(); });
  }

  static bool plain_list(const Value& v) { return v.is_array() && all_strings(v); }

  void paired(std::string_view name, std::string_view parent, const Value& v) {
    const bool header = parent == "httpHeaders";
    // Headers that a route or Envoy adds.
    const bool added = parent == "set" || parent == "add" || parent == "header";
    if (added && random_word(v.scalar())) return text(std::string(redacted), v.line());
    const std::string clean =
        header && !harmless_value(name, v.scalar()) && base::lower(name) != "host" &&
                base::lower(name) != "accept" && base::lower(name) != "content-type"
            ? std::string(redacted)
            : redact_named(name, v.scalar());
    clean == v.scalar() ? copy(v, "value") : text(clean, v.line());
  }

  void annotation(std::string_view key, const Value& value) {
    const std::string_view whole = value.text();
    if (!whole.empty() && (hide_annotations_ || copies_object(whole) || repeats_object(key))) {
      builder_.string(redacted, value.line());
    } else if (secret_like(key)) {
      text(redact_named(key, whole), value.line());
    } else {
      text(clean(whole), value.line());
    }
  }

  // Where tools keep the object as it was applied, in a form of their own.
  static bool repeats_object(std::string_view annotation) {
    return annotation.find("last-applied") != npos || annotation.ends_with("/applied") ||
           annotation.ends_with("/original") || annotation.ends_with("/original-object");
  }

  Builder builder_;
  int depth_;
  bool foreign_;
  bool hide_annotations_ = false;
};

// The members of an object, each as its kind asks for.
void copy_members(Copier& copier, const Value& object, bool secret, bool hide_data, bool readable) {
  Builder& builder = copier.builder();
  if (secret) copier.hide_annotations();
  builder.begin_object(object.line());
  for (const Member& member : object.members()) {
    if (!builder.key(member.key)) continue;
    const bool data =
        member.key == "data" || member.key == "binaryData" || member.key == "stringData";
    if (data && hide_data && member.value.is_object() && readable && member.key == "data") {
      builder.begin_object(member.value.line());
      for (const Member& text : member.value.members()) {
        if (!builder.key(text.key)) continue;
        if (text.key == readable_key) {
          copier.copy(text.value, text.key);
        } else {
          builder.string(redacted, text.value.line());
        }
      }
      builder.end_object();
    } else if (data && hide_data && member.value.is_object()) {
      copier.hide_values(member.value);
    } else {
      copier.copy(member.value, member.key);
    }
  }
  builder.end_object();
}

void find_placeholders(const Value& value, const std::string& path, std::vector<std::string>& out) {
  if (value.is_string() && holds_placeholder(value.text())) out.push_back(path);
  std::size_t number = 0;
  for (const Value& item : value.items())
    find_placeholders(item, path + '[' + std::to_string(number++) + ']', out);
  for (const Member& member : value.members()) {
    const bool plain = member.key.find_first_of("./ ") == npos;
    const std::string step = plain ? std::string(path.empty() ? "" : ".") + std::string(member.key)
                                   : "[\"" + std::string(member.key) + "\"]";
    find_placeholders(member.value, path + step, out);
  }
}

}  // namespace

bool copies_object(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with('{')) {
    Document scratch;
    const std::optional<Value> value = parsed_json(text, scratch);
    return value && is_whole_object(*value);
  }
  const std::string lines = "\n" + std::string(text);
  if (lines.find("\napiVersion:") != npos && lines.find("\nkind:") != npos) return true;
  if (lines.find("\ndata:\n") != npos || lines.find("\nstringData:\n") != npos) return true;
  // Packed: gzip, or such a text, in base64.
  if (text.size() < 24 || text.size() % 4 == 1 || text.find_first_of(" \n{") != npos) return false;
  if (text.starts_with("H4sI")) return true;
  if (!text.starts_with("ey") && !text.starts_with("YXBp") && !text.starts_with("a2lu"))
    return false;
  const base::Decoded64 plain = base::decode_base64(text);
  return plain.problem.empty() && copies_object(plain.bytes);
}

Value redact_object(const Object& object, Document& document,
                    std::span<const std::string_view> readable_configmaps) {
  const bool secret = &object.resource() == &resources::secrets;
  const bool configmap = &object.resource() == &resources::configmaps;
  const bool readable = configmap && std::ranges::find(readable_configmaps, object.name()) !=
                                         readable_configmaps.end();
  Copier copier(document, Builder::Keep::pruned, 0);
  copy_members(copier, object.root(), secret, secret || configmap, readable);
  return copier.finish();
}

std::string redact_answer(std::string_view json, bool& changed) {
  Document document;
  try {
    const json::Input input{json, json.size(), 0, Builder::Keep::everything};
    const json::Parsed parsed = json::parse_nlohmann(input, document);
    const std::string_view kind = parsed.value["kind"].text();
    Copier copier(document, Builder::Keep::everything, 0);
    if (parsed.value.is_object()) {
      copy_members(copier, parsed.value, kind == "Secret", kind == "Secret", false);
    } else {
      copier.copy(parsed.value, {});
    }
    const Value clean = copier.finish();
    changed = !clean.same(parsed.value);
    return to_json(clean);
  } catch (const json::SyntaxError& failure) {
    throw base::Error(base::Fault::unavailable, "BadAnswer",
                      "the response is not valid JSON: " + failure.message);
  }
}

std::optional<std::string> redact_json(std::string_view text, int depth) {
  Document scratch;
  const std::optional<Value> value = parsed_json(text, scratch);
  if (!value) return std::nullopt;
  Copier copier(scratch, Builder::Keep::everything, depth + 1, !is_whole_object(*value));
  copier.copy(*value, {});
  const Value clean = copier.finish();
  return clean.same(*value) ? std::string(text) : to_json(clean);
}

std::vector<std::string> placeholder_fields(std::string_view json) {
  std::vector<std::string> out;
  if (!holds_placeholder(json)) return out;
  Document document;
  if (const std::optional<Value> value = parsed_json(json, document))
    find_placeholders(*value, "", out);
  return out;
}

std::vector<std::string> secret_fields(const Object& object) {
  Document document;
  const Value clean = redact_object(object, document);
  return placeholder_fields(to_json(clean));
}

}  // namespace kube
