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

std::string table(const Digest& digest, std::size_t room) {
  if (digest.items.empty()) return {};
  std::string out =
      "\n| level | code | object | what | first remedy |\n| --- | --- | --- | --- | --- |\n";
  std::size_t shown = 0;
  for (const DigestItem& item : digest.items) {
    const std::string next = row(item);
    if (out.size() + next.size() > room) break;
    out += next;
    ++shown;
  }
  if (shown < digest.items.size()) {
    out += "\n… and " + base::plural(digest.items.size() - shown, "finding") + " more\n";
  }
  return out;
}

void add_sections(const Digest& digest, std::string& out) {
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
}

void add_run(const Digest& digest, std::string& out) {
  if (digest.error) {
    out += (digest.cluster.empty() ? "The run failed: " : "Could not be read: ") +
           markdown_code(digest.error->message) + '\n';
    if (!digest.error->hint.empty()) out += '\n' + markdown_code(digest.error->hint) + '\n';
    return;
  }
  out +=
      digest.summary + '\n' + table(digest, out.size() < most_bytes ? most_bytes - out.size() : 0);
  add_sections(digest, out);
}

// Which clusters there are, and then each.
void add_clusters(Digests digests, std::string& out) {
  out += "| cluster | |\n| --- | --- |\n";
  for (const Digest& digest : digests) {
    out += "| " + markdown_code(digest.cluster) + " | " + digest.summary + " |\n";
  }
  std::size_t told = 0;
  for (const Digest& digest : digests) {
    if (out.size() > most_bytes) break;
    ++told;
    if (!digest.error && digest.items.empty()) continue;  // the table says it all
    out += "\n#### " + markdown_code(digest.cluster) + "\n\n";
    add_run(digest, out);
  }
  if (told < digests.size()) {
    out += "\n… and " + base::plural(digests.size() - told, "cluster") + " more\n";
  }
}

}  // namespace

std::string markdown(Digests digests) {
  std::string out = "### aibrixctl";
  if (digests.empty()) return out + '\n';
  const Digest& first = digests.front();
  out += (first.command.empty() ? "" : ' ' + first.command) + "\n\n";
  if (first.cluster.empty()) {
    add_run(first, out);
  } else {
    add_clusters(digests, out);
  }
  return out;
}

}  // namespace report
