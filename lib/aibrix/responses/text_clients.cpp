// The readers of what clients print when a request fails: curl, Python, JavaScript, Go.
#include <algorithm>

#include "aibrix/responses/text_clean.hpp"
#include "aibrix/responses/text_forms.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"

namespace aibrix::pasted {
namespace {

bool has(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// Connections that are none to the gateway, though they fail in the same words.
bool is_foreign(std::string_view line) {
  const std::string low = base::lower(line);
  for (const std::string_view mark : {"redis",
                                      ":6379",
                                      ":6443",
                                      "/api?timeout",
                                      "kubernetes",
                                      "huggingface",
                                      "hf.co",
                                      ".svc:443",
                                      "webhook",
                                      "probe failed",
                                      "lora_adapter",
                                      "registry",
                                      "docker",
                                      "pulling",
                                      "etcd",
                                      ":2379",
                                      ":4317",
                                      ":4318",
                                      ":9090",
                                      ":10250",
                                      "/metrics",
                                      "modelscope",
                                      "s3.",
                                      "pypi",
                                      "prefill",
                                      "the connection to the server",
                                      "unable to connect to the server",
                                      "helm",
                                      ":18000",
                                      ":50052",
                                      "xds",
                                      "127.0.0.53",
                                      "rpc error",
                                      "metadata.google"}) {
    if (has(low, mark)) return true;
  }
  return false;
}

struct Thrown {
  std::string_view module, name, text;  // "httpx", "ConnectError", "[Errno 111] …"
};

// "httpx.ConnectError: [Errno 111] …", "[cause]: Error: connect ECONNREFUSED …".
std::optional<Thrown> thrown(std::string_view line) {
  for (const std::string_view before :
       {"[cause]:", "cause:", "Caused by:", "Uncaught", "(node:", "Unhandled", "error:"}) {
    if (line.starts_with(before)) line = base::trim(line.substr(before.size()));
  }
  std::size_t end = 0;
  while (end < line.size() && (base::is_alnum(line[end]) || line[end] == '.' || line[end] == '_'))
    ++end;
  const std::string_view name = line.substr(0, end);
  if (name.empty() || end >= line.size() || (line[end] != ':' && line[end] != '(')) {
    return std::nullopt;
  }
  const std::size_t dot = name.rfind('.');
  Thrown out;
  if (dot != std::string_view::npos) out.module = name.substr(0, dot);
  out.name = dot == std::string_view::npos ? name : name.substr(dot + 1);
  out.text = base::trim(line.substr(end + 1));
  return out;
}

bool is_client_module(std::string_view module) {
  for (const std::string_view own :
       {"openai", "httpx", "httpcore", "requests.exceptions", "urllib3.exceptions",
        "urllib3.connection", "aiohttp", "aiohttp.client_exceptions", "litellm.exceptions",
        "litellm", "anthropic", "http.client", "urllib.error"}) {
    if (module == own) return true;
  }
  return false;
}

// Of OpenAI's libraries and of those under them, when no answer came.
bool is_client_class(std::string_view name) {
  for (const std::string_view own :
       {"APIConnectionError", "APITimeoutError", "APIConnectionTimeoutError", "FetchError",
        "ClientConnectorError", "ConnectTimeoutError", "HeadersTimeoutError", "AxiosError"}) {
    if (name == own) return true;
  }
  return false;
}

bool has_node_code(std::string_view text) {
  for (const std::string_view code :
       {"ECONNREFUSED", "ETIMEDOUT", "ENOTFOUND", "ECONNRESET", "EAI_AGAIN", "UND_ERR_",
        "EHOSTUNREACH", "DEPTH_ZERO_SELF_SIGNED_CERT", "ERR_TLS_CERT"}) {
    if (has(text, code)) return true;
  }
  return false;
}

ResponseText without_answer(std::string_view text) {
  ResponseText a;
  a.form = ResponseText::Form::client;
  a.message = base::shorten(squeezed(text), 2000);
  return a;
}

std::optional<ResponseText> curl_error(std::string_view line) {
  const std::size_t at = line.find("curl: (");
  if (at == std::string_view::npos) return std::nullopt;
  line = line.substr(at);
  const std::size_t open = 7;
  const std::size_t close = line.find(')');
  if (close == std::string_view::npos) return std::nullopt;
  ResponseText a = without_answer(line.substr(close + 1));
  a.code = line.substr(open, close - open);
  a.code_is_number = true;
  return a;
}

int status_of_class(std::string_view name) {
  struct Row {
    std::string_view name;
    int status;
  };
  for (const Row& row :
       {Row{"BadRequestError", 400}, Row{"AuthenticationError", 401},
        Row{"PermissionDeniedError", 403}, Row{"NotFoundError", 404}, Row{"ConflictError", 409},
        Row{"UnprocessableEntityError", 422}, Row{"RateLimitError", 429}}) {
    if (row.name == name) return row.status;
  }
  return 0;
}

// "404 model x does not exist", "503 status code (no body)".
void read_status_text(ResponseText& a, std::string_view text) {
  std::string_view rest = text;
  const int status = http_status(next_word(rest));
  if (status != 0) {
    a.status = status;
    text = base::trim(rest);
  }
  if (text.starts_with("status code (no body)")) {
    a.body = ResponseText::Body::empty;
    return;
  }
  read_body(a, text);
  // Cut out of the answer by the client: its shape tells nothing of the sender's release.
  if (!a.json) a.body = ResponseText::Body::unknown;
}

// Behind "status code" as go-openai and axios write it; nothing when it is not there.
std::string_view after_status_code(std::string_view line) {
  for (const std::string_view words : {"status code: ", "status code "}) {
    const std::size_t at = line.find(words);
    if (at != std::string_view::npos) return line.substr(at + words.size());
  }
  return {};
}

}  // namespace

std::optional<ResponseText> client_error(std::string_view line) {
  if (auto curl = curl_error(line)) return curl;
  if (is_foreign(line)) return std::nullopt;
  if (has(line, "dial tcp") || line.starts_with("Post \"http") || line.starts_with("Get \"http") ||
      has_node_code(line) || line.starts_with("TypeError: fetch failed") ||
      line.starts_with("wget: ")) {
    return without_answer(line);
  }
  const auto error = thrown(line);
  if (!error || error->text.empty()) return std::nullopt;
  const bool library = is_client_module(error->module) || is_client_class(error->name);
  if (!library || has(error->text, "status code") || has(error->text, "Client Error") ||
      has(error->text, "Server Error")) {
    return std::nullopt;
  }
  return without_answer(std::string(error->name) + ": " + std::string(error->text));
}

std::optional<ResponseText> python_error(std::string_view line) {
  constexpr std::string_view head = "Error code: ";
  const std::size_t at = line.find(head);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(at + head.size());
  ResponseText a;
  a.form = ResponseText::Form::body;
  a.status = http_status(rest.substr(0, rest.find(' ')));
  if (a.status == 0) return std::nullopt;
  const std::size_t body = rest.find("- ");
  if (body != std::string_view::npos) read_body(a, rest.substr(body + 2));
  return a;
}

std::optional<ResponseText> library_error(std::string_view line) {
  // go-openai: "error, status code: 400, status: 400 Bad Request, message: …".
  if (const std::string_view code = after_status_code(line); !code.empty()) {
    ResponseText a;
    a.form = ResponseText::Form::body;
    a.status = http_status(code.substr(0, 3));
    const std::size_t message = line.find("message: ");
    if (message != std::string_view::npos) read_body(a, line.substr(message + 9));
    if (!a.json) a.body = ResponseText::Body::unknown;
    if (a.status != 0) return a;
  }
  const auto error = thrown(line);
  if (!error || is_foreign(line)) return std::nullopt;
  const int status = status_of_class(error->name);
  const bool answered = status != 0 || error->name == "InternalServerError" ||
                        error->name == "APIError" || error->name == "APIStatusError";
  if (!answered || error->text.empty()) return std::nullopt;
  ResponseText a;
  a.form = ResponseText::Form::body;
  a.status = status;
  read_status_text(a, error->text);
  return a;
}

}  // namespace aibrix::pasted
