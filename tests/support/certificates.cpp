// The maker of keys and certificates, with OpenSSL.
#include "support/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace support {
namespace {

struct Free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Cert = std::unique_ptr<X509, Free>;

std::string text_of(const Bio& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

void add_name(X509_NAME* name, const char* field, const std::string& value) {
  if (value.empty()) return;
  X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(value.data()),
                             static_cast<int>(value.size()), -1, 0);
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
  if (!extension) throw std::runtime_error("bad certificate extension: " + value);
  X509_add_ext(certificate, extension.get(), -1);
}

// `authority` null: self-signed.
Identity make(const CertificateWish& wish, const Identity* authority) {
  const Key key(EVP_EC_gen("P-256"));
  const Cert certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), static_cast<long>(serial | 1U));
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()),
                  std::chrono::duration_cast<std::chrono::seconds>(wish.from).count());
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()),
                  std::chrono::duration_cast<std::chrono::seconds>(wish.until).count());
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  add_name(name, "O", wish.organization);
  add_name(name, "CN", wish.name);
  std::string sans;
  for (const std::string& san : wish.sans) sans += (sans.empty() ? "" : ",") + san;
  if (!sans.empty()) add_extension(certificate.get(), NID_subject_alt_name, sans);
  if (authority == nullptr) {
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
  } else {
    const Bio from_certificate(BIO_new_mem_buf(authority->certificate_pem.data(), -1));
    const Cert signer(PEM_read_bio_X509(from_certificate.get(), nullptr, nullptr, nullptr));
    const Bio from_key(BIO_new_mem_buf(authority->key_pem.data(), -1));
    const Key signing(PEM_read_bio_PrivateKey(from_key.get(), nullptr, nullptr, nullptr));
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer.get()));
    X509_sign(certificate.get(), signing.get(), EVP_sha256());
  }
  const Bio pem(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(pem.get(), certificate.get());
  const Bio key_pem(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(pem), text_of(key_pem)};
}

}  // namespace

Identity make_authority(const std::string& name) {
  return make({name, {}, {}, std::chrono::hours(-48), std::chrono::hours(48)}, nullptr);
}

Identity make_certificate(const Identity& authority, const CertificateWish& wish) {
  return make(wish, &authority);
}

}  // namespace support
