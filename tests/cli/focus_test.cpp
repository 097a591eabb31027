// What doctor says of a namespace or a model, and how much of a screen it takes.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "catch.hpp"
#include "support/program.hpp"

namespace {

const std::string examples = std::string(SOURCE_DIR) + "/examples/";

base::ProcessResult on(const char* example, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"-f", examples + example, "--whole-cluster"});
  return support::aibrixctl(std::move(arguments), {{"COLUMNS", "80"}});
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string_view> lines(const std::string& text) {
  return base::split(base::trim(text), '\n');
}

}  // namespace

TEST_CASE("doctor -n NS: the cause of a namespace's trouble is an error wherever it stands") {
  const auto run = on("broken-cluster", {"doctor", "-n", "team-a"});
  CAPTURE(run.out);
  CHECK(run.code == 1);
  CHECK(has(run.out, "error[INS005]"));
  CHECK(has(run.out, "team-a is stuck in Terminating"));
  CHECK_FALSE(has(run.out, "batch"));
  CHECK(has(run.out, "Elsewhere in the cluster: 1 error\n"));
  CHECK(has(run.out, "Start with: aibrixctl fix finalizers -n team-a\n"));
}

TEST_CASE("doctor MODEL opens with the verdict of both ways; others' errors do not make it fail") {
  const auto works = on("broken-cluster", {"doctor", "llama-3-1-8b-instruct"});
  CAPTURE(works.out);
  CHECK(works.code == 0);
  CHECK(has(works.out, "requests with a routing-strategy header       ✔ work\n"));
  CHECK_FALSE(has(works.out, "team-a"));
  CHECK(has(works.out, "Elsewhere in the cluster: 2 errors\n"));
  const auto broken = on("broken-cluster", {"doctor", "qwen2-5-72b-instruct"});
  CAPTURE(broken.out);
  CHECK(broken.code == 1);
  CHECK(has(broken.out, "✖ fail at ReferenceGrant"));
  CHECK(has(broken.out, "Start with: aibrixctl fix referencegrants -n batch\n"));
}

TEST_CASE("a name that is no model says so alone, with the near name or the namespace") {
  const auto near = on("broken-cluster", {"doctor", "qwen2"});
  CAPTURE(near.out);
  CHECK(near.code == 1);
  CHECK(has(near.out, "error[MDL001]"));
  CHECK_FALSE(has(near.out, "INS005"));
  CHECK(has(near.out, "Start with: aibrixctl doctor qwen2-5-72b-instruct\n"));
  const auto ns = on("broken-cluster", {"doctor", "team-a"});
  CAPTURE(ns.out);
  CHECK(has(ns.out, "team-a is a namespace"));
  CHECK(has(ns.out, "Start with: aibrixctl doctor -n team-a\n"));
}

TEST_CASE("trace without MODEL lists every model with the verdict of each way") {
  const auto run = on("broken-cluster", {"trace"});
  CAPTURE(run.out);
  CHECK(run.code == 1);
  const auto rows = lines(run.out);
  REQUIRE(rows.size() == 3);
  CHECK(has(std::string(rows[1]), "2/2   works"));
  CHECK(has(std::string(rows[2]), "fails: REF001, ReferenceGrant"));
}

TEST_CASE("the answer fits a screen of 80 columns, and ends on a command that can be undone") {
  const auto broken = on("broken-cluster", {"doctor"});
  CAPTURE(broken.out);
  const auto rows = lines(broken.out);
  const auto head = std::ranges::find(rows, std::string_view{}) -
                    rows.begin();  // the line of the files breaks where their path is long
  CHECK(rows.end() - rows.begin() <= 39 + head);
  const auto start = std::ranges::find_if(
      rows, [](std::string_view line) { return line.starts_with("Start with: "); });
  CHECK(rows.end() - start <= 3);
  CHECK_FALSE(has(broken.out, "\"remove\""));
  const auto healthy = on("healthy-cluster", {"doctor"});
  CAPTURE(healthy.out);
  CHECK(lines(healthy.out).size() <= 10);
  CHECK(has(healthy.out, "all routable"));
  CHECK(has(healthy.out, "http://192.168.10.11:30877"));
}

TEST_CASE("doctor -o short is one line a finding") {
  const auto run = on("broken-cluster", {"doctor", "-o", "short"});
  CAPTURE(run.out);
  const auto rows = lines(run.out);
  REQUIRE(rows.size() == 4);
  CHECK(rows[3].starts_with("info VER003"));
  CHECK(rows[0].starts_with(
      "error INS005 deployment/aibrix-system/aibrix-controller-manager aibrix-controller-manager"));
}

TEST_CASE("area counts of -v include what was folded") {
  const auto run = on("broken-cluster", {"doctor", "-v"});
  const auto rows = lines(run.out);
  const auto deletion = std::ranges::find_if(
      rows, [](std::string_view line) { return base::trim(line).starts_with("deletion"); });
  REQUIRE(deletion != rows.end());
  CAPTURE(std::string(*deletion));
  CHECK(has(std::string(*deletion), "4 errors"));
}
