// The words of findings and checks: titles name what is wrong, and replaced wordings stay replaced.
#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "checks/core/check.hpp"
#include "support/case.hpp"

namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Skips a comment or a character constant that begins at `at`; true if there was one.
bool skipped(const std::string& code, std::size_t& at) {
  if (code.compare(at, 2, "//") == 0) {
    at = std::min(code.find('\n', at), code.size());
    return true;
  }
  const bool separator = at > 0 && std::isalnum(static_cast<unsigned char>(code[at - 1])) != 0;
  if (code[at] != '\'' || separator) return false;
  at += code.compare(at + 1, 1, "\\") == 0 ? 4 : 3;
  return true;
}

// One literal from its opening quote on, as it is written.
std::string literal_at(const std::string& code, std::size_t& at) {
  std::string out;
  for (++at; at < code.size() && code[at] != '"'; ++at) {
    if (code[at] == '\\') out += code[at++];
    out += code[at];
  }
  ++at;
  return out;
}

// The string literals of a source; neighbours are one text, as the compiler joins them.
std::vector<std::string> literals_of(const std::string& code) {
  std::vector<std::string> out;
  bool joins = false;
  for (std::size_t at = 0; at < code.size();) {
    if (code[at] == '"') {
      const std::string text = literal_at(code, at);
      if (joins) {
        out.back() += text;
      } else {
        out.push_back(text);
      }
      joins = true;
    } else if (!skipped(code, at)) {
      joins = joins && std::isspace(static_cast<unsigned char>(code[at])) != 0;
      ++at;
    }
  }
  return out;
}

// A wording that was replaced, and where it must not come back: a folder or a file.
struct Replaced {
  const char* where;
  const char* text;
};
constexpr auto replaced = std::to_array<Replaced>({
    // Kubernetes has a word for it: Terminating.
    {"lib/checks", "cannot finish deleting"},
    {"lib/checks", " has been deleting "},
    {"lib/fix/finalizers_rules.cpp", "deleting for "},
    {"lib", "it then does what waits for it"},
    {"lib", "loading wait for it"},
    {"lib", "and let it finish"},
    {"lib", "stays behind"},
    {"lib", "no LoRA stays loaded"},
    {"lib/fix", "looked at "},
    {"lib/fix", "outlives the namespace"},
    {"lib/fix", "the definitions, which deletes"},
    // Gateway API: a ReferenceGrant permits to reference.
    {"lib/checks", " lets "},
    {"lib", "by a grant of its own"},
    {"lib", "by the same grant as YAML"},
    {"lib", " a HTTPRoute"},
    {"lib", "A HTTPRoute"},
    // Services and what Envoy Gateway reverts.
    {"lib", "EnvoyProxy ask for"},
    {"lib", "takes back what is changed"},
    {"lib", "answer all the same"},
    {"lib", "answers already on"},
    {"lib", "the gateway asks for no token"},
    {"lib", "has no external address"},
    // What was measured, and what is expected.
    {"lib", "(wanted: "},
    {"lib/checks", " wanted"},
    // Routable pods, the ext_proc filter, the webhook's backend.
    {"lib/checks", " takes requests"},
    {"lib/checks", " take requests"},
    {"lib/checks", "Envoy asks the gateway plugin"},
    {"lib/checks", "passes by it"},
    {"lib/checks", " is answered"},
    {"lib/checks", "has time to answer"},
    // Plain English.
    {"lib/checks", "without a word"},
    {"lib/checks", "A slip"},
    {"lib/checks", "made anew"},
    {"lib/fix", "made anew"},
    {"lib/checks", "carries the model label"},
    {"lib/checks", "passes it over"},
    {"lib/checks", "does not look at"},
    {"lib/checks", "way to it"},
    {"lib/kube", "of kinds that no check reads: "},
    {"lib/report/explain.cpp", "brings it about"},
    {"lib/report/explain.cpp", "repair it"},
    {"lib/aibrix", "made anew"},
    // Answers, plans, questions and endings at the terminal.
    {"lib/report", "What it tells"},
    {"lib/report", "why it is so"},
    {"lib/report", "by hand then"},
    {"lib/report", "THIS HOLDS"},
    {"lib/report", "None of the causes that a cluster"},
    {"lib/report", "what was seen of it"},
    {"lib/report", "not in the catalogue"},
    {"cli", " to go on: "},
    {"cli", "Go on?"},
    {"cli", "cannot be undone in place"},
    {"cli", "not seen to work"},
    {"cli", "did not get to its end"},
    {"cli", "no fix was applied from here"},
    {"cli", "the order that does not get stuck"},
    {"cli", "goes for good"},
    {"cli", "nothing that was looked at would get stuck"},
    // Help and usage errors.
    {"cli", "hold all there is"},
    {"cli", "lay the files"},
    {"cli", "again and again"},
    {"cli", "exit 1 from this level"},
    {"cli", "what an uninstall would run into"},
    {"cli", "the smallest roles"},
    {"cli", "asks for no token"},
    {"cli", "outlived AIBrix"},
    {"cli", "can read every Secret"},
    {"cli", "RBAC knows no such right"},
    {"cli", "there is no fix"},
    {"cli", "is no duration"},
    {"cli", "is no time"},
    {"cli", "needs to be told where"},
    {"cli", "the cluster has moved on"},
    {"cli", "who has to act beside us"},
    // The manual page and the README.
    {"man", "could not be looked at is said"},
    {"man", "judges what it sees"},
    {"man", "the way to repair it"},
    {"man", "Of finalizers:"},
    {"man", "does not get stuck"},
    {"man", "goes for good"},
    {"README.md", "Whoever has less"},
    {"README.md", "who has to act beside us"},
    {"README.md", "has moved on"},
    {"README.md", "takes requests"},
});

std::vector<fs::path> sources_of(const std::string& where) {
  const fs::path path = fs::path(SOURCE_DIR) / where;
  if (fs::is_regular_file(path)) return {path};
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const fs::path extension = entry.path().extension();
    if (extension == ".cpp" || extension == ".hpp" || extension == ".1")
      out.push_back(entry.path());
  }
  return out;
}

// What users read of a file: the string literals of a source, all of a page.
std::vector<std::string> texts_of(const fs::path& file) {
  const fs::path extension = file.extension();
  if (extension == ".cpp" || extension == ".hpp") return literals_of(read(file));
  std::string text = read(file);
  std::ranges::replace(text, '\n', ' ');
  return {text};
}

// Words without which a title would say that all is well. The test fails for a new title that has
// none of them: either it names no fault, or the fault has a word that belongs here.
constexpr auto fault_words = std::to_array<const char*>({
    "not",
    "no ",
    "none",
    "nothing",
    "neither",
    "cannot",
    "only",
    "missing",
    "malformed",
    "expired",
    "more than",
    "two handlers",
    "a second time",
    "has both",
    "out of range",
    "breaks",
    "unknown field",
    "where the type is",
    "is unknown to this program",
    "lack",
    "without",
    "stuck",
    "stale",
    "wrong",
    "left over",
    "rejects",
    "refuses",
    "runs out",
    "rejected",
    "ignores",
    "unready",
    "unused",
    "unauthenticated",
    "scaled to 0",
    "being deleted",
    "waiting for",
    "is held",
    "holds",
    "keep",
    "share",
    "the same",
    "several",
    "also",
    "disabled",
    "never",
    "still",
    "fails",
    "failed",
    "differ",
    "while",
    "although",
    "another",
    "expected",
    "too ",
    "larger",
    "obsolete",
    "merges",
    "is True",
    "failOpen is true",
    "has controllerName",
    "remain",
    "overrides",
    "already",
    "points to",
    "deleted",
    "=False",
    "Terminating",
    "empty",
    "but ",
    "0/",
    "restart",
    "blocks",
    "invalid",
    "unknown to",
    "end of life",
    "more than one",
    "waits for",
    "is deployed in",
});

bool names_a_fault(const std::string& title) {
  return std::ranges::any_of(
      fault_words, [&](const char* word) { return title.find(word) != std::string::npos; });
}

struct CaseFinding {
  std::string file;
  checks::Finding finding;
};

const std::vector<CaseFinding>& found_in_cases() {
  static const std::vector<CaseFinding> all = [] {
    std::vector<CaseFinding> out;
    for (const auto& entry : fs::recursive_directory_iterator(SOURCE_DIR "/tests/cases")) {
      const std::string code = entry.path().parent_path().filename().string();
      if (entry.path().extension() != ".yaml" || code == "on") continue;
      const std::string file = entry.path().filename().string();
      for (checks::Finding& f : support::found_in_case(code, read(entry.path()), file)) {
        out.push_back({file, std::move(f)});
      }
    }
    return out;
  }();
  return all;
}

bool begins_upper(const std::string& text) {
  return !text.empty() && std::isupper(static_cast<unsigned char>(text.front())) != 0;
}

}  // namespace

TEST_CASE("literals of a source are read as the compiler joins them") {
  CHECK(literals_of("f(\"a \" // \"no\"\n  \"b\", '\"', \"c\\\"d\"); 1'000; g(\"e\" + \"f\");") ==
        std::vector<std::string>{"a b", "c\\\"d", "e", "f"});
}

TEST_CASE("wordings that were replaced do not come back") {
  for (const Replaced& row : replaced) {
    for (const fs::path& source : sources_of(row.where)) {
      for (const std::string& literal : texts_of(source)) {
        if (literal.find(row.text) == std::string::npos) continue;
        INFO(source.string() << ": " << literal);
        FAIL_CHECK("\"" << row.text << "\" was replaced");
      }
    }
  }
}

TEST_CASE("the title of a check names what is wrong, not how it should be") {
  for (const checks::Check* check : checks::all()) {
    const std::string title(check->title);
    INFO(check->code << ": " << title);
    CHECK(names_a_fault(title));
    CHECK_FALSE(title.starts_with("every "));
    CHECK(title.size() <= 90);
  }
  CHECK_FALSE(names_a_fault("AIBrix is installed"));
  CHECK_FALSE(names_a_fault("AIBrix's webhook configurations have a controller"));
}

TEST_CASE("the title of a finding names what is wrong, without a full stop") {
  REQUIRE(found_in_cases().size() > 150);
  for (const auto& [file, f] : found_in_cases()) {
    INFO(file << ": " << f.title);
    CHECK(names_a_fault(f.title));
    CHECK_FALSE(f.title.ends_with('.'));
  }
}

TEST_CASE("a consequence is a sentence, and a remedy says what to do") {
  for (const auto& [file, f] : found_in_cases()) {
    INFO(file << ": " << f.title);
    if (!f.consequence.empty()) {
      INFO(f.consequence);
      CHECK(begins_upper(f.consequence));
      CHECK(f.consequence.ends_with('.'));
      CHECK(f.consequence.find("..") == std::string::npos);
    }
    for (const checks::Remedy& r : f.remedies) {
      INFO(r.text);
      CHECK_FALSE(begins_upper(r.text));
      CHECK_FALSE(r.text.ends_with('.'));
      CHECK_FALSE(r.text.starts_with("or "));
    }
  }
}
