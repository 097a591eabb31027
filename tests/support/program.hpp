// The built aibrixctl as a process, with its output and exit code.
#pragma once
#include <string>
#include <vector>

#include "base/process.hpp"

namespace support {

// Built with the address sanitizer, which takes memory of its own.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

// The binary that the tests run: the one that was built with them, or AIBRIXCTL_PROGRAM of the
// environment, so that the same tests hold for a binary that was built otherwise.
const std::string& program_path();

// Runs it, without a terminal, with a clean environment for colours and CI, and with
// these arguments.
base::ProcessResult aibrixctl(std::vector<std::string> arguments,
                              std::vector<std::pair<std::string, std::string>> environment = {});

// The same with this current folder.
base::ProcessResult aibrixctl_in(const std::string& folder, std::vector<std::string> arguments,
                                 std::vector<std::pair<std::string, std::string>> environment = {});

// The same with this text on its standard input.
base::ProcessResult aibrixctl_reading(const std::string& text, std::vector<std::string> arguments);

// ../shared/testdata/<name>, or empty when that folder is not beside the project.
std::string testdata(const std::string& name);

}  // namespace support
