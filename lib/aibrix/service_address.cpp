// The reader of addresses, and the look behind them.
#include "aibrix/service_address.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/text.hpp"
#include "kube/name_rules.hpp"

namespace aibrix {
namespace {

// Without scheme, user, path and query: "host:port".
std::string_view authority(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos)
    text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  if (const auto user = text.rfind('@'); user != std::string_view::npos)
    text.remove_prefix(user + 1);
  return text;
}

}  // namespace

std::optional<ServiceAddress> service_address(std::string_view text, std::string_view own_ns) {
  std::string_view host = authority(base::trim(text));
  ServiceAddress out;
  if (const auto colon = host.rfind(':'); colon != std::string_view::npos) {
    std::int64_t port = 0;
    const std::string_view digits = host.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    out.port = port;
    host = host.substr(0, colon);
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::vector<std::string_view> parts = base::split(host, '.');
  if (!kube::is_dns1035_label(parts[0]) || host == "localhost") return std::nullopt;
  out.name = std::string(parts[0]);
  out.ns = std::string(own_ns);
  if (parts.size() == 1) return out;
  // Two words may be a host outside; a third one that is not svc is.
  if (parts.size() < 3 || parts[2] != "svc") return std::nullopt;
  out.ns = std::string(parts[1]);
  out.certain = true;
  return out;
}

std::string ServiceState::what() const {
  if (missing) return "does not exist";
  if (wrong_port) return "does not have that port";
  return "has no ready endpoint";
}

ServiceState service_state(const Cluster& cluster, const ServiceAddress& address) {
  ServiceState out;
  const kube::Snapshot& snapshot = cluster.snapshot();
  out.service = snapshot.find(kube::resources::services, address.ns, address.name);
  out.known = !out.service.unknown();
  if (!out.known) return out;
  out.missing = out.service.missing();
  if (out.missing) return out;
  const kube::Value spec = out.service->spec();
  // Another name for a host outside: nothing of it is in the API.
  if (spec["type"].text() == "ExternalName") return out;
  std::vector<std::string> ports;
  for (const kube::Value& port : spec["ports"].items()) ports.emplace_back(port["port"].scalar());
  // Without a cluster IP the pods themselves are asked, at any port.
  const bool headless = spec["clusterIP"].text() == "None";
  if (address.port && !headless && !ports.empty() &&
      std::find(ports.begin(), ports.end(), std::to_string(*address.port)) == ports.end()) {
    out.wrong_port = true;
    out.measured = "ports " + base::join(ports, ", ");
    out.want = "port " + std::to_string(*address.port);
    return out;
  }
  const auto ready = cluster.ready_endpoints(address.ns, address.name);
  out.known = ready.has_value();
  out.unready = ready && *ready == 0;
  if (out.unready) {
    out.measured = "0 ready endpoints";
    out.want = "at least 1";
  }
  return out;
}

}  // namespace aibrix
