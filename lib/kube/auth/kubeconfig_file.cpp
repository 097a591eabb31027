// The reader of a kubeconfig file, and the merging of several.
#include "kube/auth/kubeconfig_file.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/auth/kubeconfig_reader.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace kube {
namespace {

std::string named(std::string_view kind, const std::string& name) {
  return std::string(kind) + " \"" + base::printable(name) + '"';
}

ClusterEntry read_cluster(const KubeconfigReader& entry) {
  ClusterEntry out;
  out.name = entry.text("name");
  const KubeconfigReader cluster = entry.map("cluster", named("cluster", out.name));
  out.place = entry.place();
  out.server = cluster.text("server");
  out.tls_server_name = cluster.text("tls-server-name");
  out.proxy_url = cluster.text("proxy-url");
  out.insecure_skip_tls_verify = cluster.truth("insecure-skip-tls-verify");
  out.disable_compression = cluster.truth("disable-compression");
  out.certificate_authority = cluster.pem("certificate-authority");
  for (const Value& extension : cluster.list("extensions")) {
    if (extension["name"].text() == "client.authentication.k8s.io/exec") {
      out.exec_config = to_json(extension["extension"]);
    }
  }
  return out;
}

ExecEntry read_exec(const KubeconfigReader& exec, const std::string& file) {
  ExecEntry out;
  out.place = exec.place();
  out.api_version = exec.text("apiVersion");
  out.command = exec.text("command");
  // A bare name is looked up in PATH; "./plugin" belongs to the kubeconfig's folder.
  if (out.command.find('/') != std::string::npos) {
    out.command = base::resolve_path(base::parent_folder(file), out.command);
  }
  out.args = exec.texts("args");
  out.install_hint = exec.text("installHint");
  out.interactive_mode = exec.text("interactiveMode");
  out.provide_cluster_info = exec.truth("provideClusterInfo");
  for (const Value& variable : exec.list("env")) {
    const KubeconfigReader fields(variable, file, "an entry of env");
    out.env.emplace_back(fields.text("name"), fields.text("value"));
  }
  return out;
}

UserEntry read_user(const KubeconfigReader& entry, const std::string& file) {
  UserEntry out;
  out.name = entry.text("name");
  const KubeconfigReader user = entry.map("user", named("user", out.name));
  out.place = entry.place();
  out.token = user.text("token");
  out.token_file = user.path("tokenFile");
  out.username = user.text("username");
  out.password = user.text("password");
  out.client_certificate = user.pem("client-certificate");
  out.client_key = user.pem("client-key");
  out.as_user = user.text("as");
  out.as_uid = user.text("as-uid");
  out.as_groups = user.texts("as-groups");
  const KubeconfigReader extra = user.map("as-user-extra");
  for (const Member& member : extra.value().members()) {
    out.as_extra[std::string(member.key)] = extra.texts(member.key);
  }
  const KubeconfigReader exec = user.map("exec");
  if (exec.value().is_object()) out.exec = read_exec(exec, file);
  const KubeconfigReader provider = user.map("auth-provider");
  if (provider.value().is_object()) out.auth_provider = provider.text("name");
  return out;
}

ContextEntry read_context(const KubeconfigReader& entry) {
  ContextEntry out;
  out.name = entry.text("name");
  const KubeconfigReader context = entry.map("context", named("context", out.name));
  out.place = entry.place();
  out.cluster = context.text("cluster");
  out.user = context.text("user");
  out.ns = context.text("namespace");
  return out;
}

void check_kind(const KubeconfigReader& root, const std::string& file) {
  const std::string kind = root.text("kind");
  if (!kind.empty() && kind != "Config") {
    invalid_kubeconfig(
        base::printable(file) + " is not a kubeconfig, but a " + base::printable(kind),
        "-f FILE reads manifests");
  }
  const std::string version = root.text("apiVersion");
  if (!version.empty() && version != "v1") {
    invalid_kubeconfig(base::printable(file) + ": apiVersion of a kubeconfig must be v1, not " +
                       base::printable(version));
  }
}

// The reader's hints are about manifests.
std::vector<Value> read_documents(std::string_view text, const std::string& file,
                                  Document& document) {
  try {
    return read_yaml(text, file, document);
  } catch (const base::Error& error) {
    invalid_kubeconfig(base::printable(error.what()),
                       "correct the file, or name another one with --kubeconfig FILE");
  }
}

template <typename Entry>
void add(Entries<Entry>& entries, Entry entry, std::string_view kind) {
  const std::string name = entry.name;
  const std::string place = entry.place;
  const auto [first, added] = entries.try_emplace(name, std::move(entry));
  if (!added) {
    invalid_kubeconfig(
        place + ": there already is a " + named(kind, name) + ", at " + first->second.place,
        "rename or remove one of them");
  }
}

}  // namespace

Kubeconfig parse_kubeconfig(std::string_view text, const std::string& file) {
  Document document;
  const std::vector<Value> documents = read_documents(text, file, document);
  Kubeconfig config;
  config.files.push_back(file);
  if (documents.empty() || documents.front().is_null()) return config;
  if (!documents.front().is_object()) {
    invalid_kubeconfig(base::printable(file) + " is not a kubeconfig: it contains " +
                       std::string(kind_of_value(documents.front())) +
                       ", not a map of clusters, users and contexts");
  }
  const KubeconfigReader root(documents.front(), file, "");
  check_kind(root, file);
  config.current_context = root.text("current-context");
  for (const Value& entry : root.list("clusters")) {
    add(config.clusters, read_cluster(KubeconfigReader(entry, file, "an entry of clusters")),
        "cluster");
  }
  for (const Value& entry : root.list("users")) {
    add(config.users, read_user(KubeconfigReader(entry, file, "an entry of users"), file), "user");
  }
  for (const Value& entry : root.list("contexts")) {
    add(config.contexts, read_context(KubeconfigReader(entry, file, "an entry of contexts")),
        "context");
  }
  return config;
}

void merge(Kubeconfig& config, Kubeconfig later) {
  config.clusters.merge(later.clusters);  // keeps what is there
  config.users.merge(later.users);
  config.contexts.merge(later.contexts);
  if (config.current_context.empty()) config.current_context = std::move(later.current_context);
  config.files.insert(config.files.end(), later.files.begin(), later.files.end());
  config.missing.insert(config.missing.end(), later.missing.begin(), later.missing.end());
}

}  // namespace kube
