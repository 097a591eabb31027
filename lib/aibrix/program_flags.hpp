// The command line flags of AIBrix's programs, by release: one that its program does not know ends
// it at once.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/releases.hpp"
#include "kube/parse/value.hpp"

namespace aibrix {

// A flag of a container that its program does not know.
struct UnknownFlag {
  std::string flag;   // as written, without its value: "--enable-runtime-sidecar"
  std::string since;  // the release that brought it: "v0.2"; empty: no release known here has it
};
// The flags of a container that the AIBrix program in its image ends over, by the release of that
// image. Empty also when the program or its release is not known.
std::vector<UnknownFlag> unknown_flags(const kube::Value& container);

}  // namespace aibrix
