// The releases of AIBrix, and in which of them something is so. The list is releases.def; facts say
// since(v0_6), until(v0_4), after(v0_7), and nothing else compares releases.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "aibrix/image.hpp"

namespace aibrix {

// Oldest to newest, the main branch after the last.
enum class ReleaseId {
#define RELEASE(name, major, minor, patch) name,
#include "aibrix/releases.def"
#undef RELEASE
  main_branch,
};
using enum ReleaseId;

struct KnownRelease {
  std::string_view name;  // "v0_2_1"
  int major;
  int minor;
  int patch;
};
// By ReleaseId; main, which has no number, is not among them.
inline constexpr auto known_releases = std::to_array<KnownRelease>({
#define RELEASE(name, major, minor, patch) {#name, major, minor, patch},
#include "aibrix/releases.def"
#undef RELEASE
});

// "v0.8.0": the last release in the table.
std::string last_known_release();

// The release of AIBrix that runs. It can be shown, and a ReleaseSpan can be asked about it; there
// is no number in it to compare.
class Release {
 public:
  enum class State {
    unknown,           // nothing tells
    known,             // in the table, or a patch release of a line in it
    newer_than_known,  // later than every line in the table: told from main, what is nearest to it
    main_branch,       // a build of main ("nightly")
  };
  Release() = default;
  explicit Release(const ProgramVersion& version);

  State state() const { return state_; }
  bool known() const { return state_ != State::unknown; }
  // Later than what this program was made for: what it does not know may be right there.
  bool beyond_known() const {
    return state_ == State::newer_than_known || state_ == State::main_branch;
  }
  // It has a number: a tag, with manifests of its own.
  bool tagged() const { return known() && state_ != State::main_branch; }
  const std::string& text() const { return text_; }          // "v0.7.0", "nightly"; empty: unknown
  const std::string& evidence() const { return evidence_; }  // where it was read

 private:
  friend class ReleaseSpan;
  State state_ = State::unknown;
  ReleaseId told_by_ = main_branch;  // the row that says what it does
  std::string text_;
  std::string evidence_;
};

// A run of releases, without a gap. By default it has nothing to do with AIBrix's release: so it is
// in every one.
class ReleaseSpan {
 public:
  constexpr ReleaseSpan() = default;

  // Whether it is so in this release. nullopt: the release is unknown, and it depends.
  std::optional<bool> holds(const Release& release) const;

  constexpr bool any() const { return first_ == before_all && last_ == newest; }  // the default
  constexpr bool empty() const { return first_ > last_; }
  bool ends_open() const { return last_ == newest; }  // it is still so
  // It has been seen on main only.
  constexpr bool starts_on_main() const { return first_ == newest; }

  std::string text() const;   // "v0.2 to v0.5", "up to v0.3", "v0.6 and later", "every release"
  std::string start() const;  // "v0.6", "v0.2.1", "the release after v0.7": for "since …"
  std::string end() const;    // "v0.6", "main": for "up to …"

  // In both; may be empty().
  constexpr ReleaseSpan operator&(const ReleaseSpan& other) const {
    return {first_ > other.first_ ? first_ : other.first_,
            last_ < other.last_ ? last_ : other.last_};
  }
  // From the earlier start to the later end.
  constexpr ReleaseSpan operator|(const ReleaseSpan& other) const {
    return {first_ < other.first_ ? first_ : other.first_,
            last_ > other.last_ ? last_ : other.last_};
  }
  constexpr bool operator==(const ReleaseSpan& other) const = default;

  friend constexpr ReleaseSpan since(ReleaseId first);
  friend constexpr ReleaseSpan until(ReleaseId last);
  friend constexpr ReleaseSpan between(ReleaseId first, ReleaseId last);
  friend constexpr ReleaseSpan after(ReleaseId last);

 private:
  static constexpr int before_all = -1;
  static constexpr int newest = static_cast<int>(main_branch);

  constexpr ReleaseSpan(int first, int last) : first_(first), last_(last) {}
  // The last release of the line of this one.
  static constexpr int line_end(ReleaseId id) {
    auto at = static_cast<std::size_t>(id);
    while (at + 1 < known_releases.size() &&
           known_releases[at + 1].major == known_releases[at].major &&
           known_releases[at + 1].minor == known_releases[at].minor) {
      ++at;
    }
    return static_cast<int>(at);
  }

  int first_ = before_all;  // places in the table
  int last_ = newest;
};

// From this release on, main included.
constexpr ReleaseSpan since(ReleaseId first) {
  return {static_cast<int>(first), ReleaseSpan::newest};
}
// Up to this release and the patch releases of its line: v0_4 takes v0.4.1 in.
constexpr ReleaseSpan until(ReleaseId last) {
  return {ReleaseSpan::before_all, ReleaseSpan::line_end(last)};
}
// From one on, up to another as until() has it.
constexpr ReleaseSpan between(ReleaseId first, ReleaseId last) {
  return {static_cast<int>(first), ReleaseSpan::line_end(last)};
}
// This release and the patch releases of its line.
constexpr ReleaseSpan only(ReleaseId line) {
  return between(line, line);
}
// Not yet in this line, but on main: it comes with the next release, whatever its number.
constexpr ReleaseSpan after(ReleaseId last) {
  return {ReleaseSpan::line_end(last) + 1, ReleaseSpan::newest};
}

}  // namespace aibrix
