// `doctor --watch`: the report again whenever something changes.
#pragma once
#include <functional>
#include <string>

#include "doctor.hpp"

namespace cli {

// Follows the cluster until SIGINT or SIGTERM. `render` makes the report of standard output,
// `files` writes those that go into files. The exit code of the last report.
int watch_cluster(const Global& global, const DoctorOptions& options,
                  const std::function<std::string(const report::Report&)>& render,
                  const std::function<void(const report::Report&)>& files);

}  // namespace cli
