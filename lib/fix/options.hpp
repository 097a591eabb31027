// The options of a fix, as data: the command line, its help, the completion scripts, the manual
// page and the plan documents are all made from these declarations.
#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fix {

// What an option takes.
enum class OptionType {
  flag,      // nothing
  either,    // one of two words, the first of which is the default
  text,      // whatever
  choice,    // one of some words
  list,      // several words: with commas, or by repeating
  duration,  // 30s, 5m, 1h30m
  pairs,     // KEY=VALUE, repeatable
  port,      // 1 to 65535
};

struct OptionSpec;

// Where an option makes no sense: beside this one, or beside this value of it.
struct Exclusion {
  const OptionSpec* option = nullptr;
  std::string_view value = {};  // empty: any
  std::string_view why = {};    // "a ClusterIP Service has no node port"
};

struct OptionSpec {
  std::string_view name = {};   // "--min-age"
  std::string_view key = {};    // in plan documents: "minAgeMs"; never changes its meaning
  std::string_view help = {};   // one line
  std::string_view value = {};  // what help calls its value: "DURATION"
  std::span<const std::string_view> words = {};  // what either, choice and list take
  bool required = false;                         // there is no plan without it
  const OptionSpec* needs = nullptr;             // refused without that one
  Exclusion excluded = {};
  OptionType type = OptionType::flag;  // Option says it
};

using OptionPairs = std::vector<std::pair<std::string, std::string>>;

template <OptionType type>
struct OptionValueOf {
  using Type = std::string;
};
template <>
struct OptionValueOf<OptionType::flag> {
  using Type = bool;
};
template <>
struct OptionValueOf<OptionType::either> {
  using Type = bool;  // the second word
};
template <>
struct OptionValueOf<OptionType::list> {
  using Type = std::vector<std::string>;
};
template <>
struct OptionValueOf<OptionType::duration> {
  using Type = std::optional<std::chrono::milliseconds>;
};
template <>
struct OptionValueOf<OptionType::pairs> {
  using Type = OptionPairs;
};

// A declaration, and what its value is read with: `constexpr Option<OptionType::flag> expose{…}`.
template <OptionType kind>
struct Option : OptionSpec {
  using Value = typename OptionValueOf<kind>::Type;

  constexpr explicit Option(OptionSpec spec) : OptionSpec(spec) { type = kind; }
};

using OptionValue = std::variant<bool, std::string, std::vector<std::string>,
                                 std::optional<std::chrono::milliseconds>, OptionPairs>;

// What the user asked for: where, and the values of the options that were given.
class Options {
 public:
  std::vector<std::string> namespaces;  // -n; empty: all
  std::vector<std::string> select;      // globs on "kind/ns/name", "ns/name" or "name"; empty: all

  // Nothing, false or empty when it was not given.
  template <OptionType kind>
  typename Option<kind>::Value operator[](const Option<kind>& option) const {
    const OptionValue* value = find(option);
    return value == nullptr ? typename Option<kind>::Value()
                            : std::get<typename Option<kind>::Value>(*value);
  }
  template <OptionType kind>
  void set(const Option<kind>& option, typename Option<kind>::Value value) {
    put(option, OptionValue(std::move(value)));
  }
  // From the words of a command line: a flag takes none. Throws base::Error(usage) for a value that
  // cannot be.
  void set_words(const OptionSpec& option, const std::vector<std::string>& words);

  // In the order in which they were set.
  using Given = std::vector<std::pair<const OptionSpec*, OptionValue>>;
  const Given& given() const { return given_; }

 private:
  const OptionValue* find(const OptionSpec& option) const;
  void put(const OptionSpec& option, OptionValue value);

  Given given_;
};

struct Fix;

// nullptr: it has none of this name.
const OptionSpec* find_option(const Fix& fix, std::string_view name);
// Throws base::Error(usage): an option that is missing, or does not go with another one.
void check_options(const Fix& fix, const Options& options);

}  // namespace fix
