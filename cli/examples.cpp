// The examples of each command; a test runs them all through the parser.
#include "examples.hpp"

#include <array>

namespace cli {
namespace {

constexpr auto example_table = std::to_array<Example>({
    {"", "What is wrong, and what to do about it (read-only)", "@ doctor"},
    {"", "A model does not answer", "@ doctor llama-3-8b"},
    {"", "A namespace is stuck in Terminating", "@ fix finalizers -n team-a"},
    {"", "What does this error mean?", "curl -i http://GATEWAY/v1/models | @ explain -"},

    {"doctor", "Check everything in the current cluster", "@ doctor"},
    {"doctor", "Check one model", "@ doctor llama-3-8b"},
    {"doctor", "Check a namespace, with all details", "@ doctor -n team-a -v"},
    {"doctor", "Check a dump instead of a cluster", "@ doctor -f dump.yaml --whole-cluster"},
    {"doctor", "Wait in a pipeline until nothing is broken", "@ doctor --ci --wait 5m"},
    {"doctor", "Follow a rollout until Ctrl-C", "@ doctor --watch"},
    {"doctor", "Check several clusters in one run", "@ doctor --contexts prod-eu,prod-us"},
    {"doctor", "Write reports for a pipeline and a page for people",
     "@ doctor -f deploy/ -o junit=junit.xml -o html=report.html"},

    {"trace", "Show where the requests of a model break", "@ trace llama-3-8b"},
    {"trace", "Draw it as a picture", "@ trace llama-3-8b -o svg > way.svg"},

    {"explain", "Explain a finding code", "@ explain REF001"},
    {"explain", "Search codes and known responses", "@ explain 503"},
    {"explain", "Explain a response", "curl -i http://GATEWAY/v1/models | @ explain -"},
    {"explain", "Explain a log line, and check the cluster for its cause",
     "@ explain - --doctor < error.log"},

    {"endpoint", "Print the gateway address", "@ endpoint print"},
    {"endpoint", "Send a test request to a model", "@ endpoint test llama-3-8b"},
    {"endpoint print", "Print the gateway address", "@ endpoint print"},
    {"endpoint print", "Print a curl command for a model", "@ endpoint print llama-3-8b -o curl"},
    {"endpoint test", "Request the list of models", "@ endpoint test"},
    {"endpoint test", "Request one token from a model", "@ endpoint test llama-3-8b"},
    {"endpoint test", "Test from outside through the API server",
     "@ endpoint test llama-3-8b --via api-server"},

    {"fix", "Show what would be changed; nothing is written", "@ fix finalizers -n team-a"},
    {"fix", "Save a plan, and apply it later", "@ fix webhooks -o json > plan.json"},
    {"fix", "Apply the saved plan", "@ fix --plan plan.json --apply"},
    {"fix finalizers", "Show what holds up a deletion", "@ fix finalizers -n team-a"},
    {"fix finalizers", "Let the controller finalize the objects",
     "@ fix finalizers -n team-a --restart-controller --apply"},
    {"fix referencegrants", "Show the missing grants", "@ fix referencegrants"},
    {"fix referencegrants", "Create them in one namespace",
     "@ fix referencegrants -n team-a --apply"},
    {"fix referencegrants", "Print them as YAML", "@ fix referencegrants -o yaml"},
    {"fix service-type", "Expose the gateway on a node port",
     "@ fix service-type --to NodePort --apply"},
    {"fix webhooks", "Show which webhooks reject requests", "@ fix webhooks"},
    {"fix webhooks", "Unblock them", "@ fix webhooks --apply"},

    {"undo", "List the applied fixes", "@ undo"},
    {"undo", "Show how the last fix is reverted", "@ undo last"},
    {"undo", "Revert it", "@ undo last --apply"},

    {"config", "Show what holds, and which file or variable says so", "@ config view"},
    {"config view", "Show what holds, and which file or variable says so", "@ config view"},

    {"preflight", "Check before AIBrix is installed", "@ preflight install"},
    {"preflight", "Check before AIBrix is upgraded", "@ preflight upgrade --to v0.7.0"},
    {"preflight", "Check before AIBrix is uninstalled", "@ preflight uninstall"},
    {"preflight install", "Check the current cluster", "@ preflight install"},
    {"preflight install", "Check it for another release", "@ preflight install --to v0.6.0"},
    {"preflight install", "Send GETs alone", "@ preflight install --no-access-reviews"},
    {"preflight upgrade", "Check the current cluster", "@ preflight upgrade --to v0.7.0"},
    {"preflight upgrade", "Check a snapshot", "@ preflight upgrade -f snapshot.yaml"},
    {"preflight uninstall", "Check the current cluster", "@ preflight uninstall"},
    {"preflight uninstall", "Check a snapshot", "@ preflight uninstall -f snapshot.yaml"},

    {"snapshot", "Save the cluster state", "@ snapshot --to snapshot.yaml"},
    {"snapshot", "Save it with names and addresses replaced",
     "@ snapshot --anonymize --to snapshot.yaml"},
    {"snapshot", "Check it later", "@ doctor -f snapshot.yaml"},

    {"rbac", "Print the role that doctor needs", "@ rbac print"},
    {"rbac print", "Give a group the role that doctor needs",
     "@ rbac print --for group:oncall | kubectl apply -f -"},
    {"rbac print", "Print the role for two namespaces", "@ rbac print -n team-a,team-b"},
    {"rbac print", "Print the role that a fix needs", "@ rbac print fix finalizers"},

    {"mcp", "Serve the current cluster to an assistant", "@ mcp"},
    {"mcp", "Serve another one, and no logs", "@ mcp --context staging --no-logs"},
    {"mcp", "Serve a dump", "@ mcp -f dump.yaml --whole-cluster"},

    {"completion", "Enable completion in the current bash", "source <(@ completion bash)"},
    {"completion", "Enable completion in fish", "@ completion fish | source"},

    {"version", "Print the version as JSON", "@ version -o json"},
    {"help", "Show the help of a command", "@ help fix finalizers"},
    {"options", "Use another context", "@ doctor --context staging"},
});

}  // namespace

std::span<const Example> examples() {
  return example_table;
}

std::string example_text(const Example& example, std::string_view program) {
  std::string out(example.command);
  const std::size_t at = out.find('@');
  return out.replace(at, 1, program);
}

}  // namespace cli
