// What a run may take, and what of the environment has a say in how the cluster is reached.
#pragma once
#include <memory>

#include "commands.hpp"
#include "kube/auth/kubeconfig.hpp"
#include "kube/http/bounds.hpp"

namespace cli {

// --timeout and --max-memory. Throws base::Error(usage).
// `memory`: one for all clusters that are read at once.
std::shared_ptr<kube::Bounds> bounds_of(const Global& global,
                                        std::shared_ptr<base::MemoryBudget> memory = nullptr);
// That one, of --max-memory.
std::shared_ptr<base::MemoryBudget> shared_memory(const Global& global);
kube::Environment kube_environment();

}  // namespace cli
