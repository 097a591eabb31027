// Small clusters for tests, written in YAML, and what checks find in them.
#pragma once
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/core/runner.hpp"
#include "kube/snapshot.hpp"

namespace support {

// A cluster made of YAML literals, for the tests of checks. By default an open world: what is not
// in it is unknown. Each call returns *this, so that a test reads as one sentence.
class Cluster {
 public:
  // Objects (several documents, Lists too). Kinds nobody reads fail the test.
  Cluster& yaml(std::string_view text);
  // Takes an object away again ("pod/team-a/chat-0"); false when it is not there.
  bool remove(std::string_view object);
  // Closes the world: every kind counts as completely read, those without objects as empty.
  Cluster& complete();
  // Only this kind is completely read.
  Cluster& complete(const kube::Resource& resource);
  Cluster& forbid(const kube::Resource& resource);
  Cluster& fail(const kube::Resource& resource);
  Cluster& absent(const kube::Resource& resource);  // its CRD is not installed
  Cluster& not_recorded(const kube::Resource& resource);
  Cluster& live();                           // read from a server just now
  Cluster& at(std::string_view now);         // RFC 3339; default: none
  Cluster& ask_for(std::string_view model);  // doctor MODEL
  // A line more at the end of a container's log ("team-a/chat-0", "engine").
  Cluster& log(std::string_view pod, std::string_view container, std::string_view line);
  // Pods are asked (--probe), and this is what one answered; without a status: nothing.
  Cluster& answer(std::string_view pod, std::int64_t port, std::string_view path, int status,
                  std::string_view body);
  Cluster& probed();
  // A file of a folder that could not be judged.
  Cluster& fault(kube::FileFault fault) { return faults_.push_back(std::move(fault)), *this; }

  kube::Snapshot snapshot() const;
  const std::vector<std::string>& models() const { return models_; }

 private:
  std::vector<kube::FileFault> faults_;
  struct Change {
    const kube::Resource* resource;
    kube::ListState state;
    bool everywhere;
  };
  std::shared_ptr<kube::Document> document_ = std::make_shared<kube::Document>();
  std::vector<kube::Object> objects_;
  std::vector<Change> changes_;
  std::vector<std::string> models_;
  std::vector<kube::PodLog> logs_;
  std::optional<std::vector<kube::PodAnswer>> answers_;
  bool complete_ = false;
  bool live_ = false;
  std::string now_;
};

// Runs these checks ("GW003", "GW003,GW004") or globs ("GW*", "*") on a snapshot that holds only
// the lists they declare, as a real run would: an undeclared read finds nothing and shows up as a
// failing test.
checks::Outcomes run(std::string_view codes, const Cluster& cluster);
checks::Outcomes run(const std::vector<std::string>& codes, const Cluster& cluster);
// Without it run({"A", "B"}, …) could also mean one string_view from two pointers.
inline checks::Outcomes run(std::initializer_list<const char*> codes, const Cluster& cluster) {
  return run(std::vector<std::string>(codes.begin(), codes.end()), cluster);
}

// For CHECKs: the outcome of one code ("found", "ok", "skipped", "undetermined").
std::string outcome(const checks::Outcomes& outcomes, std::string_view code);
// "error GW003 gatewayclass/aibrix-eg title. Consequence.", one line per finding, also[] indented.
std::string render(const checks::Outcomes& outcomes);
// The first finding of this code, or one with an empty code.
checks::Finding finding(const checks::Outcomes& outcomes, std::string_view code);

}  // namespace support
