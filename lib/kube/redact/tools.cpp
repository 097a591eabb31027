// Tools that take secrets in ways that no name tells: one row each.
#include "kube/redact/tools.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "base/chars.hpp"
#include "base/text.hpp"
#include "kube/redact/secret_names.hpp"
#include "kube/redact/tokens.hpp"

namespace kube {
namespace {

using base::npos;

struct Tool {
  std::string_view names;     // programs, blank between them
  std::string_view verbs;     // words that must come first, in this order; empty: any
  std::string_view flags;     // whose value is secret; "-p*": the value may be joined to it
  std::string_view pairs;     // whose value is user:password (or user%password, user,password)
  std::string_view operands;  // numbers of the words behind the verbs that are secret: "3 4"
};

constexpr auto tools = std::to_array<Tool>({
    {"redis-cli valkey-cli keydb-cli", "", "-a* --pass", "", ""},
    {"redis-cli valkey-cli keydb-cli", "auth", "", "", "1 2"},
    {"redis-cli valkey-cli keydb-cli", "AUTH", "", "", "1 2"},
    {"curl", "", "--oauth2-bearer --pass --proxy-pass -b --cookie --aws-sigv4-secret",
     "-u --user -U --proxy-user -E --cert", ""},
    {"http https xh", "", "", "-a --auth", ""},
    {"wget", "", "--password --http-password --ftp-password --proxy-password", "", ""},
    {"mysql mysqldump mysqladmin mariadb mariadb-dump mysqlimport mysqlsh mycli xtrabackup", "",
     "-p*", "", ""},
    {"mongo mongosh mongodump mongorestore mongoimport mongoexport", "", "-p*", "", ""},
    {"cqlsh clickhouse-client vertica vsql trino presto dsbulk snowsql influx", "", "-p -t", "",
     ""},
    {"sqlcmd bcp", "", "-P*", "", ""},
    {"sqlplus", "", "", "", "1"},
    {"docker podman nerdctl buildah helm oras crane regctl skopeo cosign flux", "login", "-p*", "",
     ""},
    {"docker podman nerdctl buildah skopeo ctr crictl", "", "", "--creds --src-creds --dest-creds",
     ""},
    {"sshpass", "", "-p*", "", ""},
    {"lftp ftp ncftp", "", "-p", "-u --user", ""},
    {"smbclient rpcclient net", "", "", "-U --user", ""},
    {"htpasswd", "", "", "", "3"},
    {"htpasswd", "-nb", "", "", "2"},
    {"htpasswd", "-bn", "", "", "2"},
    {"htpasswd", "-nbB", "", "", "2"},
    {"openssl", "", "-passin -passout -pass -k -K -password", "", ""},
    {"mc mcli", "alias set", "", "", "3 4"},
    {"mc mcli", "config host add", "", "", "3 4"},
    {"mc mcli", "admin user add", "", "", "2 3"},
    {"rclone", "obscure", "", "", "1"},
    {"az", "login", "-p", "", ""},
    {"az", "acr login", "-p", "", ""},
    {"az", "", "--sas-token --account-key --connection-string", "", ""},
    {"huggingface-cli hf", "login", "-t", "", "1"},
    {"huggingface-cli hf", "auth login", "-t", "", "1"},
    {"llama-server llama-cli llama.cpp", "", "-hft", "", ""},
    {"wandb", "login", "", "", "1"},
    {"ngc", "config set", "", "", ""},
    {"vault bao", "login", "", "", "1"},
    {"vault bao", "operator unseal", "", "", "1"},
    {"vault bao", "unwrap", "", "", "1"},
    {"ngrok", "authtoken", "", "", "1"},
    {"ngrok", "config add-authtoken", "", "", "1"},
    {"rabbitmqctl", "add_user", "", "", "2"},
    {"rabbitmqctl", "change_password", "", "", "2"},
    {"rabbitmqctl", "authenticate_user", "", "", "2"},
    {"doctl", "auth init", "-t", "", ""},
    {"glab gh", "auth login", "-t", "", ""},
    {"vercel flyctl fly netlify railway", "", "-t", "", ""},
    {"twine", "", "-p", "", ""},
    {"ldapsearch ldapadd ldapmodify ldapwhoami ldapdelete ldappasswd", "", "-w* -s", "", ""},
    {"keytool jarsigner", "", "-storepass -keypass -srcstorepass -deststorepass -new", "", ""},
    {"zip unzip", "", "-P*", "", ""},
    {"7z 7za", "", "-p*", "", ""},
    {"mosquitto_pub mosquitto_sub", "", "-P*", "", ""},
    {"etcdctl", "", "", "--user", ""},
    {"s3cmd", "", "--access_key --secret_key", "", ""},
    {"cloudflared", "service install", "", "", "1"},
    {"kinit", "", "-w", "", ""},
    {"ipmitool", "", "-P", "", ""},
    {"snmpwalk snmpget", "", "-c -A -X", "", ""},
    {"svn", "", "--password", "", ""},
    {"databricks", "configure", "--token", "", ""},
    {"code-server jupyter", "", "--NotebookApp.token --ServerApp.token", "", ""},
    {"aliyun tccli", "configure set", "--access-key-id --access-key-secret --secretId --secretKey",
     "", ""},
    {"ossutil ossutil64 obsutil coscli", "config", "-i -k", "", ""},
    {"juicefs", "auth", "", "", "2 3"},
    {"kaggle", "", "-k", "", ""},
    {"transcrypt gpg", "", "--passphrase -p", "", ""},
    {"cadaver ncat socat", "", "--proxy-auth", "--proxy-auth", ""},
    {"poetry", "config", "", "", "3"},
    {"chpasswd passwd", "", "", "", ""},
});

// "git config user.password X", "aws configure set aws_secret_access_key X": the word behind a
// name.
constexpr auto named_by_position = std::to_array<std::string_view>({"git",
                                                                    "aws",
                                                                    "npm",
                                                                    "yarn",
                                                                    "pnpm",
                                                                    "pip",
                                                                    "gcloud",
                                                                    "redis-cli",
                                                                    "valkey-cli",
                                                                    "rclone",
                                                                    "az",
                                                                    "poetry",
                                                                    "dvc",
                                                                    "mlflow",
                                                                    "wandb",
                                                                    "conda",
                                                                    "s5cmd",
                                                                    "argocd",
                                                                    "minikube",
                                                                    "gsutil",
                                                                    "nuget",
                                                                    "composer",
                                                                    "bundle",
                                                                    "gem",
                                                                    "cargo",
                                                                    "kubectl",
                                                                    "oc",
                                                                    "huggingface-cli",
                                                                    "hf",
                                                                    "redis-server",
                                                                    "valkey-server",
                                                                    "ENV",
                                                                    "setenv",
                                                                    "setx"});

// All that is name=value in them is secret.
struct AllPairs {
  std::string_view tool, verbs, flags;
};
constexpr auto all_pairs = std::to_array<AllPairs>({
    {"kubectl", "create secret", "--from-literal"},
    {"oc", "create secret", "--from-literal"},
    {"vault", "kv put", ""},
    {"vault", "kv patch", ""},
    {"vault", "write", ""},
    {"bao", "kv put", ""},
    {"docker", "secret create", ""},
    {"heroku", "config:set", ""},
    {"fly", "secrets set", ""},
    {"flyctl", "secrets set", ""},
});

std::string_view base_name(std::string_view program) {
  return program.substr(program.rfind('/') == npos ? 0 : program.rfind('/') + 1);
}

bool listed(std::string_view list, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = list.find(word); at != npos; at = list.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) return true;
  }
  return false;
}

// -p, --pass=X, -pX: where the value begins in the word, npos when the word is not that flag; 0:
// the value is the next word.
std::size_t flag_value(std::string_view flags, std::string_view word) {
  if (flags.empty() || !word.starts_with('-')) return npos;
  for (std::string_view flag : base::split(flags, ' ')) {
    const bool joined = flag.ends_with('*');
    if (joined) flag.remove_suffix(1);
    if (word == flag) return 0;
    if (word.size() > flag.size() + 1 && word.starts_with(flag) && word[flag.size()] == '=')
      return flag.size() + 1;
    const bool short_flag = flag.size() == 2 && flag[1] != '-';
    const bool has_more = word.size() > 2 && word[1] != '-' && word.starts_with(flag);
    if (short_flag && has_more) return joined ? 2 : npos;
  }
  return npos;
}

class Arguments {
 public:
  Arguments(std::span<const std::string_view> words, bool loose, const HideInWord& hide)
      : words_(words), loose_(loose), hide_(hide) {}

  void run() {
    bool known = false;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string_view name = base_name(words_[i]);
      if (name.empty() || name[0] == '-') continue;
      for (const Tool& tool : tools) {
        if (listed(tool.names, name)) known = apply(tool, i + 1) || known;
      }
      if (std::ranges::find(named_by_position, name) != named_by_position.end()) by_name(i + 1);
      for (const AllPairs& row : all_pairs) {
        if (row.tool == name && verbs_end(row.verbs, i + 1) != npos) pairs(row, i + 1);
      }
    }
    if (loose_ && !known) unknown_tool();
  }

 private:
  // Behind the verbs, which may have flags between them; npos: they are not there.
  std::size_t verbs_end(std::string_view verbs, std::size_t at) const {
    if (verbs.empty()) return at;
    for (const std::string_view verb : base::split(verbs, ' ')) {
      while (at < words_.size() && words_[at] != verb && at < 24) ++at;
      if (at >= words_.size() || words_[at] != verb) return npos;
      ++at;
    }
    return at;
  }

  void hide(std::size_t word, std::size_t begin) {
    const std::string_view value = words_[word].substr(begin);
    if (!harmless_value("password", value)) hide_(word, begin, words_[word].size());
  }

  // The password of user:password; a lone word is a token.
  void hide_pair(std::size_t word, std::size_t begin) {
    const std::string_view value = words_[word].substr(begin);
    const std::size_t sign = value.find_first_of(":%,");
    if (sign != npos) hide(word, begin + sign + 1);
    if (sign == npos && random_word(value)) hide(word, begin);
  }

  bool apply(const Tool& tool, std::size_t from) {
    const std::size_t at = verbs_end(tool.verbs, from);
    if (at == npos) return false;
    for (std::size_t i = from; i < words_.size(); ++i) {
      const std::size_t value = flag_value(tool.flags, words_[i]);
      if (value != npos && (value > 0 || i + 1 < words_.size()))
        value > 0 ? hide(i, value) : hide(i + 1, 0);
      const std::size_t pair = flag_value(tool.pairs, words_[i]);
      if (pair != npos && (pair > 0 || i + 1 < words_.size()))
        pair > 0 ? hide_pair(i, pair) : hide_pair(i + 1, 0);
    }
    std::size_t number = 0;
    for (std::size_t i = at; i < words_.size() && !tool.operands.empty(); ++i) {
      if (words_[i].starts_with('-')) continue;
      if (listed(tool.operands, std::to_string(++number))) hide(i, 0);
    }
    return true;
  }

  void by_name(std::size_t from) {
    for (std::size_t i = from; i + 1 < words_.size(); ++i) {
      const std::string_view name = words_[i];
      const std::string_view value = words_[i + 1];
      const bool setting = name.find_first_of("._-/:") != npos || name.ends_with("pass") ||
                           name.ends_with("auth") || name.ends_with("password");
      if (name.starts_with('-') || name.find('=') != npos || !setting || value.starts_with('-'))
        continue;
      const bool helper = name.find("helper") != npos || status_word(value);
      if (secret_like(name) && !helper && !harmless_value(name, value)) hide(i + 1, 0);
    }
  }

  void pairs(const AllPairs& row, std::size_t from) {
    for (std::size_t i = from; i < words_.size(); ++i) {
      std::size_t begin = 0;
      if (!row.flags.empty()) {
        const std::size_t value = flag_value(row.flags, words_[i]);
        if (value == npos) continue;
        if (value == 0 && ++i >= words_.size()) return;
        begin = value;
      }
      const std::size_t equals = words_[i].find('=', begin);
      if (equals != npos) hide_(i, equals + 1, words_[i].size());
    }
  }

  void unknown_tool() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string_view word = words_[i];
      if (word == "-u" || word == "--user" || word.starts_with("--user=")) {
        const std::size_t begin = word.find('=') == npos ? 0 : 7;
        const std::size_t at = begin == 0 ? i + 1 : i;
        if (at < words_.size() && words_[at].find("://") == npos) {
          const std::string_view value = words_[at].substr(begin);
          const std::size_t colon = value.find(':');
          if (colon != npos && !base::all_digits(value.substr(colon + 1))) hide_pair(at, begin);
        }
      }
      const bool letter = word == "-p" || word == "-a" || word == "-w" || word == "-t";
      if (letter && i + 1 < words_.size() && random_word(words_[i + 1])) hide(i + 1, 0);
    }
  }

  std::span<const std::string_view> words_;
  bool loose_;
  const HideInWord& hide_;
};

}  // namespace

void secret_arguments(std::span<const std::string_view> words, bool loose, const HideInWord& hide) {
  Arguments(words, loose, hide).run();
}

bool reads_secret(std::span<const std::string_view> words) {
  constexpr auto readers = std::to_array<std::string_view>(
      {"passwd", "chpasswd", "kinit", "cryptsetup", "sudo", "smbpasswd", "vault", "bao", "htpasswd",
       "pass", "ssh-add", "gpg"});
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view name = base_name(words[i]);
    if (std::ranges::find(readers, name) != readers.end()) return true;
    if (name == "login" || name.ends_with("-stdin") || name == "--with-token") return i > 0;
  }
  return false;
}

}  // namespace kube
