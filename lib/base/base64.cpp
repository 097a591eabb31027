// The base64 decoder and encoder.
#include "base/base64.hpp"

#include <cstdint>

namespace base {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

Decoded64 broken(std::size_t index) {
  return {{}, "character " + std::to_string(index + 1) + " is not a base64 character"};
}

}  // namespace

Decoded64 decode_base64(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int digits = 0;
  int padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      if (digits < 2 || digits + ++padding > 4) return broken(i);
      continue;
    }
    const int value = value_of(c);
    if (value < 0 || padding != 0) return broken(i);
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    if (++digits == 4) {
      bytes += static_cast<char>(bits >> 16U & 0xFFU);
      bytes += static_cast<char>(bits >> 8U & 0xFFU);
      bytes += static_cast<char>(bits & 0xFFU);
      digits = 0;
      bits = 0;
    }
  }
  if (digits == 0) return {bytes, {}};
  if (digits + padding != 4) return {{}, "it is incomplete; part of it may be missing"};
  if (digits == 2) bits >>= 4U;
  if (digits == 3) {
    bytes += static_cast<char>(bits >> 10U & 0xFFU);
    bits >>= 2U;
  }
  bytes += static_cast<char>(bits & 0xFFU);
  return {bytes, {}};
}

std::string encode_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view part = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8U | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= part.size() ? alphabet[bits >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return out;
}

}  // namespace base
