// The finder of the gateway's addresses: load balancer, node port, ClusterIP.
#include "aibrix/endpoint.hpp"

#include <algorithm>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/envoy_nodes.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/listener_ports.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

namespace core = kube::resources;
using kube::Object;
using kube::Value;

bool is_ipv6(std::string_view host) {
  return host.find(':') != std::string_view::npos;
}

class Finder {
 public:
  Finder(const Cluster& cluster, Vantage from, std::string_view scheme, EndpointFacts& out)
      : cluster_(cluster), from_(from), scheme_(scheme), out_(out) {}

  void add(const Object& service) {
    service_ = &service;
    doors_ = listener_ports(cluster_, service, scheme_);
    if (doors_.empty()) {
      return no("Service " + service.full_name() + " has no port for " +
                (scheme_.empty() ? std::string("an HTTP") : "an " + scheme_) +
                " listener of the Gateway");
    }
    const auto ready = cluster_.ready_endpoints(service.ns(), service.name());
    if (ready && *ready == 0) {
      out_.unready = true;
      return no("no Envoy pod behind Service " + service.full_name() + " is ready");
    }
    if (!ready) caution_ = "whether an Envoy pod is ready was not read";
    const std::string_view type = service.spec()["type"].text("ClusterIP");
    if (from_ == Vantage::inside) {
      cluster_ips();
      balancers();
      return;
    }
    balancers();
    if (type == "LoadBalancer" && service.status()["loadBalancer"]["ingress"].empty()) pending();
    if (type == "NodePort" || (type == "LoadBalancer" && from_ == Vantage::node)) node_ports();
    if (from_ == Vantage::node) cluster_ips();
    if (type == "ClusterIP" && from_ == Vantage::outside) {
      no("Service " + service.full_name() +
         " is of type ClusterIP and reachable only from pods and nodes");
    }
  }

 private:
  void no(std::string why) { out_.why_not.push_back(std::move(why)); }

  Address make(const ListenerPort& door, std::string_view host, std::int64_t port, std::string how,
               Vantage reach) const {
    Address a;
    a.scheme = door.scheme;
    a.host = host;
    a.port = port;
    a.hostname = door.hostname;
    a.listener = door.listener;
    a.how = std::move(how);
    a.caution = caution_;
    if (door.hostname.starts_with("*")) {
      a.caution = "the listener accepts only host names that match " + door.hostname;
    }
    a.reach = reach;
    a.service = service_;
    return a;
  }

  void for_each_door(std::string_view host, const std::string& how, Vantage reach) {
    for (const ListenerPort& door : doors_)
      out_.addresses.push_back(make(door, host, door.port, how, reach));
  }

  void balancers() {
    for (const Value& ingress : service_->status()["loadBalancer"]["ingress"].items()) {
      const std::string_view ip = ingress["ip"].text();
      const std::string_view host = ip.empty() ? ingress["hostname"].text() : ip;
      if (host.empty()) continue;
      for_each_door(host, ip.empty() ? "load balancer's host name" : "load balancer's IP",
                    Vantage::outside);
    }
    for (const Value& ip : service_->spec()["externalIPs"].items()) {
      if (!ip.text().empty()) for_each_door(ip.text(), "spec.externalIPs", Vantage::outside);
    }
  }

  void pending() {
    out_.pending = true;
    no("Service " + service_->full_name() +
       " is of type LoadBalancer and has no external IP yet (<pending>)");
  }

  void cluster_ips() {
    const Value ips = service_->spec()["clusterIPs"];
    std::vector<std::string_view> all;
    for (const Value& ip : ips.items()) all.push_back(ip.text());
    if (all.empty()) all.push_back(service_->spec()["clusterIP"].text());
    for (const std::string_view ip : all) {
      if (ip.empty() || ip == "None") continue;
      for_each_door(ip, "cluster IP", Vantage::inside);
    }
    if (from_ == Vantage::inside) {
      for_each_door(std::string(service_->name()) + '.' + std::string(service_->ns()) + ".svc",
                    "cluster DNS name", Vantage::inside);
    }
  }

  bool serves_family(std::string_view ip) const {
    const Value families = service_->spec()["ipFamilies"];
    if (families.empty()) return true;
    const auto items = families.items();
    return std::any_of(items.begin(), items.end(),
                       [&](const Value& f) { return f.text() == (is_ipv6(ip) ? "IPv6" : "IPv4"); });
  }

  std::string address_of(const Object& node, std::string_view type) const {
    for (const Value& address : node.status()["addresses"].items()) {
      const std::string_view ip = address["address"].text();
      if (address["type"].text() == type && serves_family(ip)) return std::string(ip);
    }
    return {};
  }

  // Nodes that answer; those about to go last, or not at all when they run no Envoy.
  std::vector<const Object*> usable_nodes() {
    const auto nodes = port_nodes(cluster_, *service_, NodesRead::any);
    if (!nodes) {
      out_.known = false;
      no("Nodes, or the nodes of Envoy's pods, were not read");
      return {};
    }
    if (!nodes->silent.empty()) {
      const auto all = cluster_.snapshot().list(core::nodes);
      const bool first = std::find(nodes->silent.begin(), nodes->silent.end(), &all.front()) !=
                         nodes->silent.end();
      no("skipped, because they run no Envoy pod and externalTrafficPolicy is Local: " +
         name_nodes(nodes->silent) +
         (first ? "; the FAQ's command, which uses the first node, would return one of them" : ""));
    }
    const std::set<std::string_view> hosting = hosting_nodes(cluster_.snapshot(), *service_);
    std::vector<const Object*> out;
    std::vector<const Object*> cordoned;
    for (const Object* node : nodes->answering) {
      if (!node->spec()["unschedulable"].is_true()) {
        out.push_back(node);
      } else if (hosting.count(node->name()) != 0) {
        cordoned.push_back(node);
      }
    }
    out.insert(out.end(), cordoned.begin(), cordoned.end());
    if (out.empty()) {
      out_.known = out_.known && cluster_.snapshot().complete(core::nodes);
      no("no Ready node answers on the node port");
    }
    return out;
  }

  void node_ports() {
    if (std::none_of(doors_.begin(), doors_.end(),
                     [](const ListenerPort& d) { return d.node_port != 0; })) {
      return no("Service " + service_->full_name() + " has no node port");
    }
    const std::vector<const Object*> nodes = usable_nodes();
    const bool outside = from_ == Vantage::outside;
    add_nodes(nodes, outside ? "ExternalIP" : "InternalIP");
    add_nodes(nodes, outside ? "InternalIP" : "ExternalIP");
  }

  void add_nodes(const std::vector<const Object*>& nodes, std::string_view type) {
    for (const Object* node : nodes) {
      const std::string ip = address_of(*node, type);
      if (ip.empty()) continue;
      for (const ListenerPort& door : doors_) {
        if (door.node_port == 0) continue;
        Address a =
            make(door, ip, door.node_port,
                 "node port on " + std::string(node->name()) + " (" + std::string(type) + ')',
                 type == "ExternalIP" ? Vantage::outside : Vantage::node);
        if (node->spec()["unschedulable"].is_true()) a.caution = "the node is cordoned";
        if (from_ == Vantage::outside && a.reach == Vantage::node && a.caution.empty()) {
          a.caution = "reachable only from the nodes' own network";
        }
        out_.addresses.push_back(std::move(a));
      }
    }
  }

  const Cluster& cluster_;
  Vantage from_;
  std::string scheme_;
  EndpointFacts& out_;
  const Object* service_ = nullptr;
  std::vector<ListenerPort> doors_;
  std::string caution_;
};

void explain_absence(const Cluster& cluster, EndpointFacts& out) {
  if (gateway_mode(cluster) == GatewayMode::none) {
    out.why_not.emplace_back("this install has no gateway");
    return;
  }
  const ServiceName expected = expected_service(cluster);
  const bool all = cluster.snapshot().complete(core::services);
  out.known = all;
  out.why_not.push_back("Service " + expected.ns + '/' + expected.name +
                        (all ? " does not exist: Envoy Gateway has not created it"
                             : " is not among the objects that were read"));
}

}  // namespace

std::string_view to_string(Vantage vantage) {
  switch (vantage) {
    case Vantage::outside: return "outside";
    case Vantage::node: return "node";
    case Vantage::inside: return "inside";
  }
  return "";
}

std::string bracketed(std::string_view host) {
  return is_ipv6(host) ? '[' + std::string(host) + ']' : std::string(host);
}

std::string Address::authority() const {
  // A wildcard names no host: the address itself is as good as any other name.
  const bool named = !hostname.empty() && hostname.front() != '*';
  return (named ? hostname : bracketed(host)) + ':' + std::to_string(port);
}

std::string Address::url() const {
  return scheme + "://" + authority();
}

EndpointFacts find_endpoint(const Cluster& cluster, Vantage from, std::string_view scheme) {
  EndpointFacts out;
  Finder finder(cluster, from, scheme, out);
  for (const Object* service : entry_services(cluster)) {
    if (service->deleting()) continue;
    out.services.push_back(service);
    finder.add(*service);
  }
  if (out.services.empty()) explain_absence(cluster, out);
  // Of several Services and doors the plainest first, within what one Service offers.
  std::stable_sort(
      out.addresses.begin(), out.addresses.end(),
      [](const Address& a, const Address& b) { return a.hostname.empty() && !b.hostname.empty(); });
  return out;
}

}  // namespace aibrix
