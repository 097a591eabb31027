// Kubeconfig files and flags, and the access they come to.
#include "kube/auth/kubeconfig.hpp"

#include <unistd.h>

#include "base/error.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"

using kube::Access;
using kube::Environment;
using kube::KubeconfigFlags;
using kube::load_access;

namespace {

// A kubeconfig of one context whose cluster and user fields are given in flow style.
std::string config_of(const std::string& cluster, const std::string& user = "token: abc",
                      const std::string& context = "cluster: prod, user: me") {
  return "apiVersion: v1\nkind: Config\ncurrent-context: main\n"
         "contexts:\n- name: main\n  context: {" +
         context +
         "}\n"
         "clusters:\n- name: prod\n  cluster: {" +
         cluster +
         "}\n"
         "users:\n- name: me\n  user: {" +
         user + "}\n";
}

constexpr const char* server = "server: \"https://10.0.0.1:6443\"";

// base64 of a text that passes for a certificate.
constexpr const char* certificate =
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmlubGluZQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==";
constexpr const char* certificate_file = "-----BEGIN CERTIFICATE-----\nfile\n";
constexpr const char* key_file = "-----BEGIN PRIVATE KEY-----\nfile\n";

struct Config {
  TempFolder folder;
  KubeconfigFlags flags;
  Environment environment;

  explicit Config(std::string_view text) {
    environment.home = folder.path();
    environment.service_account_folder = folder.file("no-service-account");
    folder.write(".kube/config", text);
  }
  std::string path() const { return folder.file(".kube/config"); }
  Access access() const { return load_access(flags, environment); }
  std::string token() const { return access().credentials->login().token; }
  // "reason: message" of the error, "@" for the kubeconfig's path.
  std::string failure() const {
    try {
      access();
    } catch (const base::Error& error) {
      CHECK(error.fault == base::Fault::usage);
      return error.reason + ": " + shortened(error.what());
    }
    return "no error";
  }
  std::string hint() const {
    try {
      access();
    } catch (const base::Error& error) {
      return shortened(error.hint);
    }
    return "no error";
  }
  std::string shortened(std::string text) const {
    for (std::size_t at = 0; (at = text.find(path())) != std::string::npos;) {
      text.replace(at, path().size(), "@");
    }
    for (std::size_t at = 0; (at = text.find(folder.path())) != std::string::npos;) {
      text.replace(at, folder.path().size(), "~");
    }
    return text;
  }
};

}  // namespace

TEST_CASE("a kubeconfig gives the way to its current context") {
  const Config config(
      config_of("server: \"https://10.0.0.1:6443/k8s/\", tls-server-name: kube, "
                "proxy-url: \"socks5://127.0.0.1:1080\"",
                "token: abc", "cluster: prod, user: me, namespace: team-a"));
  const Access access = config.access();
  CHECK(access.context == "main");
  CHECK(access.cluster == "prod");
  CHECK(access.user == "me");
  CHECK(access.ns == "team-a");
  CHECK(access.server == "https://10.0.0.1:6443/k8s");
  CHECK(access.tls_server_name == "kube");
  CHECK(access.proxy_url == "socks5://127.0.0.1:1080");
  CHECK(access.ca_pem.empty());
  CHECK_FALSE(access.insecure_skip_tls_verify);
  CHECK(access.credentials->login().token == "abc");
  CHECK(access.credentials->describe() == "token of user \"me\"");
  CHECK_FALSE(access.credentials->renew());
}

TEST_CASE("a kubeconfig may be JSON") {
  const Config config(R"({"current-context":"c","contexts":[{"name":"c","context":
    {"cluster":"k","user":"u"}}],"clusters":[{"name":"k","cluster":{"server":"https://h"}}],
    "users":[{"name":"u","user":{"token":"t"}}]})");
  CHECK(config.access().server == "https://h");
  CHECK(config.token() == "t");
}

TEST_CASE("of two files in KUBECONFIG, the first to name an entry gives all of it") {
  Config config("");
  config.folder.write("a",
                      "contexts:\n- name: c\n  context: {cluster: k, user: u}\n"
                      "users:\n- name: u\n  user: {token: from-a}\n");
  config.folder.write("b",
                      "current-context: c\n"
                      "contexts:\n- name: c\n  context: {cluster: k, user: u, namespace: from-b}\n"
                      "- name: d\n  context: {cluster: k, user: u}\n"
                      "clusters:\n- name: k\n  cluster: {server: \"https://from-b\"}\n"
                      "users:\n- name: u\n  user: {token: from-b, as: joe}\n");
  config.folder.write("c", "current-context: d\n");
  const std::string files = config.folder.file("a") + "::" + config.folder.file("none") + ":" +
                            config.folder.file("b") + ":" + config.folder.file("c") + ":" +
                            config.folder.file("a");
  config.environment.kubeconfig = files;
  const Access access = config.access();
  CHECK(access.context == "c");
  CHECK(access.server == "https://from-b");
  CHECK(access.credentials->login().token == "from-a");
  CHECK(access.ns.empty());
  CHECK(access.as_user.empty());
  CHECK(kube::context_names(config.flags, config.environment) ==
        std::vector<std::string>{"c", "d"});
}

TEST_CASE("flag --kubeconfig reads that file alone, and it must exist") {
  Config config(config_of(server));
  config.environment.kubeconfig = config.path();
  config.flags.kubeconfig = config.folder.write("other", config_of("server: \"https://other\""));
  CHECK(config.access().server == "https://other");
  config.flags.kubeconfig = config.folder.file("none");
  CHECK(config.failure() == "KubeconfigNotFound: the kubeconfig ~/none does not exist");
  config.flags.kubeconfig = "a:b";
  CHECK(config.hint() == "--kubeconfig takes one file; set KUBECONFIG for a list of files");
  config.flags.kubeconfig = "~/config";
  CHECK(config.hint() == "the shell did not expand the ~; write $HOME");
}

TEST_CASE("an empty KUBECONFIG means the file at home") {
  Config config(config_of(server));
  config.environment.kubeconfig = "";
  CHECK(config.access().context == "main");
}

TEST_CASE("no kubeconfig at all says where it was looked for") {
  Config config("");
  config.environment.home = config.folder.file("nobody");
  CHECK(config.failure() ==
        "KubeconfigNotFound: no kubeconfig found: ~/nobody/.kube/config does not exist");
  CHECK(config.hint() ==
        "--kubeconfig FILE names another one; -f FILE reads manifests or a dump without a cluster");
  config.environment.kubeconfig = config.folder.file("a") + ":" + config.folder.file("b");
  CHECK(config.failure() ==
        "KubeconfigNotFound: no kubeconfig found: ~/a does not exist and ~/b does not exist");
  config.environment.kubeconfig = ":";
  CHECK(config.failure() == "KubeconfigNotFound: no kubeconfig found: KUBECONFIG names no file");
  config.environment.kubeconfig.reset();
  config.environment.home.clear();
  CHECK(config.failure() ==
        "KubeconfigNotFound: no kubeconfig found: neither KUBECONFIG nor HOME is set");
  config.environment.kubeconfig = "/dev/null";
  CHECK(config.failure() ==
        "KubeconfigNotFound: no kubeconfig found: /dev/null has no clusters, "
        "users or contexts");
}

TEST_CASE("a context that does not exist is met with the nearest name and the others") {
  Config config(config_of(server));
  config.flags.context = "mian";
  CHECK(config.failure() == "ContextNotFound: there is no context \"mian\" in @");
  CHECK(config.hint() == "did you mean \"main\"? its only context is main");
  config.flags.context = "bad\x1b[31m";
  CHECK(config.failure() == "ContextNotFound: there is no context \"bad\\x1b[31m\" in @");
}

TEST_CASE("a current-context that does not exist is told apart from none") {
  const Config dangling("current-context: x\ncontexts:\n- name: a\n- name: b\n");
  CHECK(dangling.failure() ==
        "ContextNotFound: current-context is \"x\", but @ has no such context");
  CHECK(dangling.hint() == "its contexts are a and b");
  const Config none("contexts:\n- name: a\n- name: b\n");
  CHECK(none.failure() == "NoCurrentContext: no context is selected: @ sets no current-context");
  CHECK(none.hint() ==
        "use --context NAME or `kubectl config use-context NAME`; its contexts are a and b");
}

TEST_CASE("a context's missing cluster or user is named with its line") {
  CHECK(Config(config_of(server, "", "cluster: nope, user: me")).failure() ==
        "ClusterNotFound: @:5: context \"main\" references cluster \"nope\", which is not defined");
  CHECK(Config(config_of(server, "", "user: me")).failure() ==
        "ClusterNotFound: @:5: context \"main\" has no cluster");
  CHECK(Config(config_of(server, "", "cluster: prod, user: mee")).failure() ==
        "UserNotFound: @:5: context \"main\" references user \"mee\", which is not defined");
  CHECK(Config(config_of(server, "", "cluster: prod, user: mee")).hint() ==
        "did you mean \"me\"? its only user is me");
  CHECK(Config(config_of("")).failure() ==
        "ServerInvalid: the server of cluster \"prod\" is not set");
}

TEST_CASE("a context without a user is anonymous") {
  const Access access = Config(config_of(server, "", "cluster: prod")).access();
  CHECK(access.credentials->login().token.empty());
  CHECK(access.credentials->describe() == "no credentials: the context has no user");
}

TEST_CASE("flags --cluster and --user choose other entries, which must exist") {
  Config config(config_of(server));
  config.flags.cluster = "stage";
  CHECK(config.failure() == "ClusterNotFound: there is no cluster \"stage\" in @");
  config.flags.cluster = "prod";
  config.flags.user = "you";
  CHECK(config.failure() == "UserNotFound: there is no user \"you\" in @");
  config.folder.write(".kube/config", config_of(server) + "- name: you\n  user: {token: yours}\n");
  CHECK(config.token() == "yours");
}

TEST_CASE("flag --server alone needs no kubeconfig") {
  Config config("");
  config.flags.server = "https://h:1/";
  config.flags.token = "t";
  const Access access = config.access();
  CHECK(access.server == "https://h:1");
  CHECK(access.context.empty());
  CHECK(access.credentials->login().token == "t");
  CHECK(access.credentials->describe() == "token given with --token");
}

TEST_CASE("flag --server drops the entry's tls-server-name, which was for another address") {
  Config config(config_of(std::string(server) + ", tls-server-name: kube"));
  config.flags.server = "https://h";
  CHECK(config.access().tls_server_name.empty());
  config.flags.tls_server_name = "flag";
  CHECK(config.access().tls_server_name == "flag");
}

TEST_CASE("flag --token replaces every other way to log in") {
  Config config(config_of(server,
                          "tokenFile: none, username: a, password: b, "
                          "client-certificate: none, client-key: none, "
                          "auth-provider: {name: gcp}, exec: {command: none}"));
  config.flags.token = "mine";
  const kube::Login login = config.access().credentials->login();
  CHECK(login.token == "mine");
  CHECK(login.username.empty());
  CHECK(login.certificate_pem.empty());
}

TEST_CASE("relative paths start at the folder of the file they are in") {
  Config config(config_of(std::string(server) + ", certificate-authority: pki/ca.crt",
                          "client-certificate: me.crt, client-key: ./me.key"));
  config.folder.write(".kube/pki/ca.crt", certificate_file);
  config.folder.write(".kube/me.crt", certificate_file);
  config.folder.write(".kube/me.key", key_file);
  const Access access = config.access();
  CHECK(access.ca_pem == certificate_file);
  CHECK(access.credentials->login().certificate_pem == certificate_file);
  CHECK(access.credentials->login().key_pem == key_file);
  CHECK(access.credentials->describe() == "client certificate of user \"me\"");
}

TEST_CASE("inline data beats a path, which is then not read") {
  const Config config(config_of(std::string(server) + ", certificate-authority: none, " +
                                "certificate-authority-data: " + certificate));
  CHECK(config.access().ca_pem ==
        "-----BEGIN CERTIFICATE-----\ninline\n-----END CERTIFICATE-----\n");
}

TEST_CASE("a certificate that cannot be used says which and where") {
  const std::string ca = std::string(server) + ", certificate-authority";
  CHECK(
      Config(config_of(ca + ": none.crt")).failure() ==
      "FileNotFound: certificate-authority of cluster \"prod\" (~/.kube/none.crt) does not exist");
  CHECK(Config(config_of(ca + "-data: \"abc!\"")).failure() ==
        "CredentialsInvalid: @:9: certificate-authority-data of cluster \"prod\" is not base64: "
        "character 4 is not a base64 character");
  CHECK(Config(config_of(ca + "-data: aGVsbG8=")).failure() ==
        "CredentialsInvalid: @:9: certificate-authority-data of cluster \"prod\" contains no "
        "certificate in PEM form");
  CHECK(Config(config_of(ca + ": .")).failure() ==
        "FileUnreadable: ~/.kube/. is a folder, not a file");
}

TEST_CASE("a certificate authority and insecure-skip-tls-verify exclude each other") {
  Config config(config_of(std::string(server) +
                          ", insecure-skip-tls-verify: true, "
                          "certificate-authority-data: " +
                          certificate));
  CHECK(config.failure() ==
        "TlsConflict: a certificate authority and insecure-skip-tls-verify "
        "exclude each other");
  config.flags.insecure_skip_tls_verify = true;
  CHECK(config.access().insecure_skip_tls_verify);
  CHECK(config.access().ca_pem.empty());
  config.flags.insecure_skip_tls_verify = false;
  config.flags.certificate_authority = config.folder.write("ca.crt", certificate_file);
  CHECK(config.access().ca_pem == certificate_file);
  CHECK_FALSE(config.access().insecure_skip_tls_verify);
  config.flags.insecure_skip_tls_verify = true;
  CHECK(config.failure().starts_with("TlsConflict"));
}

TEST_CASE("impersonation comes from the user entry and from flags") {
  Config config(config_of(server,
                          "token: t, as: joe, as-uid: \"7\", as-groups: [a, b], "
                          "as-user-extra: {scope: [a, b]}"));
  const Access from_file = config.access();
  CHECK(from_file.as_user == "joe");
  CHECK(from_file.as_uid == "7");
  CHECK(from_file.as_groups == std::vector<std::string>{"a", "b"});
  CHECK(from_file.as_extra.at("scope") == std::vector<std::string>{"a", "b"});
  config.flags.as_user = "jane";
  config.flags.as_groups = {"c"};
  CHECK(config.access().as_user == "jane");
  CHECK(config.access().as_groups == std::vector<std::string>{"c"});
  CHECK(config.access().as_uid == "7");
}

TEST_CASE("groups without a user to impersonate are an error") {
  Config config(config_of(server));
  config.flags.as_groups = {"system:masters"};
  CHECK(config.failure() ==
        "CredentialsInvalid: a uid, groups or extra fields are impersonated, "
        "but no user");
}

TEST_CASE("nothing secret is sent over plain http") {
  const Access access = Config(config_of("server: \"http://127.0.0.1:8001\"")).access();
  CHECK(access.credentials->login().token.empty());
  CHECK(access.credentials->describe() ==
        "no credentials, since http://127.0.0.1:8001 is not encrypted");
}

TEST_CASE("a server address is brought into one form or refused") {
  const auto server_of = [](const std::string& text) {
    const Config config(config_of("server: \"" + text + "\""));
    const std::string failure = config.failure();
    return failure == "no error" ? config.access().server : failure;
  };
  CHECK(server_of("HTTPS://Host:443//") == "https://Host:443");
  CHECK(server_of("https://[::1]:6443/a/b/?q#f") == "https://[::1]:6443/a/b");
  CHECK(server_of("localhost:8080") == "http://localhost:8080");
  CHECK(server_of("htps://h") ==
        "ServerInvalid: the server of cluster \"prod\", \"htps://h\", is neither an https nor an "
        "http address");
  CHECK(server_of("https://:443") ==
        "ServerInvalid: the server of cluster \"prod\", \"https://:443\", has no host");
  CHECK(server_of("https://h:99999") ==
        "ServerInvalid: the server of cluster \"prod\", \"https://h:99999\", has no valid port");
  CHECK(server_of("https://h:x") ==
        "ServerInvalid: the server of cluster \"prod\", \"https://h:x\", has no valid port");
  CHECK(server_of("https://a b") ==
        "ServerInvalid: the server of cluster \"prod\", "
        "\"https://a b\", contains an invalid character");
  CHECK(server_of("https://me:secret@h") ==
        "ServerInvalid: the server of cluster \"prod\" contains a user name, which belongs in the "
        "user entry");
}

TEST_CASE(
    "a proxy must be http, https or socks5, and is not quoted, since it may hold a password") {
  CHECK(Config(config_of(std::string(server) + ", proxy-url: \"ftp://me:secret@h\"")).failure() ==
        "KubeconfigInvalid: @:8: proxy-url of cluster \"prod\" is not an http, https or socks5 "
        "address");
}

TEST_CASE("a value of the wrong type is named with its line") {
  CHECK(Config(config_of(server, "token: 12345")).failure() ==
        "KubeconfigInvalid: @:12: token of user \"me\" must be text, not a number");
  CHECK(Config(config_of(server, "token: 12345")).hint() == "put the value in quotes");
  CHECK(Config(config_of("server: [a]")).failure() ==
        "KubeconfigInvalid: @:9: server of cluster \"prod\" must be text, not a list");
  CHECK(Config(config_of("insecure-skip-tls-verify: \"true\"")).failure() ==
        "KubeconfigInvalid: @:9: insecure-skip-tls-verify of cluster \"prod\" must be true or "
        "false, not text");
  CHECK(Config("clusters: {}\n").failure() ==
        "KubeconfigInvalid: @:1: clusters must be a list, not a map");
  CHECK(Config("users:\n- text\n").failure() ==
        "KubeconfigInvalid: @:2: an entry of users must be a map, not text");
  CHECK(Config(config_of(server, "as: a, as-groups: [1]")).failure() ==
        "KubeconfigInvalid: @:12: an entry of as-groups of user \"me\" must be text, not a number");
}

TEST_CASE("a name given twice is an error, as it is in kubectl") {
  CHECK(Config("users:\n- name: a\n- name: b\n- name: a\n").failure() ==
        "KubeconfigInvalid: @:4: there already is a user \"a\", at @:2");
}

TEST_CASE("a file that is no kubeconfig says what it is") {
  CHECK(Config("just some text\n").failure() ==
        "KubeconfigInvalid: @ is not a kubeconfig: it contains text, not a map of clusters, users "
        "and contexts");
  CHECK(Config("apiVersion: v1\nkind: Pod\n").failure() ==
        "KubeconfigInvalid: @ is not a kubeconfig, but a Pod");
  CHECK(Config("apiVersion: v2\n").failure() ==
        "KubeconfigInvalid: @: apiVersion of a kubeconfig must be v1, not v2");
}

TEST_CASE("only the first document of a kubeconfig counts, as in kubectl") {
  CHECK(Config(config_of(server) + "---\ncurrent-context: other\n").access().context == "main");
}

TEST_CASE("a kubeconfig that cannot be read ends the search") {
  Config config(config_of(server));
  config.environment.kubeconfig = config.folder.path() + ":" + config.path();
  CHECK(config.failure() == "FileUnreadable: ~ is a folder, not a file");
  std::filesystem::create_symlink("loop", config.folder.file("loop"));
  config.environment.kubeconfig = config.folder.file("loop");
  CHECK(config.failure() ==
        "FileUnreadable: ~/loop cannot be read: its symbolic links form a loop");
  config.folder.write("big", std::string((8 << 20) + 1, 'x'));
  config.environment.kubeconfig = config.folder.file("big");
  CHECK(config.failure() == "FileTooLarge: ~/big is larger than 8 MiB");
}

TEST_CASE("hostile YAML is one quick error that names the file") {
  const auto refused = [](std::string_view text) {
    const Config config(text);
    const std::string failure = config.failure();
    INFO(failure);
    return failure.starts_with("KubeconfigInvalid: @");
  };
  CHECK(refused("a: &a [*a]\n"));
  CHECK(refused("users:\n\t- name: x\n"));
  CHECK(refused("current-context: a\ncurrent-context: b\n"));
  CHECK(refused("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
  CHECK(refused("current-context: \"\xff\xfe\"\n"));
  CHECK(refused("users: " + std::string(100'000, '[')));
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    const std::string before = "*" + std::string(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [";
    for (int i = 0; i < 9; ++i) bomb += before + (i < 8 ? "," : "]\n");
  }
  CHECK(refused(bomb));
}

TEST_CASE("a byte order mark and Windows line ends do no harm") {
  std::string text = "\xEF\xBB\xBF" + config_of(server);
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\r\n");
  }
  CHECK(Config(text).access().context == "main");
}

TEST_CASE("twenty thousand contexts are read quickly, and not all listed") {
  std::string text = "contexts:\n";
  for (int i = 0; i < 20'000; ++i) text += "- name: c" + std::to_string(i) + "\n";
  Config config(text);
  config.flags.context = "c";
  CHECK(config.hint().ends_with("and 19988 more"));
}
