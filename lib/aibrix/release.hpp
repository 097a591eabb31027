#pragma once
#include <optional>
#include <string>

#include "base/version.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {

// Which release of AIBrix (or Envoy Gateway) runs, as far as can be told. "Unknown" is normal; what
// is observed beats what a release would lead one to expect.
struct Release {
  std::optional<base::Version> version;
  bool newest = false;   // a build of main ("nightly"): newer than every release known here
  std::string text;      // "v0.7.0", "nightly", "at least v0.5 (podsets CRD)"; empty: unknown
  std::string evidence;  // where it was read: "image aibrix/controller-manager:v0.7.0"

  bool known() const { return version.has_value() || newest; }
  // nullopt when unknown.
  std::optional<bool> at_least(int major, int minor, int patch = 0) const;
};

// The tag of an image reference: "v0.7.0" of "registry:5000/aibrix/x:v0.7.0@sha256:…".
std::string_view image_tag(std::string_view image);
// "aibrix/controller-manager" of "registry.example.com:5000/mirror/aibrix/controller-manager:v1".
std::string_view image_name(std::string_view image);

// From a workload's image tag, else its app.kubernetes.io/version or helm.sh/chart label.
Release release_of(const kube::Object& deployment, std::string_view image_suffix);

}  // namespace aibrix
