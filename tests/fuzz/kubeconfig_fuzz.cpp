// A kubeconfig's text and an exec plugin's answer: whatever is in them, base::Error or a result.
#include <cstddef>
#include <cstdint>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/auth/exec_protocol.hpp"
#include "kube/auth/kubeconfig_resolve.hpp"

namespace {

// No step opens a file: paths come from the input.
void use_kubeconfig(std::string_view text) {
  kube::Kubeconfig config = kube::parse_kubeconfig(text, "fuzz");
  kube::merge(config, kube::parse_kubeconfig(text, "again"));
  kube::KubeconfigFlags flags;
  if (config.current_context.empty() && !config.contexts.empty()) {
    flags.context = config.contexts.begin()->first;
  }
  const kube::ResolvedContext choice = kube::resolve(config, flags);
  kube::normal_server(choice.cluster.server, "fuzz");
  base::decode_base64(choice.cluster.certificate_authority.data);
  if (choice.user.exec && choice.cluster.certificate_authority.empty()) {
    kube::exec_info(*choice.user.exec, choice.cluster, false);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    use_kubeconfig(text);
  } catch (const base::Error& error) {
    // What reaches a terminal must not drive it.
    if (base::printable(error.what()) != error.what()) __builtin_trap();
    if (base::printable(error.hint) != error.hint) __builtin_trap();
  }
  try {
    kube::read_exec_answer(text, "client.authentication.k8s.io/v1", "plugin");
  } catch (const base::Error& error) {
    if (base::printable(error.what()) != error.what()) __builtin_trap();
  }
  return 0;
}
