// TLS certificates, good, wrong and none.
#include "kube/http/certificate.hpp"

#include "catch.hpp"
#include "support/certificates.hpp"

using kube::certificate_fault;
using std::chrono::hours;
using support::make_authority;
using support::make_certificate;

namespace {

base::Time now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("certificate: a good one has no fault") {
  const auto authority = make_authority("my-ca");
  const auto leaf = make_certificate(authority, {"api", {}, {"IP:10.0.0.1", "DNS:*.example.com"}});
  CHECK(certificate_fault(leaf.certificate_pem, authority.certificate_pem, "10.0.0.1", now())
            .empty());
  CHECK(certificate_fault(leaf.certificate_pem, authority.certificate_pem, "k.example.com", now())
            .empty());
}

TEST_CASE("certificate: the fault names the certificate and why") {
  const auto authority = make_authority("my-ca");
  const auto other = make_authority("other-ca");
  const auto twin = make_authority("my-ca");
  const auto leaf = make_certificate(authority, {"api", {}, {"IP:10.0.0.1", "DNS:kubernetes"}});
  const auto fault = [&](const std::string& pem, const std::string& ca, const std::string& host) {
    return certificate_fault(pem, ca, host, now());
  };
  const auto old = make_certificate(authority, {"api", {}, {"IP:10.0.0.1"}, hours(-30), hours(-2)});
  CHECK(has(fault(old.certificate_pem, authority.certificate_pem, "10.0.0.1"),
            "certificate CN=api (issued by CN=my-ca) expired on 20"));
  const auto early = make_certificate(authority, {"api", {}, {"IP:10.0.0.1"}, hours(2), hours(9)});
  CHECK(has(fault(early.certificate_pem, authority.certificate_pem, "10.0.0.1"), "clock"));
  CHECK(fault(leaf.certificate_pem, other.certificate_pem, "10.0.0.1") ==
        "its certificate CN=api (issued by CN=my-ca) is not from the certificate authority given "
        "for the cluster (CN=other-ca)");
  CHECK(has(fault(leaf.certificate_pem, twin.certificate_pem, "10.0.0.1"),
            "the same name with another key"));
  CHECK(has(fault(other.certificate_pem, "", "10.0.0.1"), "self-signed"));
  CHECK(fault(leaf.certificate_pem, authority.certificate_pem, "10.9.9.9") ==
        "its certificate is for 10.0.0.1 and kubernetes, not for 10.9.9.9");
}

TEST_CASE("certificate: what is none is no fault and no crash") {
  CHECK(certificate_fault("", "", "x", now()).empty());
  CHECK(certificate_fault("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "junk",
                          "x", now())
            .empty());
  CHECK_FALSE(kube::read_certificate("no certificate"));
}
