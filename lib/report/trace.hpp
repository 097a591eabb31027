// What `trace MODEL` prints.
#pragma once
#include <string>

#include "checks/trace/trace.hpp"
#include "report/report.hpp"

namespace report {

std::string trace_text(const checks::Trace& trace, const Style& style);
// kind Trace.
std::string trace_json(const checks::Trace& trace, std::string_view version, int exit_code);
std::string trace_yaml(const checks::Trace& trace, std::string_view version, int exit_code);

}  // namespace report
