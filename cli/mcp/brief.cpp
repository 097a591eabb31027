// Documents in a few lines, in which all foreign text is marked as such.
#include "mcp/brief.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "base/log_text.hpp"
#include "base/text.hpp"
#include "kube/files/json_document.hpp"

namespace cli {
namespace {

using kube::Json;

std::string word(const Json& in, const char* key) {
  const auto it = in.find(key);
  return it == in.end() || !it->is_string() ? std::string() : it->get<std::string>();
}

const Json& list_of(const Json& in, const char* key) {
  static const Json none = Json::array();
  const auto it = in.find(key);
  return it == in.end() ? none : *it;
}

std::size_t number(const Json& in, const char* key) {
  const auto it = in.find(key);
  return it == in.end() ? 0 : it->get<std::size_t>();
}

std::string object_text(const Json& object) {
  std::string out = base::lower(word(object, "kind"));
  for (const char* key : {"namespace", "name"}) {
    if (!word(object, key).empty()) out += '/' + word(object, key);
  }
  return out;
}

// Entries while there is room for them; then how many are only in the document.
class BriefLines {
 public:
  explicit BriefLines(const std::string& head) { say(head); }

  void say(const std::string& line) {
    text_ += line;
    if (!line.empty() && line.back() != '\n') text_ += '\n';
  }
  // `what`: "finding"
  template <typename Lines>
  void each(const Json& list, std::string_view what, const Lines& lines) {
    constexpr std::size_t kept_for_the_end = 300;
    std::size_t told = 0;
    for (const Json& entry : list) {
      const std::string next = lines(entry, told + 1);
      const bool fits = text_.size() + next.size() + kept_for_the_end <= most_brief;
      if (!fits && told != 0) break;
      text_ += next;
      ++told;
    }
    if (told == list.size()) return;
    say("and " + base::plural(list.size() - told, told == 0 ? what : "more " + std::string(what)) +
        " in the structured result");
  }
  std::string text() const { return text_; }

 private:
  std::string text_;
};

std::string labelled(std::string_view label, const std::string& text) {
  return text.empty() ? std::string() : "   " + std::string(label) + ": " + as_quote(text) + '\n';
}

// Half a command is worse than none.
std::string command_line_of(const Json& in) {
  constexpr std::size_t most = 400;
  const std::string command = word(in, "command");
  if (command.empty()) return {};
  if (command.size() > most) return "   command: in the structured result\n";
  return "   command: " + as_quote(command, most) + '\n';
}

std::string first_remedy(const Json& finding) {
  for (const Json& remedy : list_of(finding, "remedies")) {
    std::string out = labelled("next (" + word(remedy, "confidence") + ")", word(remedy, "text"));
    return out + command_line_of(remedy);
  }
  return {};
}

std::string finding_lines(const Json& finding, std::size_t nth) {
  constexpr std::size_t most_facts = 3;
  std::string out = std::to_string(nth) + ". " + word(finding, "level") + ' ' +
                    word(finding, "code") + ' ' + as_quote(object_text(finding.at("object"))) +
                    '\n' + labelled("what", word(finding, "title"));
  std::size_t facts = 0;
  for (const Json& fact : list_of(finding, "evidence")) {
    if (++facts > most_facts) break;
    const std::string want = word(fact, "want");
    out += labelled("fact", word(fact, "key") + ": " + word(fact, "value") +
                                (want.empty() ? "" : " (should be " + want + ")"));
  }
  const std::size_t also = list_of(finding, "also").size();
  if (also != 0) out += "   what follows from it: " + base::plural(also, "more symptom") + '\n';
  return out + first_remedy(finding);
}

// "3 checks could not look: no right to list pods, nodes"
std::string not_seen(const Json& document) {
  std::size_t count = 0;
  std::set<std::string> lists;
  for (const Json& check : list_of(document, "checks")) {
    const std::string reason = word(check, "reason");
    const bool lacking = reason == "no-permission" || reason == "failed" ||
                         reason == "undecidable" || reason == "internal-error";
    if (!lacking) continue;
    ++count;
    for (const Json& access : list_of(check, "missingAccess")) {
      lists.insert(word(access, "resource"));
    }
  }
  if (count == 0) return {};
  std::string out = base::plural(count, "check") + " could not look";
  const std::vector<std::string> names(lists.begin(), lists.end());
  if (!names.empty()) out += "; no right to list " + base::join(names, ", ");
  return out + ". What was not seen is not called healthy.";
}

std::string doctor_brief(const Json& document) {
  const Json& summary = document.at("summary");
  const Json& cluster = document.at("cluster");
  const auto count = [&](const char* key) { return number(summary, key); };
  std::string head = base::plural(count("error"), "error") + ", " +
                     base::plural(count("warning"), "warning") + ", " +
                     std::to_string(count("ok")) + " checks ok";
  if (count("info") != 0) head += ", " + std::to_string(count("info")) + " info";
  if (count("suppressed") != 0) head += ", " + std::to_string(count("suppressed")) + " ignored";
  BriefLines out(head + '.');
  std::vector<std::string> where;
  for (const char* key : {"aibrix", "kubernetes", "context", "server"}) {
    if (!word(cluster, key).empty()) where.push_back(std::string(key) + ' ' + word(cluster, key));
  }
  if (!where.empty()) out.say("looked at " + as_quote(base::join(where, ", ")));
  const std::string unseen = not_seen(document);
  if (!unseen.empty()) out.say(unseen);
  out.each(document.at("findings"), "finding", finding_lines);
  out.each(list_of(document, "notes"), "note",
           [](const Json& note, std::size_t) { return labelled("note", note.get<std::string>()); });
  return out.text();
}

std::string way_text(const Json& way, std::string_view kind) {
  std::string out = "requests " + std::string(kind) + ": ";
  if (way.value("works", false)) return out + "work";
  const std::string broken = word(way, "brokenAt");
  if (broken.empty()) return out + "not known, something could not be looked at";
  const std::string code = word(way, "code");
  return out + "break at " + broken + (code.empty() ? "" : " (" + code + ')');
}

std::string hop_lines(const Json& hop, std::size_t) {
  const std::string state = word(hop, "state");
  if (state == "holds") return {};
  std::string out = state + ": " + word(hop, "name") + ' ' + word(hop, "code") + '\n';
  if (hop.contains("object")) out += labelled("object", object_text(hop.at("object")));
  return out + labelled("detail", word(hop, "detail")) + labelled("reason", word(hop, "reason"));
}

std::string trace_brief(const Json& document) {
  const Json& served = document.at("servedBy");
  BriefLines out("model " + as_quote(word(document, "model")) + ": " +
                 (served.empty() ? "nothing serves it" : "served by"));
  for (std::size_t i = 0; i < served.size() && i < 3; ++i) {
    out.say("   " + as_quote(served[i].get<std::string>()));
  }
  out.say(way_text(document.at("strategy"), "with a routing strategy"));
  out.say(way_text(document.at("route"), "by the HTTPRoute"));
  out.each(document.at("hops"), "hop", hop_lines);
  return out.text();
}

std::string models_brief(const Json& document) {
  const Json& models = document.at("models");
  BriefLines out(models.empty() ? std::string("no model was found")
                                : base::plural(models.size(), "model"));
  out.each(models, "model", [](const Json& model, std::size_t) {
    const Json& pods = model.at("pods");
    return as_quote(word(model, "model")) + ": " + std::to_string(number(pods, "ready")) + " of " +
           base::plural(number(pods, "total"), "pod") + " ready; " +
           way_text(model.at("strategy"), "with a strategy") + "; " +
           way_text(model.at("route"), "by the route") + '\n';
  });
  return out.text();
}

std::string endpoint_brief(const Json& document) {
  const std::string url = word(document, "url");
  const std::string from = word(document, "from");
  BriefLines out(url.empty() ? "the gateway has no address that works from " + from
                             : "address for clients " + from + ": " + as_quote(url));
  for (const auto& [label, key] :
       {std::pair("base URL of OpenAI clients", "baseUrl"), std::pair("how", "how"),
        std::pair("caution", "caution"), std::pair("host name to use", "hostname"),
        std::pair("needs the header routing-strategy", "routingStrategy")}) {
    out.say(labelled(label, word(document, key)));
  }
  out.each(list_of(document, "notes"), "note",
           [](const Json& note, std::size_t) { return labelled("why", note.get<std::string>()); });
  return out.text();
}

std::string cause_lines(const Json& cause) {
  const std::string state = word(cause, "state");
  std::vector<std::string> codes;
  for (const Json& code : list_of(cause, "codes")) codes.push_back(code.get<std::string>());
  std::string out = "   cause";
  if (!state.empty()) out += " (" + state + ')';
  out += ": " + word(cause, "text");
  if (!codes.empty()) out += " [" + base::join(codes, ", ") + ']';
  return out + '\n' + labelled("detail", word(cause, "detail"));
}

std::string answer_lines(const Json& answer, std::size_t nth) {
  std::string out = std::to_string(nth) + ". ";
  if (!answer.value("recognised", false)) {
    return out + word(answer, "form") + ": not one of the responses that are known\n";
  }
  out += word(answer, "id") + ", from " + as_quote(word(answer, "sender")) + '\n';
  out += "   meaning: " + word(answer, "meaning") + '\n';
  for (const Json& cause : list_of(answer, "causes")) out += cause_lines(cause);
  return out;
}

std::string answers_brief(const Json& document) {
  const Json& answers = document.at("answers");
  const auto known = std::count_if(answers.begin(), answers.end(), [](const Json& answer) {
    return answer.value("recognised", false);
  });
  BriefLines out(known == 0 ? std::string("nothing in this text is a known response")
                            : base::plural(static_cast<std::size_t>(known), "response") +
                                  " recognized in this text");
  out.each(answers, "response", answer_lines);
  out.each(document.at("findings"), "finding", finding_lines);
  return out.text();
}

std::string checks_brief(const Json& document) {
  const Json& checks = document.at("checks");
  BriefLines out(base::plural(checks.size(), "check") + " of finding codes");
  const bool whole = checks.size() == 1;
  out.each(checks, "check", [&](const Json& check, std::size_t) {
    std::string text = word(check, "code") + ' ' + word(check, "title") + '\n';
    for (const char* key : {"meaning", "causes", "fix"}) {
      if (whole && !word(check, key).empty()) {
        text += "   " + std::string(key) + ": " + base::shorten(word(check, key), 450) + '\n';
      }
    }
    return text;
  });
  if (checks.empty()) out.say("known responses speak of it: give one as text to have it explained");
  return out.text();
}

std::string advice_lines(std::string_view label, const Json& advice) {
  return labelled(label, word(advice, "text")) + command_line_of(advice);
}

std::string plan_brief(const Json& document) {
  const Json& steps = document.at("steps");
  const Json& blockers = list_of(document, "blockers");
  BriefLines out("plan of fix " + word(document, "fix") + ": " +
                 (steps.empty()
                      ? std::string("nothing to do")
                      : base::plural(steps.size(), "step") + ", none of which was carried out") +
                 (blockers.empty() ? "" : "; something is in the way"));
  out.say(labelled("looked", word(document, "looked")));
  const auto advice = [](std::string_view label) {
    return [label](const Json& entry, std::size_t) { return advice_lines(label, entry); };
  };
  out.each(blockers, "blocker", advice("in the way"));
  out.each(list_of(document, "tryFirst"), "proposal", advice("try first"));
  out.each(steps, "step", [](const Json& step, std::size_t nth) {
    std::string text = std::to_string(nth) + ". " + word(step, "verb") + ' ' +
                       as_quote(object_text(step.at("object"))) + ", " + word(step, "danger") +
                       '\n' + labelled("what", word(step, "what"));
    for (const Json& cost : list_of(step, "cost")) {
      text += labelled("cost", cost.get<std::string>());
    }
    return text;
  });
  const auto texts = [](std::string_view label) {
    return [label](const Json& entry, std::size_t) {
      return labelled(label, entry.get<std::string>());
    };
  };
  out.each(list_of(document, "unread"), "line", texts("not looked at"));
  out.each(list_of(document, "kept"), "line", texts("kept"));
  out.each(list_of(document, "after"), "line", texts("stays"));
  out.each(list_of(document, "byHand"), "task", advice("by hand"));
  return out.text();
}

struct BriefOfKind {
  std::string_view kind;
  std::string (*text)(const Json&);
};
constexpr auto briefs = std::to_array<BriefOfKind>({
    {"DoctorReport", doctor_brief},
    {"Trace", trace_brief},
    {"TraceList", models_brief},
    {"Endpoint", endpoint_brief},
    {"AnswerExplanation", answers_brief},
    {"CheckCatalogue", checks_brief},
    {"FixPlan", plan_brief},
});

}  // namespace

std::string as_quote(std::string_view text, std::size_t bytes) {
  std::string out = base::shorten(base::printable(base::trim(text)), bytes);
  for (const auto& [mark, other] : {std::pair("«", "<<"), std::pair("»", ">>")}) {
    for (std::size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at)) {
      out.replace(at, std::string_view(mark).size(), other);
    }
  }
  return "«" + out + "»";
}

std::string brief(const std::string& document) {
  const Json json = Json::parse(document);
  const std::string kind = word(json, "kind");
  const auto it = std::ranges::find(briefs, kind, &BriefOfKind::kind);
  std::string out = it == briefs.end() ? kind + '\n' : it->text(json);
  if (out.find("«") != std::string::npos) out += std::string(data_not_instructions) + '\n';
  return out;
}

}  // namespace cli
