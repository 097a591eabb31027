// The recogniser of vLLM and SGLang by the commands that start them.
#include "aibrix/engine/engine.hpp"

#include <algorithm>
#include <charconv>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/image.hpp"

namespace aibrix {
namespace {

using kube::Value;

bool has_word(const std::vector<Word>& words, std::string_view text) {
  return std::any_of(words.begin(), words.end(), [&](const Word& w) { return w.text == text; });
}

bool ends_with_word(const std::vector<Word>& words, std::string_view first,
                    std::string_view second) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string_view text = words[i].text;
    if (text.substr(text.rfind('/') + 1) == first && words[i + 1].text == second) return true;
  }
  return false;
}

// Which server a command line starts; nothing when it starts none that is known.
// vLLM: "vllm serve", python -m vllm.entrypoints.openai.api_server, or the image's own entrypoint.
// SGLang: python -m sglang.launch_server, "sglang serve".
std::optional<Engine::Kind> kind_of(const Value& container, const std::vector<Word>& words) {
  if (ends_with_word(words, "vllm", "serve") ||
      has_word(words, "vllm.entrypoints.openai.api_server")) {
    return Engine::Kind::vllm;
  }
  if (has_word(words, "sglang.launch_server") || ends_with_word(words, "sglang", "serve")) {
    return Engine::Kind::sglang;
  }
  if (flag_values(words, "--served-model-name").given) {
    const std::string_view image = image_name(container["image"].text());
    if (image.find("vllm") != std::string_view::npos) return Engine::Kind::vllm;
    if (image.find("sglang") != std::string_view::npos) return Engine::Kind::sglang;
    return Engine::Kind::other;
  }
  // The image's own entrypoint starts the server.
  const bool own = container["command"].empty() && flag_values(words, "--model").given;
  if (own && image_name(container["image"].text()).find("vllm-openai") != std::string_view::npos) {
    return Engine::Kind::vllm;
  }
  return std::nullopt;
}

// "vllm serve MODEL": the first word after it that is no option; options before it would need to
// be known one by one.
std::optional<std::string> positional_model(const std::vector<Word>& words) {
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    const Word& next = words[i + 2];
    if (words[i + 1].text != "serve" || next.separator || !next.certain) continue;
    if (!next.text.empty() && !next.text.starts_with('-')) return next.text;
  }
  return std::nullopt;
}

void read_names(const std::vector<Word>& words, Engine& engine) {
  const FlagValues served = flag_values(words, "--served-model-name");
  engine.names_told = served.given;
  engine.names = served.values;
  engine.names_certain = served.given && served.certain && !served.values.empty();
  if (!served.given) {
    std::optional<std::string> model = positional_model(words);
    if (!model) model = flag_value(words, "--model");
    if (!model) model = flag_value(words, "--model-path");
    engine.names_certain = model.has_value();
    if (model) engine.names.push_back(*model);
  }
  const FlagValues lora = flag_values(words, "--lora-modules");
  for (const std::string& module : lora.values) {
    const std::size_t equals = module.find('=');
    if (module.starts_with('{') || equals == std::string::npos) {
      engine.names_certain = false;  // the JSON form
    } else {
      engine.names.push_back(module.substr(0, equals));
    }
  }
  // What a file adds is not seen here. vLLM: --config, SGLang: --config.
  if (flag_values(words, "--config").given || !lora.certain) engine.names_certain = false;
}

void read_port(const std::vector<Word>& words, Engine& engine) {
  engine.port_told = flag_values(words, "--port").given;
  if (!engine.port_told) {
    if (flag_values(words, "--config").given) return;
    if (engine.kind == Engine::Kind::vllm) engine.port = 8000;
    if (engine.kind == Engine::Kind::sglang) engine.port = 30000;
    return;
  }
  const std::string text = flag_value(words, "--port").value_or("");
  std::int64_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error == std::errc() && end == text.data() + text.size() && port > 0) engine.port = port;
}

}  // namespace

std::optional<Engine> find_engine(const Value& pod) {
  const auto containers = pod.at("spec", "containers").items();
  for (std::size_t i = 0; i < containers.size(); ++i) {
    const std::vector<Word> words = command_line(containers[i], pod["metadata"]);
    const auto kind = kind_of(containers[i], words);
    if (!kind) continue;
    Engine engine;
    engine.kind = *kind;
    engine.container = containers[i]["name"].text();
    engine.index = i;
    read_names(words, engine);
    read_port(words, engine);
    return engine;
  }
  return std::nullopt;
}

std::optional<bool> serves(const Engine& engine, std::string_view model) {
  if (std::find(engine.names.begin(), engine.names.end(), model) != engine.names.end()) return true;
  if (!engine.names_certain || engine.kind == Engine::Kind::other) return std::nullopt;
  if (engine.kind == Engine::Kind::sglang) return true;
  return false;
}

}  // namespace aibrix
