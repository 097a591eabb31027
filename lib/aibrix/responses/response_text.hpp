// Text that somebody pasted because a request failed, taken apart. Knows forms, not meanings: what
// an answer says is looked up in responses.hpp.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aibrix {

// One answer, log line or message.
struct ResponseText {
  enum class Form {
    http,        // status line and headers (curl -i, curl -v), or headers alone
    body,        // the JSON body of an error, in any of its shapes; also as Python prints it
    api_status,  // kind Status of an API server, or kubectl's "Error from server (Reason): …"
    plugin_log,  // a line of AIBrix's gateway plugin (klog)
    log,         // a line of another program's log, or of one that the line does not tell
    access_log,  // a line of Envoy's access log, JSON or text
    flag,        // an Envoy response flag alone: "UH", "503 UF,URX"
    client,      // a client that got no answer: "curl: (7) Failed to connect …"
    text,        // anything else: one line
  };
  // Whose log a line is, where its form tells.
  enum class Writer { unknown, plugin, controller, envoy, envoy_gateway, kuberay, engine, kubectl };
  // The request that was answered, as far as it was pasted too.
  struct Request {
    std::string method, path, host, strategy, model;  // the path without its query
    bool seen = false;
  };
  Form form = Form::text;
  Writer writer = Writer::unknown;
  Request request;
  std::size_t line = 0;                                      // where it starts, from 1
  int status = 0;                                            // 0: not told
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  bool has_headers =
      false;  // a status line or headers were there: a header not among them was not sent
  enum class Body { unknown, empty, present };
  Body body = Body::unknown;  // empty: the headers say so, or end with nothing behind them
  std::string message;  // error.message, message, detail; else the body as it is, when it is short
  std::string type, code, param, object;
  bool code_is_number = false;
  bool json = false;               // the body is a JSON object
  bool cut = false;                // the text ends in the middle of the message
  std::string reason;              // of an API server: "NotFound"
  std::vector<std::string> flags;  // Envoy's: {"UF", "URX"}
  std::string details;             // Envoy's response_code_details
  std::string route;               // Envoy's route_name, or what its cluster's name tells
  std::string error;               // err="…" of a log line
  std::string model, strategy;     // that a log line names
  std::string whole;               // a line of a log or of text as it stands

  // Value of a header, nullptr when it is not there.
  const std::string* header(std::string_view name) const;
};
std::string_view to_string(ResponseText::Form form);

// Who wrote the log, "aibrix-controller-manager"; empty: not known.
std::string_view to_string(ResponseText::Writer writer);

// What the text holds, in its order. Interim answers (100 Continue, a proxy's 200 to CONNECT) and
// redirects that were followed are left out; so are colour codes, carriage returns, requests, and
// curl -v's own remarks. Never throws; what fits nothing is Form::text. At most 64 answers.
std::vector<ResponseText> read_responses(std::string_view text);

// The text with the line breaks taken out that a terminal (or, with `words`, a mail or a chat) has
// put into its lines; the text as it is when it does not look so.
std::string unwrapped(std::string_view text, bool words);

}  // namespace aibrix
