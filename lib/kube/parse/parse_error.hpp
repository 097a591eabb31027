// The error of a text that cannot be parsed, with its place.
#pragma once
#include <cstdint>
#include <string>

#include "base/error.hpp"

namespace kube {

// Its message names file and line already.
class ParseError : public base::Error {
 public:
  struct At {
    std::uint32_t line = 0;
    std::uint32_t column = 0;  // 0: not known
  };
  ParseError(const base::Error& error, std::string what, At where)
      : base::Error(error), words(std::move(what)), at(where) {}

  std::string words;  // of the message, without file and line
  At at;
};

}  // namespace kube
