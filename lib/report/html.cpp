// One HTML page: summary, findings with evidence and fixes, the ways of requests, the checks. It
// holds no script and asks for nothing; its policy forbids both.
#include "base/base64.hpp"
#include "base/chars.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "report/encode.hpp"
#include "report/formats.hpp"
#include "report/html_style.hpp"

namespace report {
namespace {

// Findings beyond these are closed when the page opens.
constexpr std::size_t most_open = 10;

std::string tag(std::string_view name, const std::string& inside, std::string_view css = {}) {
  std::string out = '<' + std::string(name);
  if (!css.empty()) out.append(" class=\"").append(css).append("\"");
  return out + '>' + inside + "</" + std::string(name) + '>';
}

std::string text_tag(std::string_view name, std::string_view text, std::string_view css = {}) {
  return tag(name, xml_text(text), css);
}

std::string pre(std::string_view text) {
  return "<pre>" + xml_lines(text) + "</pre>\n";
}

std::string term(std::string_view name, const std::string& inside) {
  return text_tag("dt", name) + tag("dd", inside) + '\n';
}

// Of base64, as a policy names what it allows.
std::string hash_of(std::string_view text) {
  const std::string hex = base::sha256_hex(text);
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(base::hex_value(hex[i]) * 16 + base::hex_value(hex[i + 1]));
  }
  return "sha256-" + base::encode_base64(bytes);
}

std::string code_of(std::string_view code) {
  const std::string page = help_page(code);
  if (page.empty()) return text_tag("code", code);
  return "<a href=\"" + xml_text(page) + "\" rel=\"noreferrer\">" + text_tag("code", code) + "</a>";
}

std::string remedies(const std::vector<DigestRemedy>& list) {
  std::string out;
  for (const DigestRemedy& r : list) {
    std::string line = xml_text(r.text);
    if (!r.confidence.empty()) line = text_tag("b", r.confidence) + ": " + line;
    out += "<li>" + line;
    if (!r.command.empty()) out += pre(r.command);
    if (!r.manifest.empty()) out += pre(r.manifest);
    out += "</li>\n";
  }
  return out;
}

std::string evidence(const std::vector<checks::Evidence>& list) {
  if (list.empty()) return {};
  std::string out =
      "<table><caption class=\"soft\">Evidence</caption><thead><tr><th "
      "scope=\"col\">What</th><th scope=\"col\">Seen</th><th "
      "scope=\"col\">Should be</th></tr></thead><tbody>\n";
  for (const checks::Evidence& e : list) {
    out += tag("tr", text_tag("td", e.key) + tag("td", text_tag("code", e.value)) +
                         tag("td", e.want.empty() ? "" : text_tag("code", e.want))) +
           '\n';
  }
  return out + "</tbody></table>\n";
}

std::string symptoms(const DigestItem& item) {
  if (item.symptoms.empty()) return {};
  std::string out = text_tag("p", "What follows from it:") + "<ul>\n";
  for (const checks::Symptom& s : item.symptoms) {
    out += "<li>" + code_of(s.code.text()) + ' ' +
           text_tag("code", kube::to_string(s.subject.ref)) + ": " + xml_text(s.title) + "</li>\n";
  }
  return out + "</ul>\n";
}

std::string finding(const DigestItem& item, bool open) {
  const std::string_view level = checks::to_string(item.level);
  std::string out = "<details class=\"finding " + std::string(level) + "\"" +
                    (open ? " open" : "") + "><summary>" + text_tag("b", level, level) + ' ' +
                    text_tag("code", item.code) + ' ' + text_tag("h3", item.title) +
                    "</summary>\n<div>";
  if (!item.consequence.empty()) out += text_tag("p", item.consequence);
  std::string facts;
  const std::string object = object_text(item);
  const std::string place = place_text(item);
  if (!object.empty()) facts += term("Object", text_tag("code", object));
  if (!item.object.path.empty()) facts += term("Field", text_tag("code", item.object.path));
  if (!place.empty()) facts += term("Place", text_tag("code", place));
  if (!item.fingerprint.empty()) facts += term("Fingerprint", text_tag("code", item.fingerprint));
  if (!help_page(item.code).empty()) facts += term("Meaning", code_of(item.code));
  if (!facts.empty()) out += tag("dl", '\n' + facts) + '\n';
  out += evidence(item.evidence) + symptoms(item);
  for (const std::string& note : item.notes) out += text_tag("p", note, "soft") + '\n';
  if (!item.remedies.empty()) {
    out += text_tag("p", "Fix, first the one to try first:") + "<ol>\n" + remedies(item.remedies) +
           "</ol>\n";
  }
  return out + "</div></details>\n";
}

std::string tile(std::string_view css, std::size_t number, std::string_view what) {
  return tag("li", text_tag("b", std::to_string(number)) + xml_text(what), css) + '\n';
}

std::string tiles(const Digest& digest) {
  std::size_t ok = 0;
  for (const DigestCheck& check : digest.checks) {
    if (check.outcome == checks::Outcome::ok) ++ok;
  }
  const std::size_t errors = digest.count(checks::Level::error);
  const std::size_t warnings = digest.count(checks::Level::warning);
  return "<ul class=\"tiles\">\n" + tile("error", errors, errors == 1 ? "error" : "errors") +
         tile("warning", warnings, warnings == 1 ? "warning" : "warnings") +
         tile("info", digest.count(checks::Level::info), "worth knowing") +
         tile("ok", ok, ok == 1 ? "check ok" : "checks ok") +
         tile("", digest.not_checked, "not checked") + "</ul>\n";
}

std::string choice(std::string_view id, std::string_view label, bool chosen) {
  return "<label><input type=\"radio\" name=\"only\" id=\"" + std::string(id) + '"' +
         (chosen ? " checked" : "") + "> " + std::string(label) + "</label>\n";
}

// For the whole page.
std::string only_choice() {
  return "<fieldset><legend>Show</legend>\n" + choice("only-all", "all", true) +
         choice("only-error", "errors", false) + choice("only-warning", "warnings", false) +
         choice("only-info", "worth knowing", false) + "</fieldset>\n";
}

// A place of the page: of several clusters each would have it.
std::string place_heading(const Digest& digest, std::string_view id, std::string_view text) {
  if (!digest.cluster.empty()) return text_tag("h2", text) + '\n';
  return "<h2 id=\"" + std::string(id) + "\">" + xml_text(text) + "</h2>\n";
}

std::string findings(const Digest& digest) {
  if (digest.error) return {};
  std::string out = place_heading(digest, "findings", "Findings");
  if (digest.items.empty()) return out + text_tag("p", "Nothing was found.") + '\n';
  if (digest.items.size() > 1 && digest.cluster.empty()) out += only_choice();
  std::size_t shown = 0;
  for (const DigestItem& item : digest.items) {
    out += finding(item, item.level != checks::Level::info && shown++ < most_open);
  }
  return out;
}

// `number`: of the picture on the page.
std::string pictures(const Digest& digest, std::size_t& number) {
  if (digest.pictures.empty()) return {};
  std::string out = place_heading(digest, "ways", "Ways of requests");
  for (const Picture& picture : digest.pictures) {
    const bool first = &picture == &digest.pictures.front();
    out += "<details" + std::string(first ? " open" : "") + "><summary>" +
           text_tag("h3", picture.model) + "</summary>\n<div>" + svg_element(picture, number) +
           "</div></details>\n";
    ++number;
  }
  return out;
}

std::string sections(const Digest& digest) {
  std::string out;
  for (const DigestSection& section : digest.sections) {
    out += text_tag("h2", section.title) + "\n<ol>\n" + remedies(section.entries) + "</ol>\n";
  }
  return out;
}

std::string_view outcome_word(const DigestCheck& check) {
  if (check.outcome == checks::Outcome::ok) return "ok";
  if (check.outcome == checks::Outcome::found) return "found";
  return check.lacking ? "not checked" : "not applicable";
}

std::string checks_table(const Digest& digest) {
  if (digest.checks.empty()) return {};
  std::string out = place_heading(digest, "checks", "Checks") + "<details><summary>" +
                    text_tag("h3", base::plural(digest.checks.size(), "check")) +
                    "</summary>\n<div><table><thead><tr><th scope=\"col\">Code</th><th "
                    "scope=\"col\">Looks for</th><th scope=\"col\">Outcome</th></tr></thead>"
                    "<tbody>\n";
  for (const DigestCheck& check : digest.checks) {
    std::string outcome(outcome_word(check));
    if (!check.detail.empty()) outcome += ": " + check.detail;
    out += tag("tr", tag("td", code_of(check.code)) + text_tag("td", check.title) +
                         text_tag("td", outcome)) +
           '\n';
  }
  return out + "</tbody></table></div></details>\n";
}

std::string failed(const DigestError& error) {
  std::string out = tag("p", text_tag("b", "The run failed: ", "error") + xml_text(error.message));
  if (!error.hint.empty()) out += text_tag("p", error.hint);
  return out + text_tag("p", "Nothing of an earlier run is on this page.", "soft") + '\n';
}

std::string head(const std::string& title, const std::string& style) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '" +
         hash_of(style) +
         "'; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
         text_tag("title", title) + "\n<style>" + style + "</style>\n</head>\n";
}

std::string facts(const Digest& digest) {
  std::string out;
  for (const DigestFact& fact : digest.facts) out += term(fact.name, xml_text(fact.value));
  if (digest.time) out += term("Read at", xml_text(base::format_time(*digest.time)));
  out += term("Exit code", std::to_string(digest.exit_code));
  out += term("aibrixctl", xml_text(digest.version));
  return tag("dl", '\n' + out) + '\n';
}

std::string notes(const Digest& digest) {
  if (digest.notes.empty()) return {};
  std::string out = place_heading(digest, "notes", "Notes") + "<ul>\n";
  for (const std::string& note : digest.notes) out += text_tag("li", note) + '\n';
  return out + "</ul>\n";
}

// What a page of one run holds, below its headline.
std::string run_part(const Digest& digest, std::size_t& number) {
  return (digest.error ? failed(*digest.error) : tiles(digest)) + facts(digest) + findings(digest) +
         pictures(digest, number) + sections(digest) + checks_table(digest) + notes(digest);
}

// Each cluster closed, but for those in which something is wrong.
std::string clusters_part(Digests digests, std::size_t& number) {
  std::size_t open = 0;
  std::string out = only_choice();
  for (const Digest& digest : digests) {
    const std::size_t errors = digest.count(checks::Level::error);
    const bool shown = (digest.error || errors != 0) && open++ < most_open;
    const std::string_view css = digest.error || errors != 0                 ? "error"
                                 : digest.count(checks::Level::warning) != 0 ? "warning"
                                                                             : "";
    out += "<details" + (css.empty() ? std::string() : " class=\"" + std::string(css) + '"') +
           (shown ? " open" : "") + "><summary>" + text_tag("h2", digest.cluster, "cluster") + ' ' +
           xml_text(digest.summary) + "</summary>\n<div>" + run_part(digest, number) +
           "</div></details>\n";
  }
  return out;
}

}  // namespace

std::string html(Digests digests) {
  if (digests.empty()) return {};
  const Digest& first = digests.front();
  const bool one = first.cluster.empty();
  const std::string title = "aibrixctl" + (first.command.empty() ? "" : ' ' + first.command);
  const std::string summary = one ? first.summary : base::plural(digests.size(), "cluster");
  const std::string style = '\n' + std::string(html_style) + std::string(svg_style());
  std::string out = head(title + ": " + summary, style);
  out += "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<main id=\"main\">\n" +
         text_tag("h1", title) + '\n' + text_tag("p", summary) + '\n';
  std::size_t pictures = 0;
  return out + (one ? run_part(first, pictures) : clusters_part(digests, pictures)) +
         "</main>\n</body>\n</html>\n";
}

}  // namespace report
