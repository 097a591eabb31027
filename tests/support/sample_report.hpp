// Reports for tests of the output formats.
#pragma once
#include "report/report.hpp"

namespace support {

// A report with an error that has symptoms under it, a warning, an info, and checks of every
// outcome. Made by hand, so that the layouts are tested apart from the checks.
report::Report sample_report();
// One in which everything is fine.
report::Report clean_report();

}  // namespace support
