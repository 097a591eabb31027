// Known finalizers, who takes each off, and what stays behind without that.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "aibrix/releases.hpp"

namespace aibrix {

// Who removes a finalizer.
enum class FinalizerOwner {
  controller_manager,  // AIBrix
  nobody,              // a release long gone: no running program knows it
  envoy_gateway,
  kuberay,
  kubernetes,  // garbage collector, job, volume or service controller
  cloud,       // cloud-controller-manager
};

// One finalizer this program knows.
struct Finalizer {
  std::string_view name;
  FinalizerOwner owner = FinalizerOwner::nobody;
  std::string_view controller;   // AIBrix: the one of --controllers that removes it
  std::string_view who;          // the owner, for people
  std::string_view left;         // what stays behind when a human removes it instead; one clause
  std::string_view finish = {};  // what gets it removed, in the imperative; empty: bring `who` back
};

const Finalizer* find_finalizer(std::string_view name);
// AIBrix's own, current or legacy: those that may be stripped when their owner cannot act.
bool is_aibrix_finalizer(std::string_view name);
// "backup.example.com" of "backup.example.com/archive"; a name without a slash is its own domain.
std::string_view finalizer_domain(std::string_view name);

// How the controller asks engines to unload a LoRA before it removes the adapter's finalizer.
struct UnloadBehaviour {
  bool timeout = false;         // false: hangs on a pod address that drops packets
  bool every_instance = false;  // false: only status.instances[0]
};
// nullopt when the release is unknown.
std::optional<UnloadBehaviour> unload_behaviour(const Release& release);

}  // namespace aibrix
