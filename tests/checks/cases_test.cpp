// Runs the cases of tests/cases, and tests that a wrong case is told.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "catch.hpp"
#include "checks/core/check.hpp"
#include "support/case.hpp"

namespace fs = std::filesystem;

namespace {

struct Case {
  std::string code;
  std::string file;  // "tests/cases/MDL006/a-model-without-ready-pods-is-told.yaml"
  std::string text;
};

std::vector<Case> read_cases() {
  std::vector<Case> out;
  const fs::path root = SOURCE_DIR;
  for (const auto& entry : fs::recursive_directory_iterator(root / "tests/cases")) {
    const std::string code = entry.path().parent_path().filename().string();
    if (entry.path().extension() != ".yaml" || code == "on") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    out.push_back({code, fs::relative(entry.path(), root).string(), text.str()});
  }
  std::sort(out.begin(), out.end(), [](const Case& a, const Case& b) { return a.file < b.file; });
  return out;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all = read_cases();
  return all;
}

constexpr std::string_view stuck = R"(# flags: --whole-cluster --now 2026-01-01T01:00:00Z
# EXPECTED
apiVersion: v1
kind: Namespace
metadata: {name: shop, uid: n, deletionTimestamp: "2026-01-01T00:00:00Z"}
status: {phase: Terminating}
)";

// A case with these header lines, about a namespace that hangs for no reason anybody gives.
std::string judged(const std::string& header) {
  std::string text(stuck);
  text.replace(text.find("# EXPECTED"), 10, header);
  return support::judge_case("NS010", text, "wrong.yaml");
}

bool says(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

std::string refusal(const std::string& header) {
  try {
    judged(header);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "read";
}

}  // namespace

TEST_CASE("the cases of every check find what their headers say") {
  for (const Case& c : cases()) {
    DYNAMIC_SECTION(c.file) {
      REQUIRE(checks::find(c.code) != nullptr);
      const std::string differs = support::judge_case(c.code, c.text, c.file);
      INFO(differs);
      CHECK(differs.empty());
    }
  }
}

TEST_CASE("every check has a case that it finds and one that it must not") {
  struct Has {
    bool finding = false;
    bool nothing = false;
  };
  std::map<std::string, Has> has;
  for (const Case& c : cases()) {
    (support::expects_finding(c.code, c.text, c.file) ? has[c.code].finding : has[c.code].nothing) =
        true;
  }
  for (const checks::Check* check : checks::all()) {
    INFO(check->code);
    CHECK(has[std::string(check->code)].finding);
    CHECK(has[std::string(check->code)].nothing);
  }
}

TEST_CASE("a remedy that a case carries out takes its finding away") {
  for (const Case& c : cases()) {
    DYNAMIC_SECTION(c.file) {
      const support::RemedyProof proof = support::prove_remedies(c.code, c.text, c.file);
      INFO(proof.failures);
      CHECK(proof.failures.empty());
      if (proof.asked) CHECK(proof.changes > 0);
    }
  }
}

TEST_CASE("the codes whose remedies no case proves are told") {
  std::map<std::string, bool> proved;
  for (const Case& c : cases()) {
    const support::RemedyProof proof = support::prove_remedies(c.code, c.text, c.file);
    if (proof.changes == 0) continue;
    bool& so_far = proved[c.code];
    so_far = so_far || proof.asked;
  }
  std::string open;
  for (const auto& [code, yes] : proved) {
    if (!yes) open += (open.empty() ? "" : " ") + code;
  }
  WARN("remedies that no case proves: " << (open.empty() ? "none" : open));
  CHECK(proved.contains("INS005"));  // a scale-up: the table is not empty
}

TEST_CASE("a remedy that does not help is told") {
  const std::string text =
      "# warning INS005 deployment/aibrix-system/aibrix-controller-manager\n"
      "# flags: --whole-cluster\n"
      "apiVersion: apps/v1\nkind: Deployment\n"
      "metadata: {name: aibrix-controller-manager, namespace: aibrix-system}\n"
      "spec: {replicas: 0, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
      "spec: {containers: [{name: manager, image: 'aibrix/controller-manager:v0.7.0'}]}}}\n"
      "status: {observedGeneration: 1}\n";
  const std::string object =
      "\n---\napiVersion: apps/v1\nkind: Deployment\n"
      "metadata: {name: aibrix-controller-manager, namespace: aibrix-system}\n";
  const auto proof = [&](const std::string& after) {
    return support::prove_remedies("INS005", text + "# after:" + object + after, "case.yaml");
  };
  CHECK(proof("status: {replicas: 1, readyReplicas: 1}\n").failures.empty());
  CHECK(proof("status: {replicas: 1, readyReplicas: 0, unavailableReplicas: 1}\n")
            .failures.find("the finding is still there") != std::string::npos);
}

TEST_CASE("a case that is right has nothing to tell") {
  CHECK(judged("# error NS010 namespace/shop").empty());
  CHECK(judged("# error NS010 namespace/shop: shop\n#   not a word of this").empty());
}

TEST_CASE("a case with a wrong expectation is told, with what was found") {
  CHECK(says(judged("# nothing"), "not expected: error NS010 namespace/shop"));
  CHECK(says(judged("# nothing"), "line 2: not so: nothing"));
  const std::string level = judged("# warning NS010 namespace/shop");
  CHECK(says(level, "not found: warning NS010 namespace/shop"));
  CHECK(says(level, "it found:\n# error NS010 namespace/shop"));
  CHECK(says(judged("# error NS010 namespace/other"), "not found: error NS010 namespace/other"));
  CHECK(says(judged("# error NS010 namespace/shop: sold out"),
             "line 2: NS010 namespace/shop does not have says: sold out"));
  CHECK(says(judged("# error NS010 namespace/shop\n#   remedy kubectl bring it back"),
             "line 3: NS010 namespace/shop does not have remedy: kubectl bring it back"));
  CHECK(says(judged("# error NS010 namespace/shop\n#   not shop"), "does say: shop"));
  CHECK(says(judged("# error NS010 namespace/shop\n#   count follows 1"), "count: follows 1"));
  CHECK(says(judged("# error NS010 namespace/shop\n# undetermined"), "not so: undetermined"));
}

TEST_CASE("a header that cannot be read is refused with its file and line") {
  CHECK(says(refusal("# why not\n# eror NS010 namespace/shop"),
             "wrong.yaml:3: unknown word \"eror\""));
  CHECK(says(refusal("# error NS010"), "wrong.yaml:2: error needs a code and an object"));
  CHECK(says(refusal("# note this\n# nothing"), "stands before the finding it is about"));
  CHECK(says(refusal("# nothing\n# flags: --whole"), "wrong.yaml:3: unknown flag \"--whole\""));
  CHECK(says(refusal("# nothing\n# flags: --forbid cats"), "no check reads \"cats\""));
  CHECK(says(refusal("# nothing\n# on the moon"), "there is no tests/cases/on/the moon.yaml"));
  CHECK(says(refusal("# nothing\n# without pod/a/b"), "there is no pod/a/b"));
  CHECK(says(refusal("# why"), "says neither a finding"));
}
