// The refusal of memory beyond the limit of a budget.
#include "base/memory_budget.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

namespace base {

void MemoryBudget::take(std::size_t bytes) {
  if (!fits(bytes)) {
    throw Error(Fault::unavailable, "MemoryLimit",
                "the objects read need more memory than allowed (" + format_bytes(limit_) + ")",
                "limit what is read (-n, --only), or raise --max-memory");
  }
  used_ += bytes;
}

}  // namespace base
