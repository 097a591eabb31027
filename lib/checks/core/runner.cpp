// The runner of checks: missing lists, crashes and partial answers made outcomes.
#include "checks/core/runner.hpp"

#include <algorithm>
#include <exception>

#include "base/text.hpp"
#include "checks/common/log_evidence.hpp"
#include "checks/common/one_mistake.hpp"
#include "checks/core/fold.hpp"
#include "checks/core/hide_secrets.hpp"
#include "checks/core/kind_users.hpp"

namespace checks {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok: return "ok";
    case Outcome::found: return "found";
    case Outcome::skipped: return "skipped";
    case Outcome::undetermined:
    case Outcome::crashed: return "undetermined";
  }
  return "undetermined";
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::none: return "";
    case Reason::no_permission: return "no-permission";
    case Reason::not_applicable: return "not-applicable";
    case Reason::not_recorded: return "not-recorded";
    case Reason::failed: return "failed";
    case Reason::undecidable: return "undecidable";
    case Reason::internal: return "internal-error";
  }
  return "";
}

// The one friend of Reporter: turns what a check said, and what could not be read, into an outcome.
class Runner {
 public:
  explicit Runner(const Context& context) : context_(context) {}

  CheckOutcome run(const Check& check, std::vector<Finding>& findings) {
    CheckOutcome out;
    out.check = &check;
    if (!needs_met(check, out)) return out;
    Reporter reporter(check.code);
    try {
      check.run(context_, reporter);
    } catch (const std::exception& error) {
      out.outcome = Outcome::crashed;
      out.reason = Reason::internal;
      out.detail = std::string("internal error, please report: ") + error.what();
      return out;
    }
    judge(reporter, out);
    out.unread = (out.outcome == Outcome::undetermined || out.partial) && lacks_list(check);
    std::move(reporter.findings_.begin(), reporter.findings_.end(), std::back_inserter(findings));
    return out;
  }

 private:
  static void skip(CheckOutcome& out, Reason reason, std::string detail) {
    out.outcome = Outcome::skipped;
    out.reason = reason;
    out.detail = std::move(detail);
  }

  // A required need must be there. A check that marks all its needs optional (any kind of workload
  // will do) can run with one of them, but not with none.
  bool needs_met(const Check& check, CheckOutcome& out) {
    const bool any = needs_any(check);
    std::size_t wanted = 0;
    std::vector<std::string> absent;
    for (const kube::Need& need : check.needs) {
      if (!need.required && !any) continue;
      if (need.extra != nullptr && context_.snapshot.withheld(*need.resource)) continue;
      ++wanted;
      const kube::ListState state = context_.snapshot.state(*need.resource);
      if (state == kube::ListState::loaded && any) return ready(out);
      if (state == kube::ListState::absent) absent.push_back(kube::full_name(*need.resource));
      if (state == kube::ListState::forbidden) out.missing.push_back(need.resource);
      explain_missing(*need.resource, state, out);
    }
    if (wanted != 0 && absent.size() == wanted) {
      skip(out, Reason::not_applicable, base::join_and(absent) + " not installed in this cluster");
    }
    return out.outcome == Outcome::ok;
  }

  bool lacks_list(const Check& check) const {
    return std::any_of(check.needs.begin(), check.needs.end(), [&](const kube::Need& need) {
      const kube::ListState state = context_.snapshot.state(*need.resource);
      return state == kube::ListState::forbidden || state == kube::ListState::failed;
    });
  }

  static bool ready(CheckOutcome& out) {
    const Check* check = out.check;
    out = {};
    out.check = check;
    return true;
  }

  // The first list that is missing gives the reason; a right that is missing goes before the rest,
  // since the user can do something about it.
  void explain_missing(const kube::Resource& resource, kube::ListState state, CheckOutcome& out) {
    const std::string name = kube::full_name(resource);
    const bool first = out.outcome == Outcome::ok;
    switch (state) {
      case kube::ListState::loaded:
      case kube::ListState::absent: return;
      case kube::ListState::forbidden:
        if (first || out.reason != Reason::no_permission) {
          skip(out, Reason::no_permission, "may not list " + name);
        }
        return;
      case kube::ListState::failed:
        if (first) {
          skip(out, Reason::failed,
               "could not read " + name + ": " + std::string(context_.snapshot.detail(resource)));
        }
        return;
      case kube::ListState::not_recorded:
        if (first) skip(out, Reason::not_recorded, name + " not recorded");
        return;
      case kube::ListState::not_asked:
        if (first) skip(out, Reason::internal, name + " was not requested");
        return;
    }
  }

  static void judge(const Reporter& reporter, CheckOutcome& out) {
    out.measured = reporter.measured_;
    out.not_asked = reporter.not_asked_;
    if (!reporter.findings_.empty()) {
      out.outcome = Outcome::found;
      out.partial = !reporter.undetermined_.empty();
      if (out.partial) out.detail = base::join(reporter.undetermined_, "; ");
    } else if (!reporter.undetermined_.empty()) {
      out.outcome = Outcome::undetermined;
      out.reason = Reason::undecidable;
      out.detail = base::join(reporter.undetermined_, "; ");
    } else if (!reporter.not_applicable_.empty()) {
      skip(out, Reason::not_applicable, base::join(reporter.not_applicable_, "; "));
    }
  }

  const Context& context_;
};

bool Outcomes::complete() const {
  return !set_aside && std::all_of(checks.begin(), checks.end(), [](const CheckOutcome& c) {
    switch (c.outcome) {
      case Outcome::ok: return true;
      case Outcome::found: return !c.partial;
      case Outcome::skipped: return c.reason == Reason::not_applicable;
      case Outcome::undetermined:
      case Outcome::crashed: return false;
    }
    return false;
  });
}

bool Outcomes::all_read() const {
  return std::none_of(checks.begin(), checks.end(), [](const CheckOutcome& c) {
    return c.outcome == Outcome::crashed || c.unread || c.reason == Reason::no_permission ||
           c.reason == Reason::failed || c.reason == Reason::internal;
  });
}

Outcomes run(std::span<const Check* const> checks, const Context& context, const Focus& focus) {
  Outcomes outcomes;
  Runner runner(context);
  std::vector<Finding> findings;
  for (const Check* check : checks) outcomes.checks.push_back(runner.run(*check, findings));
  tell_from_logs(context, findings);
  tie_to_mistakes(findings);
  Folded folded = fold(std::move(findings),
                       [&](const Finding& f) { return concern(f, focus, context.cluster); });
  outcomes.findings = std::move(folded.findings);
  outcomes.elsewhere = folded.elsewhere;
  hide_secrets(outcomes);
  return outcomes;
}

std::vector<kube::Need> needs_of(std::span<const Check* const> checks) {
  std::vector<kube::Need> needs;
  for (const Check* check : checks) {
    for (const kube::Need& need : check->needs) {
      const bool known = std::any_of(needs.begin(), needs.end(), [&](const kube::Need& n) {
        return n.resource == need.resource && n.scope == need.scope &&
               n.field_selector == need.field_selector;
      });
      if (!known) needs.push_back(need);
    }
  }
  return needs;
}

}  // namespace checks
