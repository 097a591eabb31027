// Regular expressions of schemas.
#pragma once
#include <memory>
#include <optional>
#include <string_view>

namespace kube {

// Made once, since that takes far longer than to hold a text against it.
class Pattern {
 public:
  explicit Pattern(std::string_view pattern);
  // Whether the text fits; nullopt: the expression is beyond what is understood here.
  std::optional<bool> fits(std::string_view text) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

// For an expression that is met once.
std::optional<bool> fits(std::string_view pattern, std::string_view text);

}  // namespace kube
