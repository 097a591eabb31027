// A run as the formats for pipelines, dashboards and pages show it, whichever command it was of.
//
// Texts are those of the report document (-o json): without secrets, and foreign. Each format puts
// them through the encoder of its target (report/encode.hpp).
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "fix/preflight.hpp"
#include "report/picture.hpp"
#include "report/report.hpp"

namespace report {

struct DigestRemedy {
  std::string_view confidence;  // "safe"; empty: not said
  std::string text;
  std::string command;   // for a shell; may be empty
  std::string manifest;  // YAML; may be empty
};

// One thing that is wrong.
struct DigestItem {
  std::string code;  // of a check, or of a row of a preflight ("uninstall-blocker")
  checks::Level level = checks::Level::warning;
  bool fails = false;  // makes the exit code 1
  std::string title;
  std::string consequence;  // may be empty
  checks::Subject object;   // without a kind: about no object
  std::string fingerprint;  // the same thing has the same one tomorrow
  std::vector<checks::Evidence> evidence;
  std::vector<checks::Symptom> symptoms;
  std::vector<std::string> notes;
  std::vector<DigestRemedy> remedies;  // first the one to try first
};

// One thing that was looked for, and how that went.
struct DigestCheck {
  std::string code;
  std::string_view area;
  std::string_view title;                        // of the fault: "Redis has no ready endpoint"
  std::string_view meaning, causes, fix;         // may be empty
  checks::Level level = checks::Level::warning;  // the worst it told here, else warning
  checks::Outcome outcome = checks::Outcome::ok;
  std::string_view reason;  // of Outcome::skipped and undetermined
  bool lacking = false;     // it should have looked and did not
  std::string detail;
};

struct DigestFact {
  std::string name, value;
};

// A list that is neither: what an uninstall deletes, the order of an upgrade.
struct DigestSection {
  std::string title;
  std::vector<DigestRemedy> entries;
};

struct DigestError {
  std::string reason, message, hint;
};

struct Digest {
  std::string version;  // of aibrixctl
  std::string command;  // "doctor", "preflight uninstall"
  std::string cluster;  // its context, where the run was of several clusters; else empty
  std::string summary;  // "1 error, 2 warnings, 40 ok"
  // Of what was read, by its own clock. Never the time of day of this run: so the same files give
  // the same bytes.
  std::optional<base::Time> time;
  std::vector<DigestFact> facts;  // what was looked at
  std::vector<DigestItem> items;
  std::vector<DigestCheck> checks;
  std::vector<DigestSection> sections;
  std::vector<std::string> notes;
  // What somebody's rules and files kept out of the count: "2 ignored, fail-on never (…)". Part of
  // the summary, and told in every format that has none.
  std::string left_out;
  std::size_t ignored = 0;        // findings, what follows from others included
  std::vector<Picture> pictures;  // ways of requests
  std::size_t not_checked = 0;    // things that should have been looked at
  bool require_complete = false;
  int exit_code = 0;
  std::optional<DigestError> error;  // the run failed: there is nothing else

  std::size_t count(checks::Level level) const;
  std::string_view area_of(std::string_view code) const;  // empty: of no check of this run
};

Digest digest(const Report& report);

enum class PreflightWay { uninstall, install, upgrade };
Digest digest(PreflightWay way, const fix::Preflight& preflight, std::string_view version,
              std::optional<base::Time> time, const std::string& where);

// A run that could not report.
Digest digest(const base::Error& error, std::string_view version);

// "prod-eu: text" in a run of several clusters, else the text.
std::string in_cluster(const Digest& digest, std::string_view text);
// "prod-eu/path", else the path.
std::string under_cluster(const Digest& digest, std::string_view path);

// "deployment/aibrix-system/x"; empty for an item about no object.
std::string object_text(const DigestItem& item);
// Where a person wrote what is wrong: line and column count from 1, 0: not known.
struct Place {
  std::string file;  // empty: nowhere that is known
  std::uint32_t line = 0, column = 0;
};
Place place_of(const DigestItem& item);
// "a.yaml:12:3"; empty: not known.
std::string place_text(const DigestItem& item);
std::string headline(const DigestItem& item);

// The page about a code; empty where the build names no address for them
// (AIBRIXCTL_HELP_BASE_URL).
std::string help_page(std::string_view code);

}  // namespace report
