// The verdict on a model in short: whether requests reach it, and where they first fail.
#pragma once
#include <string>
#include <vector>

#include "checks/trace/trace.hpp"

namespace checks {

// One way of a request.
struct PathVerdict {
  enum class State {
    works,    // every hop was looked at and holds
    fails,    // at `hop`
    unknown,  // no hop is broken, but not all were seen
  };
  State state = State::unknown;
  std::string hop;                  // "ReferenceGrant"; of State::fails
  std::string code;                 // of the finding that says so: "REF001"
  Level level = Level::info;        // of that finding
  std::vector<std::string> unseen;  // hops; of State::unknown
};

struct ModelVerdict {
  std::string model;
  std::vector<std::string> served_by;  // as in Trace; empty: nothing serves it
  bool adapter = false;                // a LoRA
  std::size_t ready = 0;               // pods that take requests
  std::size_t pods = 0;
  PathVerdict strategy;                    // requests with a routing strategy
  PathVerdict route;                       // those without
  RequestPath plain = RequestPath::route;  // that requests take which bring no strategy
  bool plain_known = false;
  std::string default_strategy;  // that such requests get; empty: none

  // As doctor's exit code: what breaks a way is an error, not only a warning.
  bool fails() const;
  bool works() const;
};

ModelVerdict verdict_of(const Context& context, const Trace& trace);

// A general error that no hop of these traces rests on is not about their models, nor is anything
// general about names that nothing serves: it is counted elsewhere. `traces` hold pointers into
// `outcomes` and are of no use afterwards.
void keep_what_concerns(Outcomes& outcomes, const std::vector<Trace>& traces);

}  // namespace checks
