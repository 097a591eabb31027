// The shapes of credentials by provider: how they begin, and how long they are at least.
#include "kube/redact/tokens.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/base64.hpp"
#include "base/chars.hpp"

namespace kube {
namespace {

using base::is_alnum;
using base::is_digit;
using base::is_lower;
using base::is_upper;

struct Shape {
  std::string_view begins;
  std::size_t shortest;   // of the whole word
  bool upper_too = true;  // holds capitals: names of pods never do
};

constexpr auto shapes = std::to_array<Shape>({
    {"hf_", 20},              // Hugging Face
    {"api_org_", 24},         // Hugging Face, organisations
    {"sk-", 20},              // OpenAI, Anthropic, DeepSeek, OpenRouter
    {"sk_live_", 16, false},  // Stripe, ElevenLabs
    {"sk_test_", 16, false},
    {"rk_live_", 16, false},
    {"pk_live_", 16, false},
    {"whsec_", 20},
    {"sk_", 40, false},
    {"AKIA", 16},  // AWS
    {"ASIA", 16},
    {"ABIA", 20},
    {"ACCA", 20},
    {"ghp_", 20},  // GitHub
    {"gho_", 20},
    {"ghs_", 20},
    {"ghu_", 20},
    {"ghr_", 20},
    {"github_pat_", 20},
    {"glpat-", 20},  // GitLab
    {"gldt-", 20},
    {"glrt-", 20},
    {"glcbt-", 20},
    {"glptt-", 20},
    {"glagent-", 20},
    {"xoxb-", 16},  // Slack
    {"xoxp-", 16},
    {"xoxa-", 16},
    {"xoxr-", 16},
    {"xoxs-", 16},
    {"xoxe-", 16},
    {"xoxe.", 16},
    {"xapp-", 16},
    {"AIza", 30},  // Google
    {"ya29.", 20},
    {"GOCSPX-", 20},
    {"eyJ", 20},      // JWT, any JSON in base64
    {"nvapi-", 20},   // NVIDIA NGC
    {"gsk_", 20},     // Groq
    {"r8_", 20},      // Replicate
    {"pplx-", 20},    // Perplexity
    {"xai-", 20},     // xAI
    {"fw_", 20},      // Fireworks
    {"tgp_v1_", 20},  // Together
    {"co_", 40},
    {"jina_", 20},
    {"lsv2_pt_", 20, false},  // LangSmith
    {"lsv2_sk_", 20, false},
    {"pcsk_", 20},      // Pinecone
    {"dckr_pat_", 20},  // Docker Hub
    {"dckr_oat_", 20},
    {"dop_v1_", 20, false},  // DigitalOcean
    {"doo_v1_", 20, false},
    {"dor_v1_", 20, false},
    {"npm_", 20},   // npm
    {"pypi-", 20},  // PyPI
    {"hvs.", 20},   // Vault
    {"hvb.", 20},
    {"hvr.", 20},
    {"LTAI", 16},            // Alibaba Cloud
    {"AKID", 20},            // Tencent Cloud
    {"AKLT", 20},            // Volcengine
    {"SG.", 20},             // SendGrid
    {"key-", 32, false},     // Mailgun
    {"EAACEdEose0cBA", 20},  // Facebook
    {"sq0atp-", 20},         // Square
    {"sq0csp-", 20},
    {"EAAA", 40},
    {"shpat_", 20, false},  // Shopify
    {"shpss_", 20, false},
    {"shpca_", 20, false},
    {"dapi", 32, false},  // Databricks
    {"glsa_", 20},        // Grafana
    {"glc_", 20},
    {"PMAK-", 20, false},  // Postman
    {"rubygems_", 20, false},
    {"cio", 32, false},  // crates.io
    {"sntrys_", 20},     // Sentry
    {"sntryu_", 20, false},
    {"lin_api_", 20},  // Linear
    {"secret_", 40},   // Notion
    {"ntn_", 40},
    {"figd_", 20},   // Figma
    {"ATATT3", 20},  // Atlassian
    {"ATBB", 20},
    {"ATCTT3", 20},
    {"AKCp", 20},  // Artifactory
    {"CFPAT-", 20},
    {"phc_", 20},
    {"phx_", 20},
    {"tskey-", 16},        // Tailscale
    {"NRAK-", 20, false},  // New Relic
    {"NRII-", 20},
    {"dp.pt.", 20},  // Doppler
    {"dp.st.", 20},
    {"pul-", 32, false},  // Pulumi
    {"fo1_", 20},         // Fly.io
    {"FlyV1", 20},
    {"AGE-SECRET-KEY-1", 20},
    {"ops_", 40},  // 1Password
    {"A3-", 30},
    {"bkua_", 20, false},  // Buildkite
    {"CCIPAT_", 20},
    {"atlasv1.", 20},
    {"vercel_", 20},
    {"sbp_", 20, false},  // Supabase
    {"sb_secret_", 20},
    {"tvly-", 20},  // Tavily
    {"wandb_v1_", 20},
    {"csk-", 20, false},  // Cerebras
    {"voy-", 20},
    {"pa-", 40},  // Voyage
    {"NRJS-", 20, false},
    {"mfa.", 20},  // Discord
    {"ak-", 24},
    {"as-", 24},  // Modal
});

std::size_t digits(std::string_view word) {
  return static_cast<std::size_t>(std::ranges::count_if(word, is_digit));
}

// Some run of letters and figures in it is long and mixed: no name of a pod has one.
bool holds_mixed_run(std::string_view word) {
  constexpr std::size_t long_run = 16;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= word.size(); ++i) {
    if (i < word.size() && is_alnum(word[i])) continue;
    const std::string_view run = word.substr(begin, i - begin);
    if (run.size() >= long_run && digits(run) >= 2 && digits(run) < run.size()) return true;
    begin = i + 1;
  }
  return false;
}

double entropy(std::string_view word) {
  std::array<std::size_t, 256> count{};
  for (const char c : word) ++count[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const std::size_t n : count) {
    if (n == 0) continue;
    const double p = static_cast<double>(n) / static_cast<double>(word.size());
    bits -= p * std::log2(p);
  }
  return bits;
}

// Discord and Telegram, whose tokens have a form but no beginning.
bool known_form(std::string_view word) {
  const std::size_t dot = word.find('.');
  if (dot >= 23 && dot <= 28 && word[0] >= 'M' && word[0] <= 'O') {
    const std::size_t second = word.find('.', dot + 1);
    return second == dot + 7 && word.size() - second > 26;
  }
  const std::size_t colon = word.find(':');
  return colon >= 8 && colon <= 10 && base::all_digits(word.substr(0, colon)) &&
         word.size() - colon == 36;
}

}  // namespace

bool known_token(std::string_view word) {
  constexpr std::size_t shortest = 16;
  if (word.size() < shortest) return false;
  if (known_form(word)) return true;
  for (const Shape& shape : shapes) {
    if (word.size() < shape.shortest || !word.starts_with(shape.begins)) continue;
    const std::string_view rest = word.substr(shape.begins.size());
    if (shape.begins.size() == 4 && is_upper(shape.begins[0]) && is_upper(shape.begins[3]))
      return std::ranges::all_of(rest, is_alnum) && digits(rest) > 0;
    if (shape.upper_too && std::ranges::any_of(rest, is_upper)) return true;
    if (!shape.upper_too && digits(rest) > 0 && holds_mixed_run(rest)) return true;
    if (holds_mixed_run(rest)) return true;
  }
  return false;
}

bool random_word(std::string_view word) {
  constexpr std::size_t shortest = 10;
  if (word.size() < shortest || digits(word) < 2) return false;
  return std::ranges::all_of(word, [](char c) { return is_alnum(c) || c == '_'; }) &&
         std::ranges::any_of(word, is_upper) && std::ranges::any_of(word, is_lower);
}

bool random_value(std::string_view value) {
  const auto hex = [](char c) { return base::hex_value(c) >= 0; };
  const bool key_length = value.size() == 32 || value.size() == 40 || value.size() == 48 ||
                          value.size() == 64 || value.size() == 128;
  constexpr double hex_bits = 3.0;
  if (key_length && std::ranges::all_of(value, hex)) return entropy(value) > hex_bits;
  constexpr std::size_t shortest = 32;
  constexpr double bits = 4.0;
  if (value.size() < shortest || value.starts_with('/')) return false;
  const auto allowed = [](char c) { return is_alnum(c) || c == '+' || c == '/' || c == '='; };
  if (!std::ranges::all_of(value, allowed)) return false;
  return digits(value) >= 3 && std::ranges::any_of(value, is_upper) &&
         std::ranges::any_of(value, is_lower) && entropy(value) > bits;
}

bool bare_private_key(std::string_view base64) {
  // SEQUENCE (long form), INTEGER 0 or 1: a certificate or public key goes on with a SEQUENCE.
  constexpr std::size_t head = 16;
  if (base64.size() < head * 2 || !base64.starts_with("MI")) return false;
  const base::Decoded64 der = base::decode_base64(base64.substr(0, head));
  if (!der.problem.empty() || der.bytes.size() < 7) return false;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(der.bytes[i]); };
  if (at(0) != 0x30) return false;
  const std::size_t value = at(1) < 0x80 ? 2 : 2 + (at(1) & 0x7FU);
  return value + 2 < der.bytes.size() && at(value) == 0x02 && at(value + 1) == 0x01 &&
         at(value + 2) <= 1;
}

}  // namespace kube
