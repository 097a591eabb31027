// The refusal of memory beyond the limit of a budget.
#include "base/memory_budget.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

namespace base {

void MemoryBudget::take(std::size_t bytes) {
  if (!fits(bytes)) {
    throw Error(Fault::unavailable, "MemoryLimit",
                "what was read takes more memory than it may (" + format_bytes(limit_) + ")",
                "read less (-n, --only), or allow more with --max-memory");
  }
  used_ += bytes;
}

}  // namespace base
