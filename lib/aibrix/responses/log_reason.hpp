// Why a container ends, or does not become ready, as far as its own log tells.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "aibrix/responses/responses.hpp"

namespace aibrix {

// What a row of the catalogue means for the container in whose log it stands. Both texts may name
// what the row's pattern caught: {flag}.
struct LogCause {
  std::string_view id;         // of the row
  std::string_view predicate;  // behind the program's name: "does not start: …"
  std::string_view advice;     // what repairs it, in one clause
  bool restart = false;        // starting the workload's pods anew repairs it

  // It can also be so of a program that goes on running.
  bool while_running() const;
};

// That of a row; nullptr: it says nothing of why a container ends. And how many there are.
const LogCause* log_cause(std::string_view id);
std::size_t log_cause_count();

struct LogReason {
  const ResponsePattern* kind = nullptr;  // nullptr: the line is none that the catalogue knows
  const LogCause* cause = nullptr;        // nullptr: nor does it say why a container ends
  std::string line;                       // as it stands in the log; empty: no line tells anything
  std::map<std::string, std::string> names;

  std::string predicate() const;  // with the names filled in
  std::string advice() const;
};

// The line that tells most. `writer`: whose log it is, where that is known. `ended`: the container
// has ended, so where no line looks like an error its last one is given.
LogReason reason_in_log(std::string_view log, ResponseText::Writer writer, bool ended);

}  // namespace aibrix
