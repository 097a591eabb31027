// Text that somebody pasted: any bytes at all give answers and a verdict, never an exception.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "aibrix/responses/responses.hpp"
#include "demand.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto answers = aibrix::read_responses(text);
  demand(answers.size() <= 64);
  std::size_t line = 0;
  for (const aibrix::ResponseText& answer : answers) {
    demand(answer.line > line);  // in the text's order, none twice
    line = answer.line;
    demand(answer.status == 0 || (answer.status >= 100 && answer.status < 600));
    const aibrix::Match r = aibrix::match_response(answer);
    demand(r.kind != nullptr || (r.also.empty() && !r.odd_status));
    for (const auto& [name, value] : r.names) demand(!name.empty() && !value.empty());
  }
  return 0;
}
