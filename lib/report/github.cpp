// Workflow commands of GitHub Actions.
#include <algorithm>

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

std::string annotation(const DigestItem& item) {
  std::string out =
      "::" + std::string(command_of(item.level)) + " title=" + workflow_property(item.code);
  const Place place = place_of(item);
  if (!place.file.empty()) {
    out += ",file=" + workflow_property(place.file);
    if (place.line != 0) out += ",line=" + std::to_string(place.line);
    if (place.column != 0) out += ",col=" + std::to_string(place.column);
  }
  const std::string object = object_text(item);
  std::string message = base::printable((object.empty() ? "" : object + ": ") + headline(item));
  if (!item.remedies.empty()) {
    const DigestRemedy& first = item.remedies.front();
    message += "\nfix: " + base::printable(first.text.empty() ? first.command : first.text);
  }
  return out + "::" + workflow_message(message) + '\n';
}

std::string annotation(const DigestError& error) {
  std::string message = base::printable(error.message);
  if (!error.hint.empty()) message += '\n' + base::printable(error.hint);
  return "::error title=aibrixctl::" + workflow_message(message) + '\n';
}

}  // namespace

std::string github(const Digest& digest) {
  std::vector<const DigestItem*> items;
  for (const DigestItem& item : digest.items) items.push_back(&item);
  std::ranges::stable_sort(items, std::greater<>{}, [](const DigestItem* i) { return i->level; });
  std::string out;
  if (digest.error) out += annotation(*digest.error);
  if (!digest.left_out.empty()) {
    out += "::notice title=aibrixctl::" + workflow_message(base::printable(digest.left_out)) + '\n';
  }
  const bool all = items.size() <= most_annotations;
  for (std::size_t i = 0; i < (all ? items.size() : most_annotations - 1); ++i) {
    out += annotation(*items[i]);
  }
  if (!all) {
    out += "::" + std::string(command_of(items[most_annotations - 1]->level)) +
           " title=aibrixctl::" +
           workflow_message(std::to_string(items.size() - most_annotations + 1) +
                            " more findings: see the log or the step summary") +
           '\n';
  }
  return out;
}

}  // namespace report
