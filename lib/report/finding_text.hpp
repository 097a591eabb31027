// A finding as text for a terminal.
#pragma once
#include <string>

#include "checks/core/finding.hpp"
#include "report/layout.hpp"

namespace report {

// Entries of also[] and of evidence that are shown without -v.
inline constexpr std::size_t long_list = 8;

// Below 60 columns the gutter goes and every label gets a line of its own.
inline bool is_narrow(const Style& style) {
  return style.width < 60;
}
// Columns to use: never more than 100.
std::size_t columns(const Style& style);

// "a.yaml:12:3", as far as it is known; empty for what no file holds. As it stands: foreign.
std::string place_text(const checks::Subject& subject);

// One finding as a block of lines: headline, object, evidence, what follows from it, notes, fixes.
std::string finding_text(const checks::Finding& finding, const Style& style);

}  // namespace report
