// RBAC manifests, written.
#include "report/role_manifest.hpp"

#include <nlohmann/json.hpp>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "kube/files/manifest.hpp"
#include "support/golden.hpp"

using nlohmann::json;
using report::parse_role_subject;
using report::RoleSubject;

namespace {

std::vector<kube::Role> sample() {
  return {{"",
           {{"", {"pods", "secrets"}, {}, {"get", "list"}},
            {"apps", {"deployments"}, {}, {"get", "list"}}}},
          {"team-a", {{"", {"configmaps"}, {"yes", "1e3"}, {"get"}}}}};
}

report::RoleOptions bound(const char* subject) {
  report::RoleOptions options;
  options.name = "reader: #1";
  options.subject = parse_role_subject(subject);
  options.discovery = true;
  return options;
}

}  // namespace

TEST_CASE("roles and bindings are printed as YAML that kubectl apply takes") {
  report::RoleOptions options = bound("sa:monitoring:doctor");
  options.name = "aibrixctl-reader";
  options.comment = [](const kube::Rule&, const std::string& resource) {
    return resource == "pods" ? "pods: for INS005" : "";
  };
  CHECK(support::golden("roles.yaml", report::roles_yaml(sample(), options)) == "");
}

TEST_CASE("the YAML of roles says what the JSON says, whatever the names look like") {
  for (const char* subject : {"user:a: b", "group:system:masters", "sa:yes:no", "user:{x}"}) {
    CAPTURE(subject);
    const auto options = bound(subject);
    const json list = json::parse(report::roles_json(sample(), options));
    const std::string yaml = report::roles_yaml(sample(), options);
    kube::ManifestOptions reading;
    reading.paths = {"-"};
    reading.stdin_text = yaml;
    const auto wanted = std::to_array<const kube::Resource*>(
        {&kube::resources::clusterroles, &kube::resources::clusterrolebindings});
    const auto snapshot = kube::read_manifests(std::move(reading), wanted);
    const auto role = snapshot.find(kube::resources::clusterroles, "", "reader: #1");
    REQUIRE(role);
    CHECK(list["items"].size() == 4);
    CHECK(role->at("rules").size() == 3);
    CHECK(role->at("rules")[1].at("apiGroups")[0].text() == "apps");
    CHECK(role->at("rules")[2].at("nonResourceURLs")[0].text() == "/version");
    const auto binding = snapshot.find(kube::resources::clusterrolebindings, "", "reader: #1");
    REQUIRE(binding);
    const auto to = list["items"][1]["subjects"][0];
    CHECK(binding->at("subjects")[0].at("name").text() == to["name"].get<std::string>());
    CHECK(binding->at("subjects")[0].at("kind").text() == to["kind"].get<std::string>());
    CHECK(list["items"][2]["metadata"]["namespace"] == "team-a");
    CHECK(list["items"][3]["roleRef"]["kind"] == "Role");
  }
}

TEST_CASE("a subject is a user, a group or a service account, and nothing else") {
  const auto user = parse_role_subject("user:system:kube-proxy");
  REQUIRE(user);
  CHECK(user->name == "system:kube-proxy");
  const auto account = parse_role_subject("sa:team-a:doctor");
  REQUIRE(account);
  CHECK(account->kind == RoleSubject::Kind::service_account);
  CHECK(account->ns == "team-a");
  CHECK(account->name == "doctor");
  for (const char* wrong : {"", "jane", "user:", "sa:team-a", "sa::x", "sa:x:", "role:x"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse_role_subject(wrong));
  }
}
