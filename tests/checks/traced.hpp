// Traces of a test's cluster, and their hops as text.
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "aibrix/cluster.hpp"
#include "checks/trace/trace.hpp"

inline std::string states_of(const checks::Trace& trace) {
  std::string out;
  for (const checks::Hop& h : trace.hops) {
    out += h.name + " " + std::string(to_string(h.state)) + ": " + h.reason + '\n';
  }
  return out;
}

// A trace with all that it needs, alive as long as it.
struct Traced {
  kube::Snapshot snapshot;
  std::unique_ptr<aibrix::Cluster> cluster;
  checks::Outcomes outcomes;
  std::vector<std::string> models;
  checks::Trace trace;

  Traced(kube::Snapshot s, const std::string& model) : snapshot(std::move(s)), models{model} {
    cluster = std::make_unique<aibrix::Cluster>(snapshot);
    const checks::Context context{snapshot, *cluster, models};
    outcomes = checks::run(checks::all(), context);
    trace = checks::trace_model(context, outcomes, model);
  }

  const checks::Hop& hop(std::string_view name) const {
    for (const checks::Hop& h : trace.hops) {
      if (h.name == name) return h;
    }
    throw std::runtime_error("no such hop");
  }
  // "ReferenceGrant REF001"; empty: nowhere.
  std::string broken(checks::RequestPath way) const {
    const checks::Hop* h = trace.broken(way);
    return h == nullptr ? "" : h->name + ' ' + h->finding->code;
  }
  std::string states() const { return states_of(trace); }
};
