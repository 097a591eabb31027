// The reader of X.509 certificates, and the judge of a server's chain.
#include "kube/http/certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <utility>

#include "base/chars.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

struct Free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_STORE* p) const { X509_STORE_free(p); }
  void operator()(X509_STORE_CTX* p) const { X509_STORE_CTX_free(p); }
  void operator()(GENERAL_NAMES* p) const { GENERAL_NAMES_free(p); }
  void operator()(STACK_OF(X509) * p) const { sk_X509_free(p); }
};
using CertificatePtr = std::unique_ptr<X509, Free>;

std::vector<CertificatePtr> read_pem(std::string_view pem) {
  std::vector<CertificatePtr> out;
  const std::unique_ptr<BIO, Free> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(std::min<std::size_t>(pem.size(), 1U << 24U))));
  if (!bio) return out;
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    out.emplace_back(certificate);
  }
  ERR_clear_error();  // the end of the text is an error to OpenSSL
  return out;
}

std::string name_text(const X509_NAME* name) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  if (!bio) return "?";
  // "CN = x" reads better without the blanks; control characters and non-ASCII come escaped.
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  if (size <= 0) return "an empty name";
  return base::printable({data, static_cast<std::size_t>(size)});
}

base::Time time_of(const ASN1_TIME* time) {
  std::tm tm{};
  if (ASN1_TIME_to_tm(time, &tm) != 1) return {};
  return base::Time(std::chrono::seconds(timegm(&tm)));
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  const unsigned char* data = ASN1_STRING_get0_data(address);
  const int size = ASN1_STRING_length(address);
  std::string out;
  if (size == 4) {
    for (int i = 0; i < 4; ++i) out += (i == 0 ? "" : ".") + std::to_string(data[i]);
  } else if (size == 16) {
    for (int i = 0; i < 16; ++i) {
      if (i != 0 && i % 2 == 0) out += ':';
      base::append_hex(out, data[i]);
    }
  }
  return out;
}

std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> out;
  const std::unique_ptr<GENERAL_NAMES, Free> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return out;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS) {
      const ASN1_IA5STRING* text = name->d.dNSName;
      out.push_back(base::printable({reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                                     static_cast<std::size_t>(ASN1_STRING_length(text))}));
    } else if (name->type == GEN_IPADD) {
      out.push_back(address_text(name->d.iPAddress));
    }
  }
  return out;
}

Certificate facts(X509* certificate) {
  return {name_text(X509_get_subject_name(certificate)),
          name_text(X509_get_issuer_name(certificate)), time_of(X509_get0_notBefore(certificate)),
          time_of(X509_get0_notAfter(certificate)), names_of(certificate)};
}

bool is_for(X509* certificate, const std::string& host) {
  return X509_check_ip_asc(certificate, host.c_str(), 0) == 1 ||
         X509_check_host(certificate, host.c_str(), host.size(), 0, nullptr) == 1;
}

std::string wrong_name(const Certificate& leaf, const std::string& host) {
  std::string text = "its certificate is for ";
  if (leaf.names.empty()) {
    text += leaf.subject;
  } else {
    std::vector<std::string> shown(
        leaf.names.begin(), leaf.names.begin() + static_cast<std::ptrdiff_t>(
                                                     std::min<std::size_t>(leaf.names.size(), 8)));
    if (shown.size() < leaf.names.size()) {
      shown.back() = std::to_string(leaf.names.size() - shown.size() + 1) + " more";
    }
    text += base::join_and(shown);
  }
  return text + ", not for " + host;
}

std::string describe(int error, const Certificate& at, std::string_view ca_pem) {
  const std::string who = at.subject == at.issuer
                              ? "certificate " + at.subject + " (self-signed)"
                              : "certificate " + at.subject + " (issued by " + at.issuer + ")";
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its " + who + " expired on " + base::format_time(at.not_after);
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its " + who + " is valid only from " + base::format_time(at.not_before) +
             " on: is this machine's clock right?";
    default: break;
  }
  std::string text = "its " + who + " is not from ";
  const auto authorities = read_pem(ca_pem);
  if (ca_pem.empty()) return text + "an authority that this system trusts";
  if (authorities.empty())
    return text + "the cluster's certificate authority (there is none in it)";
  const std::string ours = facts(authorities.front().get()).subject;
  text += "the certificate authority given for the cluster (" + ours;
  if (ours == at.issuer) text += ", the same name with another key";
  return text + ')';
}

}  // namespace

std::optional<Certificate> read_certificate(std::string_view pem) {
  const auto all = read_pem(pem);
  if (all.empty()) return std::nullopt;
  return facts(all.front().get());
}

std::string certificate_fault(std::string_view chain_pem, std::string_view ca_pem,
                              const std::string& host, std::optional<base::Time> now) {
  const auto chain = read_pem(chain_pem);
  if (chain.empty()) return {};
  const std::unique_ptr<X509_STORE, Free> store(X509_STORE_new());
  const std::unique_ptr<X509_STORE_CTX, Free> context(X509_STORE_CTX_new());
  const std::unique_ptr<STACK_OF(X509), Free> others(sk_X509_new_null());
  if (!store || !context || !others) return {};
  if (ca_pem.empty()) X509_STORE_set_default_paths(store.get());
  const auto authorities = read_pem(ca_pem);
  for (const auto& authority : authorities) X509_STORE_add_cert(store.get(), authority.get());
  for (const auto& certificate : chain) sk_X509_push(others.get(), certificate.get());
  if (X509_STORE_CTX_init(context.get(), store.get(), chain.front().get(), others.get()) != 1) {
    return {};
  }
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  // As libcurl does: an authority need not be a root.
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  if (now) {
    X509_VERIFY_PARAM_set_time(
        parameters, std::chrono::floor<std::chrono::seconds>(*now).time_since_epoch().count());
  } else {
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_NO_CHECK_TIME);
  }
  const bool trusted = X509_verify_cert(context.get()) == 1;
  const int error = X509_STORE_CTX_get_error(context.get());
  X509* at = X509_STORE_CTX_get_current_cert(context.get());
  ERR_clear_error();
  if (!trusted) return describe(error, facts(at == nullptr ? chain.front().get() : at), ca_pem);
  if (!is_for(chain.front().get(), host)) return wrong_name(facts(chain.front().get()), host);
  return {};
}

}  // namespace kube
