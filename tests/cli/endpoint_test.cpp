// `endpoint print`: one value on stdout, everything else on stderr.
#include <iostream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::aibrixctl;

namespace {

const std::string healthy = std::string(SOURCE_DIR) + "/examples/healthy-cluster";
const std::string pending = std::string(SOURCE_DIR) + "/examples/broken-cluster";

base::ProcessResult print(const std::string& cluster, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments = {"endpoint", "print", "-f", cluster, "--whole-cluster"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return aibrixctl(arguments);
}

}  // namespace

TEST_CASE("endpoint print prints exactly one address and nothing else") {
  const auto run = print(healthy);
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  CHECK(run.out.starts_with("http://"));
  CHECK(run.out.find('\n') == run.out.size() - 1);
  CHECK(print(healthy, {"-o", "env"})
            .out.find("OPENAI_BASE_URL=" + run.out.substr(0, run.out.size() - 1) + "/v1") !=
        std::string::npos);
  const json document = json::parse(print(healthy, {"-o", "json"}).out);
  CHECK(document["url"].get<std::string>() + "\n" == run.out);
  CHECK(document["kind"] == "Endpoint");
}

TEST_CASE("endpoint print without an address: exit 1, why, and both ways out") {
  const auto run = print(pending);
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(run.out.empty());
  CHECK(run.err.find("has no external IP yet") != std::string::npos);
  CHECK(run.err.find("aibrixctl fix service-type --to NodePort") != std::string::npos);
  CHECK(run.err.find("port-forward service/envoy-aibrix-system-aibrix-eg-903790dc 8888:80") !=
        std::string::npos);
  const auto inside = print(pending, {"--from", "inside"});
  CHECK(inside.code == 0);
  CHECK(inside.out.starts_with("http://10."));
  const json document = json::parse(print(pending, {"-o", "json"}).out);
  CHECK(document["exitCode"] == 1);
  CHECK(document["addresses"].empty());
}

TEST_CASE(
    "endpoint print with a model gives a request that can be sent, and refuses a misspelt one") {
  const auto wrong = print(healthy, {"--model", "llama-3-1-8b-instuct"});
  CHECK(wrong.code == 2);
  CHECK(wrong.err.find("did you mean llama-3-1-8b-instruct?") != std::string::npos);
  const std::string model = "llama-3-1-8b-instruct";
  const auto curl = print(healthy, {"--model", model, "-o", "curl"});
  CAPTURE(curl.out, curl.err);
  CHECK(curl.code == 0);
  CHECK(curl.out.starts_with("curl -sS http://"));
  CHECK(curl.out.find("\"model\":\"" + model + "\"") != std::string::npos);
}

TEST_CASE("endpoint print of files that do not tell is exit 3, and never a guess") {
  const auto run =
      aibrixctl({"endpoint", "print", "-f", std::string(SOURCE_DIR) + "/tests/golden/report.json"});
  CHECK(run.code != 0);
  CHECK(run.out.empty());
}

TEST_CASE("recorded clusters: the address of each is the one that answers from there") {
  struct Row {
    const char* cluster;
    const char* from;
    const char* url;  // empty: none
  };
  for (const Row& row : {Row{"healthy-nodeport", "outside", "http://10.0.0.2:31599\n"},
                         Row{"healthy-nodeport", "inside", "http://10.96.38.235:80\n"},
                         Row{"fresh-install", "outside", ""},
                         Row{"fresh-install", "inside", "http://10.96.38.235:80\n"},
                         Row{"merge-gateways", "node", "http://10.0.0.1:32575\n"}}) {
    const std::string dump = support::testdata("clusters/" + std::string(row.cluster) + ".yaml");
    if (dump.empty()) {
      std::cout << "skipped: ../shared/testdata/clusters is not there\n";
      return;
    }
    CAPTURE(row.cluster, row.from);
    const auto run = print(dump, {"--from", row.from});
    CHECK(run.out == row.url);
    CHECK(run.code == (std::string(row.url).empty() ? 1 : 0));
  }
}
