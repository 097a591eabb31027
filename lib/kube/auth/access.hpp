// The way to one API server: its address, TLS, proxy, and the login to use there.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace kube {

// What proves to the API server who we are. Never printed, never stored.
struct Login {
  std::string token;                     // bearer token
  std::string username, password;        // basic authentication, where a kubeconfig still has it
  std::string certificate_pem, key_pem;  // client certificate and its key
  std::optional<base::Time> expires;     // when known: ask again before this moment
};

// Where logins come from: fixed values, a token file that is read again, an exec plugin.
class CredentialSource {
 public:
  virtual ~CredentialSource() = default;
  // The login to use now; throws base::Error (exec plugin failed, file unreadable).
  virtual Login login() = 0;
  // The server answered 401: forget what was cached. False: another try would bring the same.
  virtual bool renew() = 0;
  // "token from kubeconfig", "exec plugin aws-iam-authenticator": for messages; no secret in it.
  virtual std::string describe() const = 0;
};

// How to reach one API server, and as whom.
struct Access {
  std::string context;           // name of the context; empty in a pod
  std::string cluster;           // name of the cluster entry
  std::string user;              // name of the user entry
  std::string server;            // "https://host:6443/prefix": no credentials, no trailing slash
  std::string ns;                // the context's namespace; empty when not set
  std::string ca_pem;            // empty: the system's roots
  std::string system_roots_pem;  // as SSL_CERT_FILE and SSL_CERT_DIR say; empty: the usual ones
  std::string tls_server_name;
  bool insecure_skip_tls_verify = false;
  bool disable_compression = false;
  std::string proxy_url;  // http, https or socks5; empty: none (kube/http/proxy.hpp finds one)
  std::string as_user, as_uid;
  std::vector<std::string> as_groups;
  std::map<std::string, std::vector<std::string>> as_extra;
  std::shared_ptr<CredentialSource> credentials;
};

}  // namespace kube
