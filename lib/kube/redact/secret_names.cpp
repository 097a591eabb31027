// Which names are those of secrets: a table of word parts, and of the endings that take it back.
#include "kube/redact/secret_names.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/chars.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "kube/redact/redact.hpp"

namespace kube {
namespace {

using base::is_alnum;
using base::is_digit;
using base::is_lower;
using base::is_upper;

using Words = std::vector<std::string>;

using base::npos;

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != npos;
}

template <std::size_t N>
bool ends_in(const std::array<std::string_view, N>& ends, std::string_view word) {
  return std::ranges::any_of(ends, [&](std::string_view end) { return word.ends_with(end); });
}

// The whole word, or a part of it.
constexpr auto secret_words = std::to_array<std::string_view>(
    {"key",    "keys",     "auth",      "pwd",      "pass",   "cookie",   "cookies",   "jwt",
     "pat",    "sas",      "dsn",       "sig",      "otp",    "cred",     "creds",     "pw",
     "pswd",   "passcode", "passwrd",   "psk",      "tok",    "mnemonic", "keytab",    "hmac",
     "unseal", "keystore", "signature", "htpasswd", "pgpass", "netrc",    "dockercfg", "xprv"});
constexpr auto secret_parts = std::to_array<std::string_view>(
    {"password", "passwd", "passphrase", "secret", "credential", "bearer", "apikey", "accesskey",
     "privatekey", "oauth", "authoriz", "authentic", "authkey", "dockerconfigjson"});
// Ends of words that were written together: ROOTPW, HFTOK.
constexpr auto secret_ends =
    std::to_array<std::string_view>({"pwd", "pass", "key", "pw", "tok", "creds", "passwd", "auth"});
constexpr auto other_ends = std::to_array<std::string_view>(
    {"hotkey", "monkey", "turkey", "donkey", "jockey", "hockey", "whiskey", "bypass", "compass",
     "overpass", "underpass", "trespass", "surpass"});

// Of settings alone.
constexpr auto setting_words = std::to_array<std::string_view>(
    {"login",  "license", "licence", "salt",    "session", "sess",   "sid",
     "pin",    "private", "seed",    "webhook", "jks",     "unlock", "recovery",
     "tokens", "totp",    "mfa",     "csrf",    "xsrf",    "wif",    "p12",
     "pfx",    "pkcs12",  "ak",      "sk",      "jwk",     "jwks",   "kubeconfig"});

// Tokens of text, as language models count them.
constexpr auto counting = std::to_array<std::string_view>(
    {"max",    "min",         "num",    "number",     "batched", "total",     "prompt",
     "input",  "output",      "new",    "completion", "per",     "context",   "special",
     "draft",  "speculative", "cached", "limit",      "budget",  "count",     "prefill",
     "decode", "length",      "rate",   "used",       "tokens",  "generated", "avg",
     "stop",   "reasoning",   "vocab",  "added",      "extra"});

// Last words by which a name is that of something about the secret, or of where it lies.
constexpr auto innocent_ends = std::to_array<std::string_view>(
    {"path",       "paths",      "file",        "files",    "filename",  "dir",       "directory",
     "folder",     "mount",      "name",        "names",    "namespace", "ref",       "refs",
     "kind",       "type",       "types",       "mode",     "policy",    "seconds",   "secs",
     "ms",         "minutes",    "hours",       "days",     "ttl",       "timeout",   "expiry",
     "expires",    "expiration", "length",      "len",      "size",      "count",     "limit",
     "limits",     "max",        "min",         "num",      "ratio",     "rate",      "enabled",
     "enable",     "disabled",   "disable",     "required", "url",       "uri",       "endpoint",
     "host",       "hostname",   "port",        "issuer",   "audience",  "algorithm", "alg",
     "format",     "encoding",   "version",     "provider", "method",    "header",    "headers",
     "prefix",     "suffix",     "source",      "from",     "arn",       "rotation",  "index",
     "class",      "helper",     "group",       "user",     "username",  "scope",     "scopes",
     "interval",   "hash",       "fingerprint", "checksum", "digest",    "status",    "state",
     "reason",     "message",    "selector",    "service",  "api",       "modes",     "plugin",
     "plugins",    "metadata",   "store",       "backend",  "manager",   "operator",  "controller",
     "region",     "usage",      "usages",      "field",    "env",       "var",       "latency",
     "throughput", "ids",        "buckets",     "bucket",   "limiter",   "counter"});

// Keys of tables and maps.
constexpr auto innocent_keys = std::to_array<std::string_view>(
    {"partition", "sort", "cache", "topology", "label", "annotation", "foreign", "public", "pub",
     "routing", "row", "map", "hash", "range", "group", "object", "metric", "host"});

// "apiKey-HF_TOKEN" is api, key, hf, token.
Words words_of(std::string_view name) {
  Words words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool hump = i > 0 && is_upper(name[i]) && is_lower(name[i - 1]);
    if ((hump || !is_alnum(name[i])) && !words.back().empty()) words.emplace_back();
    if (is_alnum(name[i])) words.back() += name[i];
  }
  if (words.back().empty() && words.size() > 1) words.pop_back();
  for (std::string& word : words) word = base::lower(word);
  return words;
}

bool secret_word(const std::string& word) {
  if (base::contains(secret_words, word)) return true;
  if (std::ranges::any_of(secret_parts, [&](std::string_view s) { return has(word, s); }))
    return true;
  if (has(word, "token") && !has(word, "tokeniz") && !has(word, "tokens")) return true;
  if (word.starts_with("auth") && !word.starts_with("author")) return true;
  return word.size() > 3 && ends_in(secret_ends, word) && !base::contains(other_ends, word);
}

// "access_tokens", "APITOKENS".
bool secret_tokens(const Words& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!word.ends_with("tokens")) continue;
    const std::string_view head = std::string_view(word).substr(0, word.size() - 6);
    const auto counts = [](std::string_view w) { return base::contains(counting, w); };
    if (!head.empty() && !counts(head)) return true;
    if (head.empty() && i > 0 && i + 1 == words.size() &&
        std::none_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i), counts))
      return true;
  }
  return false;
}

// Files, and headers that ask for credentials.
constexpr auto innocent_starts = std::to_array<std::string_view>({"www", "pull", "author"});
constexpr auto file_ends =
    std::to_array<std::string_view>({"yaml", "yml", "json", "txt", "pem", "crt", "conf", "toml",
                                     "xml", "ini", "cpp", "go", "py", "sh", "md", "log"});

bool only_leads_there(const Words& words) {
  if (words.size() < 2) return false;
  if (base::contains(innocent_starts, words.front())) return true;
  if (std::ranges::find(words, "pull") != words.end()) return true;
  if (base::contains(innocent_ends, words.back())) return true;
  const std::string& before = words[words.size() - 2];
  return (words.back() == "key" || words.back() == "keys") && base::contains(innocent_keys, before);
}

// "token.yaml"
bool names_file(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot != npos && base::contains(file_ends, name.substr(dot + 1));
}

std::string_view dashes_off(std::string_view flag) {
  return flag.substr(std::min(flag.find_first_not_of('-'), flag.size()));
}

bool is_number(std::string_view value) {
  if (value.ends_with(':')) value.remove_suffix(1);
  if (value.starts_with('-') || value.starts_with('+')) value.remove_prefix(1);
  if (value.empty() || !is_digit(value[0])) return false;
  while (!value.empty() && (is_digit(value[0]) || value[0] == '.' || value[0] == '_'))
    value.remove_prefix(1);
  constexpr auto units =
      std::to_array<std::string_view>({"",  "s",  "ms", "us", "m",  "h",  "d",  "k",   "K",   "M",
                                       "G", "Ki", "Mi", "Gi", "kB", "MB", "GB", "MiB", "GiB", "%"});
  return base::contains(units, value);
}

bool name_chars(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return is_alnum(c) || has("_-.@+%$(){}~", {&c, 1});
  });
}

// No word of a path looks like this.
bool long_mixture(std::string_view part) {
  return part.size() >= 20 && std::ranges::any_of(part, is_digit) &&
         std::ranges::any_of(part, is_upper) && std::ranges::any_of(part, is_lower);
}

bool is_path(std::string_view value) {
  const bool rooted = value.starts_with('/') || value.starts_with("./") ||
                      value.starts_with("../") || value.starts_with("~/");
  if (rooted) {
    if (value.size() < 2 || value.starts_with("//")) return false;
    for (const std::string_view part : base::split(value, '/')) {
      if (!name_chars(part) || long_mixture(part)) return false;
    }
    return true;
  }
  if (value.size() > 3 && value[1] == ':' && value[2] == '\\') return true;
  constexpr auto extensions = std::to_array<std::string_view>(
      {".txt", ".pem",  ".key", ".crt", ".cer", ".json", ".yaml",
       ".yml", ".conf", ".cfg", ".ini", ".env", ".jks",  ".p12",
       ".pub", ".toml", ".xml", ".py",  ".sh",  ".sock", ".properties"});
  return value.size() <= 64 && name_chars(value) && ends_in(extensions, value);
}

bool is_reference(std::string_view value) {
  const auto wrapped = [&](std::string_view open, std::string_view close) {
    return value.size() > open.size() && value.starts_with(open) && value.ends_with(close) &&
           value.find(close, open.size()) == value.size() - close.size();
  };
  if (wrapped("$(", ")") || wrapped("`", "`") || wrapped("{{", "}}") || wrapped("<", ">") ||
      wrapped("%(", ")s"))
    return true;
  if (wrapped("${", "}")) return value.find_first_of(":-=?+") == npos;
  if (value.starts_with('$') && value.size() > 1) {
    return std::ranges::all_of(value.substr(1), [](char c) { return is_alnum(c) || c == '_'; }) &&
           !is_digit(value[1]);
  }
  constexpr auto places = std::to_array<std::string_view>(
      {"env:", "file:/", "vault:", "secret://", "arn:aws:secretsmanager:", "os.environ",
       "os.getenv", "process.env", "secretKeyRef"});
  return std::ranges::any_of(places, [&](std::string_view p) { return value.starts_with(p); });
}

}  // namespace

bool secret_like(std::string_view name) {
  const Words words = words_of(dashes_off(name));
  if (only_leads_there(words) || names_file(name)) return false;
  return std::ranges::any_of(words, secret_word) || secret_tokens(words);
}

bool secret_setting(std::string_view name) {
  const Words words = words_of(dashes_off(name));
  if (only_leads_there(words) || names_file(name)) return false;
  if (std::ranges::any_of(words, secret_word) || secret_tokens(words)) return true;
  // "ak" and "sk" are names of keys alone, not in "sk_learn".
  const auto setting = [&](const std::string& word) {
    if (word == "ak" || word == "sk" || word == "tokens") return words.size() == 1;
    return base::contains(setting_words, word);
  };
  if (std::ranges::any_of(words, setting)) return true;
  // Google's service accounts: SA_JSON, GCP_SA.
  const auto is = [&](std::string_view w) { return std::ranges::find(words, w) != words.end(); };
  return is("sa") && (is("json") || is("gcp") || is("google"));
}

bool strong_name(std::string_view name) {
  const std::string lower = base::lower(name);
  if (has(lower, "passw") || has(lower, "authorization") || has(lower, "apikey") ||
      has(lower, "credential") || has(lower, "passphrase"))
    return true;
  if (dashes_off(lower).find_first_of("_-") != npos) return true;
  return std::any_of(name.begin() + (name.empty() ? 0 : 1), name.end(), is_upper);
}

bool is_switch(std::string_view flag) {
  constexpr auto starts =
      std::to_array<std::string_view>({"enable", "disable", "no", "use", "require", "skip", "allow",
                                       "with", "without", "ignore", "insecure", "verify"});
  const Words words = words_of(dashes_off(flag));
  return words.size() > 1 && base::contains(starts, words.front());
}

bool harmless_value(std::string_view name, std::string_view value) {
  constexpr auto words = std::to_array<std::string_view>(
      {"",    "true", "false", "null", "none", "nil",       "yes",      "no",      "on",
       "off", "-",    "--",    "\\",   "~",    "*",         "auto",     "default", "...",
       "{}",  "[]",   "{",     "[",    "(",    "undefined", "optional", "required"});
  if (value == redacted || base::contains(words, base::lower(value))) return true;
  if (std::ranges::all_of(value, [](char c) { return c == '*' || c == 'x' || c == 'X'; }))
    return true;
  if (is_number(value)) {
    const std::string lower = base::lower(name);
    const bool password = has(lower, "pass") || has(lower, "pin") || has(lower, "pwd") ||
                          has(lower, "otp") || lower.ends_with("pw");
    return !password || value.size() < 4 || !base::all_digits(value);
  }
  return is_path(value) || is_reference(value);
}

// Words that stand where a value could and say how it went.
constexpr auto status_words = std::to_array<std::string_view>({"expired",
                                                               "invalid",
                                                               "unauthorized",
                                                               "missing",
                                                               "required",
                                                               "not",
                                                               "null",
                                                               "none",
                                                               "unknown",
                                                               "denied",
                                                               "failed",
                                                               "expected",
                                                               "cannot",
                                                               "could",
                                                               "no",
                                                               "must",
                                                               "is",
                                                               "was",
                                                               "has",
                                                               "error",
                                                               "forbidden",
                                                               "empty",
                                                               "unset",
                                                               "undefined",
                                                               "wrong",
                                                               "incorrect",
                                                               "mismatch",
                                                               "found",
                                                               "bad",
                                                               "malformed",
                                                               "too",
                                                               "should",
                                                               "can",
                                                               "the",
                                                               "a",
                                                               "an",
                                                               "does",
                                                               "do",
                                                               "http",
                                                               "https",
                                                               "x509",
                                                               "rpc",
                                                               "dial",
                                                               "get",
                                                               "post",
                                                               "put",
                                                               "open",
                                                               "stat",
                                                               "context",
                                                               "timeout",
                                                               "timed",
                                                               "connection",
                                                               "signature",
                                                               "token",
                                                               "tokens",
                                                               "secret",
                                                               "secrets",
                                                               "key",
                                                               "authentication",
                                                               "authorization",
                                                               "permission",
                                                               "access",
                                                               "auth",
                                                               "header",
                                                               "headers",
                                                               "credentials",
                                                               "scheme",
                                                               "and",
                                                               "or",
                                                               "in",
                                                               "of",
                                                               "for",
                                                               "from",
                                                               "to",
                                                               "with",
                                                               "by",
                                                               "at",
                                                               "on",
                                                               "as",
                                                               "be",
                                                               "been",
                                                               "are",
                                                               "were",
                                                               "will",
                                                               "may",
                                                               "server",
                                                               "client",
                                                               "request",
                                                               "response",
                                                               "unable",
                                                               "unexpected",
                                                               "illegal",
                                                               "revoked",
                                                               "rejected",
                                                               "only",
                                                               "value",
                                                               "type",
                                                               "string",
                                                               "object",
                                                               "optional",
                                                               "exists",
                                                               "already",
                                                               "tls",
                                                               "eof",
                                                               "read",
                                                               "write",
                                                               "json",
                                                               "yaml",
                                                               "parse",
                                                               "parsing",
                                                               "decode",
                                                               "decoding",
                                                               "crypto",
                                                               "via",
                                                               "length",
                                                               "this",
                                                               "that",
                                                               "it",
                                                               "if",
                                                               "when",
                                                               "please",
                                                               "see",
                                                               "use",
                                                               "using",
                                                               "set",
                                                               "your",
                                                               "field",
                                                               "name",
                                                               "path",
                                                               "file",
                                                               "model",
                                                               "requests",
                                                               "only",
                                                               "valid",
                                                               "ok"});

bool status_word(std::string_view word) {
  return base::contains(status_words, base::lower(word));
}

}  // namespace kube
