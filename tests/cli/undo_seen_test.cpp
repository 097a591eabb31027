// What is found again after an undo.
#include "undo_seen.hpp"

#include "catch.hpp"

using State = fix::FindingChange::State;

namespace {

checks::Finding refused(const std::string& route) {
  checks::Finding f;
  f.code = checks::REF001;
  f.title = "no ReferenceGrant";
  f.subject = kube::ObjectRef{"gateway.networking.k8s.io", "HTTPRoute", "aibrix-system", route};
  return f;
}

fix::FindingChange cleared(State state, const std::string& route) {
  return {state, "REF001", refused(route).subject.ref, "no ReferenceGrant"};
}

}  // namespace

TEST_CASE("what an undo brings back is told from what is new, and from what is awaited") {
  fix::Record record;
  record.plan.findings = {cleared(State::fixed, "a"), cleared(State::fixed, "b"),
                          cleared(State::unchanged, "c"), cleared(State::fixed, "d")};
  const auto seen = cli::found_again(record, {refused("c"), refused("d")},
                                     {refused("a"), refused("c"), refused("d"), refused("e")});
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].object.name == "a");
  CHECK(seen[0].text == "REF001 is back, as before the fix: no ReferenceGrant");
  CHECK(seen[0].state == fix::Watched::State::done);
  CHECK(seen[1].object.name == "e");
  CHECK(seen[1].text == "REF001 is found now: no ReferenceGrant");
  CHECK(seen[2].object.name == "b");
  CHECK(seen[2].state == fix::Watched::State::waiting);
}

TEST_CASE("a run that recorded no findings awaits none") {
  CHECK(cli::found_again({}, {refused("a")}, {refused("a")}).empty());
}
