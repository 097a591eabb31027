// The program as a user meets it: whole processes, arguments in, text and exit code out.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "catch.hpp"
#include "support/program.hpp"
#include "support/shipped.hpp"

using support::aibrixctl;

namespace {

constexpr const char* pending_pod = R"(apiVersion: v1
kind: Pod
metadata: {name: a, namespace: default}
spec: {containers: [{name: c, image: i}]}
)";

// A file that is gone when the test is over.
struct File {
  std::string path;
  File(const std::string& name, const std::string& text)
      : path(std::filesystem::temp_directory_path() / ("aibrixctl-cli-test-" + name)) {
    std::ofstream(path, std::ios::binary) << text;
  }
  ~File() { std::filesystem::remove(path); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

}  // namespace

TEST_CASE("version and --version say the same, on stdout, and succeed") {
  const auto flag = aibrixctl({"--version"});
  CHECK(flag.code == 0);
  CHECK(flag.out.starts_with("aibrixctl "));
  CHECK(aibrixctl({"version"}).out == flag.out);
}

TEST_CASE("help goes to stdout and lists every command") {
  const auto help = aibrixctl({"--help"});
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  for (const char* command : {"doctor", "explain", "snapshot", "completion", "version"}) {
    CHECK(help.out.find(std::string("  ") + command + " ") != std::string::npos);
  }
  CHECK(help.out.find("__complete") == std::string::npos);
  const auto doctor = aibrixctl({"doctor", "--help"});
  CHECK(doctor.code == 0);
  CHECK(doctor.out.find("--whole-cluster") != std::string::npos);
}

TEST_CASE("a mistyped flag, command, check or value is exit 2 with the near miss") {
  const auto flag = aibrixctl({"doctor", "--fail-no", "error"});
  CHECK(flag.code == 2);
  CHECK(flag.out.empty());
  CHECK(flag.err.find("--fail-on") != std::string::npos);
  const auto command = aibrixctl({"docter"});
  CHECK(command.code == 2);
  CHECK(command.err.find("did you mean doctor?") != std::string::npos);
  const auto code = aibrixctl({"explain", "INS055"});
  CHECK(code.code == 2);
  CHECK(code.err.find("INS005") != std::string::npos);
  const auto check = aibrixctl({"doctor", "-f", "/dev/null", "--only", "gatewey"});
  CHECK(check.code == 2);
  CHECK(check.err.find("gateway") != std::string::npos);
  CHECK(aibrixctl({"doctor", "-o", "xml"}).code == 2);
  const auto colour = aibrixctl({"doctor", "--color", "loud"});
  CHECK(colour.code == 2);
  CHECK(colour.err ==
        "error: invalid value \"loud\" for --color\n  valid values: auto, always, never\n");
  const auto fix = aibrixctl({"fix", "finalizer"});
  CHECK(fix.code == 2);
  CHECK(fix.err == "error: unknown fix \"finalizer\"\n  did you mean finalizers?\n");
  const auto type = aibrixctl({"fix", "service-type", "--to", "nodeport"});
  CHECK(type.err == "error: invalid value \"nodeport\" for --to\n  did you mean NodePort?\n");
  const auto bare = aibrixctl({"fix", "finalizers", "--select"});
  CHECK(bare.code == 2);
  CHECK(bare.err.starts_with("error: --select needs a value\n"));
  CHECK(aibrixctl({"doctor", "--wait", "soon"}).code == 2);
  CHECK(aibrixctl({"doctor", "--wait", "5s", "-f", "/dev/null"}).code == 2);
}

TEST_CASE("with -o json an error is one document on stdout, with the exit code of the process") {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"doctor", "--no-such-flag", "-o", "json"},
           {"doctor", "-f", "/nonexistent", "-o=json"},
           {"doctor", "--output=json", "--kubeconfig", "/nonexistent"}}) {
    const auto run = aibrixctl(arguments);
    CAPTURE(run.out, run.err);
    CHECK(run.code == 2);
    const auto document = nlohmann::json::parse(run.out);
    CHECK(document["kind"] == "Error");
    CHECK(document["exitCode"] == 2);
    CHECK_FALSE(document["message"].get<std::string>().empty());
  }
}

TEST_CASE("explain knows every code of the list that it prints") {
  const auto list = aibrixctl({"explain"});
  CHECK(list.code == 0);
  std::size_t codes = 0;
  std::size_t start = 0;
  std::vector<std::string> all = {"explain"};
  while (start < list.out.size()) {
    const std::size_t end = list.out.find('\n', start);
    const std::string line = list.out.substr(start, end - start);
    start = end + 1;
    if (!line.starts_with("  ")) continue;
    all.push_back(line.substr(2, line.find(' ', 2) - 2));
    ++codes;
  }
  CHECK(codes >= 1);
  const auto texts = aibrixctl(all);
  CHECK(texts.code == 0);
  for (std::size_t i = 1; i < all.size(); ++i) {
    CAPTURE(all[i]);
    CHECK(texts.out.find(all[i] + "  ") != std::string::npos);
  }
}

TEST_CASE("files that are no manifests are one clear error each, exit 2") {
  const File png("logo.png", std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16));
  const File tab("tab.yaml", "a:\n\tb: 1\n");
  const File twice("twice.yaml", "kind: Pod\nkind: Pod\n");
  const File html("page.html", "<html><body>hello</body></html>");
  for (const std::string& path : {png.path, tab.path, twice.path, html.path,
                                  std::string("/dev/null"), std::string("/nonexistent.yaml")}) {
    const auto run = aibrixctl({"doctor", "-f", path});
    CAPTURE(path, run.out, run.err);
    CHECK(run.code == 2);
    CHECK(run.out.empty());
    CHECK(run.err.starts_with("error: "));
    CHECK(run.err.find(path) != std::string::npos);
  }
}

TEST_CASE("what the files do not hold is not checked, and never ok") {
  const File pod("pod.yaml", pending_pod);
  const auto run = aibrixctl({"doctor", "-f", pod.path, "-o", "json"});
  CAPTURE(run.out, run.err);
  CHECK(run.code == 0);
  const auto document = nlohmann::json::parse(run.out);
  CHECK(document["run"]["complete"] == false);
  CHECK(document["run"]["source"] == "files");
  for (const auto& check : document["checks"]) {
    if (check["code"] == "INS005") CHECK(check["outcome"] == "skipped");
  }
  CHECK(aibrixctl({"doctor", "-f", pod.path, "--require-complete"}).code == 0);
  CHECK(aibrixctl({"doctor", "-f", pod.path, "--whole-cluster", "--require-complete"}).code == 0);
}

TEST_CASE("a dump with a running install is said to take --whole-cluster") {
  const File dump("install.yaml", R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system, uid: a2, creationTimestamp: "2026-01-01T00:00:00Z"}
spec: {replicas: 1, selector: {matchLabels: {c: m}}, template: {metadata: {labels: {c: m}}, spec: {containers: [{name: manager, image: "aibrix/controller-manager:v0.7.0"}]}}}
status: {readyReplicas: 1}
)");
  const char* hint = "add --whole-cluster";
  CHECK(aibrixctl({"doctor", "-f", dump.path}).out.find(hint) != std::string::npos);
  const auto whole = aibrixctl({"doctor", "-f", dump.path, "--whole-cluster"});
  CHECK((whole.out + whole.err).find(hint) == std::string::npos);
  const File pod("pod.yaml", pending_pod);
  const auto part = aibrixctl({"doctor", "-f", pod.path});
  CHECK((part.out + part.err).find(hint) == std::string::npos);
}

TEST_CASE("the report's header is about the install that --install-namespace names") {
  const File two("two-installs.yaml", R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system, uid: a2, creationTimestamp: "2026-01-01T00:00:00Z"}
spec: {replicas: 1, selector: {matchLabels: {c: m}}, template: {metadata: {labels: {c: m}}, spec: {containers: [{name: manager, image: "aibrix/controller-manager:v0.5.0"}]}}}
status: {readyReplicas: 1}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: second, uid: a3, creationTimestamp: "2026-01-01T00:00:00Z"}
spec: {replicas: 0, selector: {matchLabels: {c: m}}, template: {metadata: {labels: {c: m}}, spec: {containers: [{name: manager, image: "aibrix/controller-manager:v0.7.0"}]}}}
status: {}
)");
  const auto run = aibrixctl({"doctor", "-f", two.path, "--install-namespace", "second", "--only",
                              "INS005", "-o", "json"});
  CAPTURE(run.out, run.err);
  const auto document = nlohmann::json::parse(run.out);
  CHECK(document["findings"][0]["object"]["namespace"] == "second");
  CHECK(document["cluster"]["aibrix"] == "v0.7.0");
}

TEST_CASE("a group without its command, or with a wrong one, says what there is") {
  for (const auto& [group, there_is] : std::vector<std::pair<std::string, std::string>>{
           {"endpoint", "  test  "}, {"rbac", "  print  "}, {"preflight", "  uninstall  "}}) {
    const auto bare = aibrixctl({group});
    CHECK(bare.code == 2);
    CHECK(bare.err.starts_with("error: " + group + ": a command is missing\n  commands of "));
    CHECK(bare.err.find(there_is) != std::string::npos);
    const auto wrong = aibrixctl({group, "zzzzzz"});
    CHECK(wrong.code == 2);
    CHECK(wrong.err.starts_with("error: unknown " + group + " command \"zzzzzz\"\n  commands of "));
  }
  const auto flag = aibrixctl({"endpoint", "print", "--via", "api-server"});
  CHECK(flag.code == 2);
  CHECK(flag.err.starts_with("error: --via is a flag of endpoint test, not of endpoint print\n"));
  const auto help = aibrixctl({"endpoint", "test", "--help"});
  CHECK(help.out.find("--api-key-file") != std::string::npos);
  CHECK(help.out.find("--all ") == std::string::npos);
  const std::string cluster = std::string(SOURCE_DIR) + "/examples/healthy-cluster";
  CHECK(aibrixctl({"endpoint", "--from", "inside", "print", "-f", cluster}).out ==
        aibrixctl({"endpoint", "print", "-f", cluster, "--from", "inside"}).out);
  CHECK(aibrixctl({"rbac", "--only", "INS005", "print", "doctor"}).out ==
        aibrixctl({"rbac", "print", "--only", "INS005"}).out);
}

TEST_CASE("stdout holds the report and nothing else, off a terminal without escapes") {
  const File pod("pod2.yaml", pending_pod);
  const auto run = aibrixctl({"doctor", "-f", pod.path});
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  CHECK(run.out.find('\033') == std::string::npos);
  CHECK(aibrixctl({"doctor", "-f", pod.path, "--color", "always"}).out.find('\033') !=
        std::string::npos);
  const auto plain = aibrixctl({"doctor", "-f", pod.path, "-o", "plain"});
  CHECK(plain.err.find(" ok") != std::string::npos);
}

// What samples of AIBrix really break: KubeRay labels pods from the pod templates alone,
// ModelClaims without perGPU are older than v0.8, and no release's PodAutoscaler has spec.behavior.
const std::set<std::string> broken_samples = {"fleet.yaml MDL002", "modelclaims.yaml SCH004",
                                              "stormservice-pool.yaml SCH001"};

// The errors of a report on files that AIBrix ships, but for those.
std::vector<std::string> errors_of_shipped(const std::string& path) {
  const auto run = aibrixctl({"doctor", "-f", path, "-o", "json"});
  CHECK(run.code <= 1);
  std::vector<std::string> out;
  const auto document = nlohmann::json::parse(run.out);
  for (const auto& finding : document["findings"]) {
    if (finding["level"] != "error") continue;
    const std::string file = finding["object"].value("file", "");
    std::string line = std::filesystem::path(file).filename().string();
    line += ' ' + finding["code"].get<std::string>();
    if (!broken_samples.contains(line)) out.push_back(line);
  }
  return out;
}

// Installs, rendered charts (whose objects have no namespace) and samples of AIBrix's releases.
TEST_CASE("no manifest that AIBrix ships is called broken, file by file or as a folder") {
  std::vector<std::filesystem::path> paths = support::shipped_manifests();
  if (paths.empty()) {
    WARN("skipped: ../shared/testdata/aibrix is not there");
    return;
  }
  CHECK(paths.size() > 50);
  std::set<std::filesystem::path> samples;
  for (const auto& path : paths) {
    const auto folder = path.parent_path();
    if (folder.string().find("samples") != std::string::npos) samples.insert(folder);
  }
  paths.insert(paths.end(), samples.begin(), samples.end());
  for (const auto& path : paths) {
    CAPTURE(path.string());
    CHECK(errors_of_shipped(path.string()) == std::vector<std::string>{});
  }
}

TEST_CASE("nor is what kustomize builds them from, but where names do not match before it has") {
  for (const auto& path : support::kustomize_bases()) {
    CAPTURE(path.string());
    const auto run = aibrixctl({"doctor", "-f", path.string(), "-o", "json"});
    // It holds HTTPRoute reserved-router and a policy for aibrix-reserved-router: the prefix and
    // the namespace come from the kustomization. Applied as it is, it would be broken.
    const bool unprefixed = path.filename() == "gateway-plugin.yaml";
    CHECK(run.code == (unprefixed ? 1 : 0));
  }
}
