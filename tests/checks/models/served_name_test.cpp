#include "catch.hpp"
#include "checks/models/model_yaml.hpp"
#include "support/snapshot.hpp"

using namespace support;

namespace {

std::string outcome_for(const std::string& command) {
  ModelYaml m;
  m.command = command;
  Cluster cluster;
  cluster.yaml(install() + deployment(m) + pod(m) + service() + route()).complete();
  return outcome(run("MDL012", cluster), "MDL012");
}

}  // namespace

TEST_CASE("an engine told another name than the label refuses its requests") {
  ModelYaml m;
  m.command = "[vllm, serve, /m, --served-model-name, llama-8b]";
  Cluster cluster;
  cluster.yaml(install() + deployment(m) + pod(m)).complete();
  const auto f = finding(run("MDL012", cluster), "MDL012");
  CHECK(f.level == checks::Level::error);
  CHECK(f.title == "the engine of llama answers to llama-8b only");
  CHECK(f.consequence == "requests for llama get 404 from the engine");
  CHECK(f.subject.path == "spec.template.spec.containers[0]");
  CHECK(f.evidence[0].key == "--served-model-name");
  CHECK(f.evidence[0].want == "llama");
}

TEST_CASE("vLLM without the flag answers to the model's path") {
  CHECK(outcome_for("[vllm, serve, Qwen/Qwen2.5-7B]") == "found");
  CHECK(outcome_for("[python3, -m, vllm.entrypoints.openai.api_server, --model, llama]") == "ok");
}

TEST_CASE("the name is found in lists, behind =, in scripts and in static LoRAs") {
  CHECK(outcome_for("[vllm, serve, /m, --served-model-name, other, llama, --port, \"8000\"]") ==
        "ok");
  CHECK(outcome_for("[vllm, serve, /m, --served-model-name=llama]") == "ok");
  CHECK(outcome_for("[sh, -c, \"exec vllm serve /m \\\\\\n  --served-model-name llama\"]") == "ok");
  CHECK(outcome_for("[vllm, serve, /m, --served-model-name, base, --lora-modules, llama=/lora]") ==
        "ok");
}

TEST_CASE("SGLang does not look at the name") {
  CHECK(outcome_for("[python3, -m, sglang.launch_server, --model-path, /m]") == "ok");
}

TEST_CASE("a name that only the shell or a file knows cannot be told") {
  CHECK(outcome_for("[sh, -c, \"vllm serve /m --served-model-name $NAME\"]") == "undetermined");
  CHECK(outcome_for("[vllm, serve, /m, --config, /etc/vllm.yaml]") == "undetermined");
}

TEST_CASE("a manifest with the wrong name fails nobody yet") {
  Cluster cluster;
  cluster.yaml(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: x, labels: {model.aibrix.ai/name: x}}
spec:
  template:
    metadata: {labels: {model.aibrix.ai/name: x}}
    spec: {containers: [{name: e, command: [vllm, serve, y]}]}
)");
  CHECK(finding(run("MDL012", cluster), "MDL012").level == checks::Level::warning);
}
