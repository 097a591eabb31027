// Markdown: a table of findings, as GitHub's step summary and a comment on a change show it.
#include "base/text.hpp"
#include "report/encode.hpp"
#include "report/formats.hpp"

namespace report {
namespace {

// GitHub drops a summary that is larger than 1 MiB as a whole.
constexpr std::size_t most_bytes = std::size_t{900} * 1024;

std::string code_cell(const DigestItem& item) {
  const std::string page = help_page(item.code);
  return page.empty() ? item.code : '[' + item.code + "](" + page + ')';
}

std::string row(const DigestItem& item) {
  std::string fix;
  if (!item.remedies.empty()) {
    const DigestRemedy& first = item.remedies.front();
    fix = markdown_code(first.text);
    if (!first.command.empty()) fix += (fix.empty() ? "" : " ") + markdown_code(first.command);
  }
  std::string object = markdown_code(object_text(item));
  const std::string place = place_text(item);
  if (!place.empty()) object += (object.empty() ? "" : " ") + markdown_code(place);
  return "| " + std::string(checks::to_string(item.level)) + " | " + code_cell(item) + " | " +
         object + " | " + markdown_code(headline(item)) + " | " + fix + " |\n";
}

std::string table(const Digest& digest) {
  if (digest.items.empty()) return {};
  std::string out =
      "\n| level | code | object | what | first remedy |\n| --- | --- | --- | --- | --- |\n";
  std::size_t shown = 0;
  for (const DigestItem& item : digest.items) {
    const std::string next = row(item);
    if (out.size() + next.size() > most_bytes) break;
    out += next;
    ++shown;
  }
  if (shown < digest.items.size()) {
    out += "\n… and " + base::plural(digest.items.size() - shown, "finding") + " more\n";
  }
  return out;
}

}  // namespace

std::string markdown(const Digest& digest) {
  std::string out = "### aibrixctl" + (digest.command.empty() ? "" : ' ' + digest.command) + "\n\n";
  if (digest.error) {
    out += "The run failed: " + markdown_code(digest.error->message) + '\n';
    if (!digest.error->hint.empty()) out += '\n' + markdown_code(digest.error->hint) + '\n';
    return out;
  }
  out += digest.summary + '\n' + table(digest);
  for (const DigestSection& section : digest.sections) {
    if (section.title == "Found" || out.size() > most_bytes) continue;
    out += "\n**" + section.title + "**\n\n";
    std::size_t number = 0;
    for (const DigestRemedy& entry : section.entries) {
      out += std::to_string(++number) + ". " + markdown_code(entry.text);
      if (!entry.command.empty()) out += ": " + markdown_code(entry.command);
      out += '\n';
    }
  }
  return out;
}

}  // namespace report
