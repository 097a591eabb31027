// The gateway's address as URL, env, curl, Python or document, and its explanation.
#include "report/endpoint.hpp"

#include <nlohmann/json.hpp>

#include "base/hidden.hpp"
#include "base/shell.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "checks/common/gateway.hpp"
#include "checks/core/command.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "report/finding_text.hpp"
#include "report/layout.hpp"

namespace report {
namespace {

using aibrix::Address;
using base::shell_word;
using checks::Command;
using kube::Json;
using kube::put;

std::string base_url(const Address& a) {
  return a.url() + "/v1";
}

bool has_own_name(const Address& a) {
  return !a.hostname.empty() && a.hostname.front() != '*';
}

std::string request_body(const std::string& model) {
  const Json body = {{"model", model},
                     {"messages", {{{"role", "user"}, {"content", "Say hello"}}}},
                     {"max_tokens", 16}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// curl takes a name that no DNS knows to an address, or to another name.
std::vector<std::string> resolve(const Address& a) {
  if (!has_own_name(a)) return {};
  const std::string port = std::to_string(a.port);
  const std::string from = a.hostname + ':' + port + ':';
  const bool address = a.host.find_first_not_of("0123456789.") == std::string::npos ||
                       a.host.find(':') != std::string::npos;
  if (address) return {"--resolve", from + aibrix::bracketed(a.host)};
  return {"--connect-to", from + a.host + ':' + port};
}

std::string curl(const EndpointView& view, const Address& a) {
  Command out("curl", {"-sS"});
  for (const std::string& word : resolve(a)) out.with(word);
  if (view.model.empty()) return checks::to_shell(out.with(base_url(a) + "/models"));
  out.with(base_url(a) + "/chat/completions", "-H", "Content-Type: application/json");
  if (!view.strategy.empty()) out.with("-H", "routing-strategy: " + view.strategy);
  return checks::to_shell(out.with("-d", request_body(view.model)));
}

std::string env(const EndpointView& view, const Address& a) {
  std::string out =
      "ENDPOINT=" + shell_word(a.authority()) + "\nOPENAI_BASE_URL=" + shell_word(base_url(a));
  if (!view.model.empty()) out += "\nMODEL=" + shell_word(view.model);
  return out;
}

// JSON's strings are Python's too, but for characters beyond U+FFFF, which Python writes as YAML
// does.
std::string python_text(std::string_view text) {
  return base::visible_document(
      Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace),
      base::Escapes::yaml);
}

std::string python(const EndpointView& view, const Address& a) {
  std::string out =
      "from openai import OpenAI\n\nclient = OpenAI(base_url=" + python_text(base_url(a)) +
      ", api_key=\"none\"";
  if (!view.strategy.empty()) {
    out +=
        ",\n                default_headers={\"routing-strategy\": " + python_text(view.strategy) +
        "}";
  }
  out += ")\n";
  if (view.model.empty()) return out + "print([m.id for m in client.models.list()])";
  return out + "answer = client.chat.completions.create(\n    model=" + python_text(view.model) +
         ", messages=[{\"role\": \"user\", \"content\": \"Say hello\"}])\n"
         "print(answer.choices[0].message.content)";
}

Json address_json(const Address& a) {
  Json out = {{"url", a.url()},
              {"baseUrl", base_url(a)},
              {"scheme", a.scheme},
              {"host", a.host},
              {"port", a.port}};
  put(out, "hostname", a.hostname);
  put(out, "listener", a.listener);
  out["reachableFrom"] = aibrix::to_string(a.reach);
  put(out, "how", a.how);
  put(out, "caution", a.caution);
  if (a.service != nullptr) {
    out["service"] = {{"namespace", a.service->ns()},
                      {"name", a.service->name()},
                      {"type", a.service->spec()["type"].text("ClusterIP")}};
  }
  return out;
}

Json document(const EndpointView& view, std::string_view version, int exit_code) {
  Json out = kube::document_head("Endpoint", version);
  out["from"] = aibrix::to_string(view.from);
  const auto& addresses = view.facts.addresses;
  if (!addresses.empty()) out.update(address_json(addresses.front()));
  put(out, "model", view.model);
  put(out, "routingStrategy", view.strategy);
  out["addresses"] = Json::array();
  for (const Address& a : addresses) out["addresses"].push_back(address_json(a));
  for (const std::string& why : view.facts.why_not) out["notes"].push_back(base::printable(why));
  out["exitCode"] = exit_code;
  return out;
}

std::string one(const EndpointView& view, std::string_view format, const Address& a) {
  if (format == "env") return env(view, a);
  if (format == "curl") return curl(view, a);
  if (format == "python") return python(view, a);
  return a.url();
}

std::string printed(Command command, const EndpointView& view) {
  checks::add_cluster_flags(command, view.cluster_flags);
  return base::printable(checks::to_shell(command));
}

// Ways to an address that works, when there is none.
void ways_out(std::string& out, const EndpointView& view, const Style& style) {
  if (view.facts.unready) {
    out += "  why no Envoy pod is ready: " + printed(checks::aibrixctl("doctor"), view) + '\n';
    return;
  }
  for (const kube::Object* service : view.facts.services) {
    const std::string_view type = service->spec()["type"].text("ClusterIP");
    if (view.from == aibrix::Vantage::outside && type != "NodePort") {
      out += "  fix: ";
      Command fix = view.side_car ? checks::merge_patch(service->ns(), "service", service->name(),
                                                        R"({"spec":{"type":"NodePort"}})")
                                  : checks::aibrixctl("fix", "service-type", "--to", "NodePort");
      out += paint(style, Colour::bold, printed(std::move(fix), view));
      out += "  (review: changes who can reach the gateway)\n";
    }
    const auto ports = service->spec()["ports"].items();
    const std::string port(ports.empty() ? std::string_view("80") : ports.front()["port"].scalar());
    out +=
        "  or for a quick test on this machine, then http://localhost:8888:\n    " +
        paint(style, Colour::bold,
              printed(checks::port_forward_command(service->ns(), service->name(), port), view)) +
        '\n';
  }
  if (view.facts.pending) {
    out += "  or from within: --from node (the Service has node ports already), --from inside\n";
  }
  if (view.facts.services.empty()) {
    out += "  more: " + printed(checks::aibrixctl("doctor"), view) + '\n';
  }
}

}  // namespace

std::string endpoint_output(const EndpointView& view, std::string_view format,
                            std::string_view version, int exit_code) {
  if (format == "json") return kube::json_text(document(view, version, exit_code));
  if (format == "yaml") return kube::yaml_text(document(view, version, exit_code).dump());
  std::string out;
  for (const Address& a : view.facts.addresses) {
    out += one(view, format, a) + '\n';
    if (!view.all) break;
  }
  return out;
}

std::string endpoint_explanation(const EndpointView& view, const Style& style) {
  std::string out;
  const auto line = [&](std::string_view key, const std::string& text) {
    out += block(base::printable(text), pad(key, 9) + ' ', std::string(10, ' '), columns(style));
  };
  const auto& facts = view.facts;
  if (facts.addresses.empty()) {
    out += paint(style, Colour::error, "error") + ": the gateway has no address that works from " +
           std::string(aibrix::to_string(view.from)) + '\n';
    for (const std::string& why : facts.why_not) line("", why);
    ways_out(out, view, style);
    return out;
  }
  const Address& best = facts.addresses.front();
  line("from", std::string(aibrix::to_string(view.from)) +
                   (view.from_guessed ? " (guessed; --from outside, node or inside says it)" : ""));
  line("service", best.service->full_name() + ", type " +
                      std::string(best.service->spec()["type"].text("ClusterIP")));
  line("address", best.how + (best.listener.empty() ? "" : ", listener " + best.listener));
  if (has_own_name(best))
    line("", best.hostname + " must lead to " + best.host + " (DNS, or curl --resolve)");
  if (!best.caution.empty()) line("caution", best.caution);
  if (!view.strategy.empty())
    line("model", view.model + " needs the header routing-strategy: it has no HTTPRoute");
  for (const std::string& why : facts.why_not) line("note", why);
  return out;
}

}  // namespace report
