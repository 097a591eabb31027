// What `trace` finds out, for all who show it.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "checks/trace/trace.hpp"
#include "checks/trace/verdict.hpp"
#include "commands.hpp"
#include "source.hpp"

namespace cli {

// Follows the requests of one model, and hands the way to `use` with the exit code. The way lives
// as long as the call.
using UseTrace = std::function<void(const checks::Trace& trace, int exit_code)>;
void follow_model(const Global& global, const SourceOptions& source, const std::string& model,
                  const UseTrace& use);

// Of every model, whether requests reach it.
struct ModelVerdicts {
  std::vector<checks::ModelVerdict> models;
  int exit_code = 0;
};
ModelVerdicts follow_all(const Global& global, const SourceOptions& source);

}  // namespace cli
