// The limits of time and memory of a run, and the variables that kubectl obeys too.
#include "limits.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/quantity.hpp"
#include "option_types.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr std::size_t most_by_default = std::size_t{2} << 30;
// Less holds not even the answers of an empty cluster.
constexpr std::size_t least = std::size_t{16} << 20;

// Of the machine, or of the container this runs in, where that is less.
std::size_t machine_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  std::size_t bytes = pages > 0 && page > 0
                          ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(page)
                          : 2 * most_by_default;
  std::size_t limit = 0;  // "max" is no number
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit) bytes = std::min(bytes, limit);
  return bytes;
}

std::size_t memory_of(const std::string& text) {
  if (text.empty()) return std::clamp(machine_memory() / 2, least, most_by_default);
  const auto size = kube::parse_quantity(text);
  if (!size || *size < static_cast<double>(least) || *size > 1e15) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--max-memory: \"" + base::printable(text) + "\" is no size from 16Mi on",
                      "write it like 400M or 4Gi");
  }
  return static_cast<std::size_t>(*size);
}

std::string any_of(const char* name, const char* other) {
  const std::string value = environment(name);
  return value.empty() ? environment(other) : value;
}

}  // namespace

std::shared_ptr<kube::Bounds> bounds_of(const Global& global,
                                        std::shared_ptr<base::MemoryBudget> memory) {
  return std::make_shared<kube::Bounds>(
      duration("--timeout", global.timeout, "write it like 30s or 2m; 0 is none"),
      memory_of(global.max_memory), std::move(memory));
}

std::shared_ptr<base::MemoryBudget> shared_memory(const Global& global) {
  return kube::Bounds::memory_for(memory_of(global.max_memory));
}

kube::Environment kube_environment() {
  kube::Environment env;
  const std::string kubeconfig = environment("KUBECONFIG");
  if (!kubeconfig.empty()) env.kubeconfig = kubeconfig;
  env.home = environment("HOME");
  env.service_host = environment("KUBERNETES_SERVICE_HOST");
  env.service_port = environment("KUBERNETES_SERVICE_PORT");
  env.pod_namespace = environment("POD_NAMESPACE");
  env.cert_file = environment("SSL_CERT_FILE");
  env.cert_folders = environment("SSL_CERT_DIR");
  env.proxy = {any_of("HTTP_PROXY", "http_proxy"), any_of("HTTPS_PROXY", "https_proxy"),
               any_of("NO_PROXY", "no_proxy"), !environment("REQUEST_METHOD").empty()};
  return env;
}

}  // namespace cli
