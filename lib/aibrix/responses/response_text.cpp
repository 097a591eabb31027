// The reader that takes pasted text apart into answers, log lines and messages.
#include "aibrix/responses/response_text.hpp"

#include <algorithm>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/text_clean.hpp"
#include "aibrix/responses/text_forms.hpp"
#include "aibrix/responses/text_logs.hpp"
#include "aibrix/responses/text_request.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using Form = ResponseText::Form;
using Body = ResponseText::Body;

constexpr std::size_t most_answers = 64;

// curl -v: "< " marks the answer's headers, "> " and "* " what is no answer.
bool is_verbose(const std::vector<std::string_view>& lines) {
  return std::any_of(lines.begin(), lines.end(),
                     [](std::string_view l) { return l.starts_with("< HTTP/"); });
}

bool is_marker(std::string_view name) {
  const std::string low = base::lower(name);
  return low.starts_with("x-") || low == "content-type" || low == "content-length" ||
         low == "server" || low == "target-pod" || low == "target-pod-ip" ||
         low == "routing-strategy" || low == "request-id";
}

class Reader {
 public:
  explicit Reader(std::string_view text)
      : text_(pasted::clean(text)), lines_(base::split(text_, '\n')) {
    verbose_ = is_verbose(lines_);
  }

  std::vector<ResponseText> run() {
    while (at_ < lines_.size() && out_.size() < most_answers) step();
    drop_interim();
    return std::move(out_);
  }

 private:
  // The line as it is to be read; curl -v's own remarks read as empty.
  std::string_view line(std::size_t i) const {
    std::string_view l = lines_[i];
    if (verbose_) {
      if (l.starts_with("< ") || l == "<") return base::trim(l.substr(1));
      for (const std::string_view mark : {"> ", "* ", "{ [", "} ["}) {
        if (l.starts_with(mark) || l == ">") return {};
      }
    }
    return base::trim(l);
  }

  // The line of a request, whatever stands before it in curl -v; empty: it is none of one.
  std::string_view sent(std::size_t i) const {
    const std::string_view l = base::trim(lines_[i]);
    if (verbose_) return l.starts_with("> ") ? base::trim(l.substr(1)) : std::string_view();
    return l;
  }

  // Takes in a request with its headers, and a body that is one.
  bool read_request() {
    auto request = pasted::request_line(sent(at_));
    const bool command = !request;
    if (command) request = pasted::curl_command(base::trim(lines_[at_]));
    if (!request) return false;
    // curl -v shows the request again that its command line asked for.
    if (!request_.seen || command) request_ = {};
    if (request->strategy.empty()) request->strategy = request_.strategy;
    if (request->model.empty()) request->model = request_.model;
    request_ = std::move(*request);
    bool goes_on = !command || lines_[at_].ends_with('\\');
    for (++at_; goes_on && at_ < lines_.size(); ++at_) {
      const std::string_view l = command ? base::trim(lines_[at_]) : sent(at_);
      if (!command && (l.empty() || pasted::status_line(l) != 0)) break;
      pasted::add_request_line(request_, l);
      goes_on = !command || lines_[at_].ends_with('\\');
    }
    return true;
  }

  void step() {
    const std::string_view l = line(at_);
    const auto header = pasted::header_line(l);
    if (read_request()) return;
    if (l.empty()) {
      ++at_;
    } else if (pasted::status_line(l) != 0 || (header && is_marker(header->name))) {
      read_http();
    } else if (l.starts_with('{')) {
      read_object(0);
    } else if (const std::size_t start = object_start(l); start != 0) {
      read_object(start);
    } else if (opens_object(l)) {
      read_line(l.substr(0, l.size() - 1));
      read_object(l.size() - 1);
    } else {
      read_line(l);
      ++at_;
    }
  }

  // Where an object begins behind what an event stream or a viewer of logs puts before it; 0:
  // nowhere.
  static std::size_t object_start(std::string_view l) {
    if (l.starts_with("data: {")) return 6;
    for (const std::string_view before : {" | {", "] {"}) {
      const std::size_t at = l.find(before);
      const bool prefix = at != std::string_view::npos && at < 100 && l.find('{') > at;
      if (prefix && (before != "] {" || l.starts_with("[pod/"))) return at + before.size() - 1;
    }
    return 0;
  }

  // JavaScript prints an error's fields behind its last line: "    at x (y.js:1:2) {".
  bool opens_object(std::string_view l) const {
    if (!l.ends_with(" {") || at_ + 1 >= lines_.size()) return false;
    const std::string_view next = line(at_ + 1);
    const std::size_t colon = next.find(':');
    const bool word = !next.empty() && (base::is_alnum(next[0]) || next[0] == '\'');
    return word && colon != std::string_view::npos && next.find_first_of(" \t(") >= colon;
  }

  void add(ResponseText answer, std::size_t line) {
    answer.line = line + 1;
    // What an object's own brace adds to the line that opens it is told of one line.
    if (!out_.empty() && out_.back().line == answer.line) ++answer.line;
    if (!answer.request.seen) answer.request = request_;
    if (answer.model.empty()) answer.model = answer.request.model;
    out_.push_back(std::move(answer));
  }

  static std::optional<ResponseText> known_line(std::string_view l) {
    for (const auto read :
         {pasted::log_line, pasted::access_log, pasted::server_error, pasted::python_error,
          pasted::library_error, pasted::client_error, pasted::flags_alone, pasted::status_alone}) {
      if (auto answer = read(l)) return answer;
    }
    return std::nullopt;
  }

  void read_line(std::string_view l) {
    if (auto answer = known_line(l)) return add(std::move(*answer), at_);
    ResponseText text;
    text.message = base::shorten(pasted::squeezed(l), 2000);
    text.whole = text.message;
    add(std::move(text), at_);
  }

  // From the line that begins with a bracket to where it closes; what is behind it on that line is
  // left out.
  std::string_view take_object(std::size_t from = 0) {
    const std::string_view l = line(at_).substr(from);
    const auto start = static_cast<std::size_t>(l.data() - text_.data());
    const std::size_t end = lenient_end(text_, start);
    while (at_ < lines_.size() &&
           static_cast<std::size_t>(lines_[at_].data() - text_.data()) < end) {
      ++at_;
    }
    return std::string_view(text_).substr(start, end - start);
  }

  void read_object(std::size_t from) {
    const std::size_t first = at_;
    ResponseText answer;
    answer.form = Form::body;
    const std::string_view object = take_object(from);
    if (pasted::is_request_body(object)) {
      request_.seen = true;
      return pasted::add_request_line(request_, object);
    }
    pasted::read_body(answer, object);
    const bool says_nothing = answer.form == Form::body && answer.message.empty() &&
                              answer.status == 0 && answer.headers.empty();
    if (from == 0 || !says_nothing) add(std::move(answer), first);
  }

  void read_http() {
    const std::size_t first = at_;
    ResponseText answer;
    answer.form = Form::http;
    answer.status = pasted::status_line(line(at_));
    answer.has_headers = true;
    if (answer.status != 0) {
      established_ = base::lower(line(at_)).find("connection established") != std::string::npos;
      ++at_;
    }
    bool closed = false;
    while (at_ < lines_.size() && !closed) closed = !read_header(answer);
    read_http_body(answer, closed);
    if (established_) answer.status = 100;  // a proxy's word on CONNECT, not the answer
    established_ = false;
    add(std::move(answer), first);
  }

  // False: the headers are over.
  bool read_header(ResponseText& answer) {
    const std::string_view raw = lines_[at_];
    const std::string_view l = line(at_);
    if (l.empty()) {
      const bool remark = verbose_ && !raw.empty() && raw != "<" && base::trim(raw) != "<";
      ++at_;
      return remark;
    }
    const auto header = pasted::header_line(l);
    if (!header || pasted::status_line(l) != 0) return false;
    answer.headers.emplace_back(base::lower(header->name), std::string(header->value));
    ++at_;
    return true;
  }

  bool begins_another(std::string_view l) const {
    return pasted::status_line(l) != 0 || l.starts_with('{') || pasted::client_error(l) ||
           pasted::log_line(l) || pasted::access_log(l) || pasted::request_line(l);
  }

  // The length before a chunk of a body, where somebody pasted what went over the wire.
  static bool is_chunk_size(const ResponseText& answer, std::string_view l) {
    const std::string* encoding = answer.header("transfer-encoding");
    return encoding != nullptr && *encoding == "chunked" && !l.empty() && l.size() <= 8 &&
           std::all_of(l.begin(), l.end(), [](char c) { return base::hex_value(c) >= 0; });
  }

  void skip_framing(const ResponseText& answer) {
    while (at_ < lines_.size() && (line(at_).empty() || is_chunk_size(answer, line(at_)))) ++at_;
  }

  void read_http_body(ResponseText& answer, bool closed) {
    const std::string* length = answer.header("content-length");
    skip_framing(answer);
    if (at_ < lines_.size() && line(at_).starts_with('{')) {
      pasted::read_body(answer, take_object());
      answer.form = answer.form == Form::api_status ? Form::api_status : Form::http;
      skip_framing(answer);
    } else {
      std::string body;
      while (at_ < lines_.size() && !begins_another(line(at_))) {
        body.append(line(at_)).append("\n");
        ++at_;
      }
      pasted::read_body(answer, body);
    }
    if (answer.body == Body::present) return;
    const bool nothing = length != nullptr ? *length == "0" : closed;
    if (nothing) answer.body = Body::empty;
  }

  // 100 Continue, and redirects with an answer behind them.
  void drop_interim() {
    std::vector<ResponseText> kept;
    for (std::size_t i = 0; i < out_.size(); ++i) {
      const ResponseText& a = out_[i];
      const bool followed =
          std::any_of(out_.begin() + static_cast<std::ptrdiff_t>(i) + 1, out_.end(),
                      [](const ResponseText& b) { return b.form == Form::http; });
      const bool redirect = a.status >= 300 && a.status < 400;
      if (a.form == Form::http && a.has_headers &&
          ((a.status >= 100 && a.status < 200) || (redirect && followed))) {
        continue;
      }
      kept.push_back(std::move(out_[i]));
    }
    out_ = std::move(kept);
  }

  std::string text_;
  std::vector<std::string_view> lines_;
  std::vector<ResponseText> out_;
  ResponseText::Request request_;  // the last one that was seen
  std::size_t at_ = 0;
  bool verbose_ = false;
  bool established_ = false;
};

}  // namespace

const std::string* ResponseText::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string_view to_string(Form form) {
  switch (form) {
    case Form::http: return "HTTP answer";
    case Form::body: return "body of an answer";
    case Form::api_status: return "answer of the Kubernetes API server";
    case Form::plugin_log: return "log line of the gateway plugin";
    case Form::log: return "log line";
    case Form::access_log: return "line of Envoy's access log";
    case Form::flag: return "response flag of Envoy";
    case Form::client: return "error of the client";
    case Form::text: return "text";
  }
  return "text";
}

std::string_view to_string(ResponseText::Writer writer) {
  using Writer = ResponseText::Writer;
  switch (writer) {
    case Writer::unknown: return "";
    case Writer::plugin: return "AIBrix's gateway plugin";
    case Writer::controller: return "aibrix-controller-manager";
    case Writer::envoy: return "Envoy";
    case Writer::envoy_gateway: return "Envoy Gateway";
    case Writer::kuberay: return "KubeRay";
    case Writer::engine: return "the engine";
    case Writer::kubectl: return "kubectl";
  }
  return "";
}

std::vector<ResponseText> read_responses(std::string_view text) {
  return Reader(text).run();
}

}  // namespace aibrix
