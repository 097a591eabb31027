#include "aibrix/release.hpp"

#include <tuple>

namespace aibrix {

std::optional<bool> Release::at_least(int major, int minor, int patch) const {
  if (newest) return true;
  if (!version) return std::nullopt;
  // A release candidate of 0.5.0 behaves as 0.5.0.
  return std::tie(version->major, version->minor, version->patch) >= std::tie(major, minor, patch);
}

std::string_view image_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t slash = image.rfind('/');
  const std::size_t colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  image = image.substr(0, colon);
  // Only the last two parts tell the project: mirrors put their own in front.
  const std::size_t last = image.rfind('/');
  if (last == std::string_view::npos || last == 0) return image;
  const std::size_t before = image.rfind('/', last - 1);
  return before == std::string_view::npos ? image : image.substr(before + 1);
}

std::string_view image_tag(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t slash = image.rfind('/');
  const std::size_t colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  return colon == std::string_view::npos ? std::string_view() : image.substr(colon + 1);
}

Release release_of(const kube::Object& deployment, std::string_view image_suffix) {
  Release release;
  std::string image;
  for (const kube::Value& c : deployment.at("spec", "template", "spec", "containers").items()) {
    if (image_name(c["image"].text()).ends_with(image_suffix)) image = c["image"].text();
  }
  const std::string_view tag = image_tag(image);
  if ((release.version = base::parse_version(tag))) {
    release.text = base::format_version(*release.version);
    release.evidence = "image " + image;
    return release;
  }
  const std::string_view label = deployment.label("app.kubernetes.io/version");
  if ((release.version = base::parse_version(label))) {
    release.text = base::format_version(*release.version);
    release.evidence = "label app.kubernetes.io/version=" + std::string(label);
    return release;
  }
  if (tag == "nightly" || tag == "main" || tag == "latest" || label == "nightly") {
    release.newest = true;
    release.text = tag.empty() ? std::string(label) : std::string(tag);
    release.evidence = image.empty() ? "label app.kubernetes.io/version" : "image " + image;
  }
  return release;
}

}  // namespace aibrix
