// What completion offers for a line that is being typed.
#include "complete.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "catch.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"

namespace {

using Words = std::vector<std::string>;

struct Offered {
  std::set<std::string> words;
  bool files = false;
  bool has(const std::string& word) const { return words.count(word) != 0; }
};

// What `live` is asked for answers with its own name: "<models>".
Offered offered(const Words& typed) {
  static const cli::ProgramInfo program = cli::described();
  const auto found =
      cli::complete(program, typed, [](const std::string& what, const cli::TypedLine& line) {
        std::vector<cli::Candidate> out = {{"<" + what + ">"}};
        for (const std::string& context : line.values_of("--context")) out.push_back({context});
        return out;
      });
  Offered out{{}, found.files};
  for (const cli::Candidate& c : found.words) out.words.insert(c.word);
  return out;
}

}  // namespace

TEST_CASE("commands are completed, and those in a group once") {
  CHECK(offered({""}).has("doctor"));
  CHECK(offered({"do"}).words == std::set<std::string>{"doctor"});
  CHECK(offered({"fix", ""}).has("webhooks"));
  CHECK(offered({"endpoint", ""}).words == std::set<std::string>{"print", "test"});
  CHECK_FALSE(offered({"endpoint", "print", ""}).has("test"));
  CHECK_FALSE(offered({"rbac", "print", ""}).has("print"));
  CHECK(offered({"completion", ""}).words == std::set<std::string>{"bash", "zsh", "fish"});
  CHECK(offered({"completion", "bash", ""}).words.empty());
}

TEST_CASE("flags before a command, and their values, are none") {
  CHECK(offered({"-n", "team-a", "do"}).has("doctor"));
  CHECK(offered({"--context=doctor", "fix", ""}).has("webhooks"));
  CHECK(offered({"-vn", "fix", "doc"}).has("doctor"));
  CHECK(offered({"fix", "--select", "webhooks", ""}).has("finalizers"));
}

TEST_CASE("live values are looked up with the flags that were typed before") {
  CHECK(offered({"doctor", ""}).has("<models>"));
  CHECK(offered({"--context", "lab", "doctor", "-n", ""}).words ==
        std::set<std::string>{"<namespaces>", "lab"});
  CHECK(offered({"doctor", "--context=lab", "--namespace="}).has("--namespace=<namespaces>"));
  CHECK(offered({"doctor", "--only", ""}).has("<checks>"));
  CHECK(offered({"undo", ""}).has("<runs>"));
  CHECK(offered({"undo", "a-run", ""}).words.empty());
}

TEST_CASE("nothing is offered a second time, but what may be given again") {
  CHECK_FALSE(offered({"doctor", "--ci", "--"}).has("--ci"));
  CHECK(offered({"doctor", "-f", "a", "--"}).has("--filename"));
  CHECK_FALSE(offered({"doctor", "<models>", ""}).has("<models>"));
  CHECK(offered({"doctor", "-n", "a,"}).has("a,<namespaces>"));
  CHECK_FALSE(offered({"doctor", "-n", "<namespaces>,"}).has("<namespaces>,<namespaces>"));
}

TEST_CASE("values are those that the command takes") {
  CHECK_FALSE(offered({"doctor", "-o", ""}).has("kubectl"));
  CHECK(offered({"fix", "webhooks", "-o", ""}).has("kubectl"));
  CHECK(offered({"trace", "-o", ""}).has("mermaid"));
  CHECK(offered({"endpoint", "print", "-o", "c"}).words == std::set<std::string>{"curl"});
  CHECK(offered({"doctor", "-f", ""}).files);
  CHECK_FALSE(offered({"doctor", "--", "-"}).has("--ci"));
}

TEST_CASE("__complete prints words with their descriptions, and never a word a shell would run") {
  const auto codes = support::aibrixctl({"__complete", "explain", "REF00"});
  CHECK(codes.code == 0);
  CHECK(codes.out.find("REF001\t") != std::string::npos);
  CHECK(codes.out.ends_with(":4\n"));
  CHECK(support::aibrixctl({"__complete", "doctor", "-f", ""}).out == ":0\n");
  CHECK(support::aibrixctl({"__complete", "doctor", "-n", ""}).out == ":4\n");  // no cluster
  CHECK(support::aibrixctl({"__complete"}).out.find("doctor\t") != std::string::npos);
  CHECK(support::aibrixctl({"__complete", "rbac", "print", ""}).out.find("preflight\t") !=
        std::string::npos);
  CHECK(support::aibrixctl({"__complete", "rbac", "print", "fix", ""}).out.find("webhooks") !=
        std::string::npos);
  CHECK(support::aibrixctl({"__complete", "help", "fix", "w"}).out.starts_with("webhooks"));
}
