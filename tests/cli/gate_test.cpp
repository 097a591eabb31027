// doctor as a gate: the file of the folder, baselines and ignore rules, as a pipeline meets them.
#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "folder_settings.hpp"
#include "support/program.hpp"

using cli::parse_folder_settings;
using support::aibrixctl;

namespace {

// A manifest whose engine serves another name than its label: MDL012, an error.
constexpr const char* wrong_name = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: chat, namespace: default, labels: {model.aibrix.ai/name: chat}}
spec:
  selector: {matchLabels: {model.aibrix.ai/name: chat}}
  template:
    metadata: {labels: {model.aibrix.ai/name: chat}}
    spec:
      containers:
      - {name: engine, image: vllm, args: ["--port", "8000", "--served-model-name", "other"]}
)";

struct Folder {
  std::filesystem::path path;
  Folder() : path(std::filesystem::temp_directory_path() / "aibrixctl-gate-test") {
    std::filesystem::remove_all(path);
    std::filesystem::create_directory(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string write(const char* name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
};

std::string refusal(const std::string& text) {
  try {
    parse_folder_settings(text, ".aibrixctl.yaml");
  } catch (const base::Error& error) {
    return std::string(error.what()) + " " + error.hint;
  }
  return "";
}

}  // namespace

TEST_CASE("a fault in a manifest fails a pipeline with one line") {
  const Folder folder;
  const auto run = aibrixctl({"doctor", "--ci", "-f", folder.write("a.yaml", wrong_name)});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 1);
  CHECK(std::count(run.out.begin(), run.out.end(), '\n') == 1);
  CHECK(run.out.starts_with("error\tMDL012\t"));
}

TEST_CASE("against yesterday's report only the new fault fails") {
  const Folder folder;
  const std::string file = folder.write("a.yaml", wrong_name);
  const std::string old = (folder.path / "old.json").string();
  CHECK(aibrixctl({"doctor", "-f", file, "--baseline", old, "--update-baseline"}).code == 0);
  const auto same = aibrixctl({"doctor", "--ci", "-f", file, "--baseline", old});
  CAPTURE(same.out, same.err);
  CHECK(same.code == 0);
  CHECK(same.out.empty());
  std::string second = wrong_name;
  for (std::size_t at = 0; (at = second.find("chat", at)) != std::string::npos; at += 4) {
    second.replace(at, 4, "talk");
  }
  const auto more = aibrixctl(
      {"doctor", "--ci", "-f", file, "-f", folder.write("b.yaml", second), "--baseline", old});
  CAPTURE(more.out);
  CHECK(more.code == 1);
  CHECK(more.out.find("default/talk") != std::string::npos);
  CHECK(more.out.find("default/chat") == std::string::npos);
}

TEST_CASE("an ignored finding does not fail, by flag and by annotation") {
  const Folder folder;
  const std::string file = folder.write("a.yaml", wrong_name);
  const auto run =
      aibrixctl({"doctor", "--ci", "-f", file, "--ignore", "MDL012=deployment/default/chat"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  CHECK(run.err.find("1 ignored") != std::string::npos);
  std::string annotated = wrong_name;
  annotated.replace(annotated.find("labels:"), 0, "annotations: {aibrixctl.io/ignore: MDL012}, ");
  CHECK(aibrixctl({"doctor", "-f", folder.write("b.yaml", annotated)}).code == 0);
}

TEST_CASE("the file of the folder sets what judges") {
  const auto settings = parse_folder_settings(
      "fail-on: warning\nwhole-cluster: true\nskip: [REF005]\nignore:\n- code: MDL012\n"
      "  object: deployment/*/chat\n  reason: known\n  expires: 2026-12-31\n",
      ".aibrixctl.yaml");
  CHECK(settings.fail_on == "warning");
  CHECK(settings.whole_cluster == true);
  CHECK(settings.skip == std::vector<std::string>{"REF005"});
  REQUIRE(settings.ignore.size() == 1);
  CHECK(settings.ignore.front().object == "deployment/*/chat");
  CHECK(settings.ignore.front().end == base::parse_time("2026-12-31T00:00:00Z"));
}

TEST_CASE("the file of the folder says nothing of cluster, identity, output and what is run") {
  for (const char* key : {"server", "token", "kubeconfig", "context", "as", "probe", "kustomize",
                          "output-file", "baseline"}) {
    CAPTURE(key);
    const std::string said = refusal(std::string(key) + ": x\n");
    CHECK(said.find(std::string("\"") + key + "\" is not for a file of the folder") !=
          std::string::npos);
    CHECK(said.find(".aibrixctl.yaml:1") != std::string::npos);
  }
  for (const char* key : {"apply", "\"yes\"", "confirm"}) {
    CAPTURE(key);
    CHECK(refusal(std::string(key) + ": true\n").find("for the command line alone") !=
          std::string::npos);
  }
}

TEST_CASE("an unknown key is an error with the near name") {
  CHECK(refusal("fail-onn: error\n").find("did you mean fail-on?") != std::string::npos);
  CHECK(refusal("ignore: [{code: MDL012, object: x, reson: y}]\n").find("did you mean reason?") !=
        std::string::npos);
  CHECK(refusal("ignore: [{code: MDL012}]\n").find("has no reason") != std::string::npos);
  CHECK(refusal("fail-on: sometimes\n").find("invalid value") != std::string::npos);
}

TEST_CASE("a variable counts as the flag, and a flag goes before it") {
  const Folder folder;
  const std::string file = folder.write("a.yaml", wrong_name);
  const base::ProcessResult never =
      aibrixctl({"doctor", "-f", file}, {{"AIBRIXCTL_FAIL_ON", "never"}});
  CHECK(never.code == 0);
  CHECK(aibrixctl({"doctor", "-f", file, "--fail-on", "error"}, {{"AIBRIXCTL_FAIL_ON", "never"}})
            .code == 1);
  CHECK(aibrixctl({"doctor", "-f", file}, {{"AIBRIXCTL_FAIL_ON", "sometimes"}}).code == 2);
}
