// The search for kubeconfig files, and the access that they and the flags come to.
#include "kube/auth/kubeconfig.hpp"
#include "kube/auth/system_roots.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/auth/in_cluster.hpp"
#include "kube/auth/kubeconfig_file.hpp"
#include "kube/auth/kubeconfig_resolve.hpp"

namespace kube {
namespace {

// A kubeconfig of a thousand clusters with their certificates has 4 MiB.
constexpr std::size_t max_kubeconfig_bytes = std::size_t{8} << 20U;

constexpr const char* other_ways =
    "--kubeconfig FILE names another one; -f FILE reads manifests or a dump without a cluster";

[[noreturn]] void not_found(const std::string& message, std::string hint = other_ways) {
  throw base::Error(base::Fault::usage, "KubeconfigNotFound", message, std::move(hint));
}

Kubeconfig load_explicit(const std::string& path) {
  const auto text = base::read_file_if_there(path, max_kubeconfig_bytes);
  if (text) return parse_kubeconfig(*text, path);
  const std::string message = "the kubeconfig " + base::printable(path) + " does not exist";
  if (path.starts_with("~/")) not_found(message, "the shell did not expand the ~; write $HOME");
  if (path.find(':') != std::string::npos) {
    not_found(message, "--kubeconfig takes one file; set KUBECONFIG for a list of files");
  }
  not_found(message);
}

// client-go's ClientConfigLoadingRules: KUBECONFIG when it is not empty, else ~/.kube/config.
std::vector<std::string> usual_files(const Environment& environment) {
  std::vector<std::string> files;
  if (environment.kubeconfig && !environment.kubeconfig->empty()) {
    for (const std::string_view part : base::split(*environment.kubeconfig, ':')) {
      const bool again = std::find(files.begin(), files.end(), part) != files.end();
      if (!part.empty() && !again) files.emplace_back(part);
    }
  } else if (!environment.home.empty()) {
    files.push_back(base::resolve_path(environment.home, ".kube/config"));
  }
  return files;
}

Kubeconfig load(const KubeconfigFlags& flags, const Environment& environment) {
  if (!flags.kubeconfig.empty()) return load_explicit(flags.kubeconfig);
  Kubeconfig config;
  for (const std::string& file : usual_files(environment)) {
    if (const auto text = base::read_file_if_there(file, max_kubeconfig_bytes)) {
      merge(config, parse_kubeconfig(*text, file));
    } else {
      config.missing.push_back(file);
    }
  }
  return config;
}

[[noreturn]] void nothing_found(const Kubeconfig& config, const Environment& environment) {
  std::vector<std::string> parts;
  for (const std::string& file : config.missing) {
    parts.push_back(base::printable(file) + " does not exist");
  }
  for (const std::string& file : config.files) {
    parts.push_back(base::printable(file) + " has no clusters, users or contexts");
  }
  if (parts.empty()) {
    parts.emplace_back(environment.kubeconfig && !environment.kubeconfig->empty()
                           ? "KUBECONFIG names no file"
                           : "neither KUBECONFIG nor HOME is set");
  }
  if (!environment.service_host.empty()) {
    parts.push_back("this pod has no service account token in " +
                    base::printable(environment.service_account_folder));
  }
  not_found("no kubeconfig found: " + base::join_and(parts));
}

void check_proxy(const ClusterEntry& cluster) {
  constexpr std::array<std::string_view, 3> schemes = {"http://", "https://", "socks5://"};
  const std::string url = base::lower(cluster.proxy_url);
  const bool known = std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) {
    return url.starts_with(scheme) && url.size() > scheme.size();
  });
  if (url.empty() || known) return;
  throw base::Error(base::Fault::usage, "KubeconfigInvalid",
                    cluster.place + ": proxy-url of cluster \"" + base::printable(cluster.name) +
                        "\" is not an http, https or socks5 address");
}

// The parts that only a TLS connection has.
void add_tls(Access& access, const ResolvedContext& choice, const ExecOptions& exec) {
  const ClusterEntry& cluster = choice.cluster;
  if (access.server.starts_with("http://")) {
    access.credentials = http_credentials(access.server);
    return;
  }
  access.tls_server_name = cluster.tls_server_name;
  access.insecure_skip_tls_verify = cluster.insecure_skip_tls_verify;
  if (!cluster.certificate_authority.empty()) {
    if (cluster.insecure_skip_tls_verify) {
      throw base::Error(base::Fault::usage, "TlsConflict",
                        "a certificate authority and insecure-skip-tls-verify exclude each other",
                        "remove one of them");
    }
    access.ca_pem = load_pem(cluster.certificate_authority, "CERTIFICATE");
  }
  access.credentials = make_credentials(choice.user, cluster, exec);
}

Access access_by(const Kubeconfig& config, const KubeconfigFlags& flags,
                 const Environment& environment, const ExecOptions& exec) {
  if (selects_nothing(config, flags) && in_cluster(environment)) {
    return in_cluster_access(flags, environment, exec);
  }
  if (config.empty() && flags.server.empty()) nothing_found(config, environment);

  const ResolvedContext choice = resolve(config, flags);
  check_proxy(choice.cluster);
  Access access;
  access.context = choice.context;
  access.cluster = choice.cluster.name;
  access.user = choice.user.name;
  access.ns = choice.ns;
  access.server = normal_server(choice.cluster.server,
                                !flags.server.empty()
                                    ? "--server"
                                    : "cluster \"" + base::printable(choice.cluster.name) + '"');
  access.proxy_url = choice.cluster.proxy_url;
  access.disable_compression = choice.cluster.disable_compression;
  access.as_user = choice.user.as_user;
  access.as_uid = choice.user.as_uid;
  access.as_groups = choice.user.as_groups;
  access.as_extra = choice.user.as_extra;
  add_tls(access, choice, exec);
  return access;
}

}  // namespace

Access load_access(const KubeconfigFlags& flags, const Environment& environment,
                   const ExecOptions& exec) {
  return load_access(load(flags, environment), flags, environment, exec);
}

Access load_access(const Kubeconfig& config, const KubeconfigFlags& flags,
                   const Environment& environment, const ExecOptions& exec) {
  Access access = access_by(config, flags, environment, exec);
  use_environment(access, environment);
  return access;
}

std::shared_ptr<const Kubeconfig> load_kubeconfig(const KubeconfigFlags& flags,
                                                  const Environment& environment) {
  auto config = std::make_shared<Kubeconfig>(load(flags, environment));
  if (config->empty()) nothing_found(*config, environment);
  return config;
}

void use_environment(Access& access, const Environment& environment) {
  if (access.proxy_url.empty()) {
    access.proxy_url = proxy_for(access.server, environment.proxy);
  }
  const bool judged = access.server.starts_with("https://") && access.ca_pem.empty() &&
                      !access.insecure_skip_tls_verify;
  if (judged) {
    access.system_roots_pem = system_roots(environment.cert_file, environment.cert_folders);
  }
}

std::vector<std::string> context_names(const KubeconfigFlags& flags,
                                       const Environment& environment) {
  return context_names(load(flags, environment));
}

std::vector<std::string> context_names(const Kubeconfig& config) {
  std::vector<std::string> names;
  for (const auto& [name, context] : config.contexts) names.push_back(name);
  return names;
}

void require_context(const Kubeconfig& config, const std::string& name) {
  KubeconfigFlags flags;
  flags.context = name;
  choose_context(config, flags);
}

}  // namespace kube
