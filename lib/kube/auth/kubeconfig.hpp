// Access to a cluster by flags, kubeconfig files and environment, as kubectl finds it.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kube/auth/access.hpp"
#include "kube/auth/credentials.hpp"
#include "kube/http/proxy.hpp"

namespace kube {

struct Kubeconfig;

// kubectl's connection flags, as given on the command line; empty: not given. Paths are relative to
// the working folder.
struct KubeconfigFlags {
  std::string kubeconfig;  // only this file is read, and it must exist
  std::string context, cluster, user, ns;
  std::string server, tls_server_name, certificate_authority;
  bool insecure_skip_tls_verify = false;
  std::string token;  // instead of every other way to log in that the user entry has
  std::string client_certificate, client_key;
  std::string as_user, as_uid;
  std::vector<std::string> as_groups;
};

// What the command line tool read from its environment.
struct Environment {
  std::optional<std::string> kubeconfig;   // KUBECONFIG: files separated by ':', the first one wins
  std::string home;                        // HOME, for ~/.kube/config
  std::string service_host, service_port;  // KUBERNETES_SERVICE_HOST, _PORT: we run in a pod
  std::string pod_namespace;               // POD_NAMESPACE
  std::string cert_file, cert_folders;     // SSL_CERT_FILE; SSL_CERT_DIR, separated by ':'
  ProxyEnvironment proxy = {};
  std::string service_account_folder = "/var/run/secrets/kubernetes.io/serviceaccount";
};

// How to reach the API server, by kubectl's rules (client-go tools/clientcmd): flags, then the
// kubeconfig files, then, if they select nothing, the pod's service account. No exec plugin runs
// before the first login().
//
// Throws base::Error(usage): KubeconfigNotFound, KubeconfigInvalid, NoCurrentContext,
// ContextNotFound, ClusterNotFound, UserNotFound, ServerInvalid, TlsConflict, CredentialsInvalid,
// AuthProviderRemoved, and those of base::read_file.
// A proxy that the kubeconfig does not name is the environment's, and so are the system's
// authorities, as Go reads it.
Access load_access(const KubeconfigFlags& flags, const Environment& environment,
                   const ExecOptions& exec = {});

// The files, read once for several contexts.
std::shared_ptr<const Kubeconfig> load_kubeconfig(const KubeconfigFlags& flags,
                                                  const Environment& environment);
Access load_access(const Kubeconfig& config, const KubeconfigFlags& flags,
                   const Environment& environment, const ExecOptions& exec = {});
// Their contexts, sorted.
std::vector<std::string> context_names(const Kubeconfig& config);
// Throws as load_access does for a context that is not there; whether its cluster and its user are,
// that tells.
void require_context(const Kubeconfig& config, const std::string& name);

// The same for a server that no kubeconfig names.
void use_environment(Access& access, const Environment& environment);

// The names of all contexts, sorted, for completion. Throws as above when a file is broken.
std::vector<std::string> context_names(const KubeconfigFlags& flags,
                                       const Environment& environment);

}  // namespace kube
