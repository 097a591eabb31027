// Values that are made once.
#include "base/memo.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

namespace {
struct Names {
  std::vector<std::string> all;
};
struct Count {
  std::size_t of_names = 0;
};
}  // namespace

TEST_CASE("a memo has each value made once, and keeps it where it is") {
  base::Memo memo;
  int made = 0;
  const auto names = [&]() -> const Names& {
    return memo.once<Names>([&] {
      ++made;
      return Names{{"a", "b"}};
    });
  };
  const Names& first = names();
  // One value may need another.
  const auto& count = memo.once<Count>([&] { return Count{names().all.size()}; });
  CHECK(count.of_names == 2);
  CHECK(&names() == &first);
  CHECK(made == 1);
}
