// Steps of a plan as requests to the API server, and results from its answers.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fix/plan.hpp"
#include "kube/http/transport.hpp"
#include "kube/read/get_objects.hpp"

namespace fix {

// How one step went, or would go.
struct StepResult {
  enum class State {
    not_sent,
    done,
    already,    // it was so before, or the object is gone: nothing was changed
    moved,      // refused: the object was made anew, or what the step tests has changed
    forbidden,  // the user lacks the right
    webhook,    // an admission webhook could not be called
    failed,
    unmarked,  // it was not marked for deletion in time
    unknown,   // it was sent, and no answer tells what became of it
  };
  State state = State::not_sent;
  std::string detail;  // in words
  std::string uid;     // of a created object

  bool good() const { return state == State::done || state == State::already; }
};
std::string_view to_string(StepResult::State state);

enum class Mode { dry_run, real };
kube::Request request_for(const Step& step, Mode mode);
// What an answer means. Refused tests read `moved`; whether they hold in another way is for the
// caller to find out.
StepResult judge(const Step& step, const kube::Response& response);
kube::ObjectKey key_of(const Step& step);
// The object again, whole, as text.
kube::Request read_request(const Step& step);

// The step made anew for the object as it is now, when it removes finalizers that only stand in
// other places of the list by now. Never takes on one that it did not have. False: it cannot be.
bool replan(Step& step, const kube::Value& object);
// What the step has to do with the object as it is now, in words when it has moved.
Effect effect_on(const Step& step, const kube::Value& object, std::string* why);

}  // namespace fix
