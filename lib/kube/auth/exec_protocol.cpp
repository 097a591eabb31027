// The writer of KUBERNETES_EXEC_INFO and the reader of ExecCredentials.
#include "kube/auth/exec_protocol.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/auth/kubeconfig_file.hpp"

namespace kube {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

Json cluster_info(const ClusterEntry& cluster) {
  Json info = Json::object();
  info["server"] = cluster.server;
  if (!cluster.tls_server_name.empty()) info["tls-server-name"] = cluster.tls_server_name;
  if (cluster.insecure_skip_tls_verify) info["insecure-skip-tls-verify"] = true;
  const PemSource& ca = cluster.certificate_authority;
  if (!ca.empty()) {
    info["certificate-authority-data"] = base::encode_base64(load_pem(ca, "CERTIFICATE"));
  }
  if (!cluster.proxy_url.empty()) info["proxy-url"] = cluster.proxy_url;
  if (cluster.disable_compression) info["disable-compression"] = true;
  Json config = Json::parse(cluster.exec_config, nullptr, false);
  info["config"] = config.is_discarded() ? Json() : std::move(config);
  return info;
}

struct Answer {
  Json document;
  std::string_view api_version;
  const std::string& who;

  [[noreturn]] void bad(const std::string& what) const {
    throw base::Error(base::Fault::unavailable, "ExecPluginInvalid", who + ' ' + what,
                      "it must print an ExecCredential of " + std::string(api_version));
  }

  void check_type() const {
    if (!document.is_object()) bad("printed something that is not a JSON object");
    const std::string kind = text_of(document, "kind");
    if (kind != "ExecCredential") {
      bad("returned kind \"" + base::printable(kind) + "\", not ExecCredential");
    }
    const std::string version = text_of(document, "apiVersion");
    if (version != api_version) {
      bad("returned apiVersion \"" + base::printable(version) + "\", but the kubeconfig says " +
          std::string(api_version));
    }
  }

  Login login() const {
    const auto status = document.find("status");
    if (status == document.end() || !status->is_object()) bad("returned no status");
    Login login;
    login.token = text_of(*status, "token");
    login.certificate_pem = text_of(*status, "clientCertificateData");
    login.key_pem = text_of(*status, "clientKeyData");
    if (login.certificate_pem.empty() != login.key_pem.empty()) {
      bad("returned only one of client certificate and key");
    }
    if (login.token.empty() && login.key_pem.empty()) {
      bad("returned neither a token nor a client certificate");
    }
    if (std::any_of(login.token.begin(), login.token.end(),
                    [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
      bad("returned a token with a control character in it");
    }
    const auto expiry = status->find("expirationTimestamp");
    if (expiry != status->end() && !expiry->is_null()) {
      login.expires = base::parse_time(text_of(*status, "expirationTimestamp"));
      if (!login.expires) bad("returned an expirationTimestamp that is not a time");
    }
    return login;
  }
};

}  // namespace

std::string exec_info(const ExecEntry& entry, const ClusterEntry& cluster, bool interactive) {
  Json info = Json::object();
  info["kind"] = "ExecCredential";
  info["apiVersion"] = entry.api_version;
  info["spec"] = Json::object();
  if (entry.provide_cluster_info) info["spec"]["cluster"] = cluster_info(cluster);
  info["spec"]["interactive"] = interactive;
  return info.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Login read_exec_answer(std::string_view out, std::string_view api_version, const std::string& who) {
  const Answer answer{Json::parse(out, nullptr, false), api_version, who};
  if (base::trim(out).empty()) answer.bad("printed nothing");
  answer.check_type();
  return answer.login();
}

}  // namespace kube
