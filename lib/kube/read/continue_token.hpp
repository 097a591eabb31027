// Tokens of next pages, found while a page still downloads.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace kube {

// What the beginning of a list's body tells about the next page.
struct TokenScan {
  enum class State { need_more, found, none } state = State::need_more;
  std::string token = {};
};

// The API server writes a list's metadata before its items (custom resources: after them), in JSON
// and in protobuf, so the next page can be asked for while this one still downloads. Looks no
// further than `items`; `none` also for anything unusual, and then the parsed page decides.
TokenScan scan_continue_token(std::string_view body_so_far);

inline constexpr std::size_t token_scan_limit = 64UL << 10;

}  // namespace kube
