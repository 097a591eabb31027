// The one table of releases, and how facts hang on it.
#include "aibrix/releases.hpp"

#include "aibrix/release_facts.hpp"
#include "catch.hpp"
#include "support/release.hpp"

using namespace aibrix;
using support::release;

namespace {

using State = Release::State;
constexpr KnownRelease newest = known_releases.back();

std::string version_of(const KnownRelease& known) {
  return base::format_version({known.major, known.minor, known.patch, ""});
}

// The first version of a line that has no row.
std::string next_version() {
  return base::format_version({newest.major, newest.minor + 1, 0, ""});
}

}  // namespace

TEST_CASE("the table of releases is in the order of versions, and each name says its version") {
  std::optional<base::Version> before;
  for (const KnownRelease& known : known_releases) {
    CAPTURE(known.name);
    const base::Version version{known.major, known.minor, known.patch, ""};
    if (before) CHECK(*before < version);
    before = version;
    std::string name = "v" + std::to_string(known.major) + '_' + std::to_string(known.minor);
    if (known.patch != 0) name += '_' + std::to_string(known.patch);
    CHECK(known.name == name);
  }
}

TEST_CASE("every release of the table is known, and is in the spans that begin with it") {
  for (std::size_t i = 0; i < known_releases.size(); ++i) {
    CAPTURE(known_releases[i].name);
    const Release of_row = release(version_of(known_releases[i]));
    CHECK(of_row.state() == State::known);
    CHECK(of_row.tagged());
    for (std::size_t k = 0; k < known_releases.size(); ++k) {
      CHECK(since(static_cast<ReleaseId>(k)).holds(of_row) == (k <= i));
    }
    CHECK(since(main_branch).holds(of_row) == false);
  }
}

TEST_CASE("a nightly build is newer than every release") {
  const Release nightly = release("nightly");
  CHECK(nightly.state() == State::main_branch);
  CHECK_FALSE(nightly.tagged());
  for (std::size_t i = 0; i < known_releases.size(); ++i) {
    CHECK(after(static_cast<ReleaseId>(i)).holds(nightly) == true);
    CHECK(until(static_cast<ReleaseId>(i)).holds(nightly) == false);
  }
}

TEST_CASE("a release newer than the last known is told from main, and does what main does") {
  for (const std::string& tag :
       {next_version(), next_version() + "-rc.1", std::string("v99.0.0")}) {
    CAPTURE(tag);
    const Release later = release(tag);
    CHECK(later.state() == State::newer_than_known);
    CHECK(later.state() != release("main").state());
    CHECK(later.tagged());
    CHECK(since(main_branch).holds(later) == true);
  }
}

TEST_CASE("a patch release without a row is of its line") {
  const Release patched = release("v0.6.9");
  CHECK(patched.state() == State::known);
  CHECK(since(v0_6).holds(patched) == true);
  CHECK(after(v0_6).holds(patched) == false);
  CHECK(until(v0_6).holds(patched) == true);
  const Release last = release(base::format_version({newest.major, newest.minor, 99, ""}));
  CHECK(last.state() == State::known);
  CHECK(since(main_branch).holds(last) == false);
}

TEST_CASE("a release candidate behaves as its release") {
  CHECK(since(v0_5).holds(release("v0.5.0-rc.1")) == true);
  CHECK(since(v0_1).holds(release("v0.1.0-rc.1")) == true);
}

TEST_CASE("an unknown release decides nothing that depends on it") {
  const Release unknown;
  CHECK_FALSE(unknown.known());
  CHECK_FALSE(since(v0_2).holds(unknown).has_value());
  CHECK_FALSE(until(v0_4).holds(unknown).has_value());
  CHECK_FALSE(after(v0_7).holds(unknown).has_value());
  CHECK(since(v0_1).holds(unknown) == true);  // every release has it
  CHECK(ReleaseSpan().holds(unknown) == true);
  CHECK(required_crds(unknown).empty());
  CHECK(reserved_paths(unknown).empty());
  CHECK_FALSE(metadata_route_name(unknown).has_value());
}

TEST_CASE("until takes the patch releases of its line in, since tells them apart") {
  CHECK(until(v0_4).holds(release("v0.4.1")) == true);
  CHECK(until(v0_4).holds(release("v0.5.0")) == false);
  CHECK(since(v0_2_1).holds(release("v0.2.0")) == false);
  CHECK(since(v0_2_1).holds(release("v0.2.1")) == true);
  CHECK(between(v0_2, v0_5).holds(release("v0.1.0")) == false);
  CHECK(between(v0_2, v0_5).holds(release("v0.5.3")) == true);
  CHECK(only(v0_2).holds(release("v0.2.1")) == true);
  CHECK(only(v0_2).holds(release("v0.3.0")) == false);
}

TEST_CASE("what is on main comes with the next release, whatever its number") {
  // As long as there is a later line in the table, it begins there.
  CHECK(after(v0_5) == since(v0_6));
  CHECK(after(v0_2) == since(v0_3));
  CHECK_FALSE(after(v0_6).starts_on_main());
  const auto last = static_cast<ReleaseId>(known_releases.size() - 1);
  CHECK(after(last) == since(main_branch));
  CHECK(after(last).starts_on_main());
}

TEST_CASE("spans are told in the words of messages") {
  const auto last = static_cast<ReleaseId>(known_releases.size() - 1);
  const std::string last_line =
      "v" + std::to_string(newest.major) + '.' + std::to_string(newest.minor);
  CHECK(between(v0_2, v0_5).text() == "v0.2 to v0.5");
  CHECK(between(v0_2_1, v0_5).text() == "v0.2.1 to v0.5");
  CHECK(since(v0_6).text() == "v0.6 and later");
  CHECK(until(v0_3).text() == "up to v0.3");
  CHECK(between(v0_1, v0_3).text() == "up to v0.3");
  CHECK(only(v0_1).text() == "v0.1");
  CHECK(only(v0_4).text() == "v0.4");
  CHECK(since(v0_1).text() == "every release");
  CHECK(ReleaseSpan().text() == "every release");
  CHECK(after(last).text() == "main");
  CHECK(since(v0_6).start() == "v0.6");
  CHECK(since(v0_2_1).start() == "v0.2.1");
  CHECK(after(last).start() == "the release after " + last_line);
  CHECK(until(v0_6).end() == "v0.6");
  CHECK(since(v0_6).end() == "main");
}

TEST_CASE("spans are narrowed and joined") {
  CHECK((between(v0_3, v0_4) & since(v0_4)).text() == "v0.4");
  CHECK((until(v0_3) & since(v0_2)).text() == "v0.2 to v0.3");
  CHECK((only(v0_1) & since(v0_5)).empty());
  CHECK((only(v0_1) & since(v0_5)).text() == "no release");
  CHECK((ReleaseSpan() & since(v0_5)) == since(v0_5));
  CHECK((only(v0_2) | since(v0_5)) == since(v0_2));
  CHECK((ReleaseSpan() | since(v0_5)).any());
  CHECK_FALSE(since(v0_1).any());
}

TEST_CASE("what a release does with routes comes from one table") {
  CHECK(unusable_route_answer({}) == "503 (500 up to v0.3)");
  CHECK(unusable_route_answer(release("v0.2.0")) == "500");
  CHECK(unusable_route_answer(release("v0.4.0")) == "503");
  CHECK_FALSE(gets_route("RayClusterFleet", {}).has_value());
  CHECK(gets_route("Deployment", {}) == true);
  CHECK(gets_route("StormService", {}) == false);
  CHECK(gets_route("RayClusterFleet", release("v0.2.0")) == false);
  CHECK(gets_route("RayClusterFleet", release("v0.2.1")) == true);
  CHECK(gets_route("LeaderWorkerSet", release("v0.5.0")) == false);
  CHECK(gets_route("LeaderWorkerSet", release("nightly")) == true);
  CHECK(facts::names_are_hashed.holds(release("v0.7.0")) == false);
  CHECK(facts::names_are_hashed.holds(release("nightly")) == true);
  CHECK(metadata_route_name(release("v0.2.1")) == "");
  CHECK(metadata_route_name(release("v0.4.1")) == "aibrix-reserved-router-models-endpoint");
  CHECK(metadata_route_name(release("nightly")) == "aibrix-reserved-router-metadata-endpoint");
}

TEST_CASE("each release has one set of reserved paths, and main what no release takes away") {
  for (const KnownRelease& known : known_releases) {
    CAPTURE(known.name);
    CHECK_FALSE(reserved_paths(release(version_of(known))).empty());
  }
  // A nightly image may run under manifests older than itself.
  CHECK(reserved_paths(release("nightly")).size() == reserved_paths(release("v0.7.0")).size());
  CHECK(reserved_paths(release("v0.8.0")).back() == "/v1/responses");
}

TEST_CASE("the manifest that holds a CRD is that of the release") {
  CHECK(manifest_of_crd("rayclusters.ray.io", release("v0.4.1")) == "aibrix-dependency");
  CHECK(manifest_of_crd("podsets.orchestration.aibrix.ai", release("v0.6.0")) == "aibrix-core");
  CHECK(manifest_of_crd("podsets.orchestration.aibrix.ai", release("v0.7.0")) ==
        "aibrix-core-crds");
  CHECK(manifest_of_crd("podsets.orchestration.aibrix.ai", release("nightly")).empty());
}

TEST_CASE("what is newer than the last known release is said to be") {
  CHECK(last_known_release() == version_of(newest));
  CHECK(release(next_version()).beyond_known());
  CHECK(release("nightly").beyond_known());
  CHECK_FALSE(release("v0.7.0").beyond_known());
  CHECK_FALSE(Release{}.beyond_known());
}
