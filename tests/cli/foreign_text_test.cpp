// Text of a cluster steers nothing that shows it: every output of the program, about clusters whose
// names, messages, arguments and settings are hostile, is read as a terminal, GitHub's runner,
// GitHub's Markdown, JSON, YAML and Mermaid read it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/temp_folder.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "catch.hpp"
#include "kube/parse/yaml_reader.hpp"
#include "report/encode.hpp"
#include "support/fake_api_server.hpp"
#include "support/hostile.hpp"
#include "support/program.hpp"

namespace {

using support::aibrixctl;
using support::Hostility;
using Json = nlohmann::json;

// What is seen as nothing, or moves its neighbours.
const std::vector<std::string> hidden = {
    "\x1b[31m",   "\x1b]0;title\a", "\b",         "\r",         "\u0085",     "\u009b1m",
    "\u00a0",     "\u00ad",         "\u034f",     "\u061c",     "\u115f",     "\u1160",
    "\u17b4",     "\u180e",         "\u200b",     "\u200d",     "\u200e",     "\u200f",
    "\u2028",     "\u2029",         "\u202a",     "\u202e",     "\u202f",     "\u2060",
    "\u2061",     "\u2062",         "\u2063",     "\u2066",     "\u2069",     "\u206f",
    "\u2800",     "\u3000",         "\u3164",     "\ufe0f",     "\ufeff",     "\uffa0",
    "\ufff9",     "\ufffb",         "\U0001bca0", "\U0001d173", "\U000e0001", "\U000e0041",
    "\U000e007f", "\U000e0100",     "\x7f",
};

std::string all_hidden() {
  std::string out;
  for (const std::string& text : hidden) out += "x" + text;
  return out;
}

// ---- how the targets read

void has_nothing_hidden(const std::string& out, bool coloured = false) {
  for (const std::string& text : hidden) {
    if (coloured && text.starts_with("\x1b[")) continue;
    if (out.find(text) != std::string::npos) {
      INFO("U+" << std::hex << static_cast<unsigned>(base::decode_utf8(text).code));
      CHECK(false);
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto c = static_cast<unsigned char>(out[i]);
    const bool layout = c == '\n' || c == '\t' || (coloured && c == 0x1b);
    if (c < 0x20 && !layout) FAIL("a control character: " << base::printable(out.substr(i, 20)));
  }
  CHECK(base::valid_utf8(out));
}

// ActionCommand.TryParseV2 and TryParse of actions/runner, without asking which names it knows;
// "##vso[" is Azure's.
bool is_log_command(std::string line) {
  if (line.find("##[") != std::string::npos || line.find("##vso[") != std::string::npos)
    return true;
  const std::size_t start = line.find_first_not_of(" \t\r");
  return start != std::string::npos && line.compare(start, 2, "::") == 0;
}

void has_no_log_command(const std::string& out) {
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    if (is_log_command(line)) FAIL("a command: " << base::printable(line));
  }
}

void is_safe_text(const base::ProcessResult& run, bool coloured = false) {
  for (const std::string* out : {&run.out, &run.err}) {
    has_nothing_hidden(*out, coloured);
    has_no_log_command(*out);
  }
}

void is_safe_json(const base::ProcessResult& run) {
  is_safe_text(run);
  CHECK(Json::accept(run.out));
}

void is_safe_yaml(const base::ProcessResult& run) {
  is_safe_text(run);
  kube::Document document;
  CHECK(kube::read_yaml(run.out, "out", document).size() == 1);
}

// Outside of code spans (CommonMark 6.1) nothing but the words and bars of our own table.
void is_safe_markdown(const std::string& out) {
  has_nothing_hidden(out);
  std::size_t bars = 0;
  for (const std::string_view line : base::split(out, '\n')) {
    if (!line.starts_with('|')) continue;
    const auto count = static_cast<std::size_t>(std::count(line.begin(), line.end(), '|'));
    if (bars == 0) bars = count;
    CHECK(count == bars);
    std::string outside;
    for (std::size_t at = 0; at < line.size();) {
      std::size_t run = 0;
      while (at + run < line.size() && line[at + run] == '`') ++run;
      if (run == 0) {
        outside += line[at++];
        continue;
      }
      const std::string fence(run, '`');
      std::size_t end = line.find(fence, at + run);
      while (end != std::string_view::npos &&
             (line.substr(end + run).starts_with('`') || line[end - 1] == '`')) {
        end = line.find(fence, line.find_first_not_of('`', end));
      }
      REQUIRE(end != std::string_view::npos);
      CHECK(line.substr(at, end - at).find('|') == std::string_view::npos);
      at = end + run;
    }
    CHECK(outside.find_first_of("[]()<>!@:/\\`&*") == std::string::npos);
  }
}

// ---- the outputs

std::string as_file(const TempFolder& folder, const Json& objects) {
  const Json list = {{"apiVersion", "v1"}, {"kind", "List"}, {"items", objects}};
  return folder.write("cluster.json", list.dump());
}

const std::vector<Hostility>& hostilities() {
  static const std::vector<Hostility> all = {
      {"", " ##[stop-commands]zzz ##vso[task.setvariable variable=x]y", false},
      {"", " ::stop-commands::zzz ::error::no ::add-mask::e", false},
      {"", "\n::stop-commands::zzz\n  ##[error]no\r::error::x%0A::error::y", false},
      {"", all_hidden(), false},
      {"",
       "](https://h.example) ![x](https://h.example/t.png) <img src=//h.example> @team #1 "
       "https://h.example www.h.example a@h.example \\| ` `` \\` |\n| x | &lt;b&gt; :tada:",
       false},
      {"\"", "\n---\nkind: Secret\n- x: *a\n: yes\n... 'a' \"b\" {c} %%{init: {}}%% `#quot; end",
       false},
  };
  return all;
}

std::string model_of(const Hostility& hostility) {
  return hostility.before + "llama-3-1-8b-instruct" + hostility.after;
}

void check_texts(const std::string& file, const Hostility& hostility) {
  const std::string model = model_of(hostility);
  for (const char* columns : {"24", "40", "61", "80", "100"}) {
    INFO("columns " << columns);
    is_safe_text(aibrixctl({"doctor", "-v", "-f", file}, {{"COLUMNS", columns}}));
    is_safe_text(aibrixctl({"trace", model, "-f", file}, {{"COLUMNS", columns}}));
  }
  is_safe_text(aibrixctl({"doctor", "-f", file, "--color", "always"}), true);
  is_safe_text(aibrixctl({"doctor", "-f", file, "-o", "plain"}));
  for (const char* way : {"uninstall", "install", "upgrade"})
    is_safe_text(aibrixctl({"preflight", way, "-v", "-f", file}));
  for (const char* format : {"text", "url", "env", "curl", "python"}) {
    is_safe_text(aibrixctl({"endpoint", "print", model, "-f", file, "-o", format}));
  }
}

void check_documents(const std::string& file, const Hostility& hostility) {
  const std::vector<std::vector<std::string>> commands = {
      {"doctor", "-f", file},
      {"trace", model_of(hostility), "-f", file},
      {"preflight", "uninstall", "-f", file},
      {"preflight", "install", "-f", file},
      {"preflight", "upgrade", "-f", file},
      {"endpoint", "print", model_of(hostility), "-f", file, "-q"},
  };
  for (std::vector<std::string> command : commands) {
    INFO(command.front());
    command.insert(command.end(), {"-o", "json"});
    is_safe_json(aibrixctl(command));
    command.back() = "yaml";
    is_safe_yaml(aibrixctl(command));
  }
  const auto snapshot = aibrixctl({"snapshot", "-f", file});
  CHECK(snapshot.code == 0);
  is_safe_json(snapshot);
}

void check_ci(const TempFolder& folder, const std::string& file) {
  const std::string summary = folder.write("summary", "");
  const auto run = aibrixctl({"doctor", "-f", file, "--ci"},
                             {{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", summary}});
  has_nothing_hidden(run.out);
  std::istringstream lines(run.out);
  std::size_t annotations = 0;
  for (std::string line; std::getline(lines, line);) {
    bool own = false;
    for (const char* begin : {"::error title=", "::warning title=", "::notice title="}) {
      own = own || line.starts_with(begin);
    }
    if (own) {
      ++annotations;
      const std::string properties = line.substr(2, line.find("::", 2) - 2);
      CHECK(properties.find("  ") == std::string::npos);
      line = line.substr(line.find("::", 2) + 2);
    }
    if (is_log_command("x" + line) || (!own && is_log_command(line))) {
      FAIL("a command: " << base::printable(line));
    }
  }
  CHECK(annotations > 3);
  std::stringstream text;
  text << std::ifstream(summary).rdbuf();
  is_safe_markdown(text.str());
}

// A node is its number and one label in quotes, which holds no directive, comment or Markdown.
void check_mermaid(const std::string& file, const Hostility& hostility) {
  const auto run = aibrixctl({"trace", model_of(hostility), "-f", file, "-o", "mermaid"});
  is_safe_text(run);
  for (const std::string_view line : base::split(run.out, '\n')) {
    if (line.find('"') == std::string_view::npos) continue;
    CHECK(std::count(line.begin(), line.end(), '"') == 2);
    CHECK(line.find_first_of("`{}%&") == std::string_view::npos);
  }
}

}  // namespace

TEST_CASE("hostile names and messages and settings steer nothing that shows them") {
  const Json objects = support::objects_of(SOURCE_DIR "/examples/broken-cluster/cluster.yaml");
  for (const Hostility& hostility : hostilities()) {
    const TempFolder folder;
    const std::string file = as_file(folder, support::spoiled(objects, hostility));
    INFO(base::printable(hostility.after));
    check_texts(file, hostility);
    check_documents(file, hostility);
    check_ci(folder, file);
    check_mermaid(file, hostility);
  }
}

TEST_CASE("plans about hostile names and messages steer nothing that shows them") {
  const Json objects = support::objects_of(SOURCE_DIR "/examples/broken-cluster/cluster.yaml");
  for (const Hostility& hostility : hostilities()) {
    const TempFolder folder;
    support::FakeApiServer server;
    server.load(as_file(folder, support::spoiled(objects, hostility)));
    const std::string config = folder.write("config", server.kubeconfig());
    const std::vector<std::vector<std::string>> commands = {
        {"fix", "finalizers", "-A"},
        {"fix", "referencegrants", "-A"},
        {"fix", "service-type", "--to", "NodePort"},
        {"fix", "webhooks"},
        {"doctor"},
    };
    INFO(base::printable(hostility.after));
    for (std::vector<std::string> command : commands) {
      INFO(command[0] << ' ' << command.back());
      command.insert(command.end(), {"--kubeconfig", config});
      const auto text = aibrixctl(command);
      CHECK(text.code < 2);
      is_safe_text(text);
      command.insert(command.end(), {"-o", "json"});
      is_safe_json(aibrixctl(command));
      command.back() = "yaml";
      is_safe_text(aibrixctl(command));  // a manifest of several documents, for some
      command.back() = "kubectl";
      if (command.front() == "fix") is_safe_text(aibrixctl(command));
    }
  }
}

TEST_CASE("the names of runs are shown, not obeyed") {
  const TempFolder folder;
  std::size_t number = 0;
  for (const Hostility& hostility : hostilities()) {
    std::string name = "9" + std::to_string(++number) + hostility.after.substr(0, 200);
    std::replace(name.begin(), name.end(), '/', '_');
    while (!base::valid_utf8(name)) name.pop_back();
    folder.write("aibrixctl/runs/" + name + "/journal.jsonl", "{}\n");
  }
  const auto list = aibrixctl({"undo"}, {{"XDG_STATE_HOME", folder.path()}});
  CHECK(std::count(list.out.begin(), list.out.end(), '\n') >=
        static_cast<std::ptrdiff_t>(hostilities().size()));
  is_safe_text(list);
  is_safe_text(aibrixctl({"undo", "last"}, {{"XDG_STATE_HOME", folder.path()}}));
}

TEST_CASE("what somebody pasted, and words of the command line, are shown and not obeyed") {
  for (const Hostility& hostility : hostilities()) {
    const std::string text = "HTTP/1.1 404 Not Found\nx-error-routing: true\n\n" +
                             model_of(hostility) + "\nupstream connect error " + hostility.after;
    is_safe_text(support::aibrixctl_reading(text, {"explain", "-"}));
    is_safe_json(support::aibrixctl_reading(text, {"explain", "-", "-o", "json"}));
    is_safe_yaml(support::aibrixctl_reading(text, {"explain", "-", "-o", "yaml"}));
    is_safe_text(aibrixctl({"explain", hostility.after}));
    is_safe_text(aibrixctl({hostility.after}));
    is_safe_text(aibrixctl({"doctor", "-f", hostility.after}));
    is_safe_json(aibrixctl({"doctor", "-f", hostility.after, "-o", "json"}));
    const auto roles = aibrixctl({"rbac", "print", "--for", "user:" + hostility.after, "--name",
                                  hostility.before + hostility.after});
    is_safe_text(roles);
    kube::Document document;
    const auto parts = kube::read_yaml(roles.out, "roles", document);
    REQUIRE(parts.size() >= 2);
    CHECK(parts[0]["metadata"]["name"].text() == hostility.before + hostility.after);
    CHECK(parts[1]["subjects"][0]["name"].text() == hostility.after);
  }
}

TEST_CASE("a code span of Markdown holds its text, whatever is in it") {
  CHECK(report::markdown_code("").empty());
  CHECK(report::markdown_code("a[b](c)") == "`a[b](c)`");
  CHECK(report::markdown_code("a`b") == "``a`b``");
  CHECK(report::markdown_code("`` ") == "``` ``  ```");
  CHECK(report::markdown_code("a\\|b\n") == "`a\\\\x7cb\\n`");
}
