// kustomize and Helm, run on folders that a user gave.
#pragma once
#include <functional>
#include <string>

namespace cli {

enum class Renderer { kustomize, helm };

// What the program makes of a folder. It is bounded in time and size and has no network, unless
// `allow_remote`; throws base::Error(Fault::usage) when it is not there, fails or says too much.
std::function<std::string(const std::string& folder)> renderer(Renderer which, bool allow_remote);

}  // namespace cli
