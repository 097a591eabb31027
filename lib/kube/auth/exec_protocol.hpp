// The protocol between a Kubernetes client and an exec plugin.
#pragma once
#include <string>
#include <string_view>

#include "kube/auth/access.hpp"

namespace kube {

struct ClusterEntry;
struct ExecEntry;

// What an exec plugin is told, in KUBERNETES_EXEC_INFO: an ExecCredential with a spec, and with the
// cluster in it when the entry asks for that.
std::string exec_info(const ExecEntry& entry, const ClusterEntry& cluster, bool interactive);

// What it prints: an ExecCredential with a status. Throws base::Error(unavailable) with reason
// ExecPluginInvalid, its message beginning with `who`; the output itself is never quoted.
Login read_exec_answer(std::string_view out, std::string_view api_version, const std::string& who);

}  // namespace kube
