// Which of the possible causes of a gateway's answer holds in a cluster: the catalogue's causes
// against the findings of a doctor run.
#pragma once
#include <string>
#include <vector>

#include "aibrix/responses/responses.hpp"
#include "checks/core/runner.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {
class Cluster;
}

namespace checks {

struct CauseVerdict {
  enum class State {
    holds,      // a finding shows it
    ruled_out,  // every check that could show it has looked and found nothing
    unchecked,  // one of them could not look
    unseen,     // nothing in a cluster's objects tells
  };
  const aibrix::ResponseCause* cause = nullptr;
  State state = State::unseen;
  std::vector<const Finding*> findings;  // of `outcomes`, for holds
  std::string why;                       // for unchecked
};
std::string_view to_string(CauseVerdict::State state);  // "holds", "ruled out", …

// In the catalogue's order: most likely first. `outcomes` must outlive the result. When it is not
// known which model the request was for, a finding about some model proves nothing.
std::vector<CauseVerdict> judge_causes(const aibrix::ResponsePattern& kind,
                                       const Outcomes& outcomes, bool model_known = true);
// Judges the causes that a request's path decides, by the HTTPRoute that takes requests, and those
// that AIBrix's release does.
void judge_path(std::vector<CauseVerdict>& verdicts, std::string_view path,
                const aibrix::Cluster& cluster);

// Whether an address that a user gave is one of the gateway's.
struct AddressVerdict {
  enum class Is { gateways, none_of_gateways, unknown };
  Is is = Is::unknown;
  std::string text;  // "127.0.0.1:80 is not an address of the gateway (http://10.0.0.2:80)"
};
AddressVerdict judge_address(std::string_view url, const aibrix::Cluster& cluster);
// Checks say nothing of an address that is not the gateway's: takes back what they ruled out, and
// puts the address first, where the answer does not prove to be the gateway's.
void apply_address(std::vector<CauseVerdict>& verdicts, const aibrix::ResponsePattern& kind,
                   const AddressVerdict& address);

// Those of `outcomes` that prove some cause: first what fails now, then by the catalogue's order.
std::vector<const Finding*> proofs(const std::vector<CauseVerdict>& verdicts);

}  // namespace checks
