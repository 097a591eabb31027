// Which inference engine a pod runs, and under which model names and port.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kube/parse/value.hpp"

namespace aibrix {

// The inference server of a pod, as its own command line describes it. What the line does not say
// (an entrypoint script of the image, a config file) is not guessed.
struct Engine {
  enum class Kind { vllm, sglang, other };
  Kind kind = Kind::other;
  std::string container;
  std::size_t index = 0;  // of the container in spec.containers

  // The model names it answers to. vLLM refuses a request for any other name with 404; SGLang does
  // not look at the name.
  std::vector<std::string> names;
  bool names_certain = false;  // `names` is all there are
  bool names_told = false;     // by --served-model-name; else they come from the model's path

  std::optional<std::int64_t> port;  // that it listens on, when it is certain
  bool port_told = false;            // by --port; else it is the engine's default
};

// The engine among the containers of a pod or pod template (`pod` has metadata and spec); nothing
// when no command line looks like one.
std::optional<Engine> find_engine(const kube::Value& pod);
// Whether the engine answers to this model name; nothing when that cannot be told.
std::optional<bool> serves(const Engine& engine, std::string_view model);

}  // namespace aibrix
