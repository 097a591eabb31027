// The reader of a pod's service account token and of the API server's address.
#include "kube/auth/in_cluster.hpp"

#include <sys/stat.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/auth/kubeconfig_resolve.hpp"

namespace kube {
namespace {

std::string token_path(const Environment& environment) {
  return environment.service_account_folder + "/token";
}

}  // namespace

bool in_cluster(const Environment& environment) {
  struct stat info {};
  return !environment.service_host.empty() && !environment.service_port.empty() &&
         ::stat(token_path(environment).c_str(), &info) == 0 && !S_ISDIR(info.st_mode);
}

Access in_cluster_access(const KubeconfigFlags& flags, const Environment& environment,
                         const ExecOptions& exec) {
  Access access;
  const bool ipv6 = environment.service_host.find(':') != std::string::npos;
  const std::string host = ipv6 ? '[' + environment.service_host + ']' : environment.service_host;
  access.server = normal_server(
      flags.server.empty() ? "https://" + host + ':' + environment.service_port : flags.server,
      flags.server.empty() ? "this pod (KUBERNETES_SERVICE_HOST)" : "--server");
  access.tls_server_name = flags.tls_server_name;
  access.insecure_skip_tls_verify = flags.insecure_skip_tls_verify;
  PemSource ca;
  ca.field = "the certificate authority";
  ca.path = !flags.certificate_authority.empty() ? flags.certificate_authority
            : flags.insecure_skip_tls_verify     ? std::string()
                                                 : environment.service_account_folder + "/ca.crt";
  if (!ca.empty()) access.ca_pem = load_pem(ca, "CERTIFICATE");

  access.ns = !flags.ns.empty() ? flags.ns : environment.pod_namespace;
  if (access.ns.empty()) {
    const auto ns =
        base::read_file_if_there(environment.service_account_folder + "/namespace", 4096);
    if (ns) access.ns = std::string(base::trim(*ns));
  }
  access.as_user = flags.as_user;
  access.as_uid = flags.as_uid;
  access.as_groups = flags.as_groups;
  if (access.server.starts_with("http://")) {
    access.credentials = http_credentials(access.server);
  } else if (!flags.token.empty()) {
    UserEntry user;
    user.token = flags.token;
    user.token_from_flag = true;
    access.credentials = make_credentials(user, ClusterEntry(), exec);
  } else {
    access.credentials = token_file_credentials(Login(), token_path(environment), "");
  }
  return access;
}

}  // namespace kube
