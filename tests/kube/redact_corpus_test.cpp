// A corpus of planted secrets: how many of each kind stay hidden, and that what is none stays.
#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "aibrix/resources.hpp"
#include "base/base64.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "kube/files/manifest.hpp"
#include "kube/files/snapshot_file.hpp"
#include "kube/redact/redact.hpp"

namespace {

constexpr std::string_view mixed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file(SOURCE_DIR "/tests/kube/redact_corpus/" + name);
  REQUIRE(file.good());
  std::vector<std::string> out;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && !line.starts_with("# ")) out.push_back(line);
  }
  return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

// The corpus writes a line end as \n, and a backslash before a line end as \\n.
std::string unescaped(std::string text) {
  replace_all(text, "\\\\n", "\x01");
  replace_all(text, "\\n", "\n");
  replace_all(text, "\\t", "\t");
  replace_all(text, "\x01", "\\\n");
  return text;
}

std::string in_base64(std::string text) {
  constexpr std::string_view mark = "base64:";
  const std::size_t at = text.rfind(mark);
  if (at == std::string::npos) return text;
  const std::string inner = base::encode_base64(unescaped(text.substr(at + mark.size())));
  return in_base64(text.substr(0, at) + inner);
}

// A secret as a generator makes one, and one as people choose it.
std::string canary(std::size_t number, bool random) {
  return random ? "q" + std::to_string(number) + "RtWvKp7Xn" : "swordfish" + std::to_string(number);
}

struct Count {
  std::size_t hidden = 0, all = 0;
};

bool holds(const std::string& text, const std::string& secret) {
  return text.find(secret) != std::string::npos ||
         text.find(base::encode_base64(secret).substr(0, 12)) != std::string::npos;
}

void tell(const std::map<std::string, Count>& counts) {
  if (std::getenv("SHOW_CORPUS") == nullptr) return;
  for (const auto& [kind, count] : counts)
    std::cout << count.hidden << " of " << count.all << "  " << kind << '\n';
}

}  // namespace

TEST_CASE("no planted secret of any kind is left in a text") {
  std::map<std::string, Count> counts;
  std::string kind;
  std::size_t number = 100;
  for (std::string line : lines_of("secrets.txt")) {
    if (line.starts_with("== ")) {
      kind = line.substr(3);
      continue;
    }
    const bool only_random = line[0] == '~';
    if (only_random) line.erase(0, 1);
    for (const bool random : {true, false}) {
      if (only_random && !random) continue;
      std::vector<std::string> planted;
      std::string text = line;
      for (std::size_t at = text.find("{}"); at != std::string::npos; at = text.find("{}")) {
        planted.push_back(canary(++number, random));
        text.replace(at, 2, planted.back());
      }
      text = unescaped(in_base64(text));
      const std::string clean = kube::redact_text(text);
      for (const std::string& secret : planted) {
        INFO(text << "\n -> " << clean);
        ++counts[kind].all;
        // A text in base64 is looked for as what it was made into.
        const bool gone = clean != text && !holds(clean, secret);
        counts[kind].hidden += gone ? 1U : 0U;
        CHECK(gone);
      }
      INFO(clean);
      CHECK(kube::redact_text(clean) == clean);
    }
  }
  tell(counts);
}

TEST_CASE("tokens are known by their shape wherever they stand") {
  std::map<std::string, Count> counts;
  std::mt19937 dice(7);  // NOLINT(cert-msc51-cpp): the same each time
  for (const std::string& line : lines_of("tokens.txt")) {
    const std::size_t blank = line.rfind(' ');
    const std::map<char, std::string_view> alphabets = {
        {'R', mixed},
        {'L', mixed.substr(26)},
        {'U', "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"},
        {'H', "0123456789abcdef"}};
    const std::string_view alphabet = alphabets.at(line[blank + 1]);
    const std::size_t size = std::stoul(line.substr(blank + 2));
    std::string token = line.substr(0, blank);
    for (std::size_t i = 0; i < size; ++i) token += alphabet[dice() % alphabet.size()];
    for (const std::string& text :
         {token, "X=" + token, "failed with " + token + ": 401", "a(\"" + token + "\")",
          "[\"x\",\"" + token + "\"]", "https://h/" + token + "/x", "a\\n" + token}) {
      const std::string clean = kube::redact_text(text);
      INFO(text << "\n -> " << clean);
      ++counts["tokens by shape"].all;
      const bool gone = clean.find(token.substr(token.size() - 12)) == std::string::npos;
      counts["tokens by shape"].hidden += gone ? 1U : 0U;
      CHECK(gone);
    }
  }
  tell(counts);
}

TEST_CASE("what only looks like a secret stays as it is") {
  for (const std::string& line : lines_of("harmless.txt")) {
    const std::string text = unescaped(line);
    INFO(text);
    CHECK(kube::redact_text(text) == text);
  }
}

TEST_CASE(
    "no planted secret of an object gets into a snapshot, and nothing that checks read is lost") {
  constexpr std::array<std::string_view, 1> readable = {"envoy-gateway-config"};
  kube::ManifestOptions manifest;
  manifest.paths = {SOURCE_DIR "/tests/kube/redact_corpus/objects.yaml"};
  const kube::Snapshot objects =
      kube::read_manifests(std::move(manifest), aibrix::resources::all());
  const std::string text = kube::write_snapshot(objects, {"test", readable});
  std::ifstream file(SOURCE_DIR "/tests/kube/redact_corpus/objects.yaml");
  std::stringstream source;
  source << file.rdbuf();
  const auto next = [](const std::string& in, std::string_view what, std::size_t from) {
    return in.find(what, from);
  };
  const std::size_t left = next(text, "c4N4ry", 0);
  INFO(text.substr(left < 100 || left == std::string::npos ? 0 : left - 100, 200));
  CHECK(left == std::string::npos);
  const std::string all = source.str();
  const std::size_t begin = all.find("apiVersion");
  for (std::size_t at = next(all, "k33p", begin); at != std::string::npos;
       at = next(all, "k33p", at + 4)) {
    const std::size_t end = all.find_first_of(" ,}]:/\"'@.\n", at);
    INFO(all.substr(at, end - at));
    CHECK(text.find(all.substr(at, end - at)) != std::string::npos);
  }
}
