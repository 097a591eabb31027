// A run whose requests are through: what comes of it, and what is said of it.
#pragma once
#include <chrono>
#include <string>

#include "fix.hpp"
#include "fix/document.hpp"
#include "terminal.hpp"

namespace cli {

struct Ending {
  int code = 0;
  std::string text = "done";
};

// Looks again and again until all is seen, only others are left to act, or the time is up.
Ending verify(const FixRun& run, std::chrono::milliseconds wait, Progress& progress,
              fix::RunOutcome& outcome);
std::string ending_text(const FixRun& run, const fix::RunOutcome& outcome, const Ending& ending,
                        const Global& global);

}  // namespace cli
