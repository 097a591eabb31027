// Command lines, flags and environment variables of containers, as far as manifests tell.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/engine/shell_words.hpp"
#include "kube/parse/value.hpp"

namespace aibrix {

// The words a container is started with: command, then args. $(NAME) is replaced from the
// container's own env where that is a plain value (as the kubelet does), a script given to a shell
// with -c is taken apart by the shell's rules for quotes, comments and continued lines.
// `metadata` is that of the pod: env may take a value from its labels.
std::vector<Word> command_line(const kube::Value& container, const kube::Value& metadata = {});

// What follows "--name": the words up to the next option, or the part after "--name=".
struct FlagValues {
  bool given = false;
  bool certain = true;  // every value is known
  std::vector<std::string> values;
};
// The last one given wins, as with argparse and Go's flag package.
FlagValues flag_values(std::span<const Word> words, std::string_view name);
// Of a flag with one value; nothing when it is not given or cannot be told.
std::optional<std::string> flag_value(std::span<const Word> words, std::string_view name);

// A container's environment variable, as far as its manifest tells.
struct EnvValue {
  bool given = false;    // it is in env
  bool certain = false;  // value is what the container gets
  std::string value;
};
EnvValue env_value(const kube::Value& container, std::string_view name,
                   const kube::Value& metadata = {});

}  // namespace aibrix
