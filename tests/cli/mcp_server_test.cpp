// The server of `mcp` on its own: messages, calls, cancellation. What it serves is made up.
#include <atomic>
#include <chrono>
#include <thread>

#include "base/error.hpp"
#include "catch.hpp"
#include "support/mcp_client.hpp"

using nlohmann::json;
using support::McpClient;

namespace {

// Tools: "echo" says its arguments, "hang" waits until it is stopped, "fail" throws.
struct Served {
  std::atomic<int> begun{0};
  std::atomic<int> stopped{0};

  cli::McpService service() {
    cli::McpService out;
    out.instructions = "read me";
    out.names = {"echo", "hang", "fail"};
    out.list = R"({"tools":[]})";
    out.call = [this](const std::string& name, const std::string& arguments,
                      const cli::McpCall& call) { return run(name, arguments, call); };
    return out;
  }

 private:
  std::string run(const std::string& name, const std::string& arguments, const cli::McpCall& call) {
    ++begun;
    call.progress("half of it");
    if (name == "fail") throw std::runtime_error("a bug");
    while (name == "hang" && call.stop->load() == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (name == "hang") ++stopped;
    return json({{"content", json::array()}, {"said", arguments}}).dump();
  }
};

void until(const std::function<bool()>& ready) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!ready() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  REQUIRE(ready());
}

int code_of(McpClient& client, const std::string& line) {
  const std::size_t before = client.messages().size();
  client.line(line);
  client.await(before + 1);
  const json answer = client.messages().back();
  CAPTURE(answer.dump());
  CHECK(answer["error"]["message"].get<std::string>().size() > 10);
  return answer["error"]["code"];
}

const json stateless = {{"io.modelcontextprotocol/protocolVersion", "2026-07-28"},
                        {"io.modelcontextprotocol/clientCapabilities", json::object()}};

}  // namespace

TEST_CASE("mcp: initialize agrees on the version that is asked for, or else on the newest") {
  for (const auto& [asked, agreed] :
       {std::pair("2024-11-05", "2024-11-05"), std::pair("2025-03-26", "2025-03-26"),
        std::pair("2025-06-18", "2025-06-18"), std::pair("2025-11-25", "2025-11-25"),
        std::pair("1999-01-01", "2025-11-25")}) {
    Served served;
    McpClient client(served.service());
    const json answer = client.ask("initialize", {{"protocolVersion", asked},
                                                  {"capabilities", json::object()},
                                                  {"clientInfo", {{"name", "test"}}}});
    CHECK(answer["jsonrpc"] == "2.0");
    const json result = answer["result"];
    CHECK(result["protocolVersion"] == agreed);
    CHECK(result["capabilities"] == json({{"tools", json::object()}}));
    CHECK(result["serverInfo"]["name"] == "aibrixctl");
    CHECK(result["instructions"] == "read me");
    CHECK(client.ask("tools/list")["result"] == json({{"tools", json::array()}}));
    CHECK_FALSE(result.contains("resultType"));
  }
}

TEST_CASE(
    "mcp: a message that is wrong is refused with the code that says how, and the next one is served") {
  Served served;
  McpClient client(served.service());
  CHECK(code_of(client, R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})") == -32600);
  client.handshake();
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::vector<std::pair<std::string, int>> wrong = {
      {"{", -32700},
      {"\xff\xfe", -32700},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping"} x)", -32700},
      {"[]", -32600},
      {R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])", -32600},
      {"1", -32600},
      {deep, -32600},
      {R"({"id":1,"method":"ping"})", -32600},
      {R"({"jsonrpc":"1.0","id":1,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":1})", -32600},
      {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":{},"method":"ping"})", -32600},
      {R"({"jsonrpc":"2.0","id":1,"method":7})", -32600},
      {R"({"jsonrpc":"2.0","id":1,"method":"resources/list"})", -32601},
      {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})", -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"initialize","params":{}})", -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}})", -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}})", -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}})", -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":[]}})",
       -32602},
      {R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"eco"}})", -32602},
  };
  for (const auto& [line, code] : wrong) {
    CAPTURE(line.substr(0, 200));
    CHECK(code_of(client, line) == code);
    CHECK(client.ask("ping")["result"] == json::object());
  }
  CHECK(served.begun == 0);
  CHECK(client.call("echo", {{"a", 1}})["said"] == R"({"a":1})");
}

TEST_CASE("mcp: an unknown tool is refused with the near one") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  const json answer = client.ask("tools/call", {{"name", "eco"}});
  CHECK(answer["error"]["message"] == "there is no tool \"eco\"; did you mean echo?");
}

TEST_CASE("mcp: answers name the request they are for, whatever its id is") {
  Served served;
  McpClient client(served.service());
  for (const json& id : {json("a"), json(""), json(-7), json("\u00e9\n\"")}) {
    client.send({{"jsonrpc", "2.0"}, {"id", id}, {"method", "ping"}});
    CHECK(client.answer(id)["result"] == json::object());
  }
}

TEST_CASE("mcp: notifications, answers and blank lines get no answer") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  const std::size_t before = client.messages().size();
  client.line("");
  client.line("  \t");
  client.send({{"jsonrpc", "2.0"}, {"method", "notifications/initialized"}});
  client.send({{"jsonrpc", "2.0"}, {"method", "notifications/unheard-of"}, {"params", {{"x", 1}}}});
  client.send({{"jsonrpc", "2.0"}, {"method", "notifications/cancelled"}});
  client.send({{"jsonrpc", "2.0"},
               {"method", "notifications/cancelled"},
               {"params", {{"requestId", "never sent"}}}});
  client.send({{"jsonrpc", "2.0"}, {"id", 5}, {"result", json::object()}});
  client.ask("ping");
  CHECK(client.messages().size() == before + 1);
}

TEST_CASE("mcp: while a call runs, pings are answered and calls wait for their turn") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  const int hanging = client.begin("hang", json::object());
  until([&] { return served.begun == 1; });
  const int waiting = client.begin("echo", json::object());
  CHECK(client.ask("ping")["result"] == json::object());
  CHECK(client.ask("tools/list").contains("result"));
  CHECK(served.begun == 1);
  client.cancel(hanging);
  CHECK(client.answer(waiting).contains("result"));
}

TEST_CASE("mcp: a call that is cancelled is stopped and not answered, and the server lives on") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  for (int round = 1; round <= 3; ++round) {
    const int id = client.begin("hang", json::object());
    until([&] { return served.begun == 2 * round - 1; });
    client.cancel(id);
    CHECK(client.call("echo", json::object()).contains("said"));
    CHECK(served.stopped == round);
    for (const json& message : client.messages()) {
      CHECK((!message.contains("id") || message["id"] != id));
    }
  }
}

TEST_CASE("mcp: a waiting call that is cancelled never runs") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  const int hanging = client.begin("hang", json::object());
  until([&] { return served.begun == 1; });
  const int waiting = client.begin("echo", json::object());
  client.cancel(waiting);
  client.cancel(hanging);
  CHECK(client.call("echo", {{"b", 2}})["said"] == R"({"b":2})");
  CHECK(served.begun == 2);
}

TEST_CASE("mcp: progress is told to who asked for it, and grows") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  client.call("echo", json::object());
  for (const json& message : client.messages()) CHECK_FALSE(message.contains("method"));
  const int id = client.begin("echo", json::object(), {{"progressToken", "mine"}});
  client.answer(id);
  double last = 0;
  int told = 0;
  for (const json& message : client.messages()) {
    if (!message.contains("method")) continue;
    CHECK(message["method"] == "notifications/progress");
    CHECK(message["params"]["progressToken"] == "mine");
    CHECK(message["params"]["progress"].get<double>() > last);
    last = message["params"]["progress"];
    ++told;
  }
  CHECK(told == 2);
  CHECK(client.messages().back()["id"] == id);
}

TEST_CASE("mcp: a call that fails inside is an internal error, and the server lives on") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  const json answer = client.answer(client.begin("fail", json::object()));
  CHECK(answer["error"]["code"] == -32603);
  CHECK(client.call("echo", json::object()).contains("said"));
}

TEST_CASE("mcp: an id that is in use is refused, and so are more calls than can wait") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  const int id = client.begin("hang", json::object());
  until([&] { return served.begun == 1; });
  client.send(
      {{"jsonrpc", "2.0"}, {"id", id}, {"method", "tools/call"}, {"params", {{"name", "echo"}}}});
  CHECK(client.answer(id)["error"]["code"] == -32600);
  std::vector<int> waiting;
  for (int i = 0; i < 32; ++i) waiting.push_back(client.begin("echo", json::object()));
  CHECK(client.answer(client.begin("echo", json::object()))["error"]["code"] == -32000);
  client.cancel(id);
  for (const int one : waiting) CHECK(client.answer(one).contains("result"));
}

TEST_CASE("mcp: a request that names a version of its own needs no handshake, as of 2026-07-28") {
  Served served;
  McpClient client(served.service());
  const json discovered = client.ask("server/discover", {{"_meta", stateless}})["result"];
  CHECK(discovered["supportedVersions"][0] == "2026-07-28");
  CHECK(discovered["supportedVersions"].size() == 5);
  CHECK(discovered["capabilities"].contains("tools"));
  const json list = client.ask("tools/list", {{"_meta", stateless}})["result"];
  CHECK(list["cacheScope"] == "private");
  CHECK(list["ttlMs"].is_number_integer());
  const json result = client.ask("tools/call", {{"name", "echo"}, {"_meta", stateless}})["result"];
  for (const json& one : {discovered, list, result}) {
    CHECK(one["resultType"] == "complete");
    CHECK(one["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "aibrixctl");
  }
  json other = stateless;
  other["io.modelcontextprotocol/protocolVersion"] = "2099-01-01";
  const json refused = client.ask("tools/list", {{"_meta", other}})["error"];
  CHECK(refused["code"] == -32022);
  CHECK(refused["data"]["requested"] == "2099-01-01");
  CHECK(refused["data"]["supported"] == discovered["supportedVersions"]);
  json lacking = stateless;
  lacking.erase("io.modelcontextprotocol/clientCapabilities");
  CHECK(client.ask("tools/list", {{"_meta", lacking}})["error"]["code"] == -32602);
  CHECK(client.ask("server/discover")["error"]["code"] == -32602);
}

TEST_CASE("mcp: the end of the server stops the call that runs") {
  Served served;
  {
    McpClient client(served.service());
    client.handshake();
    client.begin("hang", json::object());
    until([&] { return served.begun == 1; });
    client.begin("echo", json::object());
  }
  CHECK(served.stopped == 1);
  CHECK(served.begun == 1);
}

TEST_CASE("mcp: when nobody reads any more, the call that runs is stopped") {
  Served served;
  McpClient client(served.service());
  client.handshake();
  client.begin("hang", json::object());
  until([&] { return served.begun == 1; });
  client.hang_up();
  client.send({{"jsonrpc", "2.0"}, {"id", "x"}, {"method", "ping"}});
  CHECK(client.server().lost());
  until([&] { return client.server().idle(); });
  CHECK(served.stopped == 1);
}
