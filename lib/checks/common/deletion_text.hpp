// How findings on deletion are worded; the same words for the same fact, so that folding shows it
// once.
#pragma once
#include <map>
#include <string>

#include "checks/common/stuck.hpp"

namespace checks {

// "ModelAdapter team-a/sql-lora"
std::string name_of(const kube::Object& object);
// "for 1m12s", "for an unknown time".
std::string deleting_for(const Context& context, const kube::Object& object);
// "3 ModelAdapters", "1 widgets.example.com": of a kind this program knows, or by its resource
// name.
std::string count_of(std::int64_t count, std::string_view plural, std::string_view group);

// Who removes this finalizer, as far as its name tells: "the owner of argoproj.io (Argo CD)".
std::string likely_owner(const BlockingFinalizer& hold);
// The remedy for a finalizer of somebody else on `object` ("pod team-a/p1"): its owner, what gets
// it removed, and what is lost when a human removes it.
void add_owner_remedy(Finding& finding, std::string_view finalizer, const std::string& object);
// The engines a ModelAdapter is loaded in, as far as they still exist: "pod web-0 on node n1".
std::vector<std::string> engines_of(const Context& context, const kube::Object& adapter);
// Warm pods that run the engine of a ModelClaim: they carry its annotation.
std::vector<const kube::Object*> warm_pods(const Context& context, const kube::Object& claim);

// Evidence: since when it is being deleted and what it is held by.
void show_holds(const Context& context, Finding& finding, const kube::Object& object);
// A finding for one hold, with title, consequence, evidence, causes and what brings the owner back.
Finding& report_hold(const Context& context, Reporter& reporter, const BlockingFinalizer& hold,
                     const Owner& owner);
// The remedy that strips this finalizer by hand, and what stays behind then (`left`: what the
// finding knows better than the catalogue). After `owner` (may be nullptr) where it can come back.
void add_strip(Finding& finding, const BlockingFinalizer& hold, const Owner* owner,
               std::string left = {});

// When nobody can bring the owner back each stuck object is a root of its own. The first of a
// namespace then stands for the others, which follow it.
class NamespaceGroups {
 public:
  void add(Finding& finding);

 private:
  std::map<std::string, Cause, std::less<>> first_;  // by namespace
};

}  // namespace checks
