// One mistake in a manifest is one finding.
#include "checks/common/one_mistake.hpp"

#include "catch.hpp"
#include "checks/core/check.hpp"
#include "checks/core/fold.hpp"

using checks::Finding;
using checks::Level;
namespace codes = checks::codes;

namespace {

Finding finding(checks::Code code, Level level, std::string path, std::string name = "chat") {
  Finding f;
  f.code = code;
  f.level = level;
  f.title = "title of " + path;
  f.consequence = "Requests fail.";
  f.subject.ref = {"apps", "Deployment", "default", std::move(name)};
  f.subject.path = std::move(path);
  f.subject.file = "a.yaml";
  f.subject.line = 1;
  return f;
}

std::vector<Finding> told(std::vector<Finding> findings) {
  checks::tie_to_mistakes(findings);
  return checks::fold(std::move(findings));
}

}  // namespace

TEST_CASE("what is said of a field follows from what its schema refuses in it") {
  const auto out = told({finding(codes::REF004, Level::error, "spec.from[0].group"),
                         finding(codes::SCH005, Level::error, "spec.from[0].group")});
  REQUIRE(out.size() == 1);
  CHECK(out.front().code == codes::SCH005);
  REQUIRE(out.front().symptoms.size() == 1);
  CHECK(out.front().symptoms.front().code == codes::REF004);
  // The object is refused: no request ever fails because of it.
  CHECK(out.front().symptoms.front().title == "title of spec.from[0].group");
}

TEST_CASE("a field that is missing follows from the unknown one that was meant for it") {
  Finding unknown = finding(codes::SCH001, Level::error, "spec.metricSources");
  unknown.instead = "spec.metricsSources";
  const auto out = told({finding(codes::ASC001, Level::warning, "spec.metricsSources"),
                         finding(codes::SCH004, Level::error, "spec.metricsSources"), unknown});
  REQUIRE(out.size() == 1);
  CHECK(out.front().code == codes::SCH001);
  CHECK(out.front().symptoms.size() == 2);
}

TEST_CASE("one of two unknown fields is not the cause of what the other one misses") {
  Finding meant = finding(codes::SCH001, Level::error, "spec.role");
  meant.instead = "spec.roles";
  const auto out = told({finding(codes::SCH001, Level::error, "spec.other"), meant,
                         finding(codes::ORC002, Level::warning, "spec.roles")});
  REQUIRE(out.size() == 2);
  for (const Finding& f : out) {
    CHECK(f.symptoms.size() == (f.subject.path == "spec.role" ? 1U : 0U));
  }
}

TEST_CASE("what is said of a whole container is not said of one of its fields") {
  const auto out = told(
      {finding(codes::MDL012, Level::error, "spec.template.spec.containers[0]"),
       finding(codes::SCH002, Level::error, "spec.template.spec.containers[0].ports[0].name")});
  CHECK(out.size() == 2);
}

TEST_CASE("other fields and other objects are other mistakes") {
  CHECK(told({finding(codes::MDL002, Level::error, "spec.template.metadata.labels"),
              finding(codes::SCH002, Level::error, "spec.replicas")})
            .size() == 2);
  CHECK(told({finding(codes::MDL010, Level::error, "metadata.labels[a]", "one"),
              finding(codes::SCH008, Level::error, "metadata.labels[\"a\"]", "two")})
            .size() == 2);
}

TEST_CASE("a label that is wrong in several maps of an object is one mistake") {
  const auto out =
      told({finding(codes::MDL022, Level::warning, "metadata.labels[a.b/c]"),
            finding(codes::MDL022, Level::error, "spec.template.metadata.labels[a.b/c]"),
            finding(codes::MDL022, Level::error, "metadata.labels[other]")});
  REQUIRE(out.size() == 2);
  CHECK(out.front().level == Level::error);
}

TEST_CASE("keys in brackets are the same with quotes and without") {
  CHECK(told({finding(codes::MDL010, Level::error, "metadata.labels[model.aibrix.ai/name]"),
              finding(codes::SCH008, Level::error, "metadata.labels[\"model.aibrix.ai/name\"]")})
            .size() == 1);
}

TEST_CASE("mistakes in two files that hold the same object are two") {
  Finding missing = finding(codes::SCH004, Level::error, "spec.metricsSources");
  Finding unknown = finding(codes::SCH001, Level::error, "spec.metricSources");
  unknown.instead = "spec.metricsSources";
  unknown.subject.file = "b.yaml";
  CHECK(told({missing, unknown}).size() == 2);
  Finding both = missing;
  both.subject.file = "b.yaml";
  // In the second file the one follows from the other.
  CHECK(told({missing, both, unknown}).size() == 2);
}
