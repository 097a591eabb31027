// The tools that `mcp` offers: the read-only commands, with arguments in place of flags.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "mcp/arguments.hpp"
#include "source.hpp"

namespace cli {

// What the command line allowed: where to read and as whom. No argument of a tool goes beyond it.
struct McpStart {
  Global global;
  SourceOptions source;  // read_only

  bool from_files() const { return !source.files.empty(); }
};

struct ToolResult {
  std::string document;  // what -o json of the command prints
  std::string more;      // said beside the brief of it; may be empty
};

struct Tool {
  std::string_view name, title, description;
  std::string_view output_schema;
  bool needs_cluster = false;  // not offered over files
  std::vector<ArgumentSpec> (*arguments)(const McpStart& start);
  // Throws base::Error.
  ToolResult (*run)(const McpStart& start, const Arguments& arguments);
};

// Those that are offered, in order.
std::vector<Tool> tools_of(const McpStart& start);

// The result of tools/list, in JSON.
std::string tool_list(const McpStart& start);
// Who waits for a call: how it is ended, and who is told how far it is.
struct CallEnds {
  const std::atomic<int>* stop = nullptr;
  std::function<void(std::string_view)> progress;
};

// The result of tools/call, in JSON: the document and a short text, or with isError what is wrong
// and what to do. `arguments`: JSON, may be empty. Throws nothing but for want of memory.
std::string call_tool(const McpStart& start, const Tool& tool, const std::string& arguments,
                      const CallEnds& ends);

}  // namespace cli
