// The catalogue of what clients of the gateway get to see: one row per answer, in the words of the
// release that gives it. Data only; the .cpp files beside it hold the rows, one file per producer.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/codes.hpp"
#include "aibrix/releases.hpp"
#include "aibrix/responses/response_text.hpp"

namespace aibrix {

enum class ResponseSource {
  plugin,
  engine,
  envoy,
  api_server,
  client,
  metadata_service,
  optimizer,
  controller,  // aibrix-controller-manager
  envoy_gateway,
  kuberay,
  runtime_sidecar,
  kubernetes,  // kubelet, scheduler, container runtime
  kubectl,
  helm,
  unknown,  // the answer does not prove who sent it
};
std::string_view to_string(ResponseSource source);  // "AIBrix's gateway plugin"

// A possible cause, and the findings of doctor that prove it.
struct ResponseCause {
  std::string_view text;
  CodeList codes;          // empty: nothing in the objects of a cluster tells
  bool by_path = false;    // the reserved HTTPRoute tells, once the request's path is known
  bool visible = false;    // the objects would tell, and no check looks at them
  ReleaseSpan releases{};  // it can be so in these alone: AIBrix's release tells
};

// Patterns: {name} stands for one or more characters and is kept under that name, a * at either end
// for anything. Letter case does not matter.
struct ResponsePattern {
  std::string_view id{};  // "model-unknown"; stable
  ResponseSource source{};
  ReleaseSpan releases{};  // of AIBrix; by default it has nothing to do with AIBrix's release
  std::array<int, 3> statuses{};  // the rest 0; all 0: any, or none
  std::string_view header{};      // the marker, lower case; empty: none
  std::string_view value{};       // pattern of its value; empty: any
  std::string_view message{};     // pattern of the message; empty: not told by a message
  std::string_view log{};    // pattern of a log line, its error, or a line of text; empty: none
  std::string_view flag{};   // Envoy's response flag
  std::string_view param{};  // error.param; empty: any
  bool bare = false;         // status alone tells: no body and no header of AIBrix's
  bool failed = false;       // with any status of 400 and more, and no other
  // What else must be so: of the request, or of who can have sent the answer. Where it is, the row
  // comes before one without such a condition.
  bool (*when)(const ResponseText&) = nullptr;
  std::string_view meaning{};
  std::span<const ResponseCause> causes{};  // most likely first
};

std::span<const ResponsePattern> plugin_responses();  // about models, pods, strategies, engines
std::span<const ResponsePattern> route_responses();   // of the plugin, about the model's HTTPRoute
std::span<const ResponsePattern> plugin_refusals();   // of the request itself, of users and limits
std::span<const ResponsePattern> plugin_logs();       // of the plugin's log
std::span<const ResponsePattern> envoy_responses();
std::span<const ResponsePattern> foreign_responses();  // proxies in front, servers that are others
std::span<const ResponsePattern> other_responses();    // engines, success
std::span<const ResponsePattern> api_responses();      // API server, kubectl, Helm
std::span<const ResponsePattern> component_logs();  // controllers, Envoy Gateway, engines, kubelet
std::span<const ResponsePattern> namespace_conditions();  // of a namespace stuck in Terminating
std::span<const ResponsePattern> client_responses();      // no answer at all
std::vector<const ResponsePattern*> all_responses();      // in that order

// What an answer was recognised as.
struct Match {
  const ResponsePattern* kind = nullptr;     // nullptr: not in the catalogue
  std::vector<const ResponsePattern*> also;  // rows that fit as well: the text does not tell which
  std::map<std::string, std::string> names;  // "model", "strategy", "route", "reason", …
  ReleaseSpan releases;                      // of the row, narrowed by the shape of the body
  std::vector<std::string> evidence;  // what was recognised: "status 503", "header x-error-routing"
  bool odd_status = false;            // the status is none this row knows
  std::string sender;  // "Envoy", "sender unknown (server: nginx)"; empty: nothing tells

  // The model it is about: named in it, or by its route; empty: not told.
  std::string model() const;
};
Match match_response(const ResponseText& answer);

// What was recognised in a pasted text.
struct Recognised {
  ResponseText answer;
  Match match;
  bool follows = false;  // from one before it, which says why
};
// The text's answers, what explains others first; else in their order, those that nobody knows
// last.
// Reads lines that a terminal has broken as one.
std::vector<Recognised> recognise(std::string_view text);

}  // namespace aibrix
