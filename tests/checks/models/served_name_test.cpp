// MDL012: engines that answer to another name.
#include "catch.hpp"
#include "support/builders/model.hpp"
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
