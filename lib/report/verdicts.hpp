// The verdicts on models as text: of those asked for, of all as a table, and as a document.
#pragma once
#include <string>
#include <vector>

#include "report/report.hpp"

namespace report {

// What serves each model, its pods, and whether requests reach it, with and without a strategy.
std::string model_verdicts(const std::vector<checks::ModelVerdict>& models, const Style& style);

// "3 models and 2 LoRA adapters, all routable".
std::string models_text(const Overview& overview);

// One line a model, for `trace` without MODEL.
std::string model_table(const std::vector<checks::ModelVerdict>& models, const Style& style);
// The same as a document of kind TraceList.
std::string models_json(const std::vector<checks::ModelVerdict>& models, std::string_view version,
                        int exit_code);
std::string models_yaml(const std::vector<checks::ModelVerdict>& models, std::string_view version,
                        int exit_code);

}  // namespace report
