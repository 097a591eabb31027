// What Kubernetes refuses of kinds that run pods and no schema says. Sources: pkg/apis/{apps,batch,
// policy}/validation.
#include "kube/schema/workload_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/text.hpp"
#include "kube/selector.hpp"

namespace kube {

namespace {

void look_at_template(const Value& object, Teller& tell, bool once) {
  const Value spec = object.at("spec", "template", "spec");
  if (!spec.is_object()) return;
  const std::string path = "spec.template.spec";
  look_at_pod(spec, path, object.at("spec", "volumeClaimTemplates"), tell);
  const Value policy = spec["restartPolicy"];
  const std::string_view word = policy.text();
  if (once && (word.empty() || word == "Always")) {
    tell.add(word.empty() ? Mistake::missing : Mistake::not_a_choice, path + ".restartPolicy",
             word.empty() ? spec : policy,
             word.empty() ? "has no " + path + ".restartPolicy, and Always is none of a Job"
                          : "has \"Always\" in " + path + ".restartPolicy, which is none of a Job",
             path + ".restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"");
  }
  if (!once && (word == "Never" || word == "OnFailure")) {
    tell.add(Mistake::not_a_choice, path + ".restartPolicy", policy,
             "has " + Teller::shown(policy) + " in " + path +
                 ".restartPolicy, where only Always is possible",
             path + ".restartPolicy: Unsupported value: " + Teller::shown(policy) +
                 ": supported values: \"Always\"");
  }
  if (!once && spec["activeDeadlineSeconds"].integer()) {
    tell.broken(path + ".activeDeadlineSeconds", spec["activeDeadlineSeconds"],
                "has activeDeadlineSeconds, which only Jobs have",
                "activeDeadlineSeconds in ReplicaSet is not Supported");
  }
}

void look_at_selector(const Value& object, Teller& tell) {
  const Value selector = object.at("spec", "selector");
  const Value labels = object.at("spec", "template", "metadata", "labels");
  if (!selector.is_object() || !object.at("spec", "template").is_object()) return;
  const bool empty = selector["matchLabels"].empty() && selector["matchExpressions"].empty();
  if (!empty && matches_selector(selector, labels)) return;
  const std::string path = empty ? "spec.selector" : "spec.template.metadata.labels";
  tell.add(Mistake::bad_selector, path, empty ? selector : labels,
           empty ? "has an empty selector" : "does not select its own pods",
           path + ": Invalid value: " +
               (empty ? "empty selector is invalid for deployment"
                      : "`selector` does not match template `labels`"));
}

// "25%" or a number; nothing for anything else.
std::optional<long long> part_of(const Value& value) {
  std::string_view text = value.scalar();
  if (text.empty()) return std::nullopt;
  if (value.is_string() && !text.ends_with('%')) return std::nullopt;
  if (text.ends_with('%')) text.remove_suffix(1);
  long long out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out < 0) return std::nullopt;
  return out;
}

void look_at_part(const Value& value, const std::string& path, Teller& tell) {
  if (!value.exists() || value.is_null() || part_of(value)) return;
  if (is_filled_in_later(value.text()) || !(value.is_string() || value.integer())) return;
  tell.add(value.is_string() ? Mistake::malformed : Mistake::out_of_range, path, value,
           "has " + Teller::shown(value) + " in " + path +
               ", which is neither a number nor a percentage",
           path + ": Invalid value: " + Teller::shown(value) +
               ": a valid percent string must be a numeric string followed by an ending '%'");
}

}  // namespace

void look_at_deployment(const Value& object, Teller& tell) {
  look_at_selector(object, tell);
  look_at_template(object, tell, false);
  const Value spec = object["spec"];
  const Value strategy = spec["strategy"];
  const Value rolling = strategy["rollingUpdate"];
  if (strategy["type"].text() == "Recreate" && rolling.is_object()) {
    tell.broken("spec.strategy.rollingUpdate", rolling,
                "has spec.strategy.rollingUpdate beside type Recreate",
                "Forbidden: may not be specified when strategy `type` is 'Recreate'");
  }
  look_at_part(rolling["maxSurge"], "spec.strategy.rollingUpdate.maxSurge", tell);
  look_at_part(rolling["maxUnavailable"], "spec.strategy.rollingUpdate.maxUnavailable", tell);
  const Value away = rolling["maxUnavailable"];
  if (away.text().ends_with('%') && part_of(away).value_or(0) > 100) {
    tell.add(Mistake::out_of_range, "spec.strategy.rollingUpdate.maxUnavailable", away,
             "has " + Teller::shown(away) + " in spec.strategy.rollingUpdate.maxUnavailable",
             "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: must not be greater than "
             "100%");
  }
  if (part_of(rolling["maxSurge"]) == 0 && part_of(rolling["maxUnavailable"]) == 0) {
    tell.broken("spec.strategy.rollingUpdate.maxUnavailable", rolling["maxUnavailable"],
                "may neither add nor take away a pod during an update",
                "may not be 0 when `maxSurge` is 0");
  }
  const Value deadline = spec["progressDeadlineSeconds"];
  if (deadline.integer() && *deadline.integer() <= spec["minReadySeconds"].integer_or(0)) {
    tell.broken("spec.progressDeadlineSeconds", deadline,
                "has a spec.progressDeadlineSeconds that is not longer than minReadySeconds",
                "must be greater than minReadySeconds");
  }
}

void look_at_stateful_set(const Value& object, Teller& tell) {
  look_at_selector(object, tell);
  look_at_template(object, tell, false);
  const Value name = object.at("metadata", "name");
  if (is_subdomain(name.text()) && !is_dns_label(name.text())) {
    tell.add(
        Mistake::bad_name, "metadata.name", name,
        "has " + Teller::shown(name) + " as metadata.name, which its pods cannot have as host name",
        "metadata.name: Invalid value: " + Teller::shown(name) + ": must not contain dots");
  }
  const Value claims = object.at("spec", "volumeClaimTemplates");
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const std::string at = item_path("spec.volumeClaimTemplates", i) + ".spec.resources.requests";
    if (claims[i].at("spec", "resources", "requests", "storage").scalar().empty()) {
      tell.missing(at + ".storage", claims[i]);
    }
  }
}

void look_at_daemon_set(const Value& object, Teller& tell) {
  look_at_selector(object, tell);
  look_at_template(object, tell, false);
}

void look_at_job(const Value& object, Teller& tell) {
  look_at_template(object, tell, true);
  const Value name = object.at("metadata", "name");
  if (name.text().size() > 63 && is_subdomain(name.text())) {
    tell.add(Mistake::bad_name, "metadata.name", name,
             "has a metadata.name of more than 63 characters, which no label of its pods can hold",
             "spec.template.labels: Invalid value: must be no more than 63 characters");
  }
}

namespace {

// One field of five: a number, a name, *, a range, a step, or a list of them.
bool is_schedule_part(std::string_view part, std::string_view names, int least, int most) {
  const auto number = [&](std::string_view text) -> std::optional<int> {
    if (text.size() == 3 && !names.empty()) {
      const std::size_t at = names.find(base::lower(text));
      if (at != std::string_view::npos && at % 3 == 0) return static_cast<int>(at / 3) + least;
    }
    int out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && out >= least && out <= most ? std::optional(out) : std::nullopt;
  };
  for (const std::string_view one : base::split(part, ',')) {
    const auto steps = base::split(one, '/');
    if (steps.size() > 2) return false;
    if (steps.size() == 2) {
      int step = 0;
      const std::string_view text = steps[1];
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
      if (error != std::errc() || end != text.data() + text.size() || step < 1) return false;
    }
    if (steps[0] == "*" || steps[0] == "?") continue;
    const auto ends = base::split(steps[0], '-');
    if (ends.size() > 2) return false;
    const auto from = number(ends[0]);
    const auto to = ends.size() == 2 ? number(ends[1]) : from;
    if (!from || !to || *from > *to) return false;
  }
  return true;
}

bool is_schedule(std::string_view text) {
  if (text.starts_with('@')) {
    constexpr std::array<std::string_view, 8> words = {
        "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every"};
    return std::ranges::find(words, text.substr(0, text.find(' '))) != words.end();
  }
  std::vector<std::string_view> parts;
  for (const std::string_view part : base::split(text, ' ')) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts.size() == 5 && is_schedule_part(parts[0], {}, 0, 59) &&
         is_schedule_part(parts[1], {}, 0, 23) && is_schedule_part(parts[2], {}, 1, 31) &&
         is_schedule_part(parts[3], "janfebmaraprmayjunjulaugsepoctnovdec", 1, 12) &&
         is_schedule_part(parts[4], "sunmontuewedthufrisat", 0, 6);
}

}  // namespace

void look_at_cron_job(const Value& object, Teller& tell) {
  const Value schedule = object.at("spec", "schedule");
  const std::string_view text = schedule.text();
  if (!text.empty() && !is_filled_in_later(text) && !is_schedule(text)) {
    const bool zone = text.find("TZ") != std::string_view::npos;
    tell.add(Mistake::malformed, "spec.schedule", schedule,
             "has " + Teller::shown(schedule) + " in spec.schedule, which is no schedule",
             std::string("spec.schedule: Invalid value: ") + Teller::shown(schedule) +
                 (zone ? ": cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
                       : ": expected exactly 5 fields within their bounds"));
  }
  const Value job = object.at("spec", "jobTemplate", "spec", "template", "spec");
  if (!job.is_object()) return;
  const std::string path = "spec.jobTemplate.spec.template.spec";
  look_at_pod(job, path, {}, tell);
  if (const std::string_view word = job["restartPolicy"].text(); word.empty() || word == "Always") {
    tell.missing(path + ".restartPolicy", job, "valid values: \"OnFailure\", \"Never\"");
  }
}

void look_at_bare_pod(const Value& object, Teller& tell) {
  look_at_pod(object["spec"], "spec", {}, tell);
}

void look_at_budget(const Value& object, Teller& tell) {
  const Value spec = object["spec"];
  look_at_part(spec["minAvailable"], "spec.minAvailable", tell);
  look_at_part(spec["maxUnavailable"], "spec.maxUnavailable", tell);
  const bool both = part_of(spec["minAvailable"]) && part_of(spec["maxUnavailable"]);
  if (!both) return;
  tell.broken("spec", spec, "has both spec.minAvailable and spec.maxUnavailable",
              "minAvailable and maxUnavailable cannot be both set");
}

}  // namespace kube
