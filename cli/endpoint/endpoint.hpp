// What the commands of `endpoint` are told, and what they have in common.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "aibrix/endpoint.hpp"
#include "commands.hpp"
#include "report/endpoint.hpp"
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

// What `endpoint print` finds out, for all who show it: handed to `use` with the exit code, and
// alive as long as the call. Throws base::Error where the address cannot be told, or nothing serves
// the model.
using UseEndpoint = std::function<void(const report::EndpointView& view, int exit_code)>;
void look_for_endpoint(const Global& global, const EndpointOptions& options,
                       const UseEndpoint& use);

// MODEL, --model, --from, --scheme.
void add_endpoint_flags(CLI::App& command, EndpointOptions& options);
void add_endpoint_print(CLI::App& group, Action& chosen);
void add_endpoint_test(CLI::App& group, Action& chosen);

}  // namespace cli
