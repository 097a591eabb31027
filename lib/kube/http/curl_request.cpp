#include "kube/http/curl_request.hpp"

#include <algorithm>
#include <new>

#include "base/text.hpp"
#include "kube/http/retry.hpp"

namespace kube::curl {
namespace {

// libcurl 7.88 (Debian 12) reads 32 kB of HTTP/2 at a time. What of it does not fit a transfer's
// buffer (16 kB if not told otherwise) is put aside, and with several streams now and then never
// looked at again: the transfer hangs. With room for all of it nothing is put aside.
constexpr long transfer_buffer = 128L << 10;

// As client-go: an extra key may be any text, a header name may not.
std::string escaped_header_key(std::string_view key) {
  return base::percent_encode(key, "!#$&'*+-.^_`|~");
}

void add_identity(Transfer& transfer, const Access& access, const Login& login) {
  CURL* easy = transfer.easy.get();
  if (!login.token.empty()) {
    append(transfer.headers, "Authorization: Bearer " + checked(login.token, "the token"));
  } else if (!login.username.empty()) {
    set(easy, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(easy, CURLOPT_USERNAME, login.username);
    set(easy, CURLOPT_PASSWORD, login.password);
  }
  if (!login.certificate_pem.empty()) {
    set_pem(easy, CURLOPT_SSLCERT_BLOB, login.certificate_pem);
    set_pem(easy, CURLOPT_SSLKEY_BLOB, login.key_pem);
  }
  if (!access.as_user.empty()) {
    append(transfer.headers, "Impersonate-User: " + checked(access.as_user, "--as"));
  }
  if (!access.as_uid.empty()) {
    append(transfer.headers, "Impersonate-Uid: " + checked(access.as_uid, "--as-uid"));
  }
  for (const std::string& group : access.as_groups) {
    append(transfer.headers, "Impersonate-Group: " + checked(group, "--as-group"));
  }
  for (const auto& [key, values] : access.as_extra) {
    for (const std::string& value : values) {
      append(transfer.headers, "Impersonate-Extra-" + escaped_header_key(key) + ": " +
                                   checked(value, "an as-user-extra value"));
    }
  }
}

// True: Host is among them.
bool add_headers(Transfer& transfer) {
  bool host = false;
  for (const auto& [name, value] : transfer.request.headers) {
    append(transfer.headers, checked(name, "a header's name") + ": " + checked(value, "a header"));
    host = host || base::lower(name) == "host";
  }
  return host;
}

void set_body(Transfer& transfer) {
  CURL* easy = transfer.easy.get();
  const Request& request = transfer.request;
  if (request.method == Method::get) {
    set(easy, CURLOPT_HTTPGET, 1L);
    return;
  }
  if (request.method != Method::remove || !request.body.empty()) {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.c_str());  // borrowed from the Transfer
    append(transfer.headers, "Expect:");                  // no pause for a 100 Continue
    append(transfer.headers,
           "Content-Type: " + (request.content_type.empty() ? std::string("application/json")
                                                            : request.content_type));
  }
  if (request.method != Method::post) {
    set(easy, CURLOPT_CUSTOMREQUEST, std::string(verb(request.method)));
  }
}

std::size_t on_data(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  std::string& body = transfer.response.body;
  if (body.size() + bytes > max_body_bytes) {
    transfer.too_large = true;
    return 0;
  }
  try {
    if (body.empty()) {
      curl_off_t length = -1;
      curl_easy_getinfo(transfer.easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
      const std::size_t announced = length > 0 ? static_cast<std::size_t>(length) : 0;
      body.reserve(
          std::min(std::max({announced, transfer.request.expected_bytes, bytes}), max_body_bytes) +
          body_padding);
    }
    body.append(data, bytes);
    if (transfer.watching) {
      transfer.watching = transfer.receiver->on_body(transfer.number, body, *transfer.queue);
    }
  } catch (...) {
    *transfer.thrown = std::current_exception();
    return 0;
  }
  return bytes;
}

// "Header-Name: value" when it is this header.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return std::nullopt;
  if (base::lower(line.substr(0, name.size())) != name) return std::nullopt;
  return base::trim(line.substr(name.size() + 1));
}

void keep_header(Response& response, std::string_view line) {
  constexpr std::size_t most = 256;
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || response.headers.size() >= most) return;
  response.headers.emplace_back(base::lower(line.substr(0, colon)),
                                base::trim(line.substr(colon + 1)));
}

void read_header(Response& response, std::string_view line) {
  if (line.substr(0, 5) == "HTTP/") {  // of the final answer, after a 100 Continue
    response.content_type.clear();
    response.headers.clear();
    response.warnings.clear();
    response.location.clear();
    response.date.reset();
    response.retry_after.reset();
  } else if (const auto type = value_of(line, "content-type")) {
    response.content_type = *type;
  } else if (const auto date = value_of(line, "date")) {
    response.date = base::parse_http_date(*date);
  } else if (const auto wait = value_of(line, "retry-after")) {
    response.retry_after = parse_retry_after(*wait, response.date);
  } else if (const auto warning = value_of(line, "warning")) {
    if (response.warnings.size() < 16) response.warnings.emplace_back(*warning);
  } else if (const auto location = value_of(line, "location")) {
    response.location = *location;
  }
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  try {
    const std::string_view line = base::trim({data, size * count});
    read_header(transfer.response, line);
    if (transfer.request.keep_headers && !line.starts_with("HTTP/")) {
      keep_header(transfer.response, line);
    }
  } catch (...) {
    *transfer.thrown = std::current_exception();
    return 0;
  }
  return size * count;
}

}  // namespace

void prepare(Transfer& transfer, const Target& target, const Access& access, const Login& login,
             const CurlOptions& options) {
  if (transfer.easy) {
    curl_easy_reset(transfer.easy.get());
  } else {
    transfer.easy.reset(curl_easy_init());
    if (!transfer.easy) throw std::bad_alloc();
  }
  CURL* easy = transfer.easy.get();
  transfer.headers.reset();
  transfer.connect_to.reset();
  transfer.error.fill('\0');
  transfer.watching = transfer.request.watch_body;
  transfer.too_large = false;
  Response fresh;
  fresh.attempts = transfer.response.attempts;
  fresh.bytes = transfer.response.bytes;
  fresh.connections = transfer.response.connections;
  transfer.response = std::move(fresh);

  set_connection(easy, target, transfer.connect_to, access, options);
  set(easy, CURLOPT_URL, target.base_url + transfer.request.path);
  set(easy, CURLOPT_PIPEWAIT, 1L);  // else each request opens a connection of its own
  set(easy, CURLOPT_BUFFERSIZE, transfer_buffer);
  set(easy, CURLOPT_HTTP_VERSION,
      static_cast<long>(options.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.request_timeout.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.stall_timeout.count()));
  set(easy, CURLOPT_USERAGENT, options.user_agent);
  set(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(&transfer));
  set(easy, CURLOPT_WRITEFUNCTION, &on_data);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  append(transfer.headers, "Accept: " + transfer.request.accept);
  const bool own_host = add_headers(transfer);
  if (!target.host_header.empty() && !own_host) {
    append(transfer.headers, "Host: " + target.host_header);
  }
  add_identity(transfer, access, login);
  set_body(transfer);
  set(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
}

}  // namespace kube::curl
