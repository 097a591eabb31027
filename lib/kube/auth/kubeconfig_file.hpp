// What kubeconfig files hold: clusters, users and contexts.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kube/auth/credentials.hpp"

namespace kube {

// The entries of a kubeconfig (client-go tools/clientcmd/api/v1). Relative paths in them are
// already resolved against the folder of their file; `place` is the "file:line" they come from.

struct ClusterEntry {
  std::string name, server, tls_server_name, proxy_url;
  bool insecure_skip_tls_verify = false, disable_compression = false;
  PemSource certificate_authority;
  std::string exec_config;  // JSON of the extension "client.authentication.k8s.io/exec"
  std::string place;
};

struct ExecEntry {
  std::string api_version, command, install_hint;
  std::vector<std::string> args;
  std::vector<std::pair<std::string, std::string>> env;
  std::string interactive_mode;  // Never, IfAvailable, Always
  bool provide_cluster_info = false;
  std::string place;
};

struct UserEntry {
  std::string name;
  std::string token, token_file, username, password;
  bool token_from_flag = false;
  PemSource client_certificate, client_key;
  std::optional<ExecEntry> exec;
  std::optional<std::string> auth_provider;  // its name
  std::string as_user, as_uid;
  std::vector<std::string> as_groups;
  std::map<std::string, std::vector<std::string>> as_extra;
  std::string place;
};

struct ContextEntry {
  std::string name, cluster, user, ns, place;
};

template <typename Entry>
using Entries = std::map<std::string, Entry, std::less<>>;  // by name

struct Kubeconfig {
  Entries<ClusterEntry> clusters;
  Entries<UserEntry> users;
  Entries<ContextEntry> contexts;
  std::string current_context;
  std::vector<std::string> files;    // that were read
  std::vector<std::string> missing;  // that were looked for

  bool empty() const {
    return clusters.empty() && users.empty() && contexts.empty() && current_context.empty();
  }
};

// Reads one file's text. As kubectl does: unknown fields are ignored, only the first document
// counts, a value of the wrong type or a name given twice is an error.
Kubeconfig parse_kubeconfig(std::string_view text, const std::string& file);

// Adds what `later` has and `config` has not: the first file to name an entry gives all of it.
void merge(Kubeconfig& config, Kubeconfig later);

}  // namespace kube
