// How findings move under their causes, and in which order they are told.
#include "checks/core/fold.hpp"

#include "aibrix/cluster.hpp"
#include "catch.hpp"
#include "checks/core/select.hpp"
#include "support/snapshot.hpp"

using checks::Confidence;
using checks::Finding;
using checks::fold;
using checks::Level;

namespace {

Finding make(checks::Code code, const std::string& name, Level level,
             const std::string& title = "it is broken") {
  Finding f;
  f.code = code;
  f.level = level;
  f.subject = checks::Subject(kube::ObjectRef{"", "Thing", "ns", name});
  f.title = title;
  return f;
}

kube::ObjectRef thing(const std::string& name) {
  return {"", "Thing", "ns", name};
}

}  // namespace

TEST_CASE("a symptom moves under its cause and raises it") {
  Finding root = make(checks::INS005, "controller", Level::warning, "controller is down");
  root.with_consequence("Things wait for it.");
  Finding symptom = make(checks::FIN002, "adapter", Level::error);
  symptom.with_consequence("The adapter is stuck in Terminating.")
      .caused_by(checks::INS005, thing("controller"))
      .model("sql-lora");
  const auto out = fold({symptom, root});
  REQUIRE(out.size() == 1);
  CHECK(out[0].code == "INS005");
  CHECK(out[0].level == Level::error);
  CHECK(checks::headline(out[0]) == "controller is down. The adapter is stuck in Terminating.");
  REQUIRE(out[0].symptoms.size() == 1);
  CHECK(out[0].symptoms[0].code == "FIN002");
  CHECK(out[0].symptoms[0].level == Level::error);
  CHECK(out[0].models == std::vector<std::string>{"sql-lora"});
}

TEST_CASE("what a cause says alone can still be told from what its symptoms added") {
  Finding root = make(checks::GW001, "envoy-gateway", Level::warning);
  Finding symptom = make(checks::MDL016, "a-router", Level::error);
  symptom.caused_by(checks::GW001, thing("envoy-gateway")).model("a");
  const auto out = fold({symptom, root});
  REQUIRE(out.size() == 1);
  CHECK(out[0].level_before_fold() == Level::warning);
  CHECK(out[0].models_before_fold().empty());
  REQUIRE(out[0].symptoms.size() == 1);
  CHECK(out[0].symptoms[0].models == std::vector<std::string>{"a"});
}

TEST_CASE("doctor MODEL keeps a cause of every model's, whichever model its symptoms name") {
  Finding root = make(checks::GW001, "envoy-gateway", Level::warning);
  Finding symptom = make(checks::MDL016, "a-router", Level::error);
  symptom.caused_by(checks::GW001, thing("envoy-gateway")).model("a");
  Finding other = make(checks::MDL006, "a", Level::error);
  other.model("a");
  support::Cluster nothing;
  const kube::Snapshot snapshot = nothing.snapshot();
  const aibrix::Cluster cluster(snapshot);
  const auto out = fold({symptom, root, other}, [&](const Finding& f) {
    return checks::concern(f, {{"b"}, {}}, cluster);
  });
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].code == "GW001");
  CHECK(out.findings[0].level == Level::warning);
  CHECK(out.findings[0].symptoms.empty());
  CHECK(out.elsewhere.error == 2);
}

TEST_CASE("a cause beyond the focus stays for what it does within, with the weight of that alone") {
  Finding root = make(checks::INS005, "controller", Level::warning);
  Finding here = make(checks::NS002, "team-a", Level::error);
  here.caused_by(checks::INS005, thing("controller")).with_consequence("team-a is stuck");
  Finding there = make(checks::NS002, "team-b", Level::error);
  there.caused_by(checks::INS005, thing("controller")).with_consequence("team-b is stuck");
  const auto concern = [](const Finding& f) {
    return f.subject.ref.name == "team-a"       ? checks::Concern::focus
           : f.subject.ref.name == "controller" ? checks::Concern::everybody
                                                : checks::Concern::others;
  };
  const auto out = fold({there, here, root}, concern);
  REQUIRE(out.findings.size() == 1);
  CHECK(out.findings[0].level == Level::error);
  CHECK(out.findings[0].consequence == "team-a is stuck");
  REQUIRE(out.findings[0].symptoms.size() == 1);
  CHECK_FALSE(out.elsewhere.any());
  const auto none = fold({there, root}, concern);
  REQUIRE(none.findings.size() == 1);
  CHECK(none.findings[0].level == Level::warning);
  CHECK(none.elsewhere.error == 1);
}

TEST_CASE("what cannot be taken back is the last remedy") {
  Finding f = make(checks::FIN002, "adapter", Level::error);
  f.remedy(Confidence::review, "strip",
           checks::kubectl("a", "patch", "--type=json", "-p",
                           R"([{"op":"remove","path":"/metadata/finalizers/0"}])"));
  f.remedy(Confidence::review, "scale up", checks::kubectl("a", "scale"));
  const auto out = fold({f});
  REQUIRE(out.size() == 1);
  CHECK(out[0].remedies[0].text == "scale up");
}

TEST_CASE("a symptom whose cause was not found stands alone") {
  Finding symptom = make(checks::FIN002, "adapter", Level::error);
  symptom.caused_by(checks::INS005, thing("controller"));
  Finding other = make(checks::INS005, "another-controller", Level::warning);
  const auto out = fold({symptom, other});
  REQUIRE(out.size() == 2);
  CHECK(out[0].code == "FIN002");
  CHECK(out[0].symptoms.empty());
}

TEST_CASE("a symptom's remedy that repairs the cause too comes before the cause's own") {
  Finding root = make(checks::INS005, "controller", Level::warning);
  root.remedy(Confidence::review, "scale up", checks::Command("scale"));
  Finding first = make(checks::FIN002, "a", Level::error);
  first.caused_by(checks::INS005, thing("controller"))
      .remedy(Confidence::review, "fix team-a", checks::Command("fix", {"a"}));
  first.remedies.front().repairs_cause = true;
  Finding second = make(checks::FIN002, "b", Level::error);
  second.caused_by(checks::INS005, thing("controller"))
      .remedy(Confidence::review, "fix team-b", checks::Command("fix", {"b"}));
  second.remedies.front().repairs_cause = true;
  const auto out = fold({root, first, second});
  REQUIRE(out.size() == 1);
  REQUIRE(out[0].remedies.size() == 3);
  CHECK(checks::to_shell(out[0].remedies[0].command) == "fix a");
  CHECK(checks::to_shell(out[0].remedies[1].command) == "fix b");
  CHECK(checks::to_shell(out[0].remedies[2].command) == "scale");
}

TEST_CASE("in a chain the farthest symptom says the consequence, the nearest the next remedy") {
  Finding root = make(checks::INS005, "controller", Level::warning);
  root.remedy(Confidence::review, "scale up", checks::Command("scale"));
  Finding middle = make(checks::FIN002, "adapter", Level::error);
  middle.with_consequence("adapter waits").caused_by(checks::INS005, thing("controller"));
  middle.remedy(Confidence::review, "strip", checks::Command("strip"));
  Finding far = make(checks::NS002, "team-a", Level::error);
  far.with_consequence("namespace cannot finish").caused_by(checks::FIN002, thing("adapter"));
  far.remedy(Confidence::manual, "look", checks::Command("look"));
  far.remedy(Confidence::review, "scale up again",
             checks::Command("scale"));  // known already: the same command
  const auto out = fold({far, middle, root});
  REQUIRE(out.size() == 1);
  CHECK(out[0].consequence == "namespace cannot finish");
  REQUIRE(out[0].remedies.size() == 3);
  CHECK(out[0].remedies[0].text == "scale up");
  CHECK(out[0].remedies[1].text == "strip");
  CHECK(out[0].remedies[2].text == "look");
}

TEST_CASE("several farthest symptoms of one kind are counted") {
  const Finding root = make(checks::INS005, "controller", Level::warning);
  Finding a = make(checks::FIN002, "a", Level::error);
  a.with_consequence("a cannot go").caused_by(checks::INS005, thing("controller"));
  Finding b = make(checks::FIN002, "b", Level::error);
  b.with_consequence("b cannot go").caused_by(checks::INS005, thing("controller"));
  Finding silent =
      make(checks::WH003, "hook", Level::error);  // says no consequence: is not the shown one
  silent.caused_by(checks::INS005, thing("controller"));
  const auto out = fold({silent, a, b, root});
  REQUIRE(out.size() == 1);
  CHECK(out[0].consequence == "a cannot go (and 1 more).");
}

TEST_CASE("a symptom that weighs less than the root does not speak for it") {
  Finding root = make(checks::WH001, "hook", Level::error);
  root.with_consequence("patches are refused");
  Finding symptom = make(checks::WH003, "hook", Level::warning);
  symptom.with_consequence("defaults are not applied").caused_by(checks::WH001, thing("hook"));
  const auto out = fold({root, symptom});
  REQUIRE(out.size() == 1);
  CHECK(out[0].consequence == "patches are refused");
}

TEST_CASE("two causes both carry a symptom, and stay separate") {
  const Finding one = make(checks::GW001, "envoy-gateway", Level::warning);
  const Finding two = make(checks::INS005, "controller", Level::warning);
  Finding symptom = make(checks::MDL014, "route", Level::error);
  symptom.caused_by(checks::GW001, thing("envoy-gateway"))
      .caused_by(checks::INS005, thing("controller"));
  const auto out = fold({one, two, symptom});
  REQUIRE(out.size() == 2);
  for (const Finding& f : out) {
    CHECK(f.level == Level::error);
    CHECK(f.symptoms.size() == 1);
  }
}

TEST_CASE("findings that name each other are not lost") {
  Finding a = make(checks::FIN002, "a", Level::error);
  a.caused_by(checks::NS002, thing("b"));
  Finding b = make(checks::NS002, "b", Level::error);
  b.caused_by(checks::FIN002, thing("a"));
  const auto out = fold({a, b});
  REQUIRE_FALSE(out.empty());
  std::size_t told = 0;
  for (const Finding& f : out) told += 1 + f.symptoms.size();
  CHECK(told >= 2);
}

TEST_CASE("a finding that names itself stays") {
  Finding a = make(checks::FIN002, "a", Level::error);
  a.caused_by(checks::FIN002, thing("a"));
  const auto out = fold({a});
  REQUIRE(out.size() == 1);
  CHECK(out[0].symptoms.empty());
}

TEST_CASE("errors come first, then what to repair first, then code and object") {
  const auto out =
      fold({make(checks::FIN002, "z", Level::warning), make(checks::NS001, "n", Level::error),
            make(checks::WH001, "w", Level::error), make(checks::INS005, "i", Level::error),
            make(checks::FIN002, "b", Level::error), make(checks::FIN002, "a", Level::error)});
  std::vector<std::string> order;
  for (const Finding& f : out) order.push_back(f.code + f.subject.ref.name);
  CHECK(order ==
        std::vector<std::string>{"INS005i", "WH001w", "FIN002a", "FIN002b", "NS001n", "FIN002z"});
}

TEST_CASE("evidence and notes are inherited once") {
  Finding root = make(checks::INS005, "controller", Level::warning);
  root.with_evidence("replicas", "0").note("same");
  Finding symptom = make(checks::FIN002, "a", Level::error);
  symptom.caused_by(checks::INS005, thing("controller"))
      .with_evidence("replicas", "0")
      .with_evidence("age", "1h");
  symptom.note("same").note("new");
  const auto out = fold({root, symptom});
  REQUIRE(out.size() == 1);
  CHECK(out[0].evidence.size() == 2);
  CHECK(out[0].notes == std::vector<std::string>{"same", "new"});
}
