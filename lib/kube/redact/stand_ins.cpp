// Words in place of others, and addresses, uids and account numbers in place of others.
#include "kube/redact/stand_ins.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/chars.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "kube/redact/common_words.hpp"

namespace kube {
namespace {

using base::is_alnum;
using base::is_digit;
using base::word_end;

using base::npos;
constexpr int most_tries = 4096;
constexpr std::size_t account_digits = 12;
constexpr std::size_t machine_digits = 32;

bool is_hex(char c) {
  return base::hex_value(c) >= 0;
}

// As Kubernetes makes them: five to ten characters, no vowels, some digit.
bool generated_ending(std::string_view word) {
  return word.size() >= 5 && word.size() <= 10 && std::ranges::any_of(word, is_digit) &&
         word.find_first_not_of("bcdfghjklmnpqrstvwxz2456789") == npos;
}

// 01234567-89ab-cdef-0123-456789abcdef
std::size_t uid_at(std::string_view text) {
  constexpr std::size_t size = 36;
  if (text.size() < size || word_end(text, 0) != 8) return 0;
  for (std::size_t i = 0; i < size; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return 0;
  }
  return text.size() > size && is_alnum(text[size]) ? 0 : size;
}

// Four numbers up to 255.
std::size_t octets_at(std::string_view text, char separator) {
  std::size_t at = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && (at >= text.size() || text[at++] != separator)) return 0;
    const std::size_t end = word_end(text, at);
    const std::string_view number = text.substr(at, end - at);
    if (!base::all_digits(number) || number.size() > 3 || (number.size() > 1 && number[0] == '0') ||
        (number.size() == 3 && number > "255"))
      return 0;
    at = end;
  }
  const bool more = at + 1 < text.size() && text[at] == separator && is_digit(text[at + 1]);
  return more ? 0 : at;
}

// fd00:10::1 and the like.
std::size_t groups_at(std::string_view text) {
  std::size_t end = 0;
  std::size_t digits = 0;
  std::size_t colons = 0;
  while (end < text.size() && (is_hex(text[end]) || text[end] == ':') && digits <= 4) {
    digits = text[end] == ':' ? 0 : digits + 1;
    colons += text[end] == ':' ? 1 : 0;
    ++end;
  }
  const std::string_view address = text.substr(0, end);
  const bool shape = colons == 7 || (colons >= 2 && address.find("::") != npos);
  if (!shape || digits > 4 || !std::ranges::any_of(address, is_digit)) return 0;
  return end < text.size() && is_alnum(text[end]) ? 0 : end;
}

std::string cased(std::string text, std::string_view as) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (base::is_upper(as[i])) text[i] = base::to_upper(text[i]);
  }
  return text;
}

}  // namespace

bool StandIns::replaces(std::string_view word) const {
  const std::string lower = base::lower(word);
  return !common_word(lower) && !base::all_digits(lower) && !generated_ending(lower) &&
         !kept_.contains(lower);
}

void StandIns::keep(std::string_view word) {
  kept_.insert(base::lower(word));
}

void StandIns::avoid(std::string_view word) {
  avoided_.insert(base::lower(word));
}

void StandIns::learn(std::string_view word) {
  const std::string lower = base::lower(word);
  if (!replaces(lower) || words_.contains(lower)) return;
  std::string made;
  for (int i = 0; i < most_tries; ++i) {
    made = random(lower, std::to_string(i), false);
    const bool free = !used_.contains(made) && replaces(made);
    // A short word may find all names taken.
    if (free && (!avoided_.contains(made) || i > most_tries / 2)) break;
  }
  used_.insert(made);
  words_[lower] = made;
}

bool StandIns::knows(std::string_view word) const {
  return words_.contains(base::lower(word));
}

std::string StandIns::of(std::string_view word) const {
  const auto found = words_.find(base::lower(word));
  return found == words_.end() ? std::string(word) : cased(found->second, word);
}

// In lower case.
std::string StandIns::random(std::string_view word, std::string_view use, bool hex) const {
  std::string out = base::lower(word);
  std::string bits;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 16 == 0) {
      bits = base::sha256_hex(key_ + '\n' + std::string(use) + '\n' + std::to_string(i) + '\n' +
                              base::lower(word));
    }
    unsigned value = 0;
    std::from_chars(&bits[i % 16 * 4], &bits[i % 16 * 4] + 4, value, 16);
    if (hex && is_hex(out[i])) {
      out[i] = base::lower_hex[value % 16];
    } else if (is_digit(out[i])) {
      out[i] = static_cast<char>('0' + value % 10);
    } else if (base::is_lower(out[i])) {
      out[i] = static_cast<char>('a' + value % 26);
    }
  }
  return out;
}

// 1 to size - 1, by what stands before.
std::size_t StandIns::turn(std::string_view prefix, std::size_t size) const {
  const std::string bits = base::sha256_hex(key_ + "\naddress\n" + std::string(prefix));
  std::uint32_t value = 0;
  std::from_chars(bits.data(), bits.data() + 7, value, 16);
  return 1 + value % (size - 1);
}

// Networks stay networks: what two addresses share at their beginning they share after it.
std::string StandIns::octets(std::string_view text, char separator) const {
  const std::vector<std::string_view> parts = base::split(text, separator);
  const std::string_view first = parts[0];
  const std::string_view second = parts[1];
  if (first == "127" || first == "0" || first == "255" || (first == "169" && second == "254"))
    return std::string(text);
  std::string prefix;
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::size_t number = 0;
    std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), number);
    std::size_t low = parts[i].size() == 3 ? 100 : parts[i].size() == 2 ? 10 : i == 3 ? 1 : 0;
    std::size_t size = parts[i].size() == 3 ? 155 : parts[i].size() == 2 ? 90 : i == 3 ? 9 : 10;
    const bool shared = first == "172" || first == "192" || first == "100";
    bool stays = i == 0 || number == 255 || (i == 3 && number == 0) || (i == 1 && shared);
    if (i == 1 && first == "172" && number >= 16 && number < 32) {
      low = 16;
      size = 16;
      stays = false;
    }
    if (!stays) number = low + (number - low + turn(prefix, size)) % size;
    prefix += std::string(parts[i]) + '.';
    if (i > 0) out += separator;
    out += std::to_string(number);
  }
  return out;
}

std::string StandIns::groups(std::string_view text) const {
  std::string out;
  std::string prefix;
  for (const std::string_view part : base::split(text, ':')) {
    std::string made(part);
    std::size_t number = 0;
    std::from_chars(part.data(), part.data() + part.size(), number, 16);
    if (!prefix.empty() && number != 0 && part[0] != '0') {
      const std::size_t low = std::size_t{1} << (4 * (part.size() - 1));
      number = low + (number - low + turn(prefix, low * 15)) % (low * 15);
      std::array<char, 8> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16);
      made = cased(std::string(digits.data(), end.ptr), part);
    }
    if (!prefix.empty()) out += ':';
    out += made;
    prefix += std::string(part) + ':';
  }
  return out;
}

std::size_t StandIns::known_shape(std::string_view text, std::size_t at, std::string& out) const {
  const std::string_view rest = text.substr(at);
  std::size_t size = uid_at(rest);
  if (size != 0) {
    out += cased(random(rest.substr(0, size), "uid", true), rest.substr(0, size));
    return size;
  }
  if (is_digit(rest[0])) {
    size = octets_at(rest, '.');
    const bool name = at >= 3 && text.substr(at - 3, 3) == "ip-";
    const char separator = size == 0 && name ? '-' : '.';
    if (separator == '-') size = octets_at(rest, '-');
    if (size != 0) {
      out += octets(rest.substr(0, size), separator);
      return size;
    }
  }
  if (is_hex(rest[0])) size = groups_at(rest);
  if (size != 0) {
    out += groups(rest.substr(0, size));
    return size;
  }
  size = word_end(rest, 0);
  const std::string_view word = rest.substr(0, size);
  if (size == account_digits && base::all_digits(word)) {
    out += random(word, "account", false);
    return size;
  }
  if (size == machine_digits && std::ranges::all_of(word, is_hex)) {
    out += cased(random(word, "machine", true), word);
    return size;
  }
  return 0;
}

}  // namespace kube
