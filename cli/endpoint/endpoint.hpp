// What the commands of `endpoint` are told, and what they have in common.
#pragma once
#include <string>
#include <vector>

#include "aibrix/endpoint.hpp"
#include "commands.hpp"
#include "source.hpp"

namespace cli {

// How the address is found.
struct EndpointOptions {
  std::string model;
  SourceOptions source;
  std::string from;    // outside, node, inside; empty: guessed
  std::string scheme;  // http, https; empty: whatever there is
  std::string format;  // -o of its own
};

struct EndpointTestOptions : EndpointOptions {
  std::string address;   // in place of the one that is found
  std::string via;       // api-server: through its service proxy
  std::string strategy;  // only with this one; "none": only without; empty: with MODEL both
  std::vector<std::string> headers;
  std::string api_key_file;
  std::string cacert;  // whose certificates the gateway's own must come from; empty: the system's
};

// --from, or a guess: in a pod inside, else outside.
aibrix::Vantage vantage(const EndpointOptions& options);

// The lists they need: the gateway's, and with a model those that tell models.
std::vector<kube::Need> endpoint_needs(bool with_models);

// Throws where there is no address because something was not read: a right that is missing by name.
void require_known(const kube::Snapshot& snapshot, const aibrix::EndpointFacts& facts);

// MODEL, --model, --from, --scheme.
void add_endpoint_flags(CLI::App& command, EndpointOptions& options);
void add_endpoint_print(CLI::App& group, Action& chosen);
void add_endpoint_test(CLI::App& group, Action& chosen);

}  // namespace cli
