// An answer of the API server: base::Error or a value, and both parsers see the same in it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "demand.hpp"
#include "kube/parse/json_backend.hpp"
#include "kube/parse/json_reader.hpp"

namespace {

std::string padded(std::string_view text) {
  std::string copy;
  copy.reserve(text.size() + 64);
  copy = text;
  return copy;
}

#ifdef AIBRIXCTL_SIMDJSON
// What the strict parser takes, the fast one takes too, and makes the same of it; not the other way
// round, since the fast one does not look closely at what it skips.
void compare(std::string_view text, std::uint32_t first_line) {
  kube::Document document;
  kube::json::Parsed strict;
  try {
    strict = kube::json::parse_nlohmann({text, text.size(), first_line}, document);
  } catch (const kube::json::SyntaxError&) {
    return;
  }
  if (text.find_first_not_of(" \t\r\n", strict.end) != std::string_view::npos) return;
  if (!strict.value.is_object() && !strict.value.is_array()) return;  // no answer is a bare scalar
  const std::string copy = padded(text);
  const kube::json::Parsed fast =
      kube::json::parse_simdjson({copy, copy.capacity(), first_line}, document);
  demand(kube::to_json(fast.value) == kube::to_json(strict.value));
  demand(fast.value.line() == strict.value.line());
}
#endif

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  kube::Document document;
  try {
    const kube::Value value = kube::read_json(text, document);
    const std::string written = kube::to_json(value);
    demand(kube::to_json(kube::read_json(written, document)) == written);
  } catch (const base::Error& error) {
    demand(error.fault == base::Fault::unavailable);
  }
  try {
    std::string body = padded(text);
    kube::read_list_page(body, document);
  } catch (const base::Error& error) {
    demand(error.fault == base::Fault::unavailable);
  }
#ifdef AIBRIXCTL_SIMDJSON
  compare(text, 0);
  compare(text, 1);
#endif
  return 0;
}
