// The proofs of who sent an answer.
#include "aibrix/responses/sender.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace aibrix {
namespace {

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return text.starts_with(start); });
}

// What proxies and load balancers add to answers of their own.
bool has_proxy_header(const ResponseText& a) {
  const std::string* via = a.header("via");
  if (via != nullptr && base::lower(*via).find("envoy") == std::string::npos) return true;
  return std::any_of(a.headers.begin(), a.headers.end(), [](const auto& h) {
    return begins_with_any(h.first, {"cf-ray", "x-amz-cf-", "x-amzn-", "x-kong-", "x-apisix-",
                                     "x-azure-ref", "x-served-by", "x-squid-error", "apigw-"});
  });
}

}  // namespace

bool is_aibrix_header(std::string_view name) {
  for (const std::string_view own :
       {"x-no-model", "x-no-model-deployment", "x-user-error", "x-rpm-error", "x-tpm-exceeded",
        "x-incorrect-routing-strategy", "x-went-into-req-headers",
        "x-request-body-processing-error", "x-streaming-error"}) {
    if (name == own) return true;
  }
  return name.starts_with("x-error-");
}

bool has_aibrix_header(const ResponseText& a) {
  return std::any_of(a.headers.begin(), a.headers.end(), [](const auto& h) {
    return is_aibrix_header(h.first) || h.first == "target-pod";
  });
}

std::string server_of(const ResponseText& a) {
  const std::string* value = a.header("server");
  return value == nullptr ? std::string() : std::string(base::trim(*value));
}

bool is_python_server(const ResponseText& a) {
  return begins_with_any(base::lower(server_of(a)),
                         {"uvicorn", "hypercorn", "granian", "gunicorn", "basehttp"});
}

bool may_be_envoy(const ResponseText& a) {
  const std::string server = base::lower(server_of(a));
  return (server.empty() || server == "envoy") && !has_proxy_header(a) && !is_html(a) &&
         a.header("location") == nullptr && a.header("audit-id") == nullptr &&
         a.header("www-authenticate") == nullptr &&
         a.header("x-envoy-upstream-service-time") == nullptr;  // passed on, not its own
}

bool is_foreign(const ResponseText& a) {
  if (has_aibrix_header(a)) return false;
  const std::string server = base::lower(server_of(a));
  const bool own = server.empty() || server == "envoy" || is_python_server(a) ||
                   begins_with_any(server, {"llama.cpp", "text-generation", "sglang"});
  return !own || has_proxy_header(a) || is_html(a);
}

bool is_html(const ResponseText& a) {
  const std::string* type = a.header("content-type");
  const std::string start = base::lower(a.message.substr(0, 200));
  return (type != nullptr && type->find("text/html") != std::string::npos) ||
         start.find("<html") != std::string::npos || start.find("<!doctype") != std::string::npos;
}

bool is_completion(const ResponseText& a) {
  return a.object.starts_with("chat.completion") || a.object == "text_completion" ||
         a.message.starts_with("data: {");
}

}  // namespace aibrix
