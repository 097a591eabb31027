// The search for our own tokens and passwords in answers.
#include "kube/http/own_secrets.hpp"

#include <algorithm>
#include <memory>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "kube/http/curl_easy.hpp"
#include "kube/parse/protobuf_reader.hpp"

namespace kube {
namespace {

constexpr std::string_view instead = "<hidden>";
// A shorter one stands in half of all words.
constexpr std::size_t shortest = 4;
// Nothing quotes a larger answer that is of use, nor more of one that is not.
constexpr std::size_t quotable_bytes = std::size_t{64} << 10;
constexpr std::size_t kept_bytes = std::size_t{1} << 20;

// As in a JSON string.
std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string url_part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, CURLU_URLDECODE) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

}  // namespace

void OwnSecrets::add_text(const std::string& secret) {
  if (secret.size() < shortest) return;
  for (const std::string& form :
       {secret, json_escaped(secret), base::percent_encode(secret, "-._~"),
        base::percent_encode(secret, "-._~!$&'()*+,;=:@/")}) {
    if (std::find(texts_.begin(), texts_.end(), form) == texts_.end()) texts_.push_back(form);
  }
  // The longest first: a part of a secret must not break the whole.
  std::sort(texts_.begin(), texts_.end(),
            [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

void OwnSecrets::add_proxy(const std::string& proxy_url) {
  const auto start = proxy_url.find("://");
  const auto host = start == std::string::npos ? 0 : start + 3;
  const auto at = proxy_url.rfind('@');
  if (at == std::string::npos || at < host) return;
  const std::string both = proxy_url.substr(host, at - host);  // as it is written
  const auto colon = both.find(':');
  if (colon != std::string::npos) add_text(both.substr(colon + 1));
  add_text(both);
  CURLU* url = curl_url();
  if (curl_url_set(url, CURLUPART_URL, proxy_url.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
    const std::string user = url_part(url, CURLUPART_USER);
    const std::string password = url_part(url, CURLUPART_PASSWORD);
    add_text(password);
    add_text(base::encode_base64(user + ':' + password));
  }
  curl_url_cleanup(url);
}

void OwnSecrets::add(const Login& login) {
  add_text(login.token);
  if (login.username.empty() && login.password.empty()) return;
  add_text(login.password);
  add_text(base::encode_base64(login.username + ':' + login.password));
}

std::string OwnSecrets::hidden(std::string text) const {
  for (const std::string& secret : texts_) {
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + instead.size())) {
      text.replace(at, secret.size(), instead);
    }
  }
  return text;
}

void OwnSecrets::hide(Response& response, bool data) const {
  if (texts_.empty()) return;
  response.detail = hidden(std::move(response.detail));
  response.location = hidden(std::move(response.location));
  response.content_type = hidden(std::move(response.content_type));
  for (std::string& warning : response.warnings) warning = hidden(std::move(warning));
  for (auto& [name, value] : response.headers) value = hidden(std::move(value));
  if (response.ok() && data) {
    // Nothing quotes protobuf, and a text of another length would break it.
    if (response.body.size() > quotable_bytes || is_protobuf(response.content_type)) return;
    const bool quoted = !base::trim(response.body.substr(0, 16)).starts_with('{') ||
                        response.body.find("\"Status\"") != std::string::npos;
    if (!quoted) return;
  }
  if (response.body.size() > kept_bytes) response.body.resize(kept_bytes);
  const std::string before = response.body;
  std::string after = hidden(before);
  if (after == before) return;  // keep the capacity for a reader's padding
  response.body = std::move(after);
  response.body.reserve(response.body.size() + body_padding);
}

}  // namespace kube
