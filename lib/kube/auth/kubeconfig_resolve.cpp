// The choice of context, cluster and user, with kubectl's flags applied.
#include "kube/auth/kubeconfig_resolve.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

constexpr std::size_t names_shown = 12;

[[noreturn]] void fail(std::string reason, const std::string& message, std::string hint) {
  throw base::Error(base::Fault::usage, std::move(reason), message, std::move(hint));
}

std::string in_quotes(std::string_view name) {
  return '"' + base::printable(name) + '"';
}

std::string files_of(const Kubeconfig& config) {
  std::vector<std::string> names;
  for (const std::string& file : config.files) names.push_back(base::printable(file));
  return names.empty() ? "the kubeconfig" : base::join_and(names);
}

template <typename Entry>
std::vector<std::string> names_of(const Entries<Entry>& entries) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries) names.push_back(name);
  return names;
}

// "there are a, b and c"; the nearest name first when there is one.
std::string what_there_is(std::string_view kind, std::string_view wanted,
                          const std::vector<std::string>& names) {
  if (names.empty()) return "it has no " + std::string(kind) + 's';
  const std::string near = wanted.empty() ? std::string() : base::closest_match(wanted, names);
  // "a" is no slip for "x", however short the way.
  const bool likely = !near.empty() && base::distance(wanted, near) < near.size();
  const std::string guess = likely ? "did you mean " + in_quotes(near) + "? " : std::string();
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    if (shown.size() == names_shown) break;
    shown.push_back(base::printable(name));
  }
  if (names.size() > shown.size()) {
    shown.push_back(std::to_string(names.size() - shown.size()) + " more");
  }
  return guess +
         (names.size() == 1 ? "its only " + std::string(kind) + " is "
                            : "its " + std::string(kind) + "s are ") +
         base::join_and(shown);
}

template <typename Entry>
const Entry* find(const Entries<Entry>& entries, std::string_view name) {
  const auto it = entries.find(name);
  return it == entries.end() ? nullptr : &it->second;
}

}  // namespace

// The entry, or an empty one when flags say all that is needed.
ContextEntry choose_context(const Kubeconfig& config, const KubeconfigFlags& flags) {
  const bool asked = !flags.context.empty();
  const std::string& name = asked ? flags.context : config.current_context;
  const std::vector<std::string> names = names_of(config.contexts);
  if (name.empty()) {
    if (!flags.cluster.empty() || !flags.server.empty()) return {};
    fail("NoCurrentContext",
         "no context is selected: " + files_of(config) + " sets no current-context",
         names.empty() ? what_there_is("context", "", names)
                       : "use --context NAME or `kubectl config use-context NAME`; " +
                             what_there_is("context", "", names));
  }
  const ContextEntry* context = find(config.contexts, name);
  if (context != nullptr) return *context;
  const std::string message =
      asked ? "there is no context " + in_quotes(name) + " in " + files_of(config)
            : "current-context is " + in_quotes(name) + ", but " + files_of(config) +
                  " has no such context";
  fail("ContextNotFound", message, what_there_is("context", name, names));
}

namespace {

ClusterEntry choose_cluster(const Kubeconfig& config, const KubeconfigFlags& flags,
                            const ContextEntry& context) {
  const bool asked = !flags.cluster.empty();
  const std::string name = asked ? flags.cluster : context.cluster;
  if (const ClusterEntry* cluster = find(config.clusters, name); cluster != nullptr) {
    return *cluster;
  }
  const std::vector<std::string> names = names_of(config.clusters);
  if (asked) {
    fail("ClusterNotFound", "there is no cluster " + in_quotes(name) + " in " + files_of(config),
         what_there_is("cluster", name, names));
  }
  ClusterEntry none;
  none.name = name;
  if (!flags.server.empty()) return none;
  const std::string whose = context.place + ": context " + in_quotes(context.name);
  if (name.empty()) {
    fail("ClusterNotFound", whose + " has no cluster", what_there_is("cluster", "", names));
  }
  fail("ClusterNotFound",
       whose + " references cluster " + in_quotes(name) + ", which is not defined",
       what_there_is("cluster", name, names));
}

// A context without a user is fine: the requests are anonymous (kubectl proxy).
UserEntry choose_user(const Kubeconfig& config, const KubeconfigFlags& flags,
                      const ContextEntry& context) {
  const bool asked = !flags.user.empty();
  const std::string name = asked ? flags.user : context.user;
  if (const UserEntry* user = find(config.users, name); user != nullptr) return *user;
  UserEntry none;
  none.name = name;
  if (!asked && (name.empty() || !flags.token.empty() || !flags.client_certificate.empty())) {
    return none;
  }
  const std::vector<std::string> names = names_of(config.users);
  if (asked) {
    fail("UserNotFound", "there is no user " + in_quotes(name) + " in " + files_of(config),
         what_there_is("user", name, names));
  }
  fail("UserNotFound",
       context.place + ": context " + in_quotes(context.name) + " references user " +
           in_quotes(name) + ", which is not defined",
       what_there_is("user", name, names));
}

PemSource flag_pem(const std::string& path, const std::string& field) {
  return {path, {}, "--" + field, {}, {}};
}

// client-go's getCluster(): a CA flag or --insecure-skip-tls-verify replaces both settings of the
// entry; --server drops its tls-server-name, which was for another address.
void apply_cluster_flags(ClusterEntry& cluster, const KubeconfigFlags& flags) {
  if (!flags.server.empty()) cluster.server = flags.server;
  if (!flags.server.empty() || !flags.tls_server_name.empty()) {
    cluster.tls_server_name = flags.tls_server_name;
  }
  if (flags.insecure_skip_tls_verify || !flags.certificate_authority.empty()) {
    cluster.insecure_skip_tls_verify = flags.insecure_skip_tls_verify;
    cluster.certificate_authority = flag_pem(flags.certificate_authority, "certificate-authority");
  }
}

// client-go's getAuthInfo(), but --token stands alone: kubectl would go on sending the entry's
// client certificate, which the server believes first, or the entry's tokenFile instead of it.
void apply_user_flags(UserEntry& user, const KubeconfigFlags& flags) {
  if (!flags.token.empty()) {
    user.token = flags.token;
    user.token_from_flag = true;
    user.token_file.clear();
    user.username.clear();
    user.password.clear();
    user.client_certificate = {};
    user.client_key = {};
    user.exec.reset();
    user.auth_provider.reset();
  }
  if (!flags.client_certificate.empty()) {
    user.client_certificate = flag_pem(flags.client_certificate, "client-certificate");
  }
  if (!flags.client_key.empty()) user.client_key = flag_pem(flags.client_key, "client-key");
  if (!flags.as_user.empty()) user.as_user = flags.as_user;
  if (!flags.as_uid.empty()) user.as_uid = flags.as_uid;
  if (!flags.as_groups.empty()) user.as_groups = flags.as_groups;
  if (user.as_user.empty() &&
      (!user.as_uid.empty() || !user.as_groups.empty() || !user.as_extra.empty())) {
    fail("CredentialsInvalid", "a uid, groups or extra fields are impersonated, but no user",
         "add --as USER, or `as` to user " + in_quotes(user.name) + " in the kubeconfig");
  }
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65535;
}

}  // namespace

bool selects_nothing(const Kubeconfig& config, const KubeconfigFlags& flags) {
  return config.current_context.empty() && flags.context.empty() && flags.cluster.empty() &&
         flags.user.empty();
}

ResolvedContext resolve(const Kubeconfig& config, const KubeconfigFlags& flags) {
  ResolvedContext choice;
  const ContextEntry context = choose_context(config, flags);
  choice.context = context.name;
  choice.ns = flags.ns.empty() ? context.ns : flags.ns;
  choice.cluster = choose_cluster(config, flags, context);
  choice.user = choose_user(config, flags, context);
  apply_cluster_flags(choice.cluster, flags);
  apply_user_flags(choice.user, flags);
  return choice;
}

std::string normal_server(const std::string& server, const std::string& whose) {
  const auto wrong = [&](const std::string& why) {
    // What has a user name in it may have a password too.
    const bool shown = !server.empty() && server.find('@') == std::string::npos;
    fail("ServerInvalid",
         "the server of " + whose + (shown ? ", " + in_quotes(server) + ", " : " ") + why,
         "an address looks like https://10.0.0.1:6443");
  };
  if (server.empty()) wrong("is not set");
  if (std::any_of(server.begin(), server.end(), [](char c) { return c <= ' ' || c == '\x7F'; })) {
    wrong("contains an invalid character");
  }
  std::string_view rest = server;
  std::string scheme = "http";
  const std::size_t colon = rest.find("://");
  if (colon != std::string_view::npos) {
    scheme = base::lower(rest.substr(0, colon));
    rest.remove_prefix(colon + 3);
    if (scheme != "http" && scheme != "https") wrong("is neither an https nor an http address");
  }
  rest = rest.substr(0, rest.find_first_of("?#"));
  const std::string_view authority = rest.substr(0, rest.find('/'));
  std::string_view path = rest.substr(authority.size());
  while (path.ends_with('/')) path.remove_suffix(1);
  if (authority.find('@') != std::string_view::npos) {
    wrong("contains a user name, which belongs in the user entry");
  }
  const std::size_t bracket = authority.rfind(']');  // [::1]:6443
  const std::size_t port_colon =
      authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (authority.substr(0, port_colon).empty()) wrong("has no host");
  if (port_colon != std::string_view::npos && !is_port(authority.substr(port_colon + 1))) {
    wrong("has no valid port");
  }
  return scheme + "://" + std::string(authority) + std::string(path);
}

}  // namespace kube
