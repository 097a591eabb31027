// Logins from exec plugins.
#include "kube/auth/exec_credentials.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "kube/auth/kubeconfig_file.hpp"

using base::ProcessResult;
using kube::exec_credentials;

namespace {

std::string answer(const std::string& status, const std::string& version = "v1") {
  return R"({"apiVersion":"client.authentication.k8s.io/)" + version +
         R"(","kind":"ExecCredential","status":)" + status + "}";
}

// A user with an exec plugin; what the plugin does is up to `finished`, or to `script`.
struct Plugin {
  kube::UserEntry user;
  kube::ClusterEntry cluster;
  kube::ExecOptions options;
  ProcessResult finished;
  base::Command seen;  // the last command run
  int runs = 0;
  TempFolder folder;

  explicit Plugin(const std::string& out = answer(R"({"token":"t"})")) {
    user.name = "ci";
    user.exec.emplace();
    user.exec->api_version = "client.authentication.k8s.io/v1";
    user.exec->command = "get-token";
    user.exec->interactive_mode = "Never";
    user.exec->place = "config:9";
    finished.out = out;
    options.run = [this](const base::Command& command) {
      ++runs;
      seen = command;
      return finished;
    };
    options.now = [] { return *base::parse_time("2026-01-01T12:00:00Z"); };
  }
  void script(const std::string& text) {
    user.exec->command = folder.write_script("plugin", text);
    options.run = base::run;
  }
  std::shared_ptr<kube::CredentialSource> source() const {
    return exec_credentials(user, cluster, options);
  }
  kube::Login login() const { return source()->login(); }
  // "fault reason: message / hint"
  std::string failure() const {
    try {
      login();
    } catch (const base::Error& error) {
      return std::to_string(base::exit_code(error.fault)) + ' ' + error.reason + ": " +
             error.what() + " / " + error.hint;
    }
    return "no error";
  }
};

std::string info_of(const base::Command& command) {
  for (const auto& [name, value] : command.env) {
    if (name == "KUBERNETES_EXEC_INFO") return value;
  }
  return "none";
}

constexpr const char* who = "exec plugin get-token (user \"ci\", config:9) ";
constexpr const char* must_print =
    " / it must print an ExecCredential of client.authentication.k8s.io/v1";

}  // namespace

TEST_CASE("an exec plugin is run with its arguments and environment, and told who asks") {
  Plugin plugin;
  plugin.user.exec->args = {"--cluster", "a b"};
  plugin.user.exec->env = {{"AWS_PROFILE", "dev"}};
  CHECK(plugin.login().token == "t");
  CHECK(plugin.seen.argv == std::vector<std::string>{"get-token", "--cluster", "a b"});
  CHECK(plugin.seen.env.front() == std::pair<std::string, std::string>("AWS_PROFILE", "dev"));
  CHECK_FALSE(plugin.seen.interactive);
  CHECK(info_of(plugin.seen) ==
        R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",)"
        R"("spec":{"interactive":false}})");
  CHECK(plugin.source()->describe() == "exec plugin get-token");
}

TEST_CASE("provideClusterInfo passes the cluster with its certificate authority inline") {
  Plugin plugin;
  plugin.user.exec->provide_cluster_info = true;
  plugin.cluster.server = "https://h:6443";
  plugin.cluster.tls_server_name = "kube";
  plugin.cluster.exec_config = R"({"audience":"x"})";
  plugin.cluster.certificate_authority.path =
      plugin.folder.write("ca", "-----BEGIN CERTIFICATE-----\n");
  CHECK(plugin.login().token == "t");
  CHECK(info_of(plugin.seen) ==
        R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","spec":)"
        R"({"cluster":{"server":"https://h:6443","tls-server-name":"kube",)"
        R"("certificate-authority-data":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",)"
        R"("config":{"audience":"x"}},"interactive":false}})");
}

TEST_CASE("a plugin is asked once until what it gave expires") {
  Plugin plugin(answer(R"({"token":"t","expirationTimestamp":"2026-01-01T12:30:00Z"})"));
  base::Time now = *base::parse_time("2026-01-01T12:00:00Z");
  plugin.options.now = [&now] { return now; };
  const auto source = plugin.source();
  CHECK(plugin.runs == 0);
  source->login();
  source->login();
  CHECK(plugin.runs == 1);
  CHECK(source->login().expires == base::parse_time("2026-01-01T12:30:00Z"));
  now += std::chrono::minutes(30);
  plugin.finished.out = answer(R"({"token":"u","expirationTimestamp":"2026-01-01T13:30:00Z"})");
  CHECK(source->login().token == "u");
  CHECK(plugin.runs == 2);
}

TEST_CASE("a refused login is renewed once, not for ever") {
  Plugin plugin;
  const auto source = plugin.source();
  source->login();
  CHECK(source->renew());
  source->login();
  CHECK(plugin.runs == 2);
  CHECK_FALSE(source->renew());
}

TEST_CASE("a plugin may answer with a client certificate") {
  const Plugin plugin(answer(R"({"clientCertificateData":"CERT","clientKeyData":"KEY"})"));
  CHECK(plugin.login().certificate_pem == "CERT");
  CHECK(plugin.login().key_pem == "KEY");
}

TEST_CASE("v1beta1 is spoken too, and needs no interactiveMode") {
  Plugin plugin(answer(R"({"token":"t"})", "v1beta1"));
  plugin.user.exec->api_version = "client.authentication.k8s.io/v1beta1";
  plugin.user.exec->interactive_mode = "";
  CHECK(plugin.login().token == "t");
}

TEST_CASE("an exec entry that kubectl would refuse is refused before anything runs") {
  const auto refusal = [](auto change) {
    Plugin plugin;
    change(*plugin.user.exec);
    const std::string failure = plugin.failure();
    CHECK(plugin.runs == 0);
    return failure;
  };
  CHECK(refusal([](auto& e) { e.api_version = "client.authentication.k8s.io/v1alpha1"; }) ==
        "2 ExecApiRemoved: config:9: exec of user \"ci\" uses "
        "client.authentication.k8s.io/v1alpha1, which Kubernetes 1.24 removed / update get-token "
        "and regenerate the kubeconfig with apiVersion client.authentication.k8s.io/v1beta1");
  CHECK(refusal([](auto& e) { e.api_version = "v1"; }) ==
        "2 KubeconfigInvalid: config:9: exec of user \"ci\" has apiVersion \"v1\" / it must be "
        "client.authentication.k8s.io/v1 or v1beta1");
  CHECK(refusal([](auto& e) { e.interactive_mode = ""; }) ==
        "2 KubeconfigInvalid: config:9: exec of user \"ci\" has interactiveMode \"\" / it must be "
        "Never, IfAvailable or Always");
  CHECK(refusal([](auto& e) { e.command = ""; }) ==
        "2 KubeconfigInvalid: config:9: exec of user \"ci\" has no command / ");
  CHECK(refusal([](auto& e) {
          e.env = {{"", "x"}};
        }) ==
        "2 KubeconfigInvalid: config:9: exec of user \"ci\" has an env entry without a name / ");
}

TEST_CASE("a plugin that is not installed shows its install hint in one line") {
  Plugin plugin;
  plugin.options.run = base::run;
  plugin.user.exec->command = "aibrixctl-no-such-plugin";
  CHECK(plugin.failure() ==
        "2 ExecPluginNotFound: exec plugin aibrixctl-no-such-plugin (user \"ci\", config:9) was "
        "not found in PATH / install it, or put its folder into PATH");
  plugin.user.exec->install_hint = "Install it:\n\n   brew install \x1b[1mit\n";
  CHECK(plugin.failure().ends_with(" / Install it: brew install \\x1b[1mit"));
  plugin.user.exec->command = plugin.folder.file("none");
  CHECK(plugin.failure().find(" does not exist / ") != std::string::npos);
}

TEST_CASE("a script whose interpreter is missing is not called missing itself") {
  Plugin plugin;
  plugin.script("#!/no/such/python\n");
  CHECK(plugin.failure().find("cannot be run: its interpreter is missing") != std::string::npos);
}

TEST_CASE("a plugin that fails is quoted, made printable") {
  Plugin plugin;
  plugin.script("#!/bin/sh\necho 'no \033[31mlogin\n\nrun: login' >&2; echo secret; exit 7\n");
  const std::string failure = plugin.failure();
  CHECK(failure.starts_with("3 ExecPluginFailed: "));
  CHECK(failure.find("failed with exit code 7; its output: no \\x1b[31mlogin | run: login / log in "
                     "again with your provider's tool, then try `kubectl version`") !=
        std::string::npos);
  CHECK(failure.find("secret") == std::string::npos);
}

TEST_CASE("of a plugin's long complaint, the end is shown") {
  Plugin plugin;
  plugin.finished = {ProcessResult::End::exited, 1, "", std::string(5000, 'x') + " the reason\n"};
  const std::string failure = plugin.failure();
  CHECK(failure.find("x the reason / log in") != std::string::npos);
  CHECK(failure.size() < 1200);
}

TEST_CASE("a plugin that hangs is ended at the deadline, with what it has said") {
  Plugin plugin;
  plugin.script("#!/bin/sh\necho 'open your browser' >&2; sleep 60\n");
  plugin.options.deadline = std::chrono::seconds(1);
  const auto start = std::chrono::steady_clock::now();
  const std::string failure = plugin.failure();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  CHECK(failure.starts_with("3 ExecPluginTimeout: "));
  CHECK(failure.find("; its output: open your browser / it may be waiting for a login") !=
        std::string::npos);
}

TEST_CASE("an interrupt ends the plugin and the command") {
  Plugin plugin;
  plugin.script("#!/bin/sh\nsleep 60\n");
  const std::atomic<int> cancel = true;
  plugin.options.cancel = &cancel;
  CHECK(plugin.failure().starts_with("130 Interrupted: "));
}

TEST_CASE("interactiveMode decides whether the plugin may ask") {
  Plugin plugin;
  plugin.user.exec->interactive_mode = "Always";
  CHECK(plugin.failure() == "2 ExecPluginNeedsTerminal: " + std::string(who) +
                                "needs a terminal, and there is none / run this at a "
                                "terminal, or use credentials made for machines");
  CHECK(plugin.runs == 0);
  plugin.options.stdin_is_terminal = true;
  plugin.login();
  CHECK(plugin.seen.interactive);
  CHECK(plugin.seen.deadline == plugin.options.interactive_deadline);
  CHECK(info_of(plugin.seen).find(R"("interactive":true)") != std::string::npos);
  plugin.user.exec->interactive_mode = "IfAvailable";
  plugin.login();
  CHECK(plugin.seen.interactive);
  plugin.user.exec->interactive_mode = "Never";
  plugin.login();
  CHECK_FALSE(plugin.seen.interactive);
}

TEST_CASE("an answer that is no ExecCredential says what is wrong and never quotes it") {
  const auto refusal = [](const std::string& out) { return Plugin(out).failure(); };
  const std::string bad = "3 ExecPluginInvalid: " + std::string(who);
  CHECK(refusal("") == bad + "printed nothing" + must_print);
  CHECK(refusal("secret-token") ==
        bad + "printed something that is not a JSON object" + must_print);
  CHECK(refusal(std::string(1 << 20, '[')) ==
        bad + "printed something that is not a JSON object" + must_print);
  CHECK(refusal("{}") == bad + "returned kind \"\", not ExecCredential" + must_print);
  CHECK(refusal(answer("{}", "v1beta1")) ==
        bad +
            "returned apiVersion \"client.authentication.k8s.io/v1beta1\", but the kubeconfig "
            "says client.authentication.k8s.io/v1" +
            must_print);
  CHECK(refusal(answer("null")) == bad + "returned no status" + must_print);
  CHECK(refusal(answer("{}")) ==
        bad + "returned neither a token nor a client certificate" + must_print);
  CHECK(refusal(answer(R"({"token":"t","clientKeyData":"k"})")) ==
        bad + "returned only one of client certificate and key" + must_print);
  CHECK(refusal(answer(R"({"token":"a\nb"})")) ==
        bad + "returned a token with a control character in it" + must_print);
  CHECK(refusal(answer(R"({"token":"t","expirationTimestamp":"soon"})")) ==
        bad + "returned an expirationTimestamp that is not a time" + must_print);
}

TEST_CASE("credentials that have already expired are an error of their own") {
  const Plugin plugin(answer(R"({"token":"t","expirationTimestamp":"2026-01-01T11:59:59Z"})"));
  CHECK(plugin.failure() ==
        "3 CredentialsExpired: " + std::string(who) +
            "returned credentials that expired on 2026-01-01T11:59:59Z / log in again with your "
            "provider's tool, or check this machine's clock");
}

TEST_CASE("a plugin that only the working folder has is not run, as Go has it") {
  const TempFolder folder;
  folder.write_script("only-here", "#!/bin/sh\nexit 0\n");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const std::string path : {":/usr/bin", "/usr/bin:", "/usr/bin::/bin", ".", ""}) {
    INFO(path);
    Plugin plugin;
    plugin.user.exec->command = "only-here";
    plugin.options.path = path;
    CHECK(plugin.failure().starts_with("2 ExecPluginNotFound: "));
    CHECK(plugin.runs == 0);
  }
  std::filesystem::current_path(before);
  Plugin plugin;
  plugin.user.exec->command = "only-here";
  plugin.options.path = "/nonexistent:" + folder.path();
  plugin.login();
  CHECK(plugin.seen.argv.front() == folder.file("only-here"));
}
