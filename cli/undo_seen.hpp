// What an undo brings back, told by the findings that the fix had cleared.
#pragma once
#include <vector>

#include "fix/fix.hpp"
#include "fix/record.hpp"
#include "source.hpp"

namespace cli {

// What the checks of the run's fix find now; empty when no such fix is known.
std::vector<checks::Finding> findings_of(const fix::Record& record, const Global& global,
                                         InputSource& source);
// What taking the run back has brought back, and what the run had cleared and is not found yet.
std::vector<fix::Watched> found_again(const fix::Record& record,
                                      const std::vector<checks::Finding>& before,
                                      const std::vector<checks::Finding>& after);

}  // namespace cli
