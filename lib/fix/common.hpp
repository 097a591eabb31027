// What the planners share.
#pragma once
#include <string>
#include <string_view>

#include "base/lists.hpp"
#include "checks/core/check.hpp"
#include "fix/plan.hpp"

namespace fix {

// The version to write a kind in: one the cluster serves and this program knows.
std::string request_version(const kube::Snapshot& snapshot, const kube::Resource& resource);
// A step on this object, with uid, version and id filled in.
Step step_on(const kube::Snapshot& snapshot, const kube::Object& object);
// "may not list modeladapters.model.aibrix.ai": why a kind was not looked at; empty when it was.
std::string not_read(const kube::Snapshot& snapshot, const kube::Resource& resource);
using base::add_once;
// The same for advice, told apart by its text.
void add_once(std::vector<Advice>& list, Advice advice);
// The command that runs a fix: "aibrixctl fix finalizers -n team-a --apply".
checks::Command fix_command(std::string_view fix, const Options& options,
                            std::initializer_list<checks::Word> flags);

}  // namespace fix
