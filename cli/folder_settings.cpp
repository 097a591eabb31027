// The reader of .aibrixctl.yaml.
#include "folder_settings.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace cli {
namespace {

using kube::Member;
using kube::Value;

constexpr std::size_t max_bytes = std::size_t{1} << 20U;

// Of the cluster, of who asks, of what is run, of what is written: the flags' names, as a file
// would have to write them.
constexpr auto of_the_user = std::to_array<std::string_view>({"kubeconfig",
                                                              "context",
                                                              "cluster",
                                                              "user",
                                                              "server",
                                                              "token",
                                                              "namespace",
                                                              "as",
                                                              "as-uid",
                                                              "as-group",
                                                              "certificate-authority",
                                                              "client-certificate",
                                                              "client-key",
                                                              "tls-server-name",
                                                              "insecure-skip-tls-verify",
                                                              "install-namespace",
                                                              "request-timeout",
                                                              "probe",
                                                              "with-secrets",
                                                              "with-cluster",
                                                              "kustomize",
                                                              "helm",
                                                              "allow-remote",
                                                              "output-file",
                                                              "baseline",
                                                              "update-baseline",
                                                              "filename"});
constexpr auto of_the_line = std::to_array<std::string_view>({"apply", "yes", "confirm", "force"});

class SettingsReader {
 public:
  explicit SettingsReader(std::string path) { out_.path = std::move(path); }

  FolderSettings read(const Value& root) {
    if (root.is_null() || !root.exists()) return std::move(out_);
    if (!root.is_object())
      throw at(root, "it is not a mapping", "write keys such as fail-on: warning");
    for (const Member& m : root.members()) setting(m);
    return std::move(out_);
  }

 private:
  base::Error at(const Value& where, const std::string& what, const std::string& hint) const {
    const std::string line = where.line() == 0 ? "" : ':' + std::to_string(where.line());
    return {base::Fault::usage, "BadSettings", base::printable(out_.path) + line + ": " + what,
            hint};
  }

  static bool is_one_of(std::string_view key, std::span<const std::string_view> keys) {
    return std::ranges::find(keys, key) != keys.end();
  }

  base::Error unknown(const Member& m, const std::vector<std::string>& known) const {
    const std::string key = '"' + base::printable(m.key) + '"';
    if (is_one_of(m.key, of_the_line)) {
      return at(m.value, key + " is for the command line alone", "take it out of the file");
    }
    if (is_one_of(m.key, of_the_user)) {
      return at(m.value, key + " is not for a file of the folder, which others may have written",
                "give it on the command line");
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
    if (m.key == "fail-on") {
      const std::string word = text(m);
      constexpr auto words = std::to_array<std::string_view>({"error", "warning", "info", "never"});
      if (!is_one_of(word, words)) {
        throw at(m.value, "invalid value \"" + base::printable(word) + "\" for fail-on",
                 "valid values: error, warning, info, never");
      }
      out_.fail_on = word;
    } else if (m.key == "whole-cluster") {
      if (!m.value.is_true() && !m.value.is_false()) {
        throw at(m.value, "whole-cluster is neither true nor false", "write one of them");
      }
      out_.whole_cluster = m.value.is_true();
    } else if (m.key == "skip") {
      if (!m.value.is_array()) throw at(m.value, "skip is not a list", "write skip: [REF005]");
      for (const Value& v : m.value.items()) out_.skip.emplace_back(v.scalar());
    } else if (m.key == "ignore") {
      if (!m.value.is_array()) throw at(m.value, "ignore is not a list", "write a list of rules");
      for (const Value& v : m.value.items()) rule(v);
    } else {
      throw unknown(m, {"fail-on", "whole-cluster", "skip", "ignore"});
    }
  }

  void rule(const Value& entry) {
    if (!entry.is_object()) throw at(entry, "a rule of ignore is not a mapping", "give it a code");
    report::IgnoreRule rule;
    rule.from = base::printable(out_.path) + ':' + std::to_string(entry.line());
    for (const Member& m : entry.members()) {
      if (m.key == "code") {
        rule.code = report::parse_ignore(text(m), rule.from).code;
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

  FolderSettings out_;
};

}  // namespace

FolderSettings parse_folder_settings(const std::string& text, const std::string& path) {
  kube::Document document;
  const std::vector<Value> documents = kube::read_yaml(text, path, document);
  return SettingsReader(path).read(documents.empty() ? Value() : documents.front());
}

FolderSettings read_folder_settings(const std::string& path) {
  const auto text = base::read_file_if_there(path, max_bytes);
  return text ? parse_folder_settings(*text, path) : FolderSettings{};
}

}  // namespace cli
