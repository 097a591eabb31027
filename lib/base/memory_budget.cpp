// The refusal of memory beyond the limit of a budget.
#include "base/memory_budget.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

namespace base {

void MemoryBudget::take(std::size_t bytes) {
  std::size_t used = used_.load();
  do {
    if (!fits_beside(used, bytes)) {
      throw Error(Fault::unavailable, "MemoryLimit",
                  "the objects read need more memory than allowed (" + format_bytes(limit_) + ")",
                  "limit what is read (-n, --only), or raise --max-memory");
    }
  } while (!used_.compare_exchange_weak(used, used + bytes));
}

}  // namespace base
