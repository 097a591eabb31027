// Which context, cluster and user of the kubeconfig a command uses.
#pragma once
#include <string>

#include "kube/auth/kubeconfig.hpp"
#include "kube/auth/kubeconfig_file.hpp"

namespace kube {

// The three entries that a command uses, with the flags already applied.
struct ResolvedContext {
  std::string context;  // its name; empty when flags alone say where to go
  std::string ns;
  ClusterEntry cluster;
  UserEntry user;
};

// True when neither the files nor the flags name a server.
bool selects_nothing(const Kubeconfig& config, const KubeconfigFlags& flags);

// Throws base::Error(usage) with what is missing and what there is instead.
ContextEntry choose_context(const Kubeconfig& config, const KubeconfigFlags& flags);
ResolvedContext resolve(const Kubeconfig& config, const KubeconfigFlags& flags);

// "https://host:port/prefix" from a cluster's server field: scheme in lower case, no trailing
// slash, no query. As in client-go, a server without a scheme is reached over http.
std::string normal_server(const std::string& server, const std::string& whose);

}  // namespace kube
