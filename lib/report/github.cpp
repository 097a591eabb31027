// Workflow commands of GitHub Actions.
#include <algorithm>
#include <functional>
#include <iterator>

#include "base/text.hpp"
#include "report/encode.hpp"
#include "report/formats.hpp"

namespace report {
namespace {

// Of each kind GitHub shows ten of a step; more are dropped without a word.
constexpr std::size_t most_annotations = 10;

std::string_view command_of(checks::Level level) {
  switch (level) {
    case checks::Level::info: return "notice";
    case checks::Level::warning: return "warning";
    case checks::Level::error: return "error";
  }
  return "error";
}

std::string annotation(const Digest& digest, const DigestItem& item) {
  std::string out =
      "::" + std::string(command_of(item.level)) + " title=" + workflow_property(item.code);
  const Place place = place_of(item);
  if (!place.file.empty()) {
    out += ",file=" + workflow_property(place.file);
    if (place.line != 0) out += ",line=" + std::to_string(place.line);
    if (place.column != 0) out += ",col=" + std::to_string(place.column);
  }
  const std::string object = object_text(item);
  std::string message =
      base::printable(in_cluster(digest, (object.empty() ? "" : object + ": ") + headline(item)));
  if (!item.remedies.empty()) {
    const DigestRemedy& first = item.remedies.front();
    message += "\nfix: " + base::printable(first.text.empty() ? first.command : first.text);
  }
  return out + "::" + workflow_message(message) + '\n';
}

std::string annotation(const Digest& digest, const DigestError& error) {
  std::string message = base::printable(in_cluster(digest, error.message));
  if (!error.hint.empty()) message += '\n' + base::printable(error.hint);
  return "::error title=aibrixctl::" + workflow_message(message) + '\n';
}

struct Annotation {
  checks::Level level;
  std::string line;
};

// What could not be read first, then the findings.
std::vector<Annotation> annotations(Digests digests) {
  std::vector<Annotation> failures;
  std::vector<Annotation> items;
  for (const Digest& digest : digests) {
    if (digest.error) {
      failures.push_back({checks::Level::error, annotation(digest, *digest.error)});
    }
    for (const DigestItem& item : digest.items) {
      items.push_back({item.level, annotation(digest, item)});
    }
  }
  std::ranges::stable_sort(items, std::greater<>{}, &Annotation::level);
  failures.insert(failures.end(), std::make_move_iterator(items.begin()),
                  std::make_move_iterator(items.end()));
  return failures;
}

}  // namespace

std::string github(Digests digests) {
  std::string left_out;
  for (const Digest& digest : digests) {
    if (digest.left_out.empty()) continue;
    left_out +=
        (left_out.empty() ? "" : "; ") + base::printable(in_cluster(digest, digest.left_out));
  }
  std::string out;
  if (!left_out.empty()) out += "::notice title=aibrixctl::" + workflow_message(left_out) + '\n';
  const std::vector<Annotation> all = annotations(digests);
  const bool fits = all.size() <= most_annotations;
  for (std::size_t i = 0; i < (fits ? all.size() : most_annotations - 1); ++i) out += all[i].line;
  if (!fits) {
    out += "::" + std::string(command_of(all[most_annotations - 1].level)) + " title=aibrixctl::" +
           workflow_message(std::to_string(all.size() - most_annotations + 1) +
                            " more findings: see the log or the step summary") +
           '\n';
  }
  return out;
}

}  // namespace report
