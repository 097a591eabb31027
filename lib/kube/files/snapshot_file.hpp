// A snapshot as one file: JSON, `apiVersion: aibrixctl/v1`, `kind: Snapshot`, one object a line.
// Everything in it went through redact_object. What cannot be told from the objects stands beside
// them: the moment, where it was read, what discovery listed, how each list went.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/parse/value.hpp"
#include "kube/snapshot.hpp"

namespace kube {

struct SnapshotFileOptions {
  std::string_view writer;  // "aibrixctl 0.1.0"
  // Names of the ConfigMaps whose data checks read; of all others only the keys are written.
  std::span<const std::string_view> readable_configmaps;
  bool anonymize = false;  // names, addresses and the like through Anonymizer
};

std::string write_snapshot(const Snapshot& snapshot, const SnapshotFileOptions& options = {});

// Such a file, read back. The objects have no file name: they come from where the snapshot was
// taken.
struct RecordedSnapshot {
  std::map<const Resource*, List> lists;
  std::optional<base::Time> now;
  ClusterInfo info;
  std::optional<std::vector<Served>> served;
  std::vector<std::string> notes;
  std::vector<PodLog> logs;
};

bool is_snapshot(const Value& document);
// Throws base::Error(Fault::usage, "BadSnapshot") when it is from another version of the format or
// was cut or edited until it makes no sense. `file` is for messages.
RecordedSnapshot read_snapshot(const Value& document, const std::string& file,
                               std::span<const Resource* const> known);

}  // namespace kube
