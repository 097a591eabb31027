// What is known of checks, as text and as a document.
#include "base/lists.hpp"
#include "base/text.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/finding_text.hpp"
#include "report/report.hpp"

namespace report {
namespace {

using kube::Json;

Json check_json(const checks::Check& check) {
  Json out = {{"code", check.code},
              {"area", checks::to_string(check.area)},
              {"title", check.title},
              {"meaning", check.explain.meaning},
              {"causes", check.explain.causes},
              {"fix", check.explain.fix},
              {"reads", Json::array()},
              {"since", check.explain.since}};
  for (const kube::Need& need : check.needs) {
    out["reads"].push_back(
        {{"resource", kube::full_name(*need.resource)}, {"required", need.required}});
  }
  return out;
}

}  // namespace

std::string checks_document(std::span<const checks::Check* const> checks, std::string_view version,
                            bool yaml) {
  Json out = kube::document_head("CheckCatalogue", version);
  out["checks"] = Json::array();
  for (const checks::Check* check : checks) out["checks"].push_back(check_json(*check));
  return yaml ? kube::yaml_text(out.dump()) : kube::json_text(out);
}

std::string explain(const checks::Check& check, const Style& style) {
  std::string out = paint(style, Colour::bold, check.code) + "  " + std::string(check.title) +
                    "  (" + std::string(checks::to_string(check.area)) + ")\n";
  const auto section = [&](std::string_view name, std::string_view body) {
    out += '\n' + paint(style, Colour::bold, name) + '\n' + block(body, "  ", "  ", columns(style));
  };
  section("What it means", check.explain.meaning);
  section("Possible causes", check.explain.causes);
  section("How to fix it", check.explain.fix);
  if (style.verbose) {
    std::vector<std::string> reads;
    for (const kube::Need& need : check.needs) {
      base::add_once(
          reads, kube::full_name(*need.resource) +
                     (need.extra != nullptr ? " (only with " + std::string(need.extra->flag) + ")"
                      : need.required       ? ""
                                            : " (optional)"));
    }
    section("What it reads", base::join(reads, ", "));
  }
  section("Since", check.explain.since);
  return out;
}

}  // namespace report
