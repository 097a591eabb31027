// The reader of the machine's trusted certificates, as Go finds them.
#include "kube/auth/system_roots.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/http/certificate.hpp"

namespace kube {
namespace {

constexpr std::size_t max_file_bytes = std::size_t{16} << 20;
// The first that is there counts: Debian, Fedora, openSUSE, OpenELEC, RHEL 7, Alpine.
constexpr std::array<const char*, 6> usual_bundles = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem"};
constexpr std::array<const char*, 2> usual_folders = {"/etc/ssl/certs", "/etc/pki/tls/certs"};

// Certificates of PEM texts, each once: a folder has most of them twice, under two names. What is
// none is passed over, as Go does.
class Roots {
 public:
  // False: it cannot be read.
  bool add_file(const std::string& path) {
    try {
      add(base::read_file(path, max_file_bytes));
      return true;
    } catch (const base::Error&) {
      return false;
    }
  }

  void add_folder(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> files;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
         it.increment(error)) {
      std::error_code kind;
      if (std::filesystem::is_regular_file(it->path(), kind)) files.push_back(it->path().string());
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) add_file(file);
  }

  std::string pem() && { return std::move(pem_); }

 private:
  void add(std::string_view text) {
    constexpr std::string_view first = "-----BEGIN CERTIFICATE-----";
    constexpr std::string_view last = "-----END CERTIFICATE-----";
    for (auto at = text.find(first); at != std::string_view::npos; at = text.find(first, at)) {
      const auto end = text.find(last, at);
      if (end == std::string_view::npos) return;
      const std::string_view one = text.substr(at, end + last.size() - at);
      at = end + last.size();
      if (!seen_.insert(std::string(one)).second || !read_certificate(one)) continue;
      pem_.append(one).append("\n");
    }
  }

  std::unordered_set<std::string> seen_;
  std::string pem_;
};

}  // namespace

std::string system_roots(const std::string& file, const std::string& folders) {
  if (file.empty() && folders.empty()) return {};
  Roots roots;
  if (!file.empty()) {
    roots.add_file(file);
  } else {
    for (const char* bundle : usual_bundles) {
      if (roots.add_file(bundle)) break;
    }
  }
  if (folders.empty()) {
    for (const char* folder : usual_folders) roots.add_folder(folder);
  }
  for (const std::string_view folder : base::split(folders, ':')) {
    if (!folder.empty()) roots.add_folder(std::string(folder));
  }
  std::string pem = std::move(roots).pem();
  if (pem.empty()) {
    throw base::Error(base::Fault::usage, "CertificatesUnreadable",
                      "SSL_CERT_FILE and SSL_CERT_DIR contain no readable certificate",
                      "correct or unset them");
  }
  return pem;
}

}  // namespace kube
