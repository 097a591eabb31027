// Logins from tokens, token files, passwords and client certificates.
#include "kube/auth/credentials.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/auth/exec_credentials.hpp"
#include "kube/auth/jwt_expiry.hpp"
#include "kube/auth/kubeconfig_file.hpp"

namespace kube {
namespace {

constexpr std::size_t max_pem_bytes = std::size_t{4} << 20U;
constexpr std::size_t max_token_bytes = std::size_t{1} << 20U;

[[noreturn]] void invalid(const std::string& message, std::string hint = {}) {
  throw base::Error(base::Fault::usage, "CredentialsInvalid", message, std::move(hint));
}

std::string user_name(const std::string& name) {
  return "user \"" + base::printable(name) + '"';
}

// It becomes a header: a line end in it would start another one.
std::string checked_token(std::string_view text, const std::string& whose) {
  const std::string_view token = base::trim(text);
  if (std::any_of(token.begin(), token.end(),
                  [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
    invalid("the token of " + whose + " contains a line break or a control character");
  }
  return std::string(token);
}

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

std::optional<base::Time> certificate_end(const std::string& pem) {
  const std::unique_ptr<BIO, FreeBio> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return std::nullopt;
  const std::unique_ptr<X509, FreeX509> certificate(
      PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  std::tm time{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &time) != 1) {
    return std::nullopt;
  }
  return base::Time(std::chrono::seconds(::timegm(&time)));
}

class OneAtATime : public CredentialSource {
 public:
  explicit OneAtATime(std::shared_ptr<CredentialSource> source) : source_(std::move(source)) {}
  Login login() override {
    const std::lock_guard lock(mutex_);
    return source_->login();
  }
  bool renew() override {
    const std::lock_guard lock(mutex_);
    return source_->renew();
  }
  std::string describe() const override { return source_->describe(); }

 private:
  std::mutex mutex_;
  std::shared_ptr<CredentialSource> source_;
};

class Fixed : public CredentialSource {
 public:
  Fixed(Login login, std::string description)
      : login_(std::move(login)), description_(std::move(description)) {}
  Login login() override { return login_; }
  bool renew() override { return false; }
  std::string describe() const override { return description_; }

 private:
  Login login_;
  std::string description_;
};

class TokenFile : public CredentialSource {
 public:
  TokenFile(Login others, std::string path, std::string fallback)
      : others_(std::move(others)), path_(std::move(path)), fallback_(std::move(fallback)) {}

  Login login() override {
    Login login = others_;
    login.token = read();
    used_ = login.token;
    return login;
  }
  // Worth another try when the file was rotated since.
  bool renew() override { return read() != used_; }
  std::string describe() const override { return "token file " + base::printable(path_); }

 private:
  // client-go's order: what the file holds, else the token beside it.
  std::string read() const {
    const auto text = base::read_file_if_there(path_, max_token_bytes);
    std::string token = text ? checked_token(*text, "file " + base::printable(path_)) : "";
    if (!token.empty()) return token;
    if (!fallback_.empty()) return fallback_;
    invalid("the token file " + base::printable(path_) + (text ? " is empty" : " does not exist"));
  }

  Login others_;
  std::string path_, fallback_, used_;
};

// An expired client certificate is answered with a bare 401, so say it where that is explained.
std::string describe_certificate(const std::string& pem, const std::string& whose,
                                 const base::Clock& now) {
  const auto end = certificate_end(pem);
  std::string description = "client certificate of " + whose;
  if (!end || !now || *end > now()) return description;
  return description + ", which expired on " + base::format_time(*end);
}

// The same for a token that says itself how long it is good for: a JWT, as service accounts and
// most single sign-ons have.
std::string describe_token(const std::string& token, std::string description,
                           const base::Clock& now) {
  const auto end = jwt_expiry(token);
  if (!end || !now || *end > now()) return description;
  return description + ", which expired on " + base::format_time(*end);
}

void refuse_auth_provider(const UserEntry& user) {
  const std::string name = base::printable(*user.auth_provider);
  const std::string plugin = name == "gcp"     ? "gke-gcloud-auth-plugin"
                             : name == "azure" ? "kubelogin (github.com/Azure/kubelogin)"
                             : name == "oidc"  ? "kubelogin (github.com/int128/kubelogin)"
                                               : "an exec plugin of your provider";
  throw base::Error(base::Fault::usage, "AuthProviderRemoved",
                    user.place + ": " + user_name(user.name) + " uses auth-provider \"" + name +
                        "\", which Kubernetes 1.26 removed",
                    "install " + plugin + " and regenerate the kubeconfig with it");
}

}  // namespace

std::string load_pem(const PemSource& source, std::string_view label) {
  std::string pem;
  std::string what = source.field;
  if (source.data.empty()) {
    if (!source.owner.empty()) what += " of " + source.owner;
    what += " (" + base::printable(source.path) + ')';
    auto text = base::read_file_if_there(source.path, max_pem_bytes);
    if (!text) throw base::Error(base::Fault::usage, "FileNotFound", what + " does not exist");
    pem = std::move(*text);
  } else {
    what = source.place + ": " + what + "-data of " + source.owner;
    base::Decoded64 decoded = base::decode_base64(source.data);
    if (!decoded.problem.empty()) invalid(what + " is not base64: " + decoded.problem);
    pem = std::move(decoded.bytes);
  }
  if (pem.find(std::string(label) + "-----") == std::string::npos) {
    invalid(what + " contains no " + base::lower(label) + " in PEM form",
            "PEM has a line -----BEGIN " + std::string(label) + "-----");
  }
  // libcurl would ask for the passphrase on the terminal; kubectl refuses such keys too.
  if (label == "PRIVATE KEY" && pem.find("ENCRYPTED") != std::string::npos) {
    invalid(what + " is an encrypted key", "decrypt it with `openssl pkey`");
  }
  return pem;
}

std::shared_ptr<CredentialSource> token_file_credentials(Login others, std::string path,
                                                         std::string fallback) {
  return std::make_shared<TokenFile>(std::move(others), std::move(path), std::move(fallback));
}

std::shared_ptr<CredentialSource> for_threads(std::shared_ptr<CredentialSource> source) {
  if (source == nullptr) return nullptr;
  return std::make_shared<OneAtATime>(std::move(source));
}

std::shared_ptr<CredentialSource> http_credentials(const std::string& server) {
  return std::make_shared<Fixed>(Login(), "no credentials, since " + server + " is not encrypted");
}

std::shared_ptr<CredentialSource> make_credentials(const UserEntry& user,
                                                   const ClusterEntry& cluster,
                                                   const ExecOptions& options) {
  const std::string whose = user_name(user.name);
  if (user.auth_provider) refuse_auth_provider(user);
  Login login;
  std::string description;
  if (!user.client_certificate.empty()) {
    if (user.client_key.empty()) invalid(whose + " has a client certificate, but no client-key");
    login.certificate_pem = load_pem(user.client_certificate, "CERTIFICATE");
    login.key_pem = load_pem(user.client_key, "PRIVATE KEY");
    description = describe_certificate(login.certificate_pem, whose, options.now);
  }
  const bool password = !user.username.empty() || !user.password.empty();
  if (password && !user.token.empty()) {
    invalid(whose + " has both a token and a password", "remove one of them");
  }
  if (password) {
    login.username = user.username;
    login.password = user.password;
    description = "password of " + whose;
  }
  if (!user.token_file.empty()) {
    auto source = token_file_credentials(login, user.token_file, checked_token(user.token, whose));
    source->login();  // a file that cannot be read is found here, not in the middle of the work
    return source;
  }
  login.token = checked_token(user.token, whose);
  if (!login.token.empty()) {
    description = describe_token(
        login.token, user.token_from_flag ? "token given with --token" : "token of " + whose,
        options.now);
  }
  if (!description.empty()) return std::make_shared<Fixed>(std::move(login), description);
  if (user.exec) return exec_credentials(user, cluster, options);
  return std::make_shared<Fixed>(Login(), user.name.empty()
                                              ? "no credentials: the context has no user"
                                              : "no credentials: " + whose + " has none");
}

}  // namespace kube
