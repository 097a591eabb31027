#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "kube/object.hpp"

// Commands that remedies print, for people to paste. Names come from a cluster or a file: every
// word that is not plain is quoted.
namespace checks {

// One word as a POSIX shell reads it.
std::string shell_word(std::string_view text);
// "kubectl -n team-a", "kubectl" for what has no namespace.
std::string kubectl(std::string_view ns);
// "modeladapters.model.aibrix.ai sql-lora", "deployments.apps web", "pods web-0".
std::string resource_and_name(const kube::Object& object);
// Removes exactly this finalizer and nothing else: a JSON Patch that the server refuses when the
// object was made anew or its list has changed (tests on uid and value).
std::string strip_command(const kube::Object& object, std::string_view finalizer);
// Sets failurePolicy of these webhook entries, guarded by their names.
std::string failure_policy_command(const kube::Object& configuration,
                                   std::span<const std::size_t> entries, std::string_view policy);

}  // namespace checks
