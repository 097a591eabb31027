// Any text at all loses its secrets without a crash, and nothing more the second time.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "demand.hpp"
#include "kube/redact/redact.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string once = kube::redact_text(text);
  demand(once.size() <= 16 * size + 64);
  kube::redact_text(once);
  kube::redact_url(text);
  const std::size_t middle = text.find('\n');
  if (middle == std::string_view::npos) return 0;
  kube::redact_named(text.substr(0, middle), text.substr(middle + 1));
  kube::redact_argument(text.substr(middle + 1), text.substr(0, middle));
  return 0;
}
