// Saved plans and the files of a run: whatever is in them, a result or base::Error, and no step
// that no fix makes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "demand.hpp"
#include "fix/document.hpp"
#include "fix/plan_reader.hpp"
#include "fix/record.hpp"

namespace {

bool leads_elsewhere(const std::string& text) {
  return text.find_first_of("/%?#\n") != std::string::npos;
}

void check_steps(const fix::Plan& plan) {
  for (const fix::Step& step : plan.steps) {
    demand(step.resource != nullptr);
    demand(!leads_elsewhere(step.object.name) && !leads_elsewhere(step.object.ns));
    demand(!leads_elsewhere(step.version));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == 0xFF) {
      parts.emplace_back();
    } else {
      parts.back() += static_cast<char>(data[i]);
    }
  }
  parts.resize(3);
  try {
    const fix::Plan plan = fix::read_plan(parts[0], "plan.json");
    check_steps(plan);
    const std::string written = fix::to_json(plan, "0", 0);
    demand(fix::read_plan(written, "again").steps == plan.steps);
  } catch (const base::Error& error) {
    demand(error.fault == base::Fault::usage);
  }
  try {
    check_steps(fix::parse_record("id", "folder", parts[0], parts[1], parts[2]).plan);
  } catch (const base::Error& error) {
    demand(error.reason == "BadJournal");
  }
  return 0;
}
