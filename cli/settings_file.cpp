// The reader of settings files.
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/parse/yaml_reader.hpp"
#include "settings.hpp"
#include "settings_keys.hpp"

namespace cli {
namespace {

using kube::Member;
using kube::Value;

class Reader {
 public:
  Reader(std::string path, Whose whose) : whose_(whose) {
    out_.path = std::move(path);
    out_.there = true;
  }

  SettingsFile read(const Value& root) {
    if (root.is_null() || !root.exists()) return std::move(out_);
    if (!root.is_object())
      throw at(root, "it is not a mapping", "write keys such as fail-on: warning");
    for (const Member& m : root.members()) setting(m);
    return std::move(out_);
  }

 private:
  base::Error at(const Value& where, const std::string& what, const std::string& hint) const {
    return {base::Fault::usage, "BadSettings", place(where) + ": " + what, hint};
  }
  std::string place(const Value& where) const {
    const std::string line = where.line() == 0 ? "" : ':' + std::to_string(where.line());
    return base::printable(out_.path) + line;
  }

  base::Error not_here(const Member& m) const {
    const std::string key = '"' + base::printable(m.key) + '"';
    return at(m.value, key + " is not for a file of the folder, which others may have written",
              "give it on the command line, or in " + std::string(user_file_name));
  }

  base::Error unknown(const Member& m, const std::vector<std::string>& known) const {
    // YAML reads the word yes as true.
    const std::string_view written = m.key == "true" ? "yes" : m.key;
    const std::string key = '"' + base::printable(written) + '"';
    if (is_of_command_line(written)) {
      return at(m.value, key + " is for the command line alone", "take it out of the file");
    }
    const std::string near = base::closest_match(m.key, known);
    return at(
        m.value, "unknown key " + key,
        near.empty() ? "known keys: " + base::join(known, ", ") : "did you mean " + near + "?");
  }

  std::string text(const Member& m) const {
    std::string out(m.value.scalar());
    if (out.empty()) throw at(m.value, std::string(m.key) + " needs a value", "write one");
    return out;
  }

  void setting(const Member& m) {
    if (m.key == "ignore") return rules(m);
    const SettingKey* key = find_setting(m.key);
    if (key == nullptr) {
      std::vector<std::string> known = setting_names(whose_);
      known.emplace_back("ignore");
      throw unknown(m, known);
    }
    if (whose_ == Whose::folder && key->whose == Whose::user) throw not_here(m);
    Setting setting{std::string(key->name), values(*key, m), place(m.value)};
    for (const std::string& value : setting.values) require(*key, value, m);
    out_.settings.push_back(std::move(setting));
  }

  std::vector<std::string> values(const SettingKey& key, const Member& m) const {
    if (key.shape == SettingKey::Shape::flag) {
      if (m.value.is_true() || m.value.is_false()) return {m.value.is_true() ? "true" : "false"};
      throw at(m.value, std::string(key.name) + " is neither true nor false", "write one of them");
    }
    if (key.shape == SettingKey::Shape::text) return {text(m)};
    if (!m.value.is_array()) return {text(m)};
    std::vector<std::string> out;
    for (const Value& v : m.value.items()) {
      if (v.scalar().empty())
        throw at(v, "an entry of " + std::string(key.name) + " is empty", "write a text");
      out.emplace_back(v.scalar());
    }
    return out;
  }

  void require(const SettingKey& key, const std::string& value, const Member& m) const {
    if (key.name == "fail-on" && fail_on_rank(value) < 0) {
      throw at(m.value, "invalid value \"" + base::printable(value) + "\" for fail-on",
               "valid values: error, warning, info, never");
    }
    if (key.name == "formats" && whose_ == Whose::folder && value.find('=') != std::string::npos) {
      throw at(
          m.value, "formats names a file, which is not for a file of the folder",
          "write the format alone; give -o " + base::printable(value) + " on the command line");
    }
  }

  void rules(const Member& m) {
    if (!m.value.is_array()) throw at(m.value, "ignore is not a list", "write a list of rules");
    for (const Value& v : m.value.items()) rule(v);
  }

  void rule(const Value& entry) {
    if (!entry.is_object()) throw at(entry, "a rule of ignore is not a mapping", "give it a code");
    report::IgnoreRule rule;
    rule.file = out_.path;
    rule.line = entry.line();
    for (const Member& m : entry.members()) {
      if (m.key == "code") {
        rule.code = report::parse_ignore(text(m)).code;
      } else if (m.key == "object") {
        rule.object = text(m);
      } else if (m.key == "reason") {
        rule.reason = base::printable(text(m));
      } else if (m.key == "expires") {
        rule.end = date(m);
      } else {
        throw unknown(m, {"code", "object", "reason", "expires"});
      }
    }
    if (rule.code.empty()) throw at(entry, "a rule of ignore has no code", "write code: REF001");
    if (rule.reason.empty()) throw at(entry, "a rule of ignore has no reason", "write reason: …");
    out_.ignore.push_back(std::move(rule));
  }

  std::optional<base::Time> date(const Member& m) const {
    const std::string word = text(m);
    const auto moment = base::parse_time(word.size() == 10 ? word + "T00:00:00Z" : word);
    if (!moment) {
      throw at(m.value, "invalid date \"" + base::printable(word) + "\" for expires",
               "write it like 2026-08-22");
    }
    return moment;
  }

  Whose whose_;
  SettingsFile out_;
};

}  // namespace

SettingsFile parse_settings(const std::string& text, const std::string& path, Whose whose) {
  kube::Document document;
  const std::vector<Value> documents = kube::read_yaml(text, path, document);
  return Reader(path, whose).read(documents.empty() ? Value() : documents.front());
}

}  // namespace cli
