// The options that fixes declare, and what is made of them.
#include "fix/options.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "catch.hpp"
#include "fix/document.hpp"
#include "fix/finalizers.hpp"
#include "fix/fix.hpp"
#include "fix/plan_reader.hpp"
#include "fix/referencegrants.hpp"
#include "fix/service_type.hpp"

using fix::Option;
using fix::OptionSpec;
using fix::OptionType;

TEST_CASE("every option of a fix is declared whole, and no two share a name or a key") {
  for (const fix::Fix* fix : fix::all()) {
    std::set<std::string_view> names;
    std::set<std::string_view> keys = {"namespaces", "select"};
    for (const OptionSpec* option : fix->options) {
      CAPTURE(fix->name, option->name);
      CHECK(option->name.starts_with("--"));
      CHECK_FALSE(option->help.empty());
      CHECK(option->value.empty() == (option->type == OptionType::flag));
      CHECK((option->type != OptionType::either || option->words.size() == 2));
      CHECK((option->type != OptionType::choice || !option->words.empty()));
      CHECK(names.insert(option->name).second);
      CHECK(keys.insert(option->key).second);
    }
  }
}

TEST_CASE("the options of a plan's document have the keys they always had, there and back") {
  const auto document = [](const char* name, const fix::Options& options) {
    fix::Plan plan;
    plan.fix = name;
    plan.options = options;
    const std::string text = fix::to_json(plan, "0.1.0", 0);
    const auto out = nlohmann::json::parse(text)["options"].dump();
    CHECK(nlohmann::json::parse(fix::to_json(fix::read_plan(text, "plan"), "0.1.0", 0))["options"]
              .dump() == out);
    return out;
  };
  namespace option = fix::option;
  fix::Options finalizers;
  finalizers.namespaces = {"team-a"};
  finalizers.select = {"*lora"};
  finalizers.set(option::min_age, std::chrono::minutes(5));
  finalizers.set(option::include, {"ray"});
  finalizers.set(option::include_healthy, true);
  finalizers.set(option::restart_controller, true);
  finalizers.set(option::delete_routes, true);
  CHECK(document("finalizers", finalizers) ==
        R"({"deleteRoutes":true,"include":["ray"],"includeHealthy":true,"minAgeMs":300000,)"
        R"("namespaces":["team-a"],"restartController":true,"select":["*lora"]})");
  fix::Options grants;
  grants.set_words(option::whole_namespace, {"namespace"});
  CHECK(document("referencegrants", grants) == R"({"wholeNamespace":true})");
  grants.set_words(option::whole_namespace, {"service"});
  CHECK(document("referencegrants", grants) == "{}");
  fix::Options type;
  type.set(option::to, "NodePort");
  type.set(option::external_traffic_policy, "Local");
  type.set(option::node_port, "31000");
  type.set(option::annotations, {{"a", "b=c"}, {"d", ""}});
  type.set(option::expose, true);
  CHECK(document("service-type", type) ==
        R"({"annotations":["a=b=c","d="],"expose":true,"externalTrafficPolicy":"Local",)"
        R"("nodePort":"31000","to":"NodePort"})");
  fix::Options webhooks;
  webhooks.set_words(*fix::find_option(*fix::find("webhooks"), "--delete"), {});
  CHECK(document("webhooks", webhooks) == R"({"deleteWebhooks":true})");
}

TEST_CASE("a value that cannot be is refused, on the command line and in a plan") {
  fix::Options options;
  for (const char* port : {"0", "65536", "-1", "8o", " 1", "99999999999999999999"}) {
    CAPTURE(port);
    CHECK_THROWS_AS(options.set_words(fix::option::node_port, {port}), base::Error);
  }
  CHECK_NOTHROW(options.set_words(fix::option::node_port, {"65535"}));
  CHECK_THROWS_AS(options.set_words(fix::option::min_age, {"soon"}), base::Error);
  CHECK_THROWS_AS(options.set_words(fix::option::annotations, {"=x"}), base::Error);
  CHECK_THROWS_AS(options.set_words(fix::option::to, {"nodeport"}), base::Error);
  CHECK_THROWS_AS(fix::read_plan(R"({"kind":"FixPlan","apiVersion":"aibrixctl/v1","fix":)"
                                 R"("service-type","options":{"nodePort":"x"},"cluster":{},)"
                                 R"("steps":[]})",
                                 "plan"),
                  base::Error);
}

TEST_CASE("options that need or exclude each other are told apart by their declarations") {
  static constexpr Option<OptionType::text> base{{.name = "--base", .key = "base", .value = "X"}};
  static constexpr Option<OptionType::flag> more{{.name = "--more", .key = "more", .needs = &base}};
  static constexpr Option<OptionType::flag> less{
      {.name = "--less", .key = "less", .excluded = {&base, "all", "all is all"}}};
  static constexpr const OptionSpec* list[] = {&base, &more, &less};
  const fix::Fix sample{.name = "sample",
                        .summary = "",
                        .options = list,
                        .codes = {},
                        .rights = {},
                        .plan = nullptr,
                        .verify = nullptr};
  const auto error = [&](const fix::Options& options) -> std::string {
    try {
      fix::check_options(sample, options);
    } catch (const base::Error& e) {
      return e.what();
    }
    return "";
  };
  fix::Options o;
  CHECK(error(o).empty());
  o.set(more, true);
  CHECK(error(o) == "--more requires --base");
  o.set(base, "some");
  o.set(less, true);
  CHECK(error(o).empty());
  o.set(base, "all");
  CHECK(error(o) == "--less: all is all");
}
