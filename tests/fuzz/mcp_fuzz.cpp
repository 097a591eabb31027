// A line that somebody sends to `mcp`: any bytes at all give one message, and answers that are one
// line of JSON.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "demand.hpp"
#include "mcp/arguments.hpp"
#include "mcp/protocol.hpp"

namespace {

bool one_line(const std::string& text) {
  return text.size() > 2 && text.front() == '{' && text.back() == '}' &&
         text.find('\n') == std::string::npos;
}

const std::vector<cli::ArgumentSpec> specs = {
    {"models", cli::ArgumentType::texts, "names"},
    {"from", cli::ArgumentType::text, "where", {"outside", "inside"}},
    {"logs", cli::ArgumentType::flag, "whether"},
    {"node_port", cli::ArgumentType::port, "which"},
    {"annotation", cli::ArgumentType::pairs, "what"},
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const cli::McpMessage message = cli::read_message(line);
  if (message.kind == cli::McpMessage::Kind::refused) {
    demand(!message.error.empty());
    demand(one_line(cli::error_line(message, message.code, message.error)));
  }
  if (message.kind != cli::McpMessage::Kind::request) return 0;
  demand(!message.method.empty());
  demand(one_line(cli::result_line(message, "{\"content\":[]}")));
  demand(one_line(cli::version_error_line(message)));
  if (!message.progress_token.empty()) {
    demand(one_line(cli::progress_line(message.progress_token, 1, message.method)));
  }
  try {
    const cli::Arguments arguments = cli::read_arguments(specs, message.arguments);
    demand(arguments.text("from").empty() || arguments.text("from").ends_with("side"));
  } catch (const base::Error& error) {
    demand(error.fault == base::Fault::usage);
  }
  return 0;
}
