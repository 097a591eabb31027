// The order among rows of the catalogue that can fit one text, and which error explains which.
#include <cstdlib>
#include <set>

#include "aibrix/responses/pattern.hpp"
#include "aibrix/responses/score.hpp"
#include "base/text.hpp"
#include "catch.hpp"

namespace {

using aibrix::ResponsePattern;
using aibrix::ResponseText;
using Form = ResponseText::Form;

std::string_view text_of(const ResponsePattern& row) {
  return row.message.empty() ? row.log : row.message;
}

// A text that the pattern fits: names stand for themselves, stars for nothing.
std::string sample(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c != '*' && c != '{' && c != '}') out += c;
  }
  return out;
}

bool fits(std::string_view pattern, const std::string& text) {
  std::map<std::string, std::string> names;
  return aibrix::match_pattern(pattern, text, false, names).has_value();
}

// The text as every form in which it can be pasted, with what else the row asks for.
std::vector<ResponseText> forms_of(const ResponsePattern& row, const std::string& text) {
  std::vector<ResponseText> out;
  for (const Form form : {Form::text, Form::log, Form::api_status, Form::client, Form::http}) {
    ResponseText a;
    a.form = form;
    a.message = a.whole = text;
    a.body = ResponseText::Body::present;
    a.json = form == Form::http;
    if (form == Form::http) {
      a.status = row.statuses[0];
      a.has_headers = true;
      if (!row.header.empty()) {
        a.headers.emplace_back(row.header, row.value.empty() ? "true" : sample(row.value));
      }
    }
    out.push_back(std::move(a));
  }
  return out;
}

bool both_fit(const ResponsePattern& a, const ResponsePattern& b, const std::string& text) {
  if (!fits(text_of(a), text) || !fits(text_of(b), text)) return false;
  for (const ResponseText& answer : forms_of(a, text)) {
    std::map<std::string, std::string> names;
    const aibrix::Fitness first = aibrix::fitness(a, answer, names);
    const aibrix::Fitness second = aibrix::fitness(b, answer, names);
    if (first.points > 0 && second.points > 0 && first.by_text && second.by_text) return true;
  }
  return false;
}

// The same words, told apart by a header, a status, or a condition.
bool told_apart_otherwise(const ResponsePattern& a, const ResponsePattern& b) {
  return base::lower(text_of(a)) == base::lower(text_of(b)) &&
         (a.header != b.header || a.value != b.value || a.statuses != b.statuses ||
          a.param != b.param || a.when != b.when);
}

std::vector<std::string> texts_of_both(const ResponsePattern& a, const ResponsePattern& b) {
  const std::string first = sample(text_of(a));
  const std::string second = sample(text_of(b));
  return {first, first + ' ' + second, second + ' ' + first, first + second};
}

}  // namespace

TEST_CASE("where the patterns of two rows can fit one text, their order is declared") {
  std::vector<const ResponsePattern*> rows;
  for (const ResponsePattern* row : aibrix::all_responses()) {
    if (!text_of(*row).empty()) rows.push_back(row);
  }
  std::set<std::string> undeclared;
  for (const ResponsePattern* a : rows) {
    for (const ResponsePattern* b : rows) {
      if (a == b || told_apart_otherwise(*a, *b)) continue;
      if (aibrix::precedence(a->id) >= 0 && aibrix::precedence(b->id) >= 0) continue;
      for (const std::string& text : texts_of_both(*a, *b)) {
        if (!both_fit(*a, *b, text)) continue;
        undeclared.insert(std::string(a->id) + " and " + std::string(b->id) + ": " + text);
        break;
      }
    }
  }
  for (const std::string& pair : undeclared) UNSCOPED_INFO(pair.substr(0, 70));
  CHECK(undeclared.empty());
}

// Every tenth pair of rows; with AIBRIXCTL_EVERY_PAIR=1 (scripts/check-release) every one.
TEST_CASE("a text that two rows of the declared order fit is told by the first of them") {
  const std::size_t step = std::getenv("AIBRIXCTL_EVERY_PAIR") != nullptr ? 1 : 10;
  std::size_t pairs = 0;
  std::size_t number = 0;
  for (const ResponsePattern* a : aibrix::all_responses()) {
    for (const ResponsePattern* b : aibrix::all_responses()) {
      const int first = aibrix::precedence(a->id);
      const int second = aibrix::precedence(b->id);
      if (first < 0 || second < 0 || first >= second || text_of(*a).empty() ||
          text_of(*b).empty() || base::lower(text_of(*a)) == base::lower(text_of(*b))) {
        continue;
      }
      if (++number % step != 0) continue;
      for (const std::string& text : texts_of_both(*a, *b)) {
        for (const ResponseText& answer : forms_of(*a, text)) {
          std::map<std::string, std::string> names;
          const aibrix::Fitness fa = aibrix::fitness(*a, answer, names);
          const aibrix::Fitness fb = aibrix::fitness(*b, answer, names);
          if (fa.points <= 0 || fb.points <= 0 || !fa.by_text || !fb.by_text) continue;
          ++pairs;
          const aibrix::Match match = aibrix::match_response(answer);
          REQUIRE(match.kind != nullptr);
          if (match.kind != b) continue;
          CAPTURE(a->id, b->id, text);
          CHECK(match.kind->id == a->id);
        }
      }
    }
  }
  CHECK(pairs > 100);
}

TEST_CASE("the declared order and the reasons name rows that there are") {
  std::set<std::string_view> ids;
  for (const ResponsePattern* row : aibrix::all_responses()) ids.insert(row->id);
  std::string circles;
  for (const std::string_view a : ids) {
    for (const std::string_view b : ids) {
      if (aibrix::explains(a, b) && aibrix::explains(b, a)) circles.append(a).append(" ").append(b);
    }
  }
  CHECK(circles.empty());
  for (const std::string_view id : aibrix::declared_ids()) {
    CAPTURE(id);
    CHECK((ids.count(id) == 1 || id.ends_with('*')));
  }
}

TEST_CASE("of a webhook's failure and what its Service lacks, the webhook is told") {
  const auto all = aibrix::recognise(
      "Error from server (InternalError): Internal error occurred: failed calling webhook "
      "\"vmodeladapter.kb.io\": failed to call webhook: Post "
      "\"https://aibrix-webhook-service.aibrix-system.svc:443/validate?timeout=10s\": no endpoints "
      "available for service \"aibrix-webhook-service\"");
  REQUIRE(all.size() == 1);
  REQUIRE(all.front().match.kind != nullptr);
  CHECK(all.front().match.kind->id == "webhook-failed");
}

TEST_CASE("of two errors in one paste the one that explains the other comes first") {
  struct Row {
    const char* text;
    const char* first;
    const char* follows;
  };
  for (const Row& row : {
           Row{"HTTP/1.1 503 Service Unavailable\nx-error-routing: true\n\n"
               "{\"error\":{\"message\":\"error on selecting target pod\",\"type\":\"x\"}}\n"
               "E1126 09:35:15.1 1 gateway_req_body.go:132] \"failed to select target pod\" "
               "err=\"target decode pod is nil\" requestID=\"r\"",
               "pd-no-common-set-decode", "no-target-pod"},
           Row{"F0812 10:00:00.1 1 main.go:95] Redis is required in Kubernetes mode\n"
               "W0812 10:00:00.0 1 redis.go:39] Redis not available: WRONGPASS invalid",
               "redis-wrong-password", "redis-required"},
           Row{"    State:  Waiting\n      Reason:  CrashLoopBackOff\n    Last State:  Terminated\n"
               "      Reason:   OOMKilled\n",
               "oom-killed", "crash-loop"},
           Row{"httpcore.ConnectError: [Errno 111] Connection refused\n"
               "openai.APIConnectionError: Connection error.",
               "connection-refused", "client-connection-error"},
       }) {
    const auto all = aibrix::recognise(row.text);
    CAPTURE(row.text);
    REQUIRE(all.size() >= 2);
    CHECK(all[0].match.kind->id == row.first);
    CHECK_FALSE(all[0].follows);
    CHECK(all[1].match.kind->id == row.follows);
    CHECK(all[1].follows);
  }
}
