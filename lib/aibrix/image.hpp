// What the image of a container, and the labels of its workload, tell about the program in it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/version.hpp"
#include "kube/object.hpp"

namespace aibrix {

// The tag of an image reference: "v0.7.0" of "registry:5000/aibrix/x:v0.7.0@sha256:…".
std::string_view image_tag(std::string_view image);
// "aibrix/controller-manager" of "registry.example.com:5000/mirror/aibrix/controller-manager:v1".
std::string_view image_name(std::string_view image);

// Which version of a program runs, as far as can be told. "Unknown" is normal; what is observed
// beats what a version would lead one to expect.
struct ProgramVersion {
  std::optional<base::Version> version;  // empty although known(): a build of its main branch
  std::string text;                      // "v0.7.0", "nightly"; empty: unknown
  std::string evidence;  // where it was read: "image aibrix/controller-manager:v0.7.0"

  bool known() const { return !text.empty(); }
};

// From a workload's image tag, else its label app.kubernetes.io/version.
ProgramVersion program_version(const kube::Object& deployment, std::string_view image_suffix);

}  // namespace aibrix
