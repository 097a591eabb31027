// The tools as the server serves them.
#pragma once
#include "mcp/server.hpp"
#include "mcp/tools.hpp"

namespace cli {

// `start` must outlive it.
McpService mcp_service(const McpStart& start);

}  // namespace cli
