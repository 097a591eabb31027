// Version numbers of releases, read and compared.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// A release number as images, charts and API servers write it: v0.4.1, 1.36.3, 0.5.0-rc.1, 31+.
// A pre-release sorts before its release.
struct Version {
  int major = 0;
  int minor = 0;
  int patch = 0;
  std::string pre;

  std::strong_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const = default;
};

// Nothing for words such as "nightly", "latest" or a digest.
std::optional<Version> parse_version(std::string_view text);
std::string format_version(const Version& version);  // "v0.4.1"

}  // namespace base
