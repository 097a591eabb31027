// MDL028: in a manifest, values of a container that the API server takes in a pod template and that
// its pods fail on.
#include <algorithm>

#include "base/text.hpp"
#include "checks/common/written.hpp"
#include "kube/quantity.hpp"
#include "kube/schema/tell.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

Finding& tell(const Object& object, const std::string& what, const std::string& path,
              std::string consequence, Reporter& reporter) {
  return reporter.error(object, kind_and_name(object) + what)
      .at_field(path)
      .with_consequence(std::move(consequence));
}

// pkg/apis/core/validation: blanks around an image are refused in pods, and not in templates.
void judge_image(const Object& object, const Value& container, const std::string& path,
                 Reporter& reporter) {
  const std::string_view image = container["image"].text();
  if (base::trim(image) == image || kube::is_filled_in_later(image)) return;
  tell(object, " has an invalid image: blanks stand around it", path + ".image",
       "The API server refuses its pods.", reporter)
      .with_evidence("image", '"' + std::string(image) + '"', std::string(base::trim(image)))
      .remedy(Confidence::review, "remove the blanks");
}

// "16m" of memory are 0.016 bytes: the m of milli, where M or Mi was meant. Programs write large
// amounts in thousandths, too: 128974848000m is 123 Mi.
bool is_slip(std::string_view amount) {
  constexpr double least = 0x1p20;
  return amount.ends_with('m') && kube::parse_quantity(amount).value_or(least) < least;
}

void judge_memory(const Object& object, const Value& container, const std::string& path,
                  Reporter& reporter) {
  for (const std::string_view part : {"limits", "requests"}) {
    for (const std::string_view resource : {"memory", "ephemeral-storage"}) {
      const std::string_view amount = container.at("resources", part, resource).scalar();
      if (!is_slip(amount)) continue;
      const std::string number(amount.substr(0, amount.size() - 1));
      tell(object,
           " gives a container too little " + std::string(resource) + ": " + std::string(amount) +
               " are thousandths of a byte",
           path + ".resources." + std::string(part) + '.' + std::string(resource),
           part == "limits" ? "Its containers cannot be started."
                            : "The request is as good as none.",
           reporter)
          .with_evidence(std::string(resource), std::string(amount), number + "Mi")
          .remedy(Confidence::review, "write " + number + "Mi (or " + number + "M)");
    }
  }
}

void judge(const Object& object, const aibrix::PodTemplate& pod, Reporter& reporter) {
  for (const std::string_view list : {"initContainers", "containers"}) {
    const auto containers = pod.value.at("spec", list).items();
    for (std::size_t i = 0; i < containers.size(); ++i) {
      const std::string path =
          pod.path + ".spec." + std::string(list) + '[' + std::to_string(i) + ']';
      judge_image(object, containers[i], path, reporter);
      judge_memory(object, containers[i], path, reporter);
    }
  }
}

void run_values(const Context& context, Reporter& reporter) {
  judge_written(context, reporter, judge);
}

}  // namespace

constinit const Check registry::MDL028{
    codes::MDL028,
    Area::models,
    "a container has a value that fails its pods",
    model_lists,
    run_values,
    {"In a manifest, a pod template has a value that the API server takes there, and that no pod "
     "can be run with: blanks around an image, or memory in thousandths of a byte (16m).",
     "A template that leaves blanks, or the unit m where M or Mi was meant.",
     "Write the value that the finding names.", "every release"}};

}  // namespace checks
