// Printed commands mean the cluster that was looked at.
#include "cluster_flags.hpp"

#include <filesystem>

#include "base/temp_folder.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "checks/core/command.hpp"
#include "support/fake_api_server.hpp"
#include "support/program.hpp"
#include "support/unwrap.hpp"

using checks::aibrixctl;
using checks::kubectl;

namespace {

std::string shown(const checks::Command& command, const cli::Global& global) {
  return checks::to_shell(cli::for_cluster(command, global));
}

}  // namespace

TEST_CASE("printed commands carry the flags that chose the cluster, each kubectl in them") {
  cli::Global global;
  CHECK(shown(kubectl("", "get", "pods"), global) == "kubectl get pods");
  global.context = "prod b";
  CHECK(shown(kubectl("a", "get", "pods"), global) == "kubectl --context 'prod b' -n a get pods");
  checks::Command apply = checks::apply_from_stdin();
  apply.input = "x";
  CHECK(
      shown(apply.and_then(kubectl("", "get", "pods")), global) ==
      "printf '%s\\n' x | kubectl --context 'prod b' apply -f - && kubectl --context 'prod b' get "
      "pods");
  global.kubeconfig = "/tmp/k";
  CHECK(shown(aibrixctl("fix", "webhooks"), global) ==
        "aibrixctl fix webhooks --kubeconfig /tmp/k --context 'prod b'");
  CHECK(shown({}, global).empty());
  // Other programs know nothing of clusters.
  CHECK(shown(checks::Command("curl", {"-sS", "http://localhost"}), global) ==
        "curl -sS http://localhost");
}

TEST_CASE(
    "every flag that chose the cluster or the identity is in a printed command; no token is") {
  cli::Global global;
  global.cluster = "lab";
  global.user = "ops";
  global.server = "https://10.0.0.1:6443";
  global.tls_server_name = "kube";
  global.certificate_authority = "/etc/ca.crt";
  global.insecure_skip_tls_verify = true;
  global.as_user = "alice";
  global.as_uid = "7";
  global.as_groups = {"a", "b c"};
  global.token = "s3cr3t";
  global.install_namespace = "ai";
  const std::string flags =
      "--cluster lab --user ops --server https://10.0.0.1:6443 --tls-server-name kube "
      "--certificate-authority /etc/ca.crt --insecure-skip-tls-verify --as alice --as-uid 7 "
      "--as-group a --as-group 'b c' --token \"${TOKEN:?}\"";
  CHECK(shown(kubectl("x", "get", "pods"), global) == "kubectl " + flags + " -n x get pods");
  CHECK(shown(aibrixctl("doctor"), global) ==
        "aibrixctl doctor " + flags + " --install-namespace ai");
  CHECK_FALSE(cli::for_cluster(kubectl("x", "get", "pods"), global).writes());
  CHECK(cli::for_cluster(kubectl("x", "delete", "pods"), global).writes());
}

TEST_CASE("paths in printed commands are absolute: they may be run from another folder") {
  cli::Global global;
  global.kubeconfig = "kc.yaml";
  const auto here = std::filesystem::current_path() / "kc.yaml";
  CHECK(shown(kubectl("", "get", "pods"), global) ==
        "kubectl --kubeconfig " + here.string() + " get pods");
}

TEST_CASE("the head line says where a run really looked") {
  cli::Global global;
  CHECK(cli::asked_of(global, "prod") == "context prod");
  CHECK(cli::asked_of(global, "").empty());
  global.as_user = "alice";
  CHECK(cli::asked_of(global, "prod") == "context prod   as alice");
  global.cluster = "lab";
  CHECK(cli::asked_of(global, "prod") == "cluster lab   user of context prod   as alice");
  global.server = "http://localhost:1";
  global.user = "u";
  CHECK(cli::asked_of(global, "prod") == "at http://localhost:1   user u   as alice");
}

namespace {

// The commands about a cluster in an output, each to its end.
std::vector<std::string> commands_in(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string_view line : base::split(text, '\n')) {
    for (const std::string_view start :
         {"kubectl ", "aibrixctl doctor", "aibrixctl fix", "aibrixctl undo", "aibrixctl trace",
          "aibrixctl endpoint", "aibrixctl preflight", "aibrixctl snapshot"}) {
      for (auto at = line.find(start); at != line.npos; at = line.find(start, at + 1)) {
        const std::string_view rest = line.substr(at);
        const bool title = at == 0 && rest.find("   ") != rest.npos;
        if (!title) out.emplace_back(rest.substr(0, rest.find_first_of("|;")));
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("every command that a run prints in any format leads to where the run looked") {
  support::FakeApiServer server;
  server.load(std::string(SOURCE_DIR) + "/examples/broken-cluster");
  const TempFolder folder;
  folder.write("kc", server.kubeconfig());
  const std::vector<std::string> flags = {
      "--kubeconfig", folder.file("kc"), "--server",   server.url(),
      "--as",         "alice",           "--as-group", "operators"};
  const std::vector<std::vector<std::string>> runs = {
      {"doctor", "-v"},
      {"doctor", "-o", "plain"},
      {"doctor", "-o", "json"},
      {"doctor", "-o", "yaml"},
      {"trace", "qwen2-5-72b-instruct"},
      {"trace", "qwen2-5-72b-instruct", "-o", "json"},
      {"preflight", "uninstall"},
      {"preflight", "uninstall", "-o", "json"},
      {"preflight", "install", "-v"},
      {"preflight", "upgrade", "-o", "json"},
      {"endpoint", "print"},
      {"fix", "finalizers"},
      {"fix", "finalizers", "-o", "json"},
      {"fix", "finalizers", "-o", "kubectl"},
      {"fix", "referencegrants"},
      {"fix", "referencegrants", "-o", "kubectl"},
      {"fix", "service-type", "--to", "NodePort"},
      {"fix", "service-type", "--to", "NodePort", "-o", "kubectl"},
      {"fix", "webhooks", "-o", "kubectl"},
      {"fix", "finalizers", "-A", "--apply", "--confirm", "x"},
      {"fix", "referencegrants", "-A", "--apply", "--yes", "--wait", "0s"}};
  std::size_t count = 0;
  for (const std::vector<std::string>& run : runs) {
    std::vector<std::string> arguments = run;
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const auto result = support::aibrixctl(arguments, {{"XDG_STATE_HOME", folder.file("state")}});
    for (const std::string& command :
         commands_in(support::unwrap(result.out + "\n" + result.err))) {
      CAPTURE(base::join(run, " "), command);
      ++count;
      CHECK(command.find("--kubeconfig " + folder.file("kc")) != std::string::npos);
      CHECK(command.find("--server " + server.url()) != std::string::npos);
      CHECK(command.find("--as alice --as-group operators") != std::string::npos);
    }
  }
  CHECK(count > 40);
}
