// Logins from the user entry of a kubeconfig.
#include "kube/auth/credentials.hpp"

#include "base/error.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "kube/auth/kubeconfig_file.hpp"

using kube::ClusterEntry;
using kube::make_credentials;
using kube::UserEntry;

namespace {

UserEntry user_called(std::string name) {
  UserEntry user;
  user.name = std::move(name);
  user.place = "config:7";
  return user;
}

std::string failure(const UserEntry& user) {
  try {
    make_credentials(user, ClusterEntry(), kube::ExecOptions());
  } catch (const base::Error& error) {
    CHECK(error.fault == base::Fault::usage);
    return error.reason + ": " + error.what() + " / " + error.hint;
  }
  return "no error";
}

// Self-signed, valid from 2020-01-01 to 2021-01-01.
constexpr const char* expired_certificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBBzCBrgIBATAKBggqhkjOPQQDAjAQMQ4wDAYDVQQDDAVhZG1pbjAeFw0yMDAx\n"
    "MDEwMDAwMDBaFw0yMTAxMDEwMDAwMDBaMBAxDjAMBgNVBAMMBWFkbWluMFkwEwYH\n"
    "KoZIzj0CAQYIKoZIzj0DAQcDQgAEpTgBVGc591CGvTijKNECwY0z2MtZnMcRdTbD\n"
    "SCY1uBag50LHDqeBJuLGVKsxzj4gmJOR/WBOLYE5iklY65HSRzAKBggqhkjOPQQD\n"
    "AgNIADBFAiEAnfWcNTSMWUST/qdINcp+g1rbwizZAacnRYJ4YN3LWpECIFoXBvY0\n"
    "JuMWw0S8Dh/NJSN75VO8WYBdyFcg9weix8T0\n"
    "-----END CERTIFICATE-----\n";

}  // namespace

TEST_CASE("a token file beats the token beside it while it can be read") {
  const TempFolder folder;
  UserEntry user = user_called("ci");
  user.token = "beside";
  user.token_file = folder.file("token");
  const auto source = make_credentials(user, ClusterEntry(), kube::ExecOptions());
  CHECK(source->login().token == "beside");
  folder.write("token", " in-file\n");
  CHECK(source->login().token == "in-file");
  CHECK(source->describe() == "token file " + folder.file("token"));
}

TEST_CASE("a token file alone must be there and hold a token") {
  const TempFolder folder;
  UserEntry user = user_called("ci");
  user.token_file = folder.file("token");
  CHECK(failure(user) ==
        "CredentialsInvalid: the token file " + folder.file("token") + " does not exist / ");
  folder.write("token", "\n");
  CHECK(failure(user) ==
        "CredentialsInvalid: the token file " + folder.file("token") + " is empty / ");
}

TEST_CASE("a token cannot smuggle a header in") {
  UserEntry user = user_called("ci");
  user.token = "abc\r\nX-Evil: 1";
  CHECK(failure(user) ==
        "CredentialsInvalid: the token of user \"ci\" contains a line break or a control character "
        "/ ");
  user.token = "abc\n";
  CHECK(make_credentials(user, ClusterEntry(), {})->login().token == "abc");
}

TEST_CASE("a password is a login, but not beside a token") {
  UserEntry user = user_called("ci");
  user.username = "joe";
  user.password = "secret";
  const auto source = make_credentials(user, ClusterEntry(), {});
  CHECK(source->login().username == "joe");
  CHECK(source->login().password == "secret");
  CHECK(source->describe() == "password of user \"ci\"");
  user.token = "t";
  CHECK(failure(user) ==
        "CredentialsInvalid: user \"ci\" has both a token and a password / remove one of them");
}

TEST_CASE("a client certificate needs its key, not encrypted") {
  const TempFolder folder;
  UserEntry user = user_called("ci");
  user.client_certificate.path = folder.write("c", "-----BEGIN CERTIFICATE-----\n");
  CHECK(failure(user) ==
        "CredentialsInvalid: user \"ci\" has a client certificate, but no client-key / ");
  user.client_key.field = "client-key";
  user.client_key.owner = "user \"ci\"";
  user.client_key.path = folder.write("k", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
  CHECK(failure(user) == "CredentialsInvalid: client-key of user \"ci\" (" + folder.file("k") +
                             ") is an encrypted key / decrypt it with `openssl pkey`");
  folder.write("k", "-----BEGIN EC PARAMETERS-----\n-----BEGIN EC PRIVATE KEY-----\n");
  CHECK(failure(user) == "no error");
}

TEST_CASE("an expired token is described as such, where it says so itself") {
  UserEntry user = user_called("ci");
  kube::ExecOptions options;
  options.now = [] { return *base::parse_time("2021-06-01T00:00:00Z"); };
  const auto described = [&](const std::string& token) {
    user.token = token;
    return make_credentials(user, ClusterEntry(), options)->describe();
  };
  // {"alg":"RS256"} . {"sub":"ci","exp":1609459200} . signature
  const std::string expired = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjaSIsImV4cCI6MTYwOTQ1OTIwMH0.c2ln";
  CHECK(described(expired) == "token of user \"ci\", which expired on 2021-01-01T00:00:00Z");
  // The same with exp 1640995200, which is yet to come.
  CHECK(described("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjaSIsImV4cCI6MTY0MDk5NTIwMH0.c2ln") ==
        "token of user \"ci\"");
  for (const char* other : {"abc", "a.b.c", "..", "a.e30.c", "a.eyJleHAiOiJzb29uIn0.c",
                            "a.eyJleHAiOi0xfQ.c", "a.eyJleHAiOjFlMzAwfQ.c", "a.eyJleHAi.c"}) {
    CHECK(described(other) == "token of user \"ci\"");
  }
}

TEST_CASE("an expired client certificate is described as such") {
  const TempFolder folder;
  UserEntry user = user_called("kubernetes-admin");
  user.client_certificate.path = folder.write("c", expired_certificate);
  user.client_key.field = "client-key";
  user.client_key.owner = "user \"ci\"";
  user.client_key.path = folder.write("k", "-----BEGIN PRIVATE KEY-----\n");
  kube::ExecOptions options;
  options.now = [] { return *base::parse_time("2021-06-01T00:00:00Z"); };
  CHECK(make_credentials(user, ClusterEntry(), options)->describe() ==
        "client certificate of user \"kubernetes-admin\", which expired on 2021-01-01T00:00:00Z");
  options.now = [] { return *base::parse_time("2020-06-01T00:00:00Z"); };
  CHECK(make_credentials(user, ClusterEntry(), options)->describe() ==
        "client certificate of user \"kubernetes-admin\"");
}

TEST_CASE("the removed auth-provider names what to use instead") {
  UserEntry user = user_called("gke");
  user.auth_provider = "gcp";
  CHECK(failure(user) ==
        "AuthProviderRemoved: config:7: user \"gke\" uses auth-provider \"gcp\", which Kubernetes "
        "1.26 removed / install gke-gcloud-auth-plugin and regenerate the kubeconfig with it");
}

TEST_CASE("a user with nothing is anonymous") {
  CHECK(make_credentials(user_called("ci"), ClusterEntry(), {})->describe() ==
        "no credentials: user \"ci\" has none");
}
