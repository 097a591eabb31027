// Access to the API server from inside a pod.
#pragma once
#include "kube/auth/kubeconfig.hpp"

namespace kube {

// True in a pod with a service account token: client-go's inClusterClientConfig.Possible().
bool in_cluster(const Environment& environment);

// The pod's own service account, with the flags that make sense there: --server,
// --certificate-authority, --insecure-skip-tls-verify, --tls-server-name, --token, -n and --as….
Access in_cluster_access(const KubeconfigFlags& flags, const Environment& environment,
                         const ExecOptions& exec = {});

}  // namespace kube
