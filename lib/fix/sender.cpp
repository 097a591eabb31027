// The sender of a plan's steps, which looks again where an answer was lost or refused.
#include "fix/sender.hpp"

#include "base/error.hpp"
#include "kube/http/api_error.hpp"

namespace fix {
namespace {

using State = StepResult::State;

// A refused or lost request: what is the object like now? True: the step was planned anew and may
// be sent once more.
bool settle(Step& step, StepResult& result, const Live& live) {
  if (live.state == Live::State::unreadable) return false;
  const bool lost = result.state == State::unknown;
  if (live.state == Live::State::gone) {
    if (step.verb == Step::Verb::create) {
      result.state = State::failed;
    } else {
      result = {State::already, lost ? "gone; the response was lost" : "it no longer exists", {}};
    }
    return false;
  }
  std::string why;
  switch (effect_on(step, live.object, &why)) {
    case Effect::done:
      result.state = lost ? State::done : State::already;
      result.detail = lost ? "the response was lost, but the change was made"
                           : "somebody else made the change in the meantime";
      if (step.verb == Step::Verb::create) result.uid = live.object.at("metadata", "uid").text();
      return false;
    case Effect::pending:
      // Every test holds: whatever made the server refuse, it was not that the object has moved.
      result.state = State::failed;
      return false;
    case Effect::moved: break;
  }
  if (replan(step, live.object)) return true;
  result.state = State::moved;
  result.detail = why;
  return false;
}

}  // namespace

std::vector<Live> read_again(kube::Transport& transport, const std::vector<const Step*>& steps,
                             kube::Document& document) {
  std::vector<kube::Request> batch;
  for (const Step* step : steps) batch.push_back(read_request(*step));
  const auto answers = transport.send(std::move(batch));
  std::vector<Live> out;
  for (const kube::Response& answer : answers) {
    Live live;
    if (answer.failure == kube::Failure::none && answer.status == 404) {
      live.state = Live::State::gone;
    } else if (answer.ok()) {
      try {
        live.object = kube::read_json(answer.body, document);
        live.state = Live::State::found;
      } catch (const base::Error& error) {
        live.detail = error.what();
      }
    } else {
      live.detail = kube::describe_failure(answer);
    }
    out.push_back(std::move(live));
  }
  return out;
}

std::vector<StepResult> Sender::send(const std::vector<std::size_t>& numbers) {
  std::vector<StepResult> results = send_once(numbers);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const State state = results[i].state;
    if (state == State::moved || state == State::unknown) open.push_back(i);
  }
  if (open.empty() || lost_) return results;
  try {
    clear_up(numbers, open, results);
  } catch (...) {
    lost_ = base::current_error();
  }
  return results;
}

void Sender::clear_up(const std::vector<std::size_t>& numbers, const std::vector<std::size_t>& open,
                      std::vector<StepResult>& results) {
  std::vector<const Step*> steps;
  for (const std::size_t i : open) steps.push_back(&plan_.steps[numbers[i]]);
  kube::Document document;
  const std::vector<Live> live = read_again(transport_, steps, document);
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (settle(plan_.steps[numbers[open[i]]], results[open[i]], live[i])) again.push_back(open[i]);
  }
  send_again(numbers, again, results);
}

std::vector<StepResult> Sender::send_once(const std::vector<std::size_t>& numbers) {
  if (journal_ != nullptr) journal_->intend(numbers);
  std::vector<kube::Request> batch;
  for (const std::size_t n : numbers) batch.push_back(request_for(plan_.steps[n], mode_));
  std::vector<std::optional<kube::Response>> answers;
  try {
    transport_.send(std::move(batch), answers);
  } catch (...) {
    lost_ = base::current_error();
  }
  std::vector<StepResult> results;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto& answer = answers[i];
    results.push_back(answer ? judge(plan_.steps[numbers[i]], *answer)
                             : StepResult{State::unknown, "no response: " + why_lost(), {}});
  }
  return results;
}

void Sender::send_again(const std::vector<std::size_t>& numbers,
                        const std::vector<std::size_t>& again, std::vector<StepResult>& results) {
  if (again.empty()) return;
  std::vector<std::size_t> some;
  for (const std::size_t i : again) some.push_back(numbers[i]);
  const std::vector<StepResult> second = send_once(some);
  for (std::size_t i = 0; i < again.size(); ++i) results[again[i]] = second[i];
}

}  // namespace fix
