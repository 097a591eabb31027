// The HTTP and TLS side of the fake API server, with scripted answers.
#include "support/fake_api_server.hpp"

#include <httplib.h>
#include <openssl/pem.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include "kube/parse/yaml_reader.hpp"
#include "support/fake_api_store.hpp"

namespace support {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

const char* reason_of(int status) {
  switch (status) {
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "NotFound";
    case 409: return "Conflict";
    case 410: return "Expired";
    case 429: return "TooManyRequests";
    default: return "InternalError";
  }
}

std::unique_ptr<httplib::Server> make_server(const ServerOptions& options) {
  if (!options.tls) return std::make_unique<httplib::Server>();
  const std::string& chain = options.identity.certificate_pem;
  BIO* from_certificate = BIO_new_mem_buf(chain.data(), static_cast<int>(chain.size()));
  BIO* from_key = BIO_new_mem_buf(options.identity.key_pem.data(), -1);
  X509* certificate = PEM_read_bio_X509(from_certificate, nullptr, nullptr, nullptr);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(from_key, nullptr, nullptr, nullptr);
  auto server = std::make_unique<httplib::SSLServer>(certificate, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
  BIO_free(from_certificate);
  BIO_free(from_key);
  return server;
}

std::string base64(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  return out;
}

}  // namespace

struct FakeApiServer::State {
  ServerOptions options;
  Identity authority;
  FakeStore store;
  std::unique_ptr<httplib::Server> http;
  std::thread thread;
  int port = 0;

  mutable std::mutex mutex;  // over all below
  std::condition_variable stopping;
  bool stopped = false;
  std::vector<std::pair<Script, int>> scripts;  // with how often they were used
  std::vector<SeenRequest> seen;
  mutable std::mutex store_mutex;  // over the store
  std::function<void(const SeenRequest&)> hook;
  std::map<std::string, std::string> logs;        // "NS/POD/CONTAINER", and "?previous" behind it
  std::map<std::string, FakeAnswer> pod_answers;  // "NS/POD:PORT/PATH"
  std::set<std::string> forbidden;                // "pods/log", "pods/proxy"
  std::set<std::string> unwatchable;              // plurals
  struct Order {
    WatchEnd how;
    std::string plural;  // empty: all
  };
  std::vector<Order> orders;  // what watches that were opened before it are to do
  std::atomic<std::size_t> open_watches{0};

  std::optional<FakeAnswer> pod_answer(const std::string& target);
  FakeAnswer log_answer(const std::string& pod, const std::string& query);
  bool may(const std::string& subresource, const std::string& ns) const;
  void handle(const httplib::Request& request, httplib::Response& response);
  Script script_for(const std::string& target);
  SeenRequest note(const httplib::Request& request);
  FakeAnswer answer(const httplib::Request& request, const Script& script);
  void send(httplib::Response& response, FakeAnswer answer, const Script& script);
  bool may_watch(const FakeWatch& watch) const;
  void send_watch(const httplib::Request& request, httplib::Response& response);
  // False: the stream is over.
  bool go_on(FakeWatch& watch, std::size_t& orders_seen, httplib::DataSink& sink);
};

SeenRequest FakeApiServer::State::note(const httplib::Request& request) {
  SeenRequest seen_request{
      request.method,     request.target, request.get_header_value("Accept"), request.body, {},
      request.remote_port};
  if (request.ssl != nullptr) {
    const char* name = SSL_get_servername(request.ssl, TLSEXT_NAMETYPE_host_name);
    if (name != nullptr) seen_request.server_name = name;
  }
  for (const auto& [name, value] : request.headers)
    seen_request.headers.emplace(lower(name), value);
  const std::lock_guard lock(mutex);
  seen.push_back(seen_request);
  return seen_request;
}

Script FakeApiServer::State::script_for(const std::string& target) {
  const std::lock_guard lock(mutex);
  for (auto& [script, used] : scripts) {
    if (target.find(script.target) == std::string::npos) continue;
    if (script.times != 0 && used >= script.times) continue;
    ++used;
    return script;
  }
  return {};
}

FakeAnswer FakeApiServer::State::answer(const httplib::Request& request, const Script& script) {
  if (script.status != 0) {
    if (!script.body.empty()) return {script.status, script.body, script.content_type};
    return status_answer(script.status, reason_of(script.status), "scripted by the test");
  }
  if (!options.token.empty() &&
      request.get_header_value("Authorization") != "Bearer " + options.token) {
    return status_answer(401, "Unauthorized", "Unauthorized");
  }
  const std::lock_guard lock(store_mutex);
  if (request.method == "GET") {
    if (auto own = pod_answer(request.target)) return *own;
  }
  if (request.method != "GET") return store.write(request.method, request.target, request.body);
  return store.answer(request.target, request.get_header_value("Accept"));
}

bool FakeApiServer::State::may(const std::string& subresource, const std::string& ns) const {
  if (forbidden.contains(subresource)) return false;
  return !store.restricted || store.allowed.contains({subresource, ns}) ||
         store.allowed.contains({subresource, ""});
}

// As the kubelet answers by way of the API server.
FakeAnswer FakeApiServer::State::log_answer(const std::string& pod, const std::string& query) {
  const std::size_t at = query.find("container=");
  const std::string container = query.substr(at + 10, query.find('&', at) - at - 10);
  const bool previous = query.find("previous=true") != std::string::npos;
  const auto found = logs.find(pod + '/' + container + (previous ? "?previous" : ""));
  if (found != logs.end()) return {200, found->second, "text/plain"};
  if (!previous) return {200, "", "text/plain"};
  return status_answer(400, "BadRequest",
                       "previous terminated container \"" + container + "\" in pod \"" +
                           pod.substr(pod.find('/') + 1) + "\" not found");
}

// What pods answer themselves: /api/v1/namespaces/NS/pods/POD/log?… and POD:PORT/proxy/….
std::optional<FakeAnswer> FakeApiServer::State::pod_answer(const std::string& target) {
  constexpr std::string_view start = "/api/v1/namespaces/";
  const std::size_t middle = target.find("/pods/");
  if (!target.starts_with(start) || middle == std::string::npos) return std::nullopt;
  const std::string ns = target.substr(start.size(), middle - start.size());
  const std::string rest = target.substr(middle + 6);
  const std::size_t end = rest.find('/');
  if (end == std::string::npos) return std::nullopt;
  const std::string pod = ns + '/' + rest.substr(0, end);
  const std::string what = rest.substr(end);
  const bool log = what.starts_with("/log?");
  if (!log && !what.starts_with("/proxy/")) return std::nullopt;
  if (!may(log ? "pods/log" : "pods/proxy", ns)) {
    return status_answer(403, "Forbidden",
                         "pods \"" + pod + "\" is forbidden: User \"tester\" cannot get resource");
  }
  if (log) return log_answer(pod, what);
  const auto found = pod_answers.find(pod + what.substr(6));
  if (found != pod_answers.end()) return found->second;
  return status_answer(503, "ServiceUnavailable",
                       "error trying to reach service: dial tcp 10.0.0.9:" +
                           pod.substr(pod.rfind(':') + 1) + ": connect: connection refused");
}

void FakeApiServer::State::send(httplib::Response& response, FakeAnswer answer,
                                const Script& script) {
  response.status = answer.status;
  response.set_header("Date", options.date);
  for (const auto& [name, value] : script.headers) response.set_header(name.c_str(), value);
  if (script.cut <= 0) {
    response.set_content(answer.body, answer.content_type.c_str());
    return;
  }
  const std::size_t all = answer.body.size();
  const auto cut = static_cast<std::size_t>(static_cast<double>(all) * script.cut);
  auto body = std::make_shared<std::string>(std::move(answer.body));
  response.set_content_provider(
      all, answer.content_type.c_str(),
      [body, cut](std::size_t offset, std::size_t, httplib::DataSink& sink) {
        if (offset >= cut) return false;  // closes the connection
        sink.write(body->data() + offset, cut - offset);
        return true;
      });
}

void FakeApiServer::State::handle(const httplib::Request& request, httplib::Response& response) {
  const SeenRequest noted = note(request);
  std::function<void(const SeenRequest&)> now;  // a copy: another may be set meanwhile
  {
    const std::lock_guard lock(mutex);
    now = hook;
  }
  if (now) now(noted);
  const Script script = script_for(request.target);
  if (script.delay.count() != 0) {
    std::unique_lock lock(mutex);
    stopping.wait_for(lock, script.delay, [this] { return stopped; });
  }
  if (script.status == 0 && request.target.find("?watch=true&") != std::string::npos) {
    return send_watch(request, response);
  }
  send(response, answer(request, script), script);
}

bool FakeApiServer::State::may_watch(const FakeWatch& watch) const {
  if (unwatchable.contains(watch.plural)) return false;
  return !store.restricted || store.allowed.contains({watch.plural, watch.ns}) ||
         store.allowed.contains({watch.plural, ""});
}

void FakeApiServer::State::send_watch(const httplib::Request& request,
                                      httplib::Response& response) {
  FakeWatch watch = FakeStore::watch_of(request.target, request.get_header_value("Accept"));
  std::size_t orders_seen = 0;
  {
    const std::lock_guard lock(store_mutex);
    if (!may_watch(watch)) {
      return send(response,
                  status_answer(403, "Forbidden",
                                watch.plural + " is forbidden: User \"tester\" cannot watch"),
                  {});
    }
    orders_seen = orders.size();
  }
  response.set_header("Date", options.date);
  ++open_watches;
  response.set_chunked_content_provider(
      "application/json",
      [this, watch, orders_seen](std::size_t, httplib::DataSink& sink) mutable {
        return go_on(watch, orders_seen, sink);
      },
      [this](bool) { --open_watches; });
}

bool FakeApiServer::State::go_on(FakeWatch& watch, std::size_t& orders_seen,
                                 httplib::DataSink& sink) {
  {
    std::unique_lock lock(mutex);
    stopping.wait_for(lock, std::chrono::milliseconds(20), [this] { return stopped; });
    if (stopped) return false;
  }
  if (!sink.is_writable()) return false;
  std::string lines;
  bool over = false;
  bool cut = false;
  {
    const std::lock_guard lock(store_mutex);
    lines = store.events(watch);
    for (; orders_seen < orders.size(); ++orders_seen) {
      const Order& order = orders[orders_seen];
      if (!order.plural.empty() && order.plural != watch.plural) continue;
      if (order.how == WatchEnd::bookmark) lines += store.bookmark(watch);
      if (order.how == WatchEnd::expired) {
        const std::string status = status_answer(410, "Expired", "too old resource version").body;
        lines += "{\"type\":\"ERROR\",\"object\":" + status.substr(0, status.size() - 1) + "}\n";
      }
      over = over || order.how == WatchEnd::over || order.how == WatchEnd::expired;
      cut = cut || order.how == WatchEnd::cut;
    }
  }
  if (!lines.empty() && !sink.write(lines.data(), lines.size())) return false;
  if (cut) return false;
  if (over) sink.done();
  return true;
}

FakeApiServer::FakeApiServer(ServerOptions options) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.authority = make_authority("test-ca");
  if (options.identity.certificate_pem.empty()) {
    options.identity = make_certificate(state.authority,
                                        {"kube-apiserver", {}, {"IP:127.0.0.1", "DNS:localhost"}});
  }
  state.options = std::move(options);
  state.store.version = state.options.version;
  state.store.discovery = static_cast<FakeStore::Discovery>(state.options.discovery);
  state.http = make_server(state.options);
  const std::size_t threads = state.options.threads;
  state.http->new_task_queue = [threads] { return new httplib::ThreadPool(threads); };
  state.http->set_keep_alive_max_count(1'000'000);
  state.http->set_tcp_nodelay(true);
  const auto handler = [&state](const httplib::Request& request, httplib::Response& response) {
    state.handle(request, response);
  };
  state.http->Get(".*", handler).Post(".*", handler).Put(".*", handler);
  state.http->Patch(".*", handler).Delete(".*", handler);
  state.port = state.http->bind_to_any_port(state.options.host);
  if (state.port <= 0) throw std::runtime_error("no port to listen on");
  state.thread = std::thread([&state] { state.http->listen_after_bind(); });
  while (!state.http->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

FakeApiServer::~FakeApiServer() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
  }
  state_->stopping.notify_all();
  state_->http->stop();
  state_->thread.join();
}

void FakeApiServer::serve(const kube::Resource& resource) {
  serve(resource.group, resource.version, resource.plural, resource.kind, resource.namespaced);
}

void FakeApiServer::serve(std::string_view group, std::string_view version, std::string_view plural,
                          std::string_view kind, bool namespaced) {
  state_->store.serve(group, version, plural, kind, namespaced);
}

void FakeApiServer::stop_serving(std::string_view group, std::string_view plural) {
  state_->store.stop_serving(group, plural);
}

void FakeApiServer::add(const std::string& json) {
  const std::lock_guard lock(state_->store_mutex);
  state_->store.add(json);
}

std::string FakeApiServer::object(std::string_view plural, const std::string& ns,
                                  const std::string& name) const {
  const std::lock_guard lock(state_->store_mutex);
  return state_->store.object(plural, ns, name);
}

void FakeApiServer::erase(std::string_view plural, const std::string& ns, const std::string& name) {
  const std::lock_guard lock(state_->store_mutex);
  state_->store.erase(plural, ns, name);
}

void FakeApiServer::forbid_writes(const std::string& plural) {
  state_->store.read_only.insert(plural);
}

void FakeApiServer::refuse_by_webhook(const std::string& plural, const std::string& webhook) {
  state_->store.webhook_plural = plural;
  state_->store.refusing_webhook = webhook;
}

void FakeApiServer::add_log(const std::string& pod, const std::string& container,
                            const std::string& text, bool previous) {
  const std::lock_guard lock(state_->store_mutex);
  state_->logs[pod + '/' + container + (previous ? "?previous" : "")] = text;
}

void FakeApiServer::add_answer(const std::string& pod, int port, const std::string& path,
                               int status, const std::string& body) {
  const std::lock_guard lock(state_->store_mutex);
  state_->pod_answers[pod + ':' + std::to_string(port) + path] = {status, body, "text/plain"};
}

void FakeApiServer::forbid(const std::string& subresource) {
  state_->forbidden.insert(subresource);
}

void FakeApiServer::before_each(std::function<void(const SeenRequest&)> hook) {
  const std::lock_guard lock(state_->mutex);
  state_->hook = std::move(hook);
}

void FakeApiServer::load(const std::string& path) {
  std::vector<std::string> files;
  if (std::filesystem::is_directory(path)) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file()) files.push_back(entry.path().string());
    }
  } else {
    files.push_back(path);
  }
  for (const std::string& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    kube::Document document;
    for (const kube::Value& value : kube::read_manifest(text, file, document)) {
      if (value.is_object()) add(kube::to_json(value));
    }
  }
}

void FakeApiServer::add_namespace(const std::string& name, const std::string& uid) {
  add(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":")" + name + R"(","uid":")" +
      uid + "\"}}");
}

void FakeApiServer::add_pods(int count, const std::string& ns, std::size_t padding) {
  const std::string filler(padding, 'x');
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(100'000 + i);
    add(R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"pod-)" + number +
        R"(","namespace":")" + ns + R"(","uid":"uid-)" + number +
        R"(","managedFields":[{"manager":")" + filler +
        R"("}]},"spec":{"nodeName":"node-1"},"status":{"phase":"Running"}})");
  }
}

void FakeApiServer::allow_list(std::string_view plural, std::string_view ns) {
  state_->store.restricted = true;
  state_->store.allowed.emplace(plural, ns);
}

void FakeApiServer::script(Script script) {
  const std::lock_guard lock(state_->mutex);
  state_->scripts.emplace_back(std::move(script), 0);
}

void FakeApiServer::forbid_watch(const std::string& plural) {
  const std::lock_guard lock(state_->store_mutex);
  state_->unwatchable.insert(plural);
}

void FakeApiServer::end_watches(WatchEnd how, std::string_view plural) {
  const std::lock_guard lock(state_->store_mutex);
  state_->orders.push_back({how, std::string(plural)});
}

std::size_t FakeApiServer::watches() const {
  return state_->open_watches;
}

void FakeApiServer::break_group(const std::string& group) {
  state_->store.broken_groups.insert(group);
}

int FakeApiServer::port() const {
  return state_->port;
}

std::string FakeApiServer::url() const {
  const std::string& host = state_->options.host;
  const bool v6 = host.find(':') != std::string::npos;
  return (state_->options.tls ? "https://" : "http://") + (v6 ? '[' + host + ']' : host) + ':' +
         std::to_string(state_->port);
}

const Identity& FakeApiServer::authority() const {
  return state_->authority;
}
const Identity& FakeApiServer::identity() const {
  return state_->options.identity;
}

kube::Access FakeApiServer::access() const {
  kube::Access access;
  access.context = "test";
  access.cluster = "test";
  access.user = "tester";
  access.server = url();
  access.ca_pem = state_->authority.certificate_pem;
  kube::Login login;
  login.token = state_->options.token;
  access.credentials = std::make_shared<FixedLogin>(login);
  return access;
}

std::string FakeApiServer::kubeconfig(const std::string& url) const {
  std::string text =
      "apiVersion: v1\nkind: Config\ncurrent-context: test\nclusters:\n- name: test\n  cluster:\n";
  text += "    server: " + url + "\n";
  if (state_->options.tls) {
    text += "    certificate-authority-data: " + base64(state_->authority.certificate_pem) + "\n";
  }
  text += "users:\n- name: tester\n  user:\n    token: ";
  text += state_->options.token.empty() ? "none" : state_->options.token;
  text += "\ncontexts:\n- name: test\n  context:\n    cluster: test\n    user: tester\n";
  return text;
}

std::vector<SeenRequest> FakeApiServer::log() const {
  const std::lock_guard lock(state_->mutex);
  return state_->seen;
}

std::size_t FakeApiServer::requests(std::string_view target_contains) const {
  const auto all = log();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const SeenRequest& request) {
        return request.target.find(target_contains) != std::string::npos;
      }));
}

std::size_t FakeApiServer::connections() const {
  std::set<int> ports;
  for (const SeenRequest& request : log()) ports.insert(request.peer_port);
  return ports.size();
}

void FakeApiServer::clear_log() {
  const std::lock_guard lock(state_->mutex);
  state_->seen.clear();
}

}  // namespace support
