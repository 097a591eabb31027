// The judges of causes that lie in where a request went: its path, and an address a user gave.
#include <algorithm>
#include <charconv>

#include "aibrix/cluster.hpp"
#include "aibrix/endpoint.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/route.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/trace/response_causes.hpp"

namespace checks {
namespace {

struct Place {
  std::string host;
  std::int64_t port = 0;
};

// "https://[fd00::1]:8443/v1" is fd00::1 and 8443. A URL without a scheme is http.
Place place_of(std::string_view url) {
  Place out;
  const std::size_t scheme = url.find("://");
  out.port = url.starts_with("https") ? 443 : 80;
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, std::min(url.find_first_of("/?#"), url.size()));
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos)
    url.remove_prefix(at + 1);
  const std::size_t close = url.rfind(']');
  const std::size_t colon = url.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (close == std::string_view::npos || colon > close);
  if (has_port) {
    const std::string_view digits = url.substr(colon + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
    url = url.substr(0, colon);
  }
  if (url.starts_with('[') && url.ends_with(']')) url = url.substr(1, url.size() - 2);
  out.host = base::lower(url);
  return out;
}

bool is_ip(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_local(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::vector<aibrix::Address> all_addresses(const aibrix::Cluster& cluster, bool& known) {
  std::vector<aibrix::Address> out;
  for (const aibrix::Vantage from :
       {aibrix::Vantage::outside, aibrix::Vantage::node, aibrix::Vantage::inside}) {
    for (const std::string_view scheme : {"http", "https"}) {
      aibrix::EndpointFacts facts = aibrix::find_endpoint(cluster, from, scheme);
      known = known && facts.known;
      for (aibrix::Address& a : facts.addresses) out.push_back(std::move(a));
    }
  }
  return out;
}

bool is_same(const aibrix::Address& a, const Place& place) {
  if (a.port != place.port) return false;
  if (base::lower(a.host) == place.host || base::lower(a.hostname) == place.host) return true;
  if (a.service == nullptr) return false;
  const std::string name = std::string(a.service->name()) + '.' + std::string(a.service->ns());
  return place.host == name || place.host.starts_with(name + ".svc");
}

void judge_release(std::vector<CauseVerdict>& verdicts, const aibrix::Cluster& cluster) {
  for (CauseVerdict& v : verdicts) {
    const auto holds = v.cause->releases.holds(cluster.release());
    if (v.cause->releases.any() || !holds.has_value()) continue;
    v.state = *holds ? CauseVerdict::State::holds : CauseVerdict::State::ruled_out;
    if (*holds) v.why = "AIBrix " + cluster.release().text();
  }
}

constexpr aibrix::ResponseCause wrong_address = {"the address given is not the gateway's", {}};

}  // namespace

void judge_path(std::vector<CauseVerdict>& verdicts, std::string_view path,
                const aibrix::Cluster& cluster) {
  judge_release(verdicts, cluster);
  if (path.empty()) return;
  const kube::Lookup route = aibrix::reserved_route(cluster);
  if (!route) return;
  const bool covered = aibrix::covers(*route, path);
  for (CauseVerdict& v : verdicts) {
    if (!v.cause->by_path) continue;
    v.state = covered ? CauseVerdict::State::ruled_out : CauseVerdict::State::holds;
    if (!covered)
      v.why = "HTTPRoute " + route->full_name() + " has no rule for " + std::string(path);
  }
}

AddressVerdict judge_address(std::string_view url, const aibrix::Cluster& cluster) {
  AddressVerdict out;
  bool known = true;
  const auto addresses = all_addresses(cluster, known);
  const Place place = place_of(url);
  const std::string shown = aibrix::bracketed(place.host) + ':' + std::to_string(place.port);
  const bool same = std::any_of(addresses.begin(), addresses.end(),
                                [&](const aibrix::Address& a) { return is_same(a, place); });
  if (same) {
    out.is = AddressVerdict::Is::gateways;
    out.text = shown + " is an address of the gateway";
    return out;
  }
  if (!known || addresses.empty()) {
    out.text = "the gateway's own addresses are not known, so " + shown + " cannot be compared";
    return out;
  }
  if (!is_ip(place.host) && !is_local(place.host)) {
    out.text = "where the name " + place.host + " leads was not looked up";
    return out;
  }
  out.is = AddressVerdict::Is::none_of_gateways;
  out.text = shown + " is not an address of the gateway (" + addresses.front().url() + ')';
  return out;
}

void apply_address(std::vector<CauseVerdict>& verdicts, const aibrix::ResponsePattern& kind,
                   const AddressVerdict& address) {
  using Source = aibrix::ResponseSource;
  const bool proven = kind.source == Source::plugin || kind.source == Source::engine;
  if (address.is == AddressVerdict::Is::gateways || proven) return;
  for (CauseVerdict& v : verdicts) {
    if (v.state != CauseVerdict::State::ruled_out || v.cause->codes.empty()) continue;
    v.state = CauseVerdict::State::unchecked;
    v.why = "the checks are about the gateway's own address";
  }
  CauseVerdict first;
  first.cause = &wrong_address;
  first.why = address.text;
  const bool wrong = address.is == AddressVerdict::Is::none_of_gateways;
  first.state = wrong ? CauseVerdict::State::holds : CauseVerdict::State::unchecked;
  verdicts.insert(verdicts.begin(), std::move(first));
}

}  // namespace checks
