// The engine that dry-runs and applies plans, in waves and batches.
#include "fix/engine.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "fix/sender.hpp"

namespace fix {
namespace {

using State = StepResult::State;
using std::chrono::milliseconds;

constexpr std::size_t batch_size = 16;
constexpr milliseconds mark_poll{250};

std::vector<std::vector<std::size_t>> batches(const std::vector<std::size_t>& numbers) {
  std::vector<std::vector<std::size_t>> out;
  for (std::size_t i = 0; i < numbers.size(); i += batch_size) {
    const auto end = std::min(numbers.size(), i + batch_size);
    out.emplace_back(numbers.begin() + static_cast<std::ptrdiff_t>(i),
                     numbers.begin() + static_cast<std::ptrdiff_t>(end));
  }
  return out;
}

std::vector<std::size_t> wave_steps(const Plan& plan, int wave) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].wave == wave) out.push_back(i);
  }
  return out;
}

class Run {
 public:
  Run(kube::Transport& transport, Plan& plan, Journal& journal, const Hooks& hooks)
      : transport_(transport), plan_(plan), journal_(journal), hooks_(hooks) {
    applied_.steps.resize(plan.steps.size());
  }

  Applied all(milliseconds mark_wait) {
    int last = 0;
    for (const Step& step : plan_.steps) last = std::max(last, step.wave);
    guarded([&] {
      for (int wave = 0; wave <= last; ++wave) {
        std::vector<std::size_t> steps = wave_steps(plan_, wave);
        if (!await_marks(steps, mark_wait) || !send(steps)) break;
      }
    });
    return std::move(applied_);
  }

 private:
  // The first thing that is lost is the one to tell.
  template <typename Work>
  void guarded(const Work& work) {
    try {
      work();
    } catch (...) {
      if (!applied_.cut_off) applied_.cut_off = base::current_error();
    }
  }

  void keep(const std::vector<std::size_t>& steps, std::vector<StepResult> results) {
    for (std::size_t i = 0; i < steps.size(); ++i) applied_.steps[steps[i]] = std::move(results[i]);
    for (const std::size_t n : steps) guarded([&] { journal_.result(n, applied_.steps[n]); });
    if (!hooks_.on_result) return;
    for (const std::size_t n : steps) guarded([&] { hooks_.on_result(n, applied_.steps[n]); });
  }

  void put(std::size_t step, StepResult result) { keep({step}, {std::move(result)}); }

  bool stop_asked() {
    applied_.stopped = applied_.stopped || (hooks_.stopped && hooks_.stopped());
    return applied_.stopped;
  }

  bool send(const std::vector<std::size_t>& steps) {
    Sender sender(transport_, plan_, Mode::real, &journal_);
    for (const auto& batch : batches(steps)) {
      if (stop_asked()) return false;
      std::vector<StepResult> results = sender.send(batch);
      const bool good = std::ranges::all_of(results, [](const auto& r) { return r.good(); });
      keep(batch, std::move(results));
      if (sender.lost() && !applied_.cut_off) applied_.cut_off = sender.lost();
      if (!good || applied_.cut_off) return false;
    }
    return true;
  }

  // Leaves in `steps` those whose objects are marked by now; those that went meanwhile are through.
  // False: one is not marked in time, or the user has had enough.
  bool await_marks(std::vector<std::size_t>& steps, milliseconds left) {
    for (;;) {
      const std::vector<std::size_t> open = unmarked(steps);
      if (open.empty()) return true;
      if (stop_asked()) return false;
      if (left <= milliseconds(0)) {
        for (const std::size_t n : open) {
          put(n, {State::unmarked, "the garbage collector has not marked it for deletion", {}});
        }
        return false;
      }
      if (hooks_.progress) {
        hooks_.progress("waiting until " + base::plural(open.size(), "child", "children") +
                        " are marked for deletion");
      }
      hooks_.pause(mark_poll);
      left -= mark_poll;
    }
  }

  std::vector<std::size_t> unmarked(std::vector<std::size_t>& steps) {
    std::vector<std::size_t> asked;
    std::vector<const Step*> objects;
    for (const std::size_t n : steps) {
      if (!plan_.steps[n].after_parent) continue;
      asked.push_back(n);
      objects.push_back(&plan_.steps[n]);
    }
    std::vector<std::size_t> open;
    if (asked.empty()) return open;
    kube::Document document;
    const std::vector<Live> live = read_again(transport_, objects, document);
    for (std::size_t i = 0; i < asked.size(); ++i) {
      Step& step = plan_.steps[asked[i]];
      const std::string_view uid = live[i].object.at("metadata", "uid").text();
      if (live[i].state == Live::State::gone ||
          (live[i].state == Live::State::found && uid != step.uid)) {
        put(asked[i], {State::already, "it was deleted in the meantime", {}});
        std::erase(steps, asked[i]);
      } else if (live[i].object.at("metadata", "deletionTimestamp").exists()) {
        step.after_parent = false;
      } else {
        open.push_back(asked[i]);
      }
    }
    return open;
  }

  kube::Transport& transport_;
  Plan& plan_;
  Journal& journal_;
  const Hooks& hooks_;
  Applied applied_;
};

}  // namespace

std::vector<StepResult> dry_run(kube::Transport& transport, Plan& plan, const Hooks& hooks) {
  std::vector<std::size_t> numbers(plan.steps.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
  Sender sender(transport, plan, Mode::dry_run, nullptr);
  std::vector<StepResult> out;
  for (const auto& batch : batches(numbers)) {
    if (hooks.progress) {
      hooks.progress("server dry-run: " + std::to_string(out.size()) + " of " +
                     std::to_string(numbers.size()));
    }
    for (StepResult& result : sender.send(batch)) out.push_back(std::move(result));
    if (sender.lost()) throw base::Error(*sender.lost());
  }
  return out;
}

std::size_t Applied::count(State state) const {
  return static_cast<std::size_t>(std::count_if(
      steps.begin(), steps.end(), [&](const StepResult& r) { return r.state == state; }));
}

bool Applied::all_good() const {
  return std::all_of(steps.begin(), steps.end(), [](const StepResult& r) { return r.good(); });
}

bool Applied::wrote() const {
  return count(State::done) + count(State::unknown) != 0;
}

const StepResult* Applied::first_bad() const {
  const auto it = std::find_if(steps.begin(), steps.end(), [](const StepResult& r) {
    return !r.good() && r.state != State::not_sent;
  });
  return it == steps.end() ? nullptr : &*it;
}

Applied apply(kube::Transport& transport, Plan& plan, Journal& journal, const Hooks& hooks,
              milliseconds mark_wait) {
  return Run(transport, plan, journal, hooks).all(mark_wait);
}

}  // namespace fix
