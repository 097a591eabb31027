// Arguments of tools: their schema, and what a call gave, held against it.
#include "mcp/arguments.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/files/json_document.hpp"
#include "kube/name_rules.hpp"

namespace cli {
namespace {

using kube::Json;

// A name and what is in a list are short; what is pasted may be long.
constexpr std::size_t most_entries = 1000;

base::Error bad_argument(const std::string& message, const std::string& hint = {}) {
  return {base::Fault::usage, "BadArgument", message, hint};
}

Json text_schema(const std::vector<std::string>& words) {
  Json out = {{"type", "string"}};
  if (!words.empty()) out["enum"] = words;
  return out;
}

Json schema_of(const ArgumentSpec& spec) {
  Json out;
  switch (spec.type) {
    case ArgumentType::flag: out = {{"type", "boolean"}}; break;
    case ArgumentType::text: out = text_schema(spec.words); break;
    case ArgumentType::texts: out = {{"type", "array"}, {"items", text_schema(spec.words)}}; break;
    case ArgumentType::port: out = {{"type", "integer"}, {"minimum", 1}, {"maximum", 65535}}; break;
    case ArgumentType::pairs:
      out = {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
      break;
  }
  out["description"] = spec.help;
  return out;
}

std::string what_is_taken(const ArgumentSpec& spec) {
  switch (spec.type) {
    case ArgumentType::flag: return "true or false";
    case ArgumentType::text: return "a string";
    case ArgumentType::texts: return "a list of strings";
    case ArgumentType::port: return "a number from 1 to 65535";
    case ArgumentType::pairs: return "an object whose values are strings";
  }
  return "a string";
}

void require_one_of(const ArgumentSpec& spec, const std::string& word) {
  if (spec.words.empty() || std::ranges::find(spec.words, word) != spec.words.end()) return;
  const std::string near = base::closest_match(word, spec.words);
  throw bad_argument(
      "argument " + spec.name + " does not take \"" + base::printable(base::shorten(word, 100)) +
          '"',
      near.empty() ? "it takes: " + base::join(spec.words, ", ") : "did you mean " + near + "?");
}

std::string taken_text(const ArgumentSpec& spec, const Json& value) {
  std::string text = value.get<std::string>();
  require_one_of(spec, text);
  return text;
}

Arguments::Value taken(const ArgumentSpec& spec, const Json& value) {
  const auto is_text = [](const Json& entry) { return entry.is_string(); };
  const bool several = value.is_structured() && value.size() <= most_entries &&
                       std::all_of(value.begin(), value.end(), is_text);
  std::vector<std::string> list;
  switch (spec.type) {
    case ArgumentType::flag:
      if (value.is_boolean()) return value.get<bool>();
      break;
    case ArgumentType::text:
      if (value.is_string()) return taken_text(spec, value);
      break;
    case ArgumentType::port:
      if (value.is_number_integer() && value >= 1 && value <= 65535) return value.dump();
      break;
    case ArgumentType::texts:
      if (!several || !value.is_array()) break;
      for (const Json& entry : value) list.push_back(taken_text(spec, entry));
      return list;
    case ArgumentType::pairs:
      if (!several || !value.is_object()) break;
      for (const auto& [key, entry] : value.items()) {
        list.push_back(key + '=' + entry.get<std::string>());
      }
      return list;
  }
  throw bad_argument("argument " + spec.name + " takes " + what_is_taken(spec));
}

const ArgumentSpec* spec_of(std::span<const ArgumentSpec> specs, const std::string& name) {
  const auto it = std::ranges::find(specs, name, &ArgumentSpec::name);
  return it == specs.end() ? nullptr : &*it;
}

base::Error unknown_argument(std::span<const ArgumentSpec> specs, const std::string& name) {
  std::vector<std::string> names;
  for (const ArgumentSpec& spec : specs) names.push_back(spec.name);
  const std::string near = base::closest_match(name, names);
  return bad_argument(
      "there is no argument \"" + base::printable(base::shorten(name, 100)) + '"',
      !near.empty() ? "did you mean " + near + "?" : "there are: " + base::join(names, ", "));
}

}  // namespace

bool Arguments::flag(const std::string& name, bool otherwise) const {
  const auto it = values_.find(name);
  return it == values_.end() ? otherwise : std::get<bool>(it->second);
}

std::string Arguments::text(const std::string& name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::string() : std::get<std::string>(it->second);
}

std::vector<std::string> Arguments::texts(const std::string& name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>()
                             : std::get<std::vector<std::string>>(it->second);
}

std::string input_schema(std::span<const ArgumentSpec> specs) {
  Json out = {{"type", "object"}, {"properties", Json::object()}};
  for (const ArgumentSpec& spec : specs) {
    out["properties"][spec.name] = schema_of(spec);
    if (spec.required) out["required"].push_back(spec.name);
  }
  out["additionalProperties"] = false;
  return out.dump();
}

Arguments read_arguments(std::span<const ArgumentSpec> specs, const std::string& json) {
  const Json given = json.empty() ? Json::object() : Json::parse(json);
  if (!given.is_object()) throw bad_argument("arguments are an object");
  Arguments out;
  for (const auto& [name, value] : given.items()) {
    const ArgumentSpec* spec = spec_of(specs, name);
    if (spec == nullptr) throw unknown_argument(specs, name);
    if (!value.is_null()) out.set(name, taken(*spec, value));
  }
  for (const ArgumentSpec& spec : specs) {
    if (!spec.required || out.given(spec.name)) continue;
    throw bad_argument("argument " + spec.name + " is missing",
                       spec.words.empty() ? "" : "it takes: " + base::join(spec.words, ", "));
  }
  return out;
}

void require_namespace_names(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (kube::is_dns_label(name)) continue;
    throw bad_argument('"' + base::printable(base::shorten(name, 100)) +
                       "\" cannot be the name of a namespace");
  }
}

}  // namespace cli
