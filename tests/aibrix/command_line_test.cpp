// What containers' command lines tell about the engine in a pod.
#include "aibrix/engine/command_line.hpp"

#include "aibrix/engine/engine.hpp"
#include "catch.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace {

// A pod with one container written in YAML.
struct Pod {
  explicit Pod(const std::string& container) {
    value = kube::read_yaml(
                "metadata: {labels: {model.aibrix.ai/name: llama}}\nspec:\n  containers:\n  - " +
                    container + "\n",
                "test.yaml", document)
                .front();
  }
  std::vector<std::string> words() const {
    std::vector<std::string> out;
    for (const aibrix::Word& word : aibrix::command_line(container(), value["metadata"])) {
      out.push_back(word.separator ? "|" : word.certain ? word.text : "?");
    }
    return out;
  }
  kube::Value container() const { return value.at("spec", "containers")[std::size_t{0}]; }

  kube::Document document;
  kube::Value value;
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("command and args are one line of words") {
  CHECK(Pod("{command: [vllm, serve], args: [--port, \"8000\"]}").words() ==
        Words{"vllm", "serve", "--port", "8000"});
}

TEST_CASE("the kubelet's variables come from the container's env") {
  const Pod pod(R"y({args: ["$(NAME)-x", "$(SECRET)", "$$(NAME)", "$(OTHER)", "$(LABEL)"],
    env: [{name: NAME, value: llama}, {name: SECRET, valueFrom: {secretKeyRef: {name: s}}},
          {name: LABEL, valueFrom: {fieldRef: {fieldPath: "metadata.labels['model.aibrix.ai/name']"}}}]})y");
  CHECK(pod.words() == Words{"llama-x", "?", "$(NAME)", "$(OTHER)", "llama"});
}

TEST_CASE("a variable that a ConfigMap may bring cannot be told") {
  CHECK(Pod("{args: [\"$(NAME)\"], envFrom: [{configMapRef: {name: c}}]}").words() == Words{"?"});
}

TEST_CASE("a shell's script is taken apart by the shell's rules") {
  const Pod pod(
      R"y({command: [/bin/bash, -lc, --], args: ["ulimit -n 1; # note\nvllm serve 'a b' \\\n --x=\"q\\\"r\" && echo $HOME `date` $(id) ${NUM} ${NUM:-d}"],
    env: [{name: NUM, value: four}]})y");
  CHECK(pod.words() == Words{"/bin/bash", "-lc",  "--",    "|",    "ulimit",   "-n", "1",
                             "|",         "vllm", "serve", "a b",  "--x=q\"r", "|",  "echo",
                             "?",         "?",    "?",     "four", "?",        "|"});
}

TEST_CASE("a variable the script sets itself cannot be told") {
  CHECK(Pod(R"({command: [sh, -c, "NUM=b; run $NUM"], env: [{name: NUM, value: a}]})").words() ==
        Words{"sh", "-c", "|", "NUM=b", "|", "run", "?", "|"});
}

TEST_CASE("a shell without -c runs no script from its arguments") {
  CHECK(Pod("{command: [sh, /start.sh, \"a b\"]}").words() == Words{"sh", "/start.sh", "a b"});
}

TEST_CASE("flags are read in both forms, the last one wins") {
  const Pod pod("{args: [--port, \"1\", --port=2, --names, a, b, --flag, --names2, c]}");
  const auto words = aibrix::command_line(pod.container());
  CHECK(aibrix::flag_value(words, "--port") == "2");
  CHECK(aibrix::flag_values(words, "--names").values == Words{"a", "b"});
  CHECK(aibrix::flag_values(words, "--flag").given);
  CHECK(aibrix::flag_values(words, "--flag").values.empty());
  CHECK_FALSE(aibrix::flag_values(words, "--no").given);
}

TEST_CASE("an engine is known by what starts it, not by its image alone") {
  using Kind = aibrix::Engine::Kind;
  const auto kind = [](const std::string& container) {
    const auto engine = aibrix::find_engine(Pod(container).value);
    return engine ? std::optional(engine->kind) : std::nullopt;
  };
  CHECK(kind("{command: [/usr/bin/vllm, serve, m]}") == Kind::vllm);
  CHECK(kind("{command: [python3, -m, sglang.launch_server]}") == Kind::sglang);
  CHECK(kind("{image: \"vllm/vllm-openai:v1\", args: [--served-model-name, x]}") == Kind::vllm);
  CHECK(kind("{image: \"acme/server:v1\", args: [--served-model-name, x]}") == Kind::other);
  CHECK(kind("{image: \"vllm/vllm-openai:v1\", command: [sh, -c, \"tail -f /dev/null\"]}") ==
        std::nullopt);
  CHECK(kind("{command: [aibrix_runtime, --port, \"8080\"]}") == std::nullopt);
}

TEST_CASE("an engine's port is its flag's, else its kind's default") {
  const auto port = [](const std::string& container) {
    return aibrix::find_engine(Pod(container).value)->port;
  };
  CHECK(port("{command: [vllm, serve, m, --port, \"9000\"]}") == 9000);
  CHECK(port("{command: [vllm, serve, m]}") == 8000);
  CHECK(port("{command: [python3, -m, sglang.launch_server]}") == 30000);
  CHECK(port("{command: [vllm, serve, m, --port, $(PORT)], envFrom: [{}]}") == std::nullopt);
  CHECK(port("{command: [vllm, serve, m, --config, f]}") == std::nullopt);
}
