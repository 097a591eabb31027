// `explain -`: pasted text in, meaning and exit code out.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "catch.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::aibrixctl_reading;

namespace {

const std::string unknown_model =
    "HTTP/1.1 400 Bad Request\r\nx-error-no-model-backends: lama\r\n\r\n"
    R"({"error":{"message":"model lama does not exist","type":"invalid_request_error","code":"model_not_found","param":"model"}})";

std::string read(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// The codes whose findings prove a cause, first the first.
std::vector<std::string> proofs(const base::ProcessResult& run) {
  std::vector<std::string> out;
  const json document = json::parse(run.out);
  for (const auto& f : document["findings"]) out.push_back(f["code"]);
  return out;
}

}  // namespace

TEST_CASE("explain - tells producer, meaning, releases and causes, and needs no cluster") {
  const auto run = aibrixctl_reading(unknown_model, {"explain", "-"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  CHECK(run.out.starts_with("400 from AIBrix's gateway plugin: model-unknown"));
  CHECK(run.out.find("v0.5 and later") != std::string::npos);
  CHECK(run.out.find("model lama") != std::string::npos);
  CHECK(run.out.find("MDL001") != std::string::npos);
}

TEST_CASE(
    "explain - of text nobody knows says so and what it saw, with exit 3; of nothing, exit 2") {
  const auto run =
      aibrixctl_reading("HTTP/1.1 418 I'm a teapot\nx-tea: green\n\nshort", {"explain", "-"});
  CHECK(run.code == 3);
  CHECK(run.out.find("Unrecognized response") != std::string::npos);
  CHECK(run.out.find("status 418") != std::string::npos);
  CHECK(aibrixctl_reading("what is this\n", {"explain", "-"}).code == 3);
  const auto empty = aibrixctl_reading(" \n", {"explain", "-", "-o", "json"});
  CHECK(empty.code == 2);
  CHECK(json::parse(empty.out)["reason"] == "NothingPasted");
}

TEST_CASE("explain - shows pasted text only in printable form") {
  const auto run = aibrixctl_reading(
      R"({"error":{"message":"model a\u001b]0;x\u0007b does not exist"}})", {"explain", "-"});
  CHECK(run.code == 0);
  CHECK(run.out.find('\033') == std::string::npos);
  CHECK(run.out.find("aibrixctl doctor a") == std::string::npos);  // no such name in a command
}

TEST_CASE("explain - of a misspelt strategy names the one that was meant") {
  const auto run = aibrixctl_reading("incorrect routing strategy least-requests", {"explain", "-"});
  CHECK(run.out.find("did you mean least-request?") != std::string::npos);
}

TEST_CASE("explain - with files says which cause holds, and fails as doctor does") {
  const std::string cluster = std::string(SOURCE_DIR) + "/examples/broken-cluster";
  const auto run = aibrixctl_reading(
      unknown_model, {"explain", "-", "-f", cluster, "--whole-cluster", "-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(proofs(run).front() == "MDL001");
  const json document = json::parse(run.out);
  CHECK(document["exitCode"] == 1);
  CHECK(document["answers"][0]["causes"][0]["state"] == "holds");
  CHECK(document["answers"][0]["model"] == "lama");
}

TEST_CASE("explain - takes the model from --model when the answer does not name it") {
  const std::string cluster = std::string(SOURCE_DIR) + "/examples/broken-cluster";
  const auto run =
      aibrixctl_reading("error on selecting target pod",
                        {"explain", "-", "-f", cluster, "--whole-cluster", "--model", "x"});
  CHECK((run.code == 0 || run.code == 1));
  CHECK(run.out.find("ruled out") != std::string::npos);
}

TEST_CASE("explain refuses what cannot be meant") {
  CHECK(aibrixctl_reading("x", {"explain", "-", "REF001"}).code == 2);
  CHECK(aibrixctl_reading("x", {"explain", "-", "-f", "-"}).code == 2);
  CHECK(aibrixctl_reading("x", {"explain", "REF001", "--doctor"}).code == 2);
}

TEST_CASE("explain CODE and explain alone are documents too") {
  const json one =
      json::parse(support::aibrixctl({"explain", "ref001", "NS002", "-o", "json"}).out);
  CHECK(one["kind"] == "CheckCatalogue");
  REQUIRE(one["checks"].size() == 2);
  CHECK(one["checks"][0]["code"] == "REF001");
  CHECK(one["checks"][1]["reads"].size() > 1);
  const json all = json::parse(support::aibrixctl({"explain", "-o", "json"}).out);
  const auto text = support::aibrixctl({"explain"}).out;
  CHECK(all["checks"].size() > 100);
  for (const auto& check : all["checks"]) {
    CHECK(text.find("  " + check["code"].get<std::string>() + ' ') != std::string::npos);
  }
  const auto yaml = support::aibrixctl({"explain", "REF001", "-o", "yaml"}).out;
  CHECK(yaml.find("kind: \"CheckCatalogue\"") != std::string::npos);
}

TEST_CASE("explain --list prints the whole catalogue, as text and as a document") {
  const auto text = support::aibrixctl({"explain", "--list"});
  CHECK(text.code == 0);
  CHECK(text.out.find("incorrect routing strategy {strategy}") != std::string::npos);
  CHECK(text.out.find("flag UH") != std::string::npos);
  const auto list = support::aibrixctl({"explain", "--list", "-o", "json"});
  const json document = json::parse(list.out);
  CHECK(document["kind"] == "AnswerCatalogue");
  for (const auto& row : document["answers"]) {
    CHECK(text.out.find(row["id"].get<std::string>()) != std::string::npos);
  }
}

TEST_CASE("recorded answers beside the cluster they come from: the one true cause") {
  const std::vector<std::array<std::string, 3>> table = {
      {"backend-not-found", "backend-not-found", "MDL010"},
      {"refnotpermitted", "missing-grant", "REF001"},
      {"lora-load-error", "lora-load-error", "LOR002"},
      {"model-unknown", "healthy-nodeport", "MDL001"},
      {"no-routable-pod", "no-ready-pods", "MDL006"},
      {"no-routable-pod-strategy", "no-ready-pods", "MDL006"},
      {"stormservice-no-strategy", "stormservice-no-strategy", "MDL020"},
  };
  for (const auto& [answer, cluster, code] : table) {
    const std::string response = support::testdata("responses/" + answer + ".http");
    const std::string dump = support::testdata("clusters/" + cluster + ".yaml");
    if (response.empty() || dump.empty()) {
      std::cout << "skipped: ../shared/testdata is not there\n";
      return;
    }
    CAPTURE(answer, cluster);
    const auto run = aibrixctl_reading(
        read(response), {"explain", "-", "-f", dump, "--whole-cluster", "-o", "json"});
    CAPTURE(run.out, run.err);
    CHECK(proofs(run) == std::vector<std::string>{code});
  }
  // A strategy only the request can have named: nothing in the cluster is to blame.
  const auto run =
      aibrixctl_reading(read(support::testdata("responses/strategy-unknown.http")),
                        {"explain", "-", "-f", support::testdata("clusters/healthy-nodeport.yaml"),
                         "--whole-cluster", "-o", "json"});
  CHECK(run.code == 0);
  CHECK(proofs(run).empty());
}

TEST_CASE("explain - does not repeat the secrets of what was pasted") {
  for (const std::string pasted :
       {"HTTP/1.1 418 I'm a teapot\nset-cookie: session=hunter2x\nx-api-key: hunter2x\n\n"
        "{\"error\":{\"message\":\"bad header Authorization: Bearer hunter2x, api_key=hunter2x\"}}",
        "Get \"https://u:hunter2x@h/x?token=hunter2x\": password=hunter2x --api-key hunter2x"}) {
    for (const char* format : {"text", "json", "yaml"}) {
      const auto run = aibrixctl_reading(pasted, {"explain", "-", "-o", format});
      CAPTURE(run.out, run.err);
      CHECK_FALSE(run.out.empty());
      CHECK((run.out + run.err).find("hunter2x") == std::string::npos);
    }
  }
}

TEST_CASE("explain - judges by the request's path and by the release what no finding shows") {
  const std::string cluster = std::string(SOURCE_DIR) + "/examples/healthy-cluster";
  const auto state = [&](const std::string& text) {
    const auto run =
        aibrixctl_reading(text, {"explain", "-", "-f", cluster, "--whole-cluster", "-o", "json"});
    return json::parse(run.out)["answers"][0]["causes"][0]["state"];
  };
  const std::string empty = "< HTTP/1.1 404 Not Found\n< content-length: 0\n<\n";
  CHECK(state("> POST /v1/responses HTTP/1.1\n>\n" + empty) == "holds");
  CHECK(state("> POST /v1/embeddings HTTP/1.1\n>\n" + empty) == "ruled out");
  // The example runs v0.7.
  CHECK(state("> GET /v1/models HTTP/1.1\n>\n< HTTP/1.1 404 Not Found\n< server: uvicorn\n<\n"
              "{\"detail\":\"Not Found\"}") == "ruled out");
  CHECK(state("Error from server (Forbidden): pods \"x\" is forbidden: exceeded quota: q, "
              "requested: pods=1") == "not checked");
}

TEST_CASE("explain - shows a screen, and with -v the rest") {
  const auto brief = aibrixctl_reading(unknown_model, {"explain", "-"});
  const auto all = aibrixctl_reading(unknown_model, {"explain", "-", "-v"});
  CHECK(std::count(brief.out.begin(), brief.out.end(), '\n') < 24);
  CHECK(brief.out.find("more with -v") != std::string::npos);
  CHECK(all.out.find("more with -v") == std::string::npos);
  CHECK(all.out.find("Found in the input") != std::string::npos);
  CHECK(brief.out.find("Found in the input") == std::string::npos);
}
