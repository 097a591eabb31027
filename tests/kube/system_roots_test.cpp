// The certificate authorities of the machine, found as Go does.
#include "kube/auth/system_roots.hpp"

#include "base/error.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "kube/auth/kubeconfig.hpp"
#include "kube/http/curl_transport.hpp"
#include "support/fake_api_server.hpp"

namespace {

bool answers(const support::FakeApiServer& server, const kube::Environment& environment) {
  kube::Access access;
  access.server = server.url();
  kube::use_environment(access, environment);
  kube::CurlTransport transport(access, {});
  return transport.send({{"/version"}}).front().ok();
}

}  // namespace

TEST_CASE("SSL_CERT_FILE and SSL_CERT_DIR name authorities a server is believed by, as for Go") {
  const support::FakeApiServer server;
  const TempFolder folder;
  const std::string file =
      folder.write("ca/one.pem", "words\n" + server.authority().certificate_pem + "more words");
  folder.write("ca/none.txt", "no certificate at all");
  kube::Environment environment;
  CHECK_FALSE(answers(server, environment));
  environment.cert_file = file;
  CHECK(answers(server, environment));
  environment.cert_file.clear();
  environment.cert_folders = "/nonexistent:" + folder.file("ca");
  CHECK(answers(server, environment));
}

TEST_CASE("a file of no certificates beside folders that have none is told") {
  const TempFolder folder;
  const std::string file = folder.write("x.pem", "nothing");
  CHECK_THROWS_AS(kube::system_roots(file, folder.path()), base::Error);
  CHECK(kube::system_roots("", "").empty());
}

TEST_CASE("a cluster's own authority leaves the system's out") {
  kube::Access access;
  access.server = "https://api.example.com";
  access.ca_pem = "some";
  kube::Environment environment;
  environment.cert_file = "/nonexistent";
  kube::use_environment(access, environment);
  CHECK(access.system_roots_pem.empty());
}
