// The reader of a JWT's expiry.
#include "kube/auth/jwt_expiry.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "kube/parse/json_reader.hpp"

namespace kube {
namespace {

// RFC 7515: base64 with - and _, without padding.
std::string from_base64url(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '-', '+');
  std::replace(plain.begin(), plain.end(), '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  return base::decode_base64(plain).bytes;
}

}  // namespace

std::optional<base::Time> jwt_expiry(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string claims = from_base64url(token.substr(first + 1, second - first - 1));
  if (claims.empty() || claims.front() != '{') return std::nullopt;
  try {
    Document document;
    const auto seconds =
        read_json(claims, document)["exp"].number();  // RFC 7519: may have a fraction
    constexpr double year_9999 = 253402300799.0;
    if (!seconds || !(*seconds >= 0.0) || *seconds > year_9999) return std::nullopt;
    return base::Time(std::chrono::seconds(std::llround(*seconds)));
  } catch (const base::Error&) {
    return std::nullopt;  // no JWT then
  }
}

}  // namespace kube
