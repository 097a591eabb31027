// The codes of everything this program can find wrong, as constants: a code that does not exist
// does not compile.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace aibrix {

// The code of a check, "INS005". One byte; made only by the constants of aibrix::codes and by
// find_code(). Reads as its text wherever text is wanted.
class Code {
 public:
  constexpr Code() = default;  // none: its text is empty
  constexpr std::string_view text() const;
  constexpr operator std::string_view() const {
    return text();
  }  // NOLINT(*-explicit-*): it is what it says
  constexpr bool empty() const { return number_ == 0; }

  // In the order of checks.def, which is the order in which to repair.
  friend constexpr bool operator==(Code a, Code b) { return a.number_ == b.number_; }
  friend constexpr bool operator==(Code a, std::string_view b) { return a.text() == b; }
  friend constexpr bool operator==(Code a, const char* b) { return a.text() == b; }
  // As text, so that what is sorted by code reads in alphabetical order.
  friend constexpr auto operator<=>(Code a, Code b) { return a.text() <=> b.text(); }
  friend std::string operator+(Code a, std::string_view b) {
    return std::string(a.text()).append(b);
  }
  friend std::string operator+(Code a, char b) { return std::string(a.text()) + b; }
  friend std::string operator+(std::string a, Code b) { return std::move(a.append(b.text())); }
  friend std::string operator+(const char* a, Code b) { return std::string(a).append(b.text()); }
  friend std::ostream& operator<<(std::ostream& out, Code code);

 private:
  friend struct CodeFactory;
  explicit constexpr Code(std::uint8_t number) : number_(number) {}
  std::uint8_t number_ = 0;
};

enum class CodeNumber : std::uint8_t {
  none,
#define CODE(code) code,
#include "checks/checks.def"
  count,
};

inline constexpr std::string_view code_texts[] = {
    "",
#define CODE(code) #code,
#include "checks/checks.def"
};

constexpr std::string_view Code::text() const {
  return code_texts[number_];
}

struct CodeFactory {
  static constexpr Code make(CodeNumber number) { return Code(static_cast<std::uint8_t>(number)); }
};

// One constant per check.
namespace codes {
#define CODE(code) inline constexpr Code code = CodeFactory::make(CodeNumber::code);
#include "checks/checks.def"
}  // namespace codes

// Nothing when no check has this code. Letter case counts.
std::optional<Code> find_code(std::string_view text);

// A few codes, for tables: {MDL001, MDL002}.
class CodeList {
 public:
  constexpr CodeList() = default;
  constexpr CodeList(Code code) : codes_{code}, size_(1) {}  // NOLINT(*-explicit-*): a list of one
  constexpr CodeList(std::initializer_list<Code> codes) {
    for (const Code code : codes) codes_.at(size_++) = code;  // too many do not compile
  }
  constexpr const Code* begin() const { return codes_.data(); }
  constexpr const Code* end() const { return codes_.data() + size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr bool contains(Code code) const {
    for (const Code c : *this) {
      if (c == code) return true;
    }
    return false;
  }

 private:
  std::array<Code, 16> codes_{};
  std::size_t size_ = 0;
};

// All codes that begin with the same letters: the family "FIN" is FIN001, FIN002, …
class CodeFamily {
 public:
  // A family without a code does not compile.
  consteval explicit CodeFamily(std::string_view letters) : letters_(letters) {
    for (const std::string_view code : code_texts) {
      if (code.size() == letters.size() + 3 && code.starts_with(letters)) return;
    }
    throw "no code begins with these letters";
  }
  constexpr bool contains(Code code) const {
    return code.text().size() == letters_.size() + 3 && code.text().starts_with(letters_);
  }

 private:
  std::string_view letters_;
};

// One code, or all of a family: what a table of checks is made of.
class CodePattern {
 public:
  constexpr CodePattern(Code code) : code_(code) {}              // NOLINT(*-explicit-*)
  constexpr CodePattern(CodeFamily family) : family_(family) {}  // NOLINT(*-explicit-*)
  constexpr bool contains(Code code) const {
    return family_ ? family_->contains(code) : code == code_;
  }

 private:
  Code code_;
  std::optional<CodeFamily> family_;
};

}  // namespace aibrix
