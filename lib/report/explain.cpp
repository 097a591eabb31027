#include "base/text.hpp"
#include "report/finding_text.hpp"
#include "report/report.hpp"

namespace report {

std::string explain(const checks::Check& check, const Style& style) {
  std::string out = paint(style, Colour::bold, check.code) + "  " + std::string(check.title) +
                    "  (" + std::string(checks::to_string(check.area)) + ")\n";
  const auto section = [&](std::string_view name, std::string_view body) {
    out += '\n' + paint(style, Colour::bold, name) + '\n' + block(body, "  ", "  ", columns(style));
  };
  section("What it means", check.explain.meaning);
  section("What brings it about", check.explain.causes);
  section("How to repair it", check.explain.fix);
  std::vector<std::string> reads;
  for (const kube::Need& need : check.needs) {
    reads.push_back(kube::full_name(*need.resource) + (need.required ? "" : " (optional)"));
  }
  section("What it reads", base::join(reads, ", "));
  section("Since", check.explain.since);
  return out;
}

}  // namespace report
