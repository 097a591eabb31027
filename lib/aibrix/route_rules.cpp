#include "aibrix/route_rules.hpp"

#include <array>

namespace aibrix {
namespace {

// Minor releases of v0; main has no number yet and comes after v0.7.
constexpr int main_minor = 8;

struct Since {
  RouteRule rule;
  int minor;
  int patch;
};
// Sources: pkg/controller/modelrouter and pkg/plugins/gateway at the tags v0.1.0 to v0.7.0, main.
constexpr auto table = std::to_array<Since>({
    {RouteRule::routes_fleets, 2, 1},
    {RouteRule::port_is_optional, 2, 1},
    {RouteRule::grant_outlives_others, 3, 0},
    {RouteRule::status_checked_first, 4, 0},
    {RouteRule::routes_leader_worker_sets, 6, 0},
    {RouteRule::names_are_hashed, main_minor, 0},
    {RouteRule::service_can_be_named, main_minor, 0},
    {RouteRule::annotation_names_model, main_minor, 0},
});

const Since& entry(RouteRule rule) {
  for (const Since& s : table) {
    if (s.rule == rule) return s;
  }
  return table.front();
}

}  // namespace

std::optional<bool> has(const Release& release, RouteRule rule) {
  const Since& s = entry(rule);
  return release.at_least(0, s.minor, s.patch);
}

std::string since(RouteRule rule) {
  const Since& s = entry(rule);
  if (s.minor == main_minor) return "the release after v0.7";
  std::string out = "v0." + std::to_string(s.minor);
  if (s.patch != 0) out += '.' + std::to_string(s.patch);
  return out;
}

std::string unusable_route_answer(const Release& release) {
  const std::optional<bool> checked = has(release, RouteRule::status_checked_first);
  if (!checked) return "503 (500 up to v0.3)";
  return *checked ? "503" : "500";
}

}  // namespace aibrix
