// FIL001: manifests of a folder that cannot be judged, because nothing can read them as they are.
#include <algorithm>

#include "base/text.hpp"
#include "checks/core/check.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using kube::FileFault;

std::string at(const FileFault& fault) {
  std::string place = base::printable(fault.file);
  if (fault.line != 0) place += ":" + std::to_string(fault.line);
  if (fault.line != 0 && fault.column != 0) place += ":" + std::to_string(fault.column);
  return place;
}

void run_unreadable(const Context& context, Reporter& reporter) {
  const auto is_file = [](const FileFault& fault) {
    return fault.kind == FileFault::Kind::broken || fault.kind == FileFault::Kind::nameless;
  };
  if (std::ranges::none_of(context.snapshot.file_faults(), is_file)) {
    return reporter.not_applicable("no manifest of a folder is broken");
  }
  for (const FileFault& fault : context.snapshot.file_faults()) {
    if (!is_file(fault)) continue;
    Subject subject(kube::ObjectRef{"", "File", "", fault.file});
    subject.file = fault.file;
    subject.line = fault.line;
    subject.column = fault.column;
    const bool broken = fault.kind == FileFault::Kind::broken;
    Finding& finding =
        reporter.error(std::move(subject), at(fault) + ": " + base::printable(fault.what));
    finding.with_consequence(
        broken ? "The file is refused by kubectl too, and nothing in it was judged."
               : "The API server refuses it, and it was not judged.");
    finding.remedy(Confidence::manual,
                   broken ? "correct that place, or leave the file out with --exclude"
                          : "give it metadata.name, as text, or leave the file out with --exclude "
                            "when it is a patch");
  }
}

}  // namespace

constinit const Check registry::FIL001{
    codes::FIL001,
    Area::files,
    "a manifest of a folder cannot be read",
    {},
    run_unreadable,
    {"A file of a folder given with -f has apiVersion and kind at the start of lines and is not "
     "YAML or JSON, or holds an object that has no name though the API server wants one. kubectl "
     "refuses it too. The other files are judged all the same.",
     "A mistake in the indentation, an unclosed quote or bracket, a merge conflict, a file that is "
     "not UTF-8; a patch of kustomize or a template for pods that lies among manifests.",
     "Correct the file at the place that is told; `kubectl apply --dry-run=client -f FILE` shows "
     "whether it can be read. Leave out what is no manifest with --exclude or a file "
     ".aibrixctlignore.",
     "every release"}};

}  // namespace checks
