// What `endpoint print` prints.
#pragma once
#include <string>
#include <string_view>

#include "aibrix/endpoint.hpp"
#include "report/report.hpp"

namespace report {

struct EndpointView {
  const aibrix::EndpointFacts& facts;
  aibrix::Vantage from{};
  bool from_guessed = false;
  std::string model{};                        // for ready-made requests; empty: none
  std::string strategy{};                     // that requests for it must bring; empty: none
  bool side_car = false;                      // no EnvoyProxy decides the Service's type
  bool all = false;                           // every address, not only the best one
  std::vector<checks::Word> cluster_flags{};  // of the run, for commands
};

// The formats of stdout: "url", "env", "curl", "python", "json", "yaml". Empty when there is no
// address, but for the documents.
std::string endpoint_output(const EndpointView& view, std::string_view format,
                            std::string_view version, int exit_code);
// For people, on stderr: where the address comes from, or why there is none and the ways out.
std::string endpoint_explanation(const EndpointView& view, const Style& style);

}  // namespace report
