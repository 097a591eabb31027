// How a kubeconfig's user entry becomes a login.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/process.hpp"
#include "base/time.hpp"
#include "kube/auth/access.hpp"

namespace kube {

struct ClusterEntry;
struct UserEntry;

// How exec plugins are run.
struct ExecOptions {
  bool stdin_is_terminal = false;  // and free for the plugin to ask on
  std::chrono::milliseconds deadline{30'000};
  std::chrono::milliseconds interactive_deadline{300'000};  // somebody logs in in a browser
  const std::atomic<int>* cancel = nullptr;                 // non-zero: end the plugin
  base::Clock now = {};
  // PATH, to look plugins up as Go does; nullopt: as the C library does.
  std::optional<std::string> path = {};
  // Replaced in tests.
  std::function<base::ProcessResult(const base::Command&)> run = base::run;
};

// The PEM of a certificate or key: inline data before a file, as clientcmd/api documents it.
struct PemSource {
  std::string path;   // resolved
  std::string data;   // base64
  std::string field;  // "client-key": for messages
  std::string owner;  // "user \"admin\""
  std::string place;  // "file:line" of the data; empty for a flag
  bool empty() const { return path.empty() && data.empty(); }
};

// Reads it and checks that it holds what `label` says: "CERTIFICATE" or "PRIVATE KEY".
std::string load_pem(const PemSource& source, std::string_view label);

// How this user proves who it is to this cluster. As kubectl does, a token, a password or a client
// certificate keeps an exec plugin from being run. Never null. Throws base::Error(usage).
std::shared_ptr<CredentialSource> make_credentials(const UserEntry& user,
                                                   const ClusterEntry& cluster,
                                                   const ExecOptions& options);

// A token that is read again for every login, since it is rotated; `fallback` while it cannot be.
std::shared_ptr<CredentialSource> token_file_credentials(Login others, std::string path,
                                                         std::string fallback);

// The same for several threads, one after the other.
std::shared_ptr<CredentialSource> for_threads(std::shared_ptr<CredentialSource> source);

// None: as client-go, we send no credentials at all over plain http.
std::shared_ptr<CredentialSource> http_credentials(const std::string& server);

}  // namespace kube
