// Base64, both ways.
#pragma once
#include <string>
#include <string_view>

namespace base {

struct Decoded64 {
  std::string bytes;
  std::string problem;  // why it is not base64; empty when it is. Quotes nothing of the text.
};

// RFC 4648 §4 with padding. Line ends between the characters are skipped, as Go's decoder does.
Decoded64 decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);  // in one line, padded

}  // namespace base
