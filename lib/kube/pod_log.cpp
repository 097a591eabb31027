// The end of a log made ready to be kept and shown.
#include "kube/pod_log.hpp"

#include "base/chars.hpp"
#include "base/text.hpp"
#include "kube/redact/redact.hpp"

namespace kube {
namespace {

// "2026-09-14T08:30:00.123456789Z stderr F …": a line as the container runtime keeps it (CRI).
std::string_view without_runtime_prefix(std::string_view line) {
  const std::size_t time = line.find(' ');
  const bool dated = time != std::string_view::npos && time >= 20 && line[4] == '-' &&
                     line[10] == 'T' && base::is_digit(line[0]);
  if (!dated) return line;
  for (const std::string_view stream : {"stdout ", "stderr "}) {
    const std::string_view rest = line.substr(time + 1);
    if (!rest.starts_with(stream) || rest.size() < stream.size() + 2) continue;
    const std::string_view tag = rest.substr(stream.size(), 2);
    if (tag == "F " || tag == "P ") return rest.substr(stream.size() + 2);
  }
  return line;
}

// Colours of a terminal are no part of what is said.
std::string without_colours(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    if (!line.substr(at).starts_with("\033[")) {
      out += line[at++];
      continue;
    }
    at += 2;
    while (at < line.size() && (base::is_digit(line[at]) || line[at] == ';')) ++at;
    if (at < line.size()) ++at;
  }
  return out;
}

// A private key of which only the end was kept has no beginning by which it would be known.
std::string_view without_cut_key(std::string_view text) {
  const std::size_t end = text.find("-----END ");
  if (end == std::string_view::npos || text.find("-----BEGIN ") < end) return text;
  const std::size_t line = text.find('\n', end);
  return line == std::string_view::npos ? std::string_view() : text.substr(line + 1);
}

}  // namespace

std::string log_end(std::string_view text) {
  if (text.size() > kept_log_bytes) {
    text.remove_prefix(text.size() - kept_log_bytes);
    const std::size_t line = text.find('\n');
    // Of one line without an end the last part still says something; half a word in it may be half
    // a secret.
    const std::size_t start = line != std::string_view::npos ? line : text.find(' ');
    text.remove_prefix(start == std::string_view::npos ? text.size() : start + 1);
  }
  std::string lines;
  for (const std::string_view line : base::split(without_cut_key(text), '\n')) {
    std::string_view said = without_runtime_prefix(line);
    // A progress bar overwrites its line: what was left standing counts.
    while (said.ends_with('\r')) said.remove_suffix(1);
    const std::size_t written = said.rfind('\r');
    if (written != std::string_view::npos) said.remove_prefix(written + 1);
    lines += without_colours(said) + '\n';
  }
  while (lines.ends_with("\n\n")) lines.pop_back();
  return redact_text(lines == "\n" ? std::string_view() : std::string_view(lines));
}

}  // namespace kube
