#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "aibrix/endpoint.hpp"
#include "commands.hpp"
#include "source.hpp"

namespace cli {

struct EndpointOptions {
  std::string action;   // print, test
  std::string model;
  SourceOptions source;
  std::string from;     // outside, node, inside; empty: guessed
  std::string scheme;   // http, https; empty: whatever there is
  std::string format;   // -o of its own
  bool all = false;
  bool quiet = false;
};

// --from, or a guess: in a pod inside, else outside.
aibrix::Vantage vantage(const EndpointOptions& options);

int endpoint_print(const Global& global, const EndpointOptions& options);

}  // namespace cli
