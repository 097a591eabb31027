// The words for failed requests: network, TLS, 401, 403, other Status answers.
#include "kube/http/api_error.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "base/time.hpp"
#include "base/version.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/parse/protobuf_reader.hpp"

namespace kube {
namespace {

using base::Error;
using base::Fault;

constexpr std::size_t shown_bytes = 300;  // of text that a server wrote
constexpr int oldest_minor = 27;          // v1.27, of major version 1

std::string shown(std::string_view text) {
  return base::shorten(base::printable(base::trim(text)), shown_bytes);
}

// `text` as JSON; a missing value when it is none.
Value parse(std::string_view text, Document& document) {
  if (text.empty() || text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  try {
    return read_json(text, document);
  } catch (const Error&) {
    return {};
  }
}

bool is_html(const Response& response) {
  const auto start = base::lower(base::trim(std::string_view(response.body).substr(0, 64)));
  return start.substr(0, 5) == "<html" || start.substr(0, 9) == "<!doctype" ||
         response.content_type.find("text/html") != std::string::npos;
}

std::string html_title(std::string_view body) {
  const std::string text = base::lower(body.substr(0, 4096));
  const auto from = text.find("<title>");
  const auto to = text.find("</title>");
  if (from == std::string::npos || to == std::string::npos || to < from + 7) return {};
  return shown(body.substr(from + 7, to - from - 7));
}

// The user's name as the server knows it, out of `… is forbidden: User "bob" cannot list …`.
std::string user_in(std::string_view message) {
  const auto from = message.find("User \"");
  if (from == std::string_view::npos) return {};
  const auto to = message.find('"', from + 6);
  if (to == std::string_view::npos) return {};
  return std::string(message.substr(from + 6, to - from - 6));
}

std::string who(const Access& access) {
  std::string text = access.credentials ? access.credentials->describe() : "no credentials at all";
  if (!access.user.empty()) text += " (user " + base::printable(access.user) + ")";
  return text;
}

std::string with_detail(std::string text, const Response& response) {
  return response.detail.empty() ? text : std::move(text.append(": ").append(response.detail));
}

Error network_error(const Response& response, const Access& access) {
  const std::string at = public_url(access.server) + ": ";
  const std::string text = at + describe_failure(response);
  constexpr Fault undecided = Fault::unavailable;
  switch (response.failure) {
    case Failure::dns:
      return {undecided, "DNSFailed", text,
              "check the name in the kubeconfig, the VPN, and the DNS of this machine"};
    case Failure::proxy:
      return {undecided, "ProxyFailed", text,
              "check proxy-url in the kubeconfig, HTTPS_PROXY and NO_PROXY"};
    case Failure::refused:
      return {undecided, "ConnectionRefused", text,
              "is the API server running, and is this the right context? (--context)"};
    case Failure::unreachable:
      return {undecided, "HostUnreachable", text, "check the network and the VPN"};
    case Failure::connect_timeout:
      return {undecided, "Timeout", text, "check the network, the VPN and any firewall in between"};
    case Failure::timeout:
      return {undecided, "Timeout", text,
              "the server or a proxy in front of it hangs; try again (--timeout and "
              "--request-timeout set how long to wait)"};
    case Failure::tls:
      return {undecided, "TLSFailed", text,
              "check certificate-authority-data and tls-server-name of the cluster entry"};
    case Failure::identity:
      return {Fault::usage, "CredentialInvalid", text,
              "check the certificates and the key of the kubeconfig's entries"};
    case Failure::not_http: return not_kubernetes_error(response, access);
    case Failure::reset:
    case Failure::cut_short:
      return {undecided, "ConnectionLost", text, "try again; is there a proxy in between?"};
    case Failure::too_large:
      return {undecided, "AnswerTooLarge", text,
              "is this really a Kubernetes API server? --max-memory allows more"};
    case Failure::no_files: return no_files_error();
    case Failure::none: break;
  }
  return {undecided, "ServerError", text, {}};
}

Error forbidden_error(const Response& response, const Access& access) {
  const Status status = read_status(response);
  const std::string user = user_in(status.message);
  const std::string at = public_url(access.server);
  if (user == "system:anonymous") {
    return {Fault::unavailable, "Unauthorized",
            at + " treats the request as system:anonymous and does not know " + who(access),
            "log in again, or choose another context (--context)"};
  }
  const std::string name = user.empty() ? who(access) : user;
  return {Fault::unavailable, "Forbidden",
          at + " does not permit " + base::printable(name) + " to read any of the required kinds" +
              (status.message.empty() ? "" : ": " + status.message),
          "request permission to list these kinds"};
}

}  // namespace

Status read_status(const Response& response) {
  Document document;
  const Value status = parse(std::string_view(response.body), document);
  if (status["kind"].text() != "Status") return {};
  return {shown(status["reason"].text()), shown(status["message"].text())};
}

void refusal_as_json(Response& response) {
  if (response.ok() || !is_protobuf(response.content_type)) return;
  Document document;
  try {
    response.body = to_json(read_protobuf_status(response.body, document));
  } catch (const base::Error&) {
    response.body.clear();
  }
  response.content_type = "application/json";
}

std::string public_url(std::string_view server) {
  const auto start = server.find("://");
  if (start == std::string_view::npos) return base::printable(server);
  const auto host = start + 3;
  const auto end = std::min(server.find('/', host), server.size());
  const auto at = server.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < host) return base::printable(server);
  return base::printable(std::string(server.substr(0, host)).append(server.substr(at + 1)));
}

std::string describe_failure(const Response& response) {
  switch (response.failure) {
    case Failure::dns: return "the server's name cannot be resolved";
    case Failure::proxy: return with_detail("the proxy rejects the connection", response);
    case Failure::refused: return "connection refused";
    case Failure::unreachable: return with_detail("cannot be reached", response);
    case Failure::connect_timeout: return with_detail("connection timed out", response);
    case Failure::timeout: return with_detail("no complete response in time", response);
    case Failure::tls: return with_detail("TLS fails", response);
    case Failure::identity:
      return with_detail("the client certificate or CA is unusable", response);
    case Failure::reset: return with_detail("the connection was lost", response);
    case Failure::cut_short: return "the response was cut short";
    case Failure::too_large: return "the response " + response.detail;
    case Failure::no_files: return "too many open files";
    case Failure::not_http: return "the response is not HTTP";
    case Failure::none: break;
  }
  const Status status = read_status(response);
  std::string text = "HTTP " + std::to_string(response.status);
  if (!status.message.empty()) return text + ": " + status.message;
  if (response.status >= 300 && response.status < 400) {
    return text + ", a redirect to " + shown(response.location);
  }
  if (is_html(response)) {
    const std::string title = html_title(response.body);
    return text + " with an HTML page" + (title.empty() ? "" : " (\"" + title + "\")");
  }
  if (response.status == 200) return "the response is not from a Kubernetes API server";
  return response.body.empty() ? text
                               : text + ": " + shown(response.body.substr(0, 2 * shown_bytes));
}

std::string forbidden_text(std::string_view verb, const Resource& resource, std::string_view ns,
                           const Response& response) {
  std::string user = user_in(read_status(response).message);
  std::string text = user.empty() ? "not allowed to " : std::move(user.append(" may not "));
  text.append(verb).append(" ").append(full_name(resource));
  if (!resource.namespaced) return text;
  if (ns.empty()) return text + " in all namespaces";
  return text + " in namespace " + std::string(ns);
}

Error access_error(const Response& response, const Access& access) {
  if (response.failure != Failure::none) return network_error(response, access);
  const std::string at = public_url(access.server);
  switch (response.status) {
    case 401:
      return {Fault::unavailable, "Unauthorized",
              with_detail(at + " does not accept " + who(access), response),
              "log in again, or choose another context (--context)"};
    case 403:
      if (read_status(response).message.empty()) return not_kubernetes_error(response, access);
      return forbidden_error(response, access);
    case 429:
      return {Fault::unavailable, "ServerBusy", at + " is too busy: " + describe_failure(response),
              "try again later"};
    default: break;
  }
  if (response.status >= 500 && !is_html(response)) {
    return {Fault::unavailable, "ServerError", at + " fails: " + describe_failure(response),
            "check the API server and etcd, then try again"};
  }
  return not_kubernetes_error(response, access);
}

Error not_kubernetes_error(const Response& response, const Access& access) {
  const bool plain = read_status(response).message.empty() &&
                     response.body.find("HTTP request to an HTTPS server") != std::string::npos;
  return {
      Fault::unavailable, "NotKubernetes",
      public_url(access.server) + " is not a Kubernetes API server: " + describe_failure(response),
      plain ? "the server's URL must begin with https://"
            : "check clusters[].cluster.server of the kubeconfig; a login page or a proxy may "
              "stand in between"};
}

Error no_files_error() {
  return {Fault::unavailable, "TooManyOpenFiles", "too many open files: no connection can be made",
          "raise the limit with ulimit -n, or close other programs"};
}

Error reading_timeout(const Access& access, std::chrono::milliseconds limit, std::size_t answered,
                      std::size_t asked) {
  const std::string at = public_url(access.server) + ": ";
  const std::string time = base::format_age(limit);
  return {Fault::unavailable, "Timeout",
          answered == 0
              ? at + "no response within " + time
              : at + "reading did not finish within " + time + ": " + std::to_string(answered) +
                    " of " + std::to_string(asked) + " responses had arrived",
          "the server or a proxy in front of it is slow or hangs; raise --timeout"};
}

ServerVersion read_version(const Response& response) {
  if (!response.ok()) return {};
  Document document;
  const Value answer = parse(response.body, document);
  ServerVersion version{shown(answer["gitVersion"].text())};
  const auto number = base::parse_version(version.text);
  // Development builds call themselves v0.0.0; vendors write v1.27.0-eks-…, which is no
  // pre-release.
  version.too_old = number && number->major == 1 && number->minor < oldest_minor;
  return version;
}

Error too_old_error(const ServerVersion& version, const Access& access) {
  return {Fault::unavailable, "ServerTooOld",
          public_url(access.server) + " runs Kubernetes " + version.text +
              "; aibrixctl supports v1.27 and later",
          "upgrade the cluster, or check a dump of it with -f"};
}

}  // namespace kube
