// The modes in which a hostile server misbehaves.
#include "support/hostile_server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace support {
namespace {

using std::chrono::milliseconds;

const std::string json_head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
const std::string chunked = json_head + "Transfer-Encoding: chunked\r\n\r\n";

std::string chunk(const std::string& text) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return size + text + "\r\n";
}

bool is_list(std::string_view path) {
  return path.find("limit=") != std::string_view::npos;
}
bool all_but_version(std::string_view path) {
  return path != "/version";
}
bool is_pods(std::string_view path) {
  return path.starts_with("/api/v1/pods?");
}

std::string page(const std::string& items, const std::string& token) {
  return R"({"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":"1","continue":")" +
         token + R"("},"items":[)" + items + "]}";
}

std::string pods(int count, int number) {
  std::string items;
  for (int i = 0; i < count; ++i) {
    if (i != 0) items += ',';
    items += R"({"metadata":{"name":"p-)" + std::to_string(number) + '-' + std::to_string(i) +
             R"(","namespace":"team-)" + std::to_string(i % 7) + R"(","annotations":{"a":")" +
             std::string(200, static_cast<char>('a' + i % 26)) +
             R"("}},"spec":{"nodeName":"n"},"status":{"phase":"Running"}})";
  }
  return items;
}

std::string group(const std::string& name, const std::string& resources) {
  return R"({"metadata":{"name":")" + name + R"("},"versions":[{"version":"v1","resources":[)" +
         resources + "]}]}";
}

// What a good server says.
std::string good_body(std::string_view path) {
  const std::string list = R"({"kind":"APIGroupDiscoveryList","items":[)";
  if (path == "/version") return R"({"gitVersion":"v1.34.0"})";
  if (path == "/api") {
    return list + group("", R"({"resource":"pods"},{"resource":"namespaces"})") + "]}";
  }
  if (path == "/apis") return list + group("apps", R"({"resource":"deployments"})") + "]}";
  const bool names = path.starts_with("/api/v1/namespaces?");
  return page(names ? R"({"metadata":{"name":"kube-system"}})" : "", "");
}

}  // namespace

// The other side of one connection.
class HostileServer::Peer {
 public:
  Peer(int fd, const std::atomic<bool>& stopping) : fd_(fd), stopping_(stopping) {}

  // False: nobody reads any more.
  bool send(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return !stopping_;
  }
  bool answer(const std::string& body, const std::string& more_headers = {}) const {
    return send(json_head + more_headers + "Content-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
  }
  void forever(std::string_view text, milliseconds pause = milliseconds(0)) const {
    while (send(text)) std::this_thread::sleep_for(pause);
  }
  // 403 to a list, this to another request.
  bool refuse_or(const std::string& body) const {
    if (!is_list(path_)) return answer(body);
    const std::string status =
        R"({"kind":"Status","reason":"Forbidden","message":"User \"u\" cannot list","code":403})";
    return send("HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: " +
                std::to_string(status.size()) + "\r\n\r\n" + status);
  }
  bool wait() const {
    while (!stopping_) std::this_thread::sleep_for(milliseconds(10));
    return false;
  }
  // Of the request that is being answered.
  const std::string& path() const { return path_; }
  // The path of the next request; empty at the end.
  std::string next() {
    std::size_t end = 0;
    while ((end = text_.find("\r\n\r\n")) == std::string::npos) {
      char some[4096];
      const ssize_t got = ::recv(fd_, some, sizeof some, 0);
      if (got <= 0) return {};
      text_.append(some, static_cast<std::size_t>(got));
    }
    const auto from = text_.find(' ') + 1;
    path_ = text_.substr(from, text_.find(' ', from) - from);
    text_.erase(0, end + 4);
    return path_;
  }

 private:
  int fd_;
  const std::atomic<bool>& stopping_;
  std::string text_, path_;
};

struct HostileServer::Mode {
  const char* name;
  bool (*hits)(std::string_view path);
  // False: the connection is done for. `number`: of the request.
  bool (*answer)(const Peer& peer, int number);
};

const std::vector<HostileServer::Mode>& HostileServer::table() {
  constexpr auto always = [](std::string_view) { return true; };
  static const std::vector<Mode> modes = {
      {"silent", always, [](const Peer& peer, int) { return peer.wait(); }},
      {"silent-lists", is_list, [](const Peer& peer, int) { return peer.wait(); }},
      {"silent-pods", is_pods, [](const Peer& peer, int) { return peer.wait(); }},
      {"half-a-page", is_list,
       [](const Peer& peer, int) {
         return peer.send(json_head + "Content-Length: 1000\r\n\r\n{\"kind\":") && peer.wait();
       }},
      {"slow-header", always,
       [](const Peer& peer, int) {
         return peer.send("HTTP/1.1 200 OK\r\n") && (peer.forever("X", milliseconds(100)), false);
       }},
      {"slow-body", is_list,
       [](const Peer& peer, int) {
         return peer.send(json_head + "Content-Length: 100000\r\n\r\n") &&
                (peer.forever(" ", milliseconds(100)), false);
       }},
      {"endless-body", is_list,
       [](const Peer& peer, int) {
         return peer.send(chunked + chunk(R"({"kind":"List","items":[{")")) &&
                (peer.forever(chunk(std::string(1 << 16, 'a'))), false);
       }},
      {"endless-version", always,
       [](const Peer& peer, int) {
         return peer.send(chunked) && (peer.forever(chunk(std::string(1 << 16, ' '))), false);
       }},
      {"endless-headers", always,
       [](const Peer& peer, int) {
         return peer.send("HTTP/1.1 200 OK\r\n") &&
                (peer.forever("X-A: " + std::string(1000, 'a') + "\r\n"), false);
       }},
      {"endless-continue", always,
       [](const Peer& peer, int) { return peer.forever("HTTP/1.1 100 Continue\r\n\r\n"), false; }},
      {"huge-length", is_list,
       [](const Peer& peer, int) {
         return peer.send(json_head + "Content-Length: 9223372036854775807\r\n\r\n{") && false;
       }},
      {"empty-pages", is_list,
       [](const Peer& peer, int number) {
         return peer.answer(page("", "t" + std::to_string(number)));
       }},
      {"endless-objects", is_pods,
       [](const Peer& peer, int number) {
         return peer.answer(page(pods(500, number), "t" + std::to_string(number)));
       }},
      {"same-token", is_list,
       [](const Peer& peer, int number) { return peer.answer(page(pods(1, number), "same")); }},
      {"busy", always,
       [](const Peer& peer, int) {
         return peer.send(
             "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\n"
             "Content-Length: 2\r\n\r\n{}");
       }},
      // What they may not list, and a discovery that names nothing.
      {"forbidden-none", all_but_version,
       [](const Peer& peer, int) {
         return peer.refuse_or(R"({"kind":"APIGroupDiscoveryList","items":[]})");
       }},
      {"forbidden-null", all_but_version,
       [](const Peer& peer, int) {
         return peer.refuse_or(R"({"kind":"APIGroupDiscoveryList","items":null})");
       }},
      {"forbidden-odd", all_but_version,
       [](const Peer& peer, int) {
         return peer.refuse_or(R"({"kind":"APIGroupDiscoveryList","items":{"a":1}})");
       }},
      {"empty-none", all_but_version,
       [](const Peer& peer, int) {
         return peer.answer(is_list(peer.path()) ? good_body(peer.path())
                                                 : R"({"kind":"APIGroupDiscoveryList"})");
       }},
      {"empty-lists", is_list, [](const Peer& peer, int) { return peer.answer(page("", "")); }},
  };
  return modes;
}

const HostileServer::Mode* HostileServer::mode_named(std::string_view name) {
  const auto it = std::find_if(table().begin(), table().end(),
                               [&](const Mode& one) { return name == one.name; });
  if (it == table().end()) throw std::runtime_error("no such mode");
  return &*it;
}

HostileServer::HostileServer(std::string_view mode, int after)
    : mode_(mode_named(mode)),
      after_(after),
      server_([this](int fd, const auto& stopping) { serve(fd, stopping); }) {}

void HostileServer::serve(int fd, const std::atomic<bool>& stopping) {
  Peer peer(fd, stopping);
  for (std::string path = peer.next(); !path.empty(); path = peer.next()) {
    const int number = ++requests_;
    const bool hit = number > after_ && mode_->hits(path);
    if (!(hit ? mode_->answer(peer, number) : peer.answer(good_body(path)))) break;
  }
  ::shutdown(fd, SHUT_RDWR);  // the descriptor itself stays: its number must not be used again
}

std::vector<std::string> HostileServer::modes() {
  std::vector<std::string> names;
  for (const Mode& mode : table()) names.emplace_back(mode.name);
  return names;
}

std::string HostileServer::kubeconfig() const {
  return "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
         "clusters: [{name: k, cluster: {server: \"" +
         url() +
         "\"}}]\n"
         "contexts: [{name: c, context: {cluster: k}}]\n";
}

}  // namespace support
