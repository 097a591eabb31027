// Routing strategies by release, and the annotation that sets one.
#include "aibrix/strategy.hpp"

#include "aibrix/model_config.hpp"
#include "catch.hpp"
#include "support/release.hpp"

namespace {

using Kind = aibrix::StrategyFault::Kind;

aibrix::Release release(int minor) {
  return support::release("v0." + std::to_string(minor) + ".0");
}

std::vector<Kind> kinds(std::string_view text, const aibrix::Release& r) {
  std::vector<Kind> out;
  for (const auto& fault : aibrix::strategy_faults(text, r)) out.push_back(fault.kind);
  return out;
}

using Kinds = std::vector<Kind>;

}  // namespace

TEST_CASE("a strategy is right from the release that brought it") {
  CHECK(kinds("random", release(1)).empty());
  CHECK(kinds("prefix-cache", release(1)) == Kinds{Kind::too_new});
  CHECK(kinds("prefix-cache", release(2)).empty());
  CHECK(kinds("session-affinity", release(5)) == Kinds{Kind::too_new});
  CHECK(kinds("session-affinity", release(6)).empty());
  CHECK(kinds("power-of-two", release(7)).empty());
  CHECK(kinds("pd", aibrix::Release{}).empty());
  constexpr aibrix::ReleaseSpan next = aibrix::after(aibrix::v0_7);
  CHECK(kinds("load-balance", release(7)) == Kinds{Kind::too_new});
  CHECK(aibrix::describe(aibrix::strategy_faults("load-balance", release(7)).front()) ==
        "\"load-balance\" is supported only from " +
            (next.starts_on_main() ? std::string("the main branch") : next.start()) + " on");
}

TEST_CASE("names are case-sensitive, and a slip gets the nearest name") {
  CHECK(kinds("Random", release(7)) == Kinds{Kind::unknown_name});
  const auto faults = aibrix::strategy_faults("lest-request", aibrix::Release{});
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].nearest == "least-request");
  CHECK(aibrix::describe(faults[0]) == "\"lest-request\" is not a routing strategy");
}

TEST_CASE("an empty strategy is one nonetheless") {
  CHECK(kinds("", release(7)) == Kinds{Kind::empty});
}

TEST_CASE("lists came with v0.7 and take scorers with whole weights") {
  CHECK(kinds("prefix-cache:2,least-request", release(6)) == Kinds{Kind::list_too_new});
  CHECK(kinds("prefix-cache:2, least-request:1", release(7)).empty());
  CHECK(kinds("prefix-cache,random", release(7)) == Kinds{Kind::not_a_scorer});
  CHECK(kinds("prefix-cache:0,random", release(7)).empty());  // one is left
  CHECK(kinds("prefix-cache:1.5,least-request", release(7)) == Kinds{Kind::bad_weight});
  CHECK(kinds("prefix-cache:1000001", release(7)) == Kinds{Kind::bad_weight});
  CHECK(kinds("prefix-cache:-1", release(7)) == Kinds{Kind::bad_weight});
  CHECK(kinds("prefix-cache,,random", release(7)) == Kinds{Kind::empty_member});
  CHECK(kinds("prefix-cache:0,least-request:0", release(7)) == Kinds{Kind::all_zero});
  CHECK(kinds("prefix-cache,foo", release(7)) == Kinds{Kind::unknown_name});
}

TEST_CASE("pd and slo decide alone") {
  CHECK(kinds("pd,random", release(7)) == Kinds{Kind::wins_alone});
  CHECK_FALSE(aibrix::refuses(aibrix::strategy_faults("pd,random", release(7)).front()));
  CHECK(aibrix::strategy_members("least-request,slo:2") == std::vector<std::string>{"slo"});
  CHECK(aibrix::strategy_members("prefix-cache:2,least-request:0") ==
        std::vector<std::string>{"prefix-cache"});
}

TEST_CASE("the config annotation is read as the gateway reads it") {
  using State = aibrix::ModelConfig::State;
  CHECK(aibrix::read_model_config(" ").state == State::absent);
  CHECK(aibrix::read_model_config("{").state == State::invalid);
  CHECK(aibrix::read_model_config("[]").state == State::invalid);
  CHECK(aibrix::read_model_config("{}").state == State::no_profiles);
  CHECK(aibrix::read_model_config(R"({"profiles":{"a":{"routingStrategy":1}}})").state ==
        State::invalid);
  const auto config = aibrix::read_model_config(
      R"({"lockedRoutingStrategy":"pd","defaultProfile":"b","profiles":{"a":{},"b":{"routingStrategy":"random"}}})");
  CHECK(config.state == State::read);
  CHECK(config.locked == "pd");
  CHECK(config.default_profile == "b");
  REQUIRE(config.profile("b") != nullptr);
  CHECK(config.profile("b")->strategy == "random");
  CHECK(config.profile("c") == nullptr);
}
