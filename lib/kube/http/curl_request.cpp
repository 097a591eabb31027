// One request made ready for libcurl, and its answer received within limits.
#include "kube/http/curl_request.hpp"

#include <algorithm>
#include <new>

#include "base/file.hpp"
#include "base/text.hpp"
#include "kube/http/retry.hpp"

namespace kube::curl {
namespace {

// libcurl 7.88 (Debian 12) reads 32 kB of HTTP/2 at a time. What of it does not fit a transfer's
// buffer (16 kB if not told otherwise) is put aside, and with several streams now and then never
// looked at again: the transfer hangs. With room for all of it nothing is put aside.
constexpr long transfer_buffer = 128L << 10;
// Bytes a second. Less, for as long as silence is borne, is a server that will never be done.
constexpr long slowest = 100;
// Of a growing body.
constexpr std::size_t one_step = std::size_t{16} << 20;
// libcurl itself gives up at 300 kB (7.88.1 of Debian), and calls that a lost connection.
constexpr std::size_t max_header_bytes = std::size_t{256} << 10;
constexpr std::size_t max_interim = 32;  // status lines: 100 Continue, 103 Early Hints

std::chrono::milliseconds patience(const Request& request, const CurlOptions& options) {
  if (request.patience.count() == 0) return options.request_timeout;
  if (options.request_timeout.count() == 0) return request.patience;
  return std::min(request.patience, options.request_timeout);
}

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

// False. `why` is a phrase.
bool refuse(Transfer& transfer, std::string why) {
  transfer.stopped = true;
  transfer.response.detail = std::move(why);
  return false;
}

// How much a body gets that is to hold `wanted` bytes. What a server announces, or a page before
// has had, is set aside at once; of an announcement, which costs nothing, only so much.
std::size_t room_for(const Transfer& transfer, std::size_t wanted) {
  const std::size_t now = transfer.response.body.size();
  if (now != 0) return std::max(wanted, now + std::min(now, one_step));
  curl_off_t length = -1;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  const std::size_t announced = length > 0 ? static_cast<std::size_t>(length) : 0;
  return std::max({wanted, std::min(announced, one_step / 4),
                   std::min(transfer.request.expected_bytes, one_step)});
}

// Memory for `bytes` more of the body. False: it must not become larger.
bool make_room(Transfer& transfer, std::size_t bytes) {
  std::string& body = transfer.response.body;
  Load& load = *transfer.load;
  const std::size_t own = transfer.request.max_bytes;
  const std::size_t most = own == 0 ? load.max_answer : std::min(own, load.max_answer);
  if (bytes > most || body.size() > most - bytes) {
    return refuse(transfer, "is larger than " + base::format_bytes(most));
  }
  const std::size_t wanted = body.size() + bytes;
  if (wanted + body_padding <= body.capacity()) return true;
  const std::size_t room = std::min(room_for(transfer, wanted), most) + body_padding;
  const std::size_t more = room - std::min(room, transfer.charged);
  if (load.under_way + more > load.max_under_way) {
    return refuse(transfer, "and other responses under way are larger than " +
                                base::format_bytes(load.max_under_way) + " together");
  }
  if (load.memory != nullptr && !load.memory->fits(more)) {
    return refuse(transfer, "does not fit into the remaining memory of " +
                                base::format_bytes(load.memory->limit()));
  }
  if (load.memory != nullptr) load.memory->take(more);
  load.under_way += more;
  transfer.charged += more;
  body.reserve(room);
  return true;
}

bool is_stream(const Transfer& transfer) {
  if (!transfer.request.lines) return false;
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return status == 200;
}

// Those that are complete; the rest of the body waits for its end, which is in none of the first
// `looked_at` bytes.
void hand_over_lines(Transfer& transfer, std::size_t looked_at) {
  std::string& body = transfer.response.body;
  std::size_t start = 0;
  for (std::size_t end = body.find('\n', looked_at); end != std::string::npos;
       end = body.find('\n', start)) {
    const std::string_view line = std::string_view(body).substr(start, end - start);
    if (!line.empty()) transfer.receiver->on_line(transfer.number, line);
    start = end + 1;
  }
  body.erase(0, start);
}

std::size_t on_data(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  std::string& body = transfer.response.body;
  Load& load = *transfer.load;
  load.heard = true;
  try {
    if (!make_room(transfer, bytes)) return 0;
    const std::size_t before = body.size();
    body.append(data, bytes);
    if (is_stream(transfer)) hand_over_lines(transfer, before);
    if (transfer.watching) {
      load.round = transfer.round;
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
    response.encoding.clear();
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
  } else if (const auto encoding = value_of(line, "content-encoding")) {
    response.encoding = base::lower(*encoding);
  } else if (const auto location = value_of(line, "location")) {
    response.location = *location;
  }
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.load->heard = true;
  transfer.header_bytes += size * count;
  try {
    const std::string_view line = base::trim({data, size * count});
    if (line.empty() && is_stream(transfer)) transfer.receiver->on_line(transfer.number, {});
    if (line.starts_with("HTTP/") && ++transfer.interim > max_interim) {
      refuse(transfer, "begins with too many interim (1xx) responses");
      return 0;
    }
    if (transfer.header_bytes > max_header_bytes) {
      refuse(transfer, "has headers larger than " + base::format_bytes(max_header_bytes));
      return 0;
    }
    read_header(transfer.response, line);
    // Compressed once is bounded by what comes out of it; several times over is not, and libcurl
    // would take it.
    const std::string& encoding = transfer.response.encoding;
    const bool asked = encoding.empty() || encoding == "identity" || encoding == "gzip";
    if (transfer.gzip && !asked) {
      refuse(transfer, "is encoded as " + base::printable(base::shorten(encoding, 40)) +
                           ", which was not asked for");
      return 0;
    }
    if (transfer.request.keep_headers && !line.starts_with("HTTP/")) {
      keep_header(transfer.response, line);
    }
  } catch (...) {
    *transfer.thrown = std::current_exception();
    return 0;
  }
  return size * count;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Load*>(user)->over() ? 1 : 0;  // 1: ends the transfer
}

}  // namespace

bool Load::over() const {
  if (stop != nullptr && stop->load(std::memory_order_relaxed) != 0) return true;
  const auto end = bounds != nullptr ? bounds->deadline() : std::nullopt;
  return end && Bounds::Clock::now() >= *end;
}

void Transfer::release() {
  if (load == nullptr) return;
  load->under_way -= charged;
  if (load->memory != nullptr) load->memory->give(charged);
  charged = 0;
}

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
  transfer.stopped = false;
  transfer.socket.error = 0;
  transfer.interim = transfer.header_bytes = 0;
  transfer.release();
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
  watch_sockets(easy, transfer.socket);
  const bool lasts = transfer.request.lines;
  const auto limit = lasts ? std::chrono::milliseconds(0) : patience(transfer.request, options);
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, lasts ? 0L : slowest);
  const auto silence = std::chrono::ceil<std::chrono::seconds>(options.stall_timeout);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(silence.count()));
  set(easy, CURLOPT_USERAGENT, options.user_agent);
  set(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  set(easy, CURLOPT_NOPROGRESS, 0L);
  set(easy, CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(easy, CURLOPT_XFERINFODATA, static_cast<void*>(transfer.load));
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(&transfer));
  set(easy, CURLOPT_WRITEFUNCTION, &on_data);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  if (transfer.gzip) set(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
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
