// The reader of names, tags and versions of container images.
#include "aibrix/image.hpp"

namespace aibrix {
namespace {

// Tags that move with the main branch.
bool is_main(std::string_view tag) {
  return tag == "nightly" || tag == "main" || tag == "latest";
}

}  // namespace

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

ProgramVersion program_version(const kube::Object& deployment, std::string_view image_suffix) {
  ProgramVersion out;
  std::string image;
  for (const kube::Value& c : deployment.at("spec", "template", "spec", "containers").items()) {
    if (image_name(c["image"].text()).ends_with(image_suffix)) image = c["image"].text();
  }
  const std::string_view tag = image_tag(image);
  if ((out.version = base::parse_version(tag))) {
    out.text = base::format_version(*out.version);
    out.evidence = "image " + image;
    return out;
  }
  const std::string_view label = deployment.label("app.kubernetes.io/version");
  if ((out.version = base::parse_version(label))) {
    out.text = base::format_version(*out.version);
    out.evidence = "label app.kubernetes.io/version=" + std::string(label);
    return out;
  }
  if (is_main(tag) || label == "nightly") {
    out.text = tag.empty() ? std::string(label) : std::string(tag);
    out.evidence = image.empty() ? "label app.kubernetes.io/version" : "image " + image;
  }
  return out;
}

}  // namespace aibrix
