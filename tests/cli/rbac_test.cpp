// `rbac print`, and what it says of the checks.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "catch.hpp"
#include "checks/core/kind_users.hpp"
#include "checks/core/runner.hpp"
#include "endpoint/endpoint.hpp"
#include "fix/fix.hpp"
#include "kube/read/list_query.hpp"
#include "support/program.hpp"

using nlohmann::json;
using support::aibrixctl;

namespace {

std::set<std::string> resources(const json& list, const std::string& kind) {
  std::set<std::string> out;
  for (const auto& item : list["items"]) {
    if (item["kind"] != kind) continue;
    for (const auto& rule : item["rules"]) {
      for (const auto& r : rule["resources"]) out.insert(r.get<std::string>());
    }
  }
  return out;
}

json print(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"rbac", "print", "-o", "json"});
  const auto run = aibrixctl(arguments);
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  return json::parse(run.out);
}

}  // namespace

TEST_CASE("rbac print names every kind that a check reads, and no other") {
  const json list = print({"--with-secrets"});
  std::set<std::string> printed = resources(list, "ClusterRole");
  printed.merge(resources(list, "Role"));
  std::set<std::string> wanted;
  for (const auto& query : kube::merge_needs(checks::needs_of(checks::all()))) {
    wanted.emplace(query.resource->plural);
  }
  CHECK(printed == wanted);
  for (const auto& item : list["items"]) {
    for (const auto& rule : item["rules"]) {
      for (const auto& verb : rule["verbs"]) CHECK((verb == "get" || verb == "list"));
    }
  }
}

TEST_CASE("rbac print --with-watch permits to watch what it permits to list, and nothing else") {
  const json list = print({"--with-watch", "--with-logs"});
  for (const auto& item : list["items"]) {
    for (const auto& rule : item["rules"]) {
      const auto has = [&](const char* verb) {
        return std::ranges::find(rule["verbs"], verb) != rule["verbs"].end();
      };
      CHECK(has("watch") == has("list"));
    }
  }
}

TEST_CASE("rbac print --only and --skip leave out what the other checks read") {
  const auto few = resources(print({"--only", "INS005"}), "ClusterRole");
  CHECK(few.count("deployments") == 1);
  CHECK(few.count("secrets") == 0);
  CHECK(few.count("httproutes") == 0);
}

TEST_CASE("rbac print -n gives Roles for the workloads' namespaces and binds what is asked for") {
  const json list = print({"-n", "team-a,team-b", "--for", "group:oncall"});
  CHECK(resources(list, "ClusterRole").count("pods") == 0);
  CHECK(resources(list, "Role").count("pods") == 1);
  std::set<std::string> bound;
  for (const auto& item : list["items"]) {
    if (item["kind"] == "RoleBinding")
      bound.insert(item["metadata"]["namespace"].get<std::string>());
  }
  CHECK(bound ==
        std::set<std::string>{"team-a", "team-b", "aibrix-system", "envoy-gateway-system"});
}

TEST_CASE("rbac print -v says which checks need a rule") {
  const auto run = aibrixctl({"rbac", "print", "-v"});
  CHECK(run.code == 0);
  CHECK(run.out.find("# deployments.apps: for INS002") != std::string::npos);
  CHECK(aibrixctl({"rbac", "print"}).out.find('#') == std::string::npos);
}

TEST_CASE("rbac print fix NAME adds what the fix writes to what its plan reads") {
  for (const fix::Fix* fix : fix::all()) {
    const json list = print({"fix", std::string(fix->name)});
    for (const fix::WriteRight& right : fix->rights) {
      CAPTURE(fix->name, right.resource->plural, right.verb);
      bool given = false;
      for (const auto& item : list["items"]) {
        for (const auto& rule : item["rules"]) {
          const auto has = [&](const char* key, std::string_view word) {
            return std::find(rule[key].begin(), rule[key].end(), word) != rule[key].end();
          };
          given |= has("resources", right.resource->plural) && has("verbs", right.verb) &&
                   !rule.contains("resourceNames");
        }
      }
      CHECK(given);
    }
  }
  const json deployments = print({"fix", "finalizers"});
  for (const auto& item : deployments["items"]) {
    if (item["kind"] != "ClusterRole") continue;
    for (const auto& rule : item["rules"]) {
      const bool patches =
          std::find(rule["verbs"].begin(), rule["verbs"].end(), "patch") != rule["verbs"].end();
      const bool apps = rule["apiGroups"][0] == "apps";
      CHECK_FALSE((patches && apps));  // only in the install's namespaces
    }
  }
  CHECK(aibrixctl({"rbac", "print", "fix", "finalizers", "--only", "GW*"}).code == 2);
}

TEST_CASE(
    "rbac print endpoint test gives the lists it reads, and with --via the two verbs of its "
    "requests") {
  std::set<std::string> wanted;
  for (const kube::Need& need : cli::endpoint_needs(false)) wanted.emplace(need.resource->plural);
  for (const std::vector<std::string>& words : {std::vector<std::string>{"endpoint", "print"},
                                                {"endpoint", "test"},
                                                {"endpoint", "test", "--via", "api-server"}}) {
    const json list = print(words);
    std::set<std::string> printed = resources(list, "ClusterRole");
    printed.merge(resources(list, "Role"));
    const bool via = words.size() > 2;
    CHECK(printed.erase("services/proxy") == (via ? 1 : 0));
    CHECK(printed == wanted);
    std::set<std::string> proxied;
    for (const auto& item : list["items"]) {
      for (const auto& rule : item["rules"]) {
        if (rule["resources"] == json{"services/proxy"}) {
          CHECK(rule["verbs"] == json{"create", "get"});
          proxied.insert(item["kind"].get<std::string>() + ' ' +
                         item["metadata"].value("namespace", ""));
        } else {
          CHECK(rule["verbs"] == json{"list"});
        }
      }
    }
    if (via)
      CHECK(proxied == std::set<std::string>{"Role aibrix-system", "Role envoy-gateway-system"});
  }
  CHECK(aibrixctl({"rbac", "print", "--via", "api-server"}).code == 2);
  CHECK(aibrixctl({"rbac", "print", "endpoint", "test", "--only", "GW*"}).code == 2);
}

TEST_CASE("rbac refuses what it does not know with exit 2 and a way on") {
  CHECK(aibrixctl({"rbac"}).code == 2);
  CHECK(aibrixctl({"rbac", "delete"}).code == 2);
  const auto duty = aibrixctl({"rbac", "print", "coffee"});
  CHECK(duty.code == 2);
  CHECK(duty.err.find("doctor") != std::string::npos);
  const auto subject = aibrixctl({"rbac", "print", "--for", "jane"});
  CHECK(subject.code == 2);
  CHECK(subject.err.find("user:NAME") != std::string::npos);
  CHECK(aibrixctl({"rbac", "print", "snapshot"}).code == 0);
}

TEST_CASE("a check that any of several kinds would serve cannot be stopped by one") {
  for (const checks::Check* check : checks::all()) {
    if (!checks::needs_any(*check) || check->needs.size() < 2) continue;
    for (const kube::Need& need : check->needs) {
      const auto readers = checks::users_of(*need.resource, checks::all());
      const auto& stopped = readers.skipped_without;
      CAPTURE(check->code);
      CHECK(std::find(stopped.begin(), stopped.end(), check->code) == stopped.end());
      const auto& others = readers.others;
      CHECK(std::find(others.begin(), others.end(), check->code) != others.end());
    }
  }
}
