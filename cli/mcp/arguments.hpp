// The arguments of a tool: what it takes, as data, and what a call gave. The JSON schema that
// clients see and the checks of a call are made of the same declarations.
#pragma once
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cli {

enum class ArgumentType {
  flag,   // true or false
  text,   // whatever; where there are `words`, one of them
  texts,  // a list of those
  port,   // a number from 1 to 65535
  pairs,  // an object of texts
};

struct ArgumentSpec {
  std::string name;
  ArgumentType type = ArgumentType::text;
  std::string help;                     // one or two sentences
  std::vector<std::string> words = {};  // all that it takes; empty: anything
  bool required = false;
};

// What a call gave, checked. What was not given is empty, false or the default.
class Arguments {
 public:
  bool given(const std::string& name) const { return values_.count(name) != 0; }
  bool flag(const std::string& name, bool otherwise = false) const;
  std::string text(const std::string& name) const;
  std::vector<std::string> texts(const std::string& name) const;  // of pairs: "key=value"

  using Value = std::variant<bool, std::string, std::vector<std::string>>;
  void set(const std::string& name, Value value) { values_[name] = std::move(value); }

 private:
  std::map<std::string, Value> values_;
};

// The JSON schema of an object of these.
std::string input_schema(std::span<const ArgumentSpec> specs);

// `json`: an object; empty: none was given. Throws base::Error(usage) for one that is not declared,
// with the name that may have been meant, for a value that it does not take, and for one that is
// missing.
Arguments read_arguments(std::span<const ArgumentSpec> specs, const std::string& json);

// As the rule for names of namespaces says: they become part of a request's path. Throws
// base::Error(usage).
void require_namespace_names(const std::vector<std::string>& names);

}  // namespace cli
