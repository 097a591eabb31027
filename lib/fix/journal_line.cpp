// Lines of a journal, each sealed to the one before it.
#include "fix/journal_line.hpp"

#include "base/sha256.hpp"

namespace fix {
namespace {

constexpr std::string_view mark = ",\"hash\":\"";
constexpr std::size_t hash_size = 64;
constexpr std::size_t tail_size = mark.size() + hash_size + 2;  // "}

}  // namespace

bool is_sealed(std::string_view line) {
  return line.size() > tail_size && line.ends_with("\"}") &&
         line.substr(line.size() - tail_size, mark.size()) == mark;
}

std::string Seal::sealed(std::string_view object) {
  last_ = base::sha256_hex(last_ + std::string(object));
  std::string out(object.substr(0, object.size() - 1));
  return out.append(mark).append(last_).append("\"}");
}

bool Seal::follows(std::string_view line) {
  if (!is_sealed(line)) return false;
  const std::string object = std::string(line.substr(0, line.size() - tail_size)) + '}';
  const std::string_view hash = line.substr(line.size() - hash_size - 2, hash_size);
  const std::string expected = base::sha256_hex(last_ + object);
  if (hash != expected) return false;
  last_ = expected;
  return true;
}

}  // namespace fix
