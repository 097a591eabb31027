// The comparison of a running release with the spans in which something is so.
#include "aibrix/releases.hpp"

#include <algorithm>
#include <tuple>

namespace aibrix {
namespace {

const KnownRelease& row(int place) {
  return known_releases[static_cast<std::size_t>(place)];
}

std::string line_name(const KnownRelease& release) {
  return "v" + std::to_string(release.major) + '.' + std::to_string(release.minor);
}

// The first of a line is called by the line: "v0.2", but "v0.2.1".
std::string short_name(const KnownRelease& release) {
  return line_name(release) + (release.patch == 0 ? "" : '.' + std::to_string(release.patch));
}

// The last row that is not later. A release candidate behaves as its release; what is older than
// the first release counts as that.
ReleaseId row_of(const base::Version& version) {
  const auto later =
      std::find_if(known_releases.begin(), known_releases.end(), [&](const KnownRelease& known) {
        return std::tie(known.major, known.minor, known.patch) >
               std::tie(version.major, version.minor, version.patch);
      });
  const auto at = std::max<std::ptrdiff_t>(later - known_releases.begin() - 1, 0);
  return static_cast<ReleaseId>(at);
}

// A later patch release of the last line is still of that line.
bool is_newer(const base::Version& version) {
  const KnownRelease& last = known_releases.back();
  return std::tie(version.major, version.minor) > std::tie(last.major, last.minor);
}

}  // namespace

std::string last_known_release() {
  const KnownRelease& last = known_releases.back();
  return line_name(last) + '.' + std::to_string(last.patch);
}

Release::Release(const ProgramVersion& version) : text_(version.text), evidence_(version.evidence) {
  if (!version.known()) return;
  if (!version.version) {
    state_ = State::main_branch;
  } else if (is_newer(*version.version)) {
    state_ = State::newer_than_known;
  } else {
    state_ = State::known;
    told_by_ = row_of(*version.version);
  }
}

std::optional<bool> ReleaseSpan::holds(const Release& release) const {
  if (first_ <= 0 && last_ == newest) return true;
  if (!release.known()) return std::nullopt;
  const int place = static_cast<int>(release.told_by_);
  return first_ <= place && place <= last_;
}

std::string ReleaseSpan::start() const {
  if (starts_on_main()) return "the release after " + line_name(known_releases.back());
  return short_name(row(std::max(first_, 0)));
}

std::string ReleaseSpan::end() const {
  return last_ == newest ? "main" : line_name(row(last_));
}

std::string ReleaseSpan::text() const {
  if (empty()) return "no release";
  if (starts_on_main()) return "main";
  const bool from_first = first_ <= 0;
  if (last_ == newest) return from_first ? "every release" : start() + " and later";
  if (first_ == last_ || start() == end()) return start();
  return (from_first ? "up to " : start() + " to ") + end();
}

}  // namespace aibrix
