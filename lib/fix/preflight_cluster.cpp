// The look at load balancers, storage and nodes before an install.
#include <algorithm>
#include <map>
#include <set>

#include "aibrix/cluster.hpp"
#include "aibrix/image.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "fix/common.hpp"
#include "fix/preflight_common.hpp"

namespace fix {
namespace {

using kube::Object;

constexpr std::string_view default_class = "storageclass.kubernetes.io/is-default-class";

bool is_own(const Object& service) {
  return service.label(aibrix::names::owning_gateway_name) == aibrix::names::gateway;
}

bool has_address(const Object& service) {
  return !service.status().at("loadBalancer", "ingress").empty();
}

// What usually gives Services of type LoadBalancer an address here; empty: nothing was seen.
std::string load_balancer(const kube::Snapshot& snapshot) {
  for (const Object& d : snapshot.list(kube::resources::deployments)) {
    for (const kube::Value& c : d.at("spec", "template", "spec", "containers").items()) {
      const std::string_view image = aibrix::image_name(c["image"].text());
      if (image.find("metallb") != std::string_view::npos) return "MetalLB";
      if (image.find("kube-vip") != std::string_view::npos) return "kube-vip";
      if (image.ends_with("aws-load-balancer-controller"))
        return "the AWS load balancer controller";
    }
  }
  for (const Object& node : snapshot.list(kube::resources::nodes)) {
    const std::string_view id = node.spec()["providerID"].text();
    const std::string_view cloud = id.substr(0, id.find(':'));
    if (cloud == "k3s") return "k3s' own (svclb)";
    if (!cloud.empty() && cloud != "kind" && cloud != "kwok") return "cloud " + std::string(cloud);
  }
  return {};
}

void look_at_load_balancer(const kube::Snapshot& snapshot, Preflight& out) {
  if (!looked_at(snapshot, kube::resources::services, Weight::side, out)) return;
  const Object* with = nullptr;
  const Object* without = nullptr;
  for (const Object& s : snapshot.list(kube::resources::services)) {
    if (s.spec()["type"].text() != "LoadBalancer") continue;
    (has_address(s) ? with : without) = &s;
  }
  const std::string seen = load_balancer(snapshot);
  const checks::Command later = checks::aibrixctl("fix", "service-type", "--to", "NodePort");
  if (with != nullptr) {
    out.found.push_back("load balancers work here: Service " + with->full_name() +
                        " has an address");
  } else if (without != nullptr) {
    out.warnings.push_back({"Service " + without->full_name() +
                                " of type LoadBalancer has no address" +
                                (seen.empty() ? "" : ", although there is " + seen) +
                                ": the gateway's would have none either; once installed, "
                                "set it to NodePort",
                            later});
  } else if (!seen.empty()) {
    out.found.push_back("load balancer: " + seen);
  } else if (snapshot.complete(kube::resources::services) &&
             snapshot.loaded(kube::resources::nodes)) {
    out.warnings.push_back(
        {"no load balancer was seen: the gateway's Service would stay <pending>; "
         "once installed, set it to NodePort",
         later});
  }
}

// Load balancers on the nodes themselves give each port to one Service.
void look_at_node_port(const kube::Snapshot& snapshot, Preflight& out) {
  if (load_balancer(snapshot).find("svclb") == std::string::npos) return;
  for (const Object& s : snapshot.list(kube::resources::services)) {
    if (s.spec()["type"].text() != "LoadBalancer" || is_own(s)) continue;
    for (const kube::Value& port : s.spec()["ports"].items()) {
      if (port["port"].integer_or(0) != 80) continue;
      out.warnings.push_back({"port 80 of the nodes is taken by Service " + s.full_name() +
                                  ": svclb cannot give it to the gateway as well",
                              checks::aibrixctl("fix", "service-type", "--to", "NodePort")});
      return;
    }
  }
}

void look_at_storage(const kube::Snapshot& snapshot, Preflight& out) {
  if (!looked_at(snapshot, kube::resources::storage_classes, Weight::side, out)) return;
  for (const Object& c : snapshot.list(kube::resources::storage_classes)) {
    if (c.annotation(default_class) != "true") continue;
    out.found.push_back("default StorageClass " + std::string(c.name()));
    return;
  }
  out.warnings.push_back(
      {"there is no default StorageClass: AIBrix itself needs none, but models "
       "with a volume claim that names none stay Pending",
       {}});
}

// Extended resources of devices: nvidia.com/gpu, amd.com/gpu, aws.amazon.com/neuroncore, …
bool is_accelerator(std::string_view resource) {
  if (resource.find('/') == std::string_view::npos) return false;
  const auto has = [&](std::string_view part) {
    return resource.find(part) != std::string_view::npos;
  };
  return has("gpu") || has("npu") || has("neuron") || has("tpu") || has("Ascend") || has("mig-");
}

struct Nodes {
  std::size_t all = 0;
  std::size_t ready = 0;
  std::set<std::string> architectures;
  std::map<std::string, std::size_t> accelerators;  // nodes that have them
};

Nodes count_nodes(const kube::Snapshot& snapshot) {
  Nodes out;
  for (const Object& node : snapshot.list(kube::resources::nodes)) {
    ++out.all;
    if (node.condition("Ready").is_true()) ++out.ready;
    const std::string_view arch = node.label("kubernetes.io/arch");
    if (!arch.empty()) out.architectures.emplace(arch);
    for (const kube::Member& m : node.status()["allocatable"].members()) {
      if (is_accelerator(m.key) && m.value.scalar() != "0") ++out.accelerators[std::string(m.key)];
    }
  }
  return out;
}

void look_at_architecture(const Nodes& nodes, const aibrix::ReleaseData& to, Preflight& out) {
  std::vector<std::string> other;
  const aibrix::Release release({base::parse_version(to.release), std::string(to.release), ""});
  const bool arm = aibrix::facts::images_for_arm64.holds(release).value_or(false);
  for (const std::string& a : nodes.architectures) {
    if (a != "amd64" && !(arm && a == "arm64")) other.push_back(a);
  }
  if (other.empty()) return;
  const std::string text = base::join_and(other) + " nodes: images of AIBrix " +
                           std::string(to.release) + " are not known to be made for " +
                           (other.size() == 1 ? "this architecture" : "these architectures");
  const bool none = other.size() == nodes.architectures.size();
  (none ? out.in_the_way : out.warnings)
      .push_back({text + (none ? "" : ": keep its pods off these nodes"), {}});
}

void look_at_nodes(const kube::Snapshot& snapshot, const aibrix::ReleaseData& to, Preflight& out) {
  if (!looked_at(snapshot, kube::resources::nodes, Weight::side, out)) return;
  const Nodes nodes = count_nodes(snapshot);
  if (nodes.ready == 0) {
    out.in_the_way.push_back({nodes.all == 0 ? "there is no node: no pod can run"
                                             : "none of " + base::plural(nodes.all, "node") +
                                                   " is Ready: no pod can run",
                              {}});
    return;
  }
  std::string text =
      std::to_string(nodes.ready) + " of " + base::plural(nodes.all, "node") + " Ready";
  if (!nodes.architectures.empty()) {
    const std::vector<std::string> list(nodes.architectures.begin(), nodes.architectures.end());
    text += ", " + base::join_and(list);
  }
  for (const auto& [resource, count] : nodes.accelerators) {
    text += ", " + resource + " on " + std::to_string(count);
  }
  out.found.push_back(text);
  look_at_architecture(nodes, to, out);
  if (nodes.accelerators.empty()) {
    out.warnings.push_back(
        {"no node offers a GPU or another accelerator (is its device plugin "
         "running?): AIBrix itself needs none, most models do",
         {}});
  }
}

}  // namespace

void look_at_cluster(const checks::Context& context, const aibrix::ReleaseData& to,
                     Preflight& out) {
  look_at_nodes(context.snapshot, to, out);
  look_at_load_balancer(context.snapshot, out);
  look_at_node_port(context.snapshot, out);
  look_at_storage(context.snapshot, out);
}

}  // namespace fix
