// The RBAC roles that needs come to.
#include "kube/read/rights.hpp"

#include "aibrix/resources.hpp"
#include "catch.hpp"

using kube::Need;
using kube::Right;
using kube::Role;
using kube::Scope;
using Names = std::vector<std::string>;
namespace resources = kube::resources;

namespace {

std::vector<Role> roles(const std::vector<Need>& needs, Names namespaces = {}) {
  const auto rights = kube::rights_to_read(needs, {std::move(namespaces), {"aibrix-system"}, ""});
  return kube::roles_for(rights);
}

}  // namespace

TEST_CASE("lists of the whole cluster make one ClusterRole, with one rule for each group") {
  const auto made = roles({{&resources::pods},
                           {&resources::services},
                           {&resources::deployments},
                           {&aibrix::resources::gateway_classes, Scope::everywhere}});
  REQUIRE(made.size() == 1);
  CHECK(made[0].ns.empty());
  REQUIRE(made[0].rules.size() == 3);
  CHECK(made[0].rules[0].group.empty());
  CHECK(made[0].rules[0].resources == Names{"pods", "services"});
  CHECK(made[0].rules[0].verbs == Names{"get", "list"});
  CHECK(made[0].rules[0].names.empty());
  CHECK(made[0].rules[1].group == "apps");
  CHECK(made[0].rules[2].resources == Names{"gatewayclasses"});
}

TEST_CASE("of kinds read as metadata only no single object is ever read, so list is enough") {
  const auto made = roles({{&resources::secrets}, {&resources::pods}});
  REQUIRE(made[0].rules.size() == 2);
  CHECK(made[0].rules[0].resources == Names{"secrets"});
  CHECK(made[0].rules[0].verbs == Names{"list"});
}

TEST_CASE("what is read in the install's namespace only is a Role there") {
  const auto made = roles({{&resources::leases, Scope::install}, {&resources::pods}});
  REQUIRE(made.size() == 2);
  CHECK(made[0].ns.empty());
  CHECK(made[0].rules.size() == 1);
  CHECK(made[1].ns == "aibrix-system");
  CHECK(made[1].rules[0].resources == Names{"leases"});
}

TEST_CASE("a list that is narrowed to one name is a right to that name") {
  const auto named =
      roles({{&resources::configmaps, Scope::everywhere, true, "metadata.name=one"}});
  CHECK(named[0].rules[0].names == Names{"one"});
  const auto other = roles({{&resources::events, Scope::everywhere, true, "type!=Normal"}});
  CHECK(other[0].rules[0].names.empty());
  const auto both = roles({{&resources::configmaps, Scope::everywhere, true, "metadata.name=one"},
                           {&resources::configmaps, Scope::everywhere}});
  REQUIRE(both[0].rules.size() == 1);
  CHECK(both[0].rules[0].names.empty());
}

TEST_CASE("with -n workloads need Roles in those namespaces, and cluster-wide only what is so") {
  const auto made = roles({{&resources::pods}, {&resources::nodes, Scope::everywhere}}, {"team-a"});
  REQUIRE(made.size() == 3);
  CHECK(made[0].ns.empty());
  CHECK(made[0].rules[0].resources == Names{"nodes"});
  CHECK(made[1].ns == "team-a");
  CHECK(made[1].rules[0].resources == Names{"pods"});
  CHECK(made[2].ns == "aibrix-system");
}

TEST_CASE("rights to change come on top, each verb once, and none that a wider right gives") {
  const std::vector<Right> rights = {{&resources::pods, {"list", "get"}},
                                     {&resources::pods, {"patch", "get"}, "team-a"},
                                     {&resources::pods, {"get"}, "team-a", "one"},
                                     {&resources::pods, {"patch"}, "team-a", "one"},
                                     {&resources::namespaces, {"update"}, "", "", "finalize"}};
  const auto made = kube::roles_for(rights);
  REQUIRE(made.size() == 2);
  REQUIRE(made[0].rules.size() == 2);
  CHECK(made[0].rules[0].verbs == Names{"get", "list"});
  CHECK(made[0].rules[1].resources == Names{"namespaces/finalize"});
  REQUIRE(made[1].rules.size() == 1);
  CHECK(made[1].ns == "team-a");
  CHECK(made[1].rules[0].verbs == Names{"patch"});
  CHECK(made[1].rules[0].names.empty());
}
