// The table of tools, and each one's way from arguments to the document of its command.
#include "mcp/tools.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/hidden.hpp"
#include "base/log_text.hpp"
#include "base/text.hpp"
#include "called.hpp"
#include "checks/core/command.hpp"
#include "doctor.hpp"
#include "endpoint/endpoint.hpp"
#include "explain_answer.hpp"
#include "explain_search.hpp"
#include "fix/document.hpp"
#include "fix/flags.hpp"
#include "kube/files/json_document.hpp"
#include "kube/redact/redact.hpp"
#include "mcp/brief.hpp"
#include "mcp/schemas.hpp"
#include "report/trace.hpp"
#include "report/verdicts.hpp"
#include "settings.hpp"
#include "terminal.hpp"
#include "trace.hpp"

namespace cli {
namespace {

using kube::Json;
using Type = ArgumentType;

ArgumentSpec namespaces_argument() {
  return {"namespaces", Type::texts, "Limit to workloads in these namespaces. Default: all."};
}

// The flags of the start, with the namespaces of the call: some of those that were allowed.
Global within(const McpStart& start, const Arguments& arguments) {
  Global global = start.global;
  const std::vector<std::string> asked = arguments.texts("namespaces");
  if (asked.empty()) return global;
  require_namespace_names(asked);
  const InputSource allowed(start.global, {});
  for (const std::string& ns : asked) {
    const auto& those = allowed.namespaces();
    if (those.empty() || std::ranges::find(those, ns) != those.end()) continue;
    throw base::Error(base::Fault::usage, "NotAllowed",
                      "namespace \"" + ns + "\" is not one that this server was started for",
                      "it was started for: " + base::join(those, ", "));
  }
  global.ns = base::join(asked, ",");
  global.all_namespaces = false;
  return global;
}

// doctor

std::vector<ArgumentSpec> doctor_arguments(const McpStart&) {
  return {
      {"models", Type::texts, "Only what concerns these models, by name. Default: everything."},
      namespaces_argument(),
      {"only", Type::texts,
       "Run only these checks: codes (REF001), globs (GW*) or areas (gateway)."},
      {"skip", Type::texts, "Leave these checks out: codes, globs or areas."},
      {"aibrix_version", Type::text,
       "The release of AIBrix (v0.7.0), where what is read does not tell it."},
      {"logs", Type::flag,
       "Read the ends of the logs of containers that fail. Default: true, unless the server was "
       "started with --no-logs."}};
}

ToolResult run_doctor(const McpStart& start, const Arguments& arguments) {
  const Global global = within(start, arguments);
  DoctorOptions options;
  options.models = arguments.texts("models");
  options.source = start.source;
  options.source.no_logs = start.source.no_logs || !arguments.flag("logs", true);
  options.only = arguments.texts("only");
  options.skip = arguments.texts("skip");
  options.aibrix_version = arguments.text("aibrix_version");
  if (global.settings) {
    options.ignore = global.settings->ignore;
    options.loosened = global.settings->loosened;
  }
  settle(options);
  InputSource source(global, options.source);
  return {report::json(diagnose(global, options, source)), {}};
}

// trace

std::vector<ArgumentSpec> trace_arguments(const McpStart&) {
  return {
      {"model", Type::text, "The model whose requests are followed. Without it: all, in short."},
      namespaces_argument()};
}

ToolResult run_trace(const McpStart& start, const Arguments& arguments) {
  const Global global = within(start, arguments);
  ToolResult out;
  if (!arguments.given("model")) {
    const auto [models, code] = follow_all(global, start.source);
    out.document = report::models_json(models, AIBRIXCTL_VERSION, code);
    return out;
  }
  follow_model(global, start.source, arguments.text("model"),
               [&](const checks::Trace& trace, int code) {
                 out.document = report::trace_json(trace, AIBRIXCTL_VERSION, code);
               });
  return out;
}

// explain

std::vector<ArgumentSpec> explain_arguments(const McpStart&) {
  return {
      {"code", Type::text,
       "A finding code (REF001), an area (gateway) or words to search for (503). Either this or "
       "text."},
      {"text", Type::text,
       "What somebody got: an error response with its headers, the body of one, a log line, a "
       "response flag of Envoy. Give all of it."},
      {"cluster", Type::flag,
       "With text: run the checks and say which of the possible causes holds. Default: false."},
      {"model", Type::text, "With text: the model of the request, where the text does not say."}};
}

ToolResult explain_code(const std::string& code) {
  std::vector<std::string> words;
  for (const std::string_view word : base::split(code, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  if (words.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument", "argument code is empty",
                      "give a finding code, or the response as text");
  }
  return {report::checks_document(asked_by(words).all(), AIBRIXCTL_VERSION, false), {}};
}

ToolResult run_explain(const McpStart& start, const Arguments& arguments) {
  if (arguments.given("code") == arguments.given("text")) {
    throw base::Error(base::Fault::usage, "BadArgument", "give one of the arguments code and text");
  }
  if (arguments.given("code")) return explain_code(arguments.text("code"));
  ExplainOptions options;
  options.looks = arguments.flag("cluster");
  options.source = start.source;
  options.model = arguments.text("model");
  ToolResult out;
  explain_text(start.global, options, arguments.text("text"), [&](const ExplainedText& all) {
    out.document = report::answers_json(all.answers, AIBRIXCTL_VERSION, all.exit_code);
  });
  return out;
}

// endpoint

std::vector<ArgumentSpec> endpoint_arguments(const McpStart&) {
  return {{"model", Type::text, "A model: tells also whether requests for it need a header."},
          {"from",
           Type::text,
           "Where the clients are: outside, on the nodes' network, or in a pod.",
           {"outside", "node", "inside"}},
          {"scheme", Type::text, "Only listeners of this kind.", {"http", "https"}}};
}

ToolResult run_endpoint(const McpStart& start, const Arguments& arguments) {
  EndpointOptions options;
  options.source = start.source;
  options.model = arguments.text("model");
  options.from = arguments.text("from");
  options.scheme = arguments.text("scheme");
  ToolResult out;
  look_for_endpoint(start.global, options, [&](const report::EndpointView& view, int code) {
    out.document = report::endpoint_output(view, "json", AIBRIXCTL_VERSION, code);
  });
  return out;
}

// fix_plan

// "--node-port" is node_port.
std::string argument_name(const fix::OptionSpec& option) {
  std::string out(
      option.name.substr(std::min(option.name.find_first_not_of('-'), option.name.size())));
  std::ranges::replace(out, '-', '_');
  return out;
}

Type argument_type(fix::OptionType type) {
  switch (type) {
    case fix::OptionType::flag: return Type::flag;
    case fix::OptionType::list: return Type::texts;
    case fix::OptionType::pairs: return Type::pairs;
    case fix::OptionType::port: return Type::port;
    case fix::OptionType::either:
    case fix::OptionType::text:
    case fix::OptionType::choice:
    case fix::OptionType::duration: break;
  }
  return Type::text;
}

std::vector<ArgumentSpec> fix_arguments(const McpStart&) {
  std::vector<std::string> names;
  for (const fix::Fix* fix : fix::all()) names.emplace_back(fix->name);
  std::vector<ArgumentSpec> out = {
      {"fix", Type::text, "Which fix to plan.", names, true},
      namespaces_argument(),
      {"select", Type::texts, "Limit to these objects: globs on KIND/NS/NAME, NS/NAME or NAME."}};
  for (const fix::Fix* fix : fix::all()) {
    for (const fix::OptionSpec* option : fix->options) {
      out.push_back({argument_name(*option),
                     argument_type(option->type),
                     "Of " + std::string(fix->name) + ": " + std::string(option->help) + '.',
                     {option->words.begin(), option->words.end()}});
    }
  }
  return out;
}

// Arguments are of all fixes: one of another fix is refused.
void refuse_foreign_options(const fix::Fix& wanted, const Arguments& arguments) {
  for (const fix::Fix* fix : fix::all()) {
    if (fix == &wanted) continue;
    for (const fix::OptionSpec* option : fix->options) {
      if (!arguments.given(argument_name(*option))) continue;
      throw base::Error(base::Fault::usage, "BadArgument",
                        "argument " + argument_name(*option) + " is of fix " +
                            std::string(fix->name) + ", not of " + std::string(wanted.name));
    }
  }
}

FixFlags fix_flags(const fix::Fix& fix, const Arguments& arguments) {
  FixFlags out;
  out.fix = &fix;
  out.select = arguments.texts("select");
  for (const fix::OptionSpec* option : fix.options) {
    const std::string name = argument_name(*option);
    GivenOption& given = out.options.emplace_back(GivenOption{option});
    if (!arguments.given(name)) continue;
    switch (argument_type(option->type)) {
      case Type::flag: given.on = arguments.flag(name); break;
      case Type::texts:
      case Type::pairs: given.words = arguments.texts(name); break;
      case Type::text:
      case Type::port: given.word = arguments.text(name); break;
    }
  }
  return out;
}

ToolResult run_fix_plan(const McpStart& start, const Arguments& arguments) {
  const Global global = within(start, arguments);
  const fix::Fix& fix = *fix::find(arguments.text("fix"));
  refuse_foreign_options(fix, arguments);
  const PlannedFix planned = plan_fix(global, fix_flags(fix, arguments), start.source);
  ToolResult out{fix::to_json(planned.plan, AIBRIXCTL_VERSION, planned.exit_code),
                 "This is a plan: nothing was changed, and no tool of this server can apply it."};
  if (planned.plan.pending() && planned.plan.blockers.empty()) {
    out.more += " A person who has read it applies it with: " +
                as_quote(checks::to_shell(planned.apply_command), 600);
  }
  return out;
}

constexpr Tool all_tools[] = {
    {.name = "doctor",
     .title = "Find what is wrong with AIBrix",
     .description =
         "Checks AIBrix and its models on this cluster and tells root causes, each with its object, "
         "the deciding facts, and the fix to try first. What follows from a cause is folded under it. "
         "Start here.",
     .output_schema = doctor_schema,
     .arguments = doctor_arguments,
     .run = run_doctor},
    {.name = "trace",
     .title = "Follow the requests of a model",
     .description =
         "Follows a model's requests hop by hop, with a routing strategy and by its HTTPRoute, and "
         "tells the first hop that is broken and why.",
     .output_schema = trace_schema,
     .arguments = trace_arguments,
     .run = run_trace},
    {.name = "explain",
     .title = "Explain a finding code or an error response",
     .description =
         "Tells what a finding code means, or what an error response, a log line or a response flag "
         "of the gateway means: who sent it and what brings it about. With cluster=true it says "
         "which of the causes holds on this cluster.",
     .output_schema = explain_schema,
     .arguments = explain_arguments,
     .run = run_explain},
    {.name = "endpoint",
     .title = "Tell the gateway's address",
     .description =
         "Tells the address at which clients reach the gateway and its models, or why there is none "
         "and the ways out. Sends no request to it.",
     .output_schema = endpoint_schema,
     .arguments = endpoint_arguments,
     .run = run_endpoint},
    {.name = "fix_plan",
     .title = "Plan a fix",
     .description =
         "Plans one of the fixes: the steps, what they change, cost and leave, and what is in the "
         "way. It only plans. A person applies a plan at a terminal, with the command in the text.",
     .output_schema = plan_schema,
     .needs_cluster = true,
     .arguments = fix_arguments,
     .run = run_fix_plan},
};

// In one line, in which nothing hides.
std::string one_line(const Json& json) {
  return base::visible_document(json.dump(), base::Escapes::json);
}

Json text_content(const std::string& text) {
  Json block = {{"type", "text"}, {"text", base::log_text(text)}};
  return Json::array({std::move(block)});
}

// Foreign text of an error, which is in no document that was redacted.
std::string quoted_error(const std::string& text) {
  constexpr std::size_t most = 900;
  return as_quote(as_called(kube::redact_text(text)), most);
}

std::string tool_error(const base::Error& error) {
  std::string text = "error " + error.reason + ": " + quoted_error(error.what()) + '\n';
  if (!error.hint.empty()) text += "next: " + quoted_error(error.hint) + '\n';
  Json out = {{"content", text_content(text)}};
  out["isError"] = true;
  return one_line(out);
}

Json tool_json(const McpStart& start, const Tool& tool) {
  Json out = {{"name", tool.name}, {"title", tool.title}, {"description", tool.description}};
  out["inputSchema"] = Json::parse(input_schema(tool.arguments(start)));
  out["outputSchema"] = Json::parse(tool.output_schema);
  out["annotations"] = {{"title", tool.title},
                        {"readOnlyHint", true},
                        {"destructiveHint", false},
                        {"idempotentHint", true},
                        {"openWorldHint", !start.from_files()}};
  return out;
}

}  // namespace

std::vector<Tool> tools_of(const McpStart& start) {
  std::vector<Tool> out(std::begin(all_tools), std::end(all_tools));
  std::erase_if(out, [&](const Tool& tool) { return tool.needs_cluster && start.from_files(); });
  return out;
}

std::string tool_list(const McpStart& start) {
  Json out = {{"tools", Json::array()}};
  for (const Tool& tool : tools_of(start)) out["tools"].push_back(tool_json(start, tool));
  return one_line(out);
}

std::string call_tool(const McpStart& start, const Tool& tool, const std::string& arguments,
                      const CallEnds& ends) {
  // What the command would say on stderr beside its document.
  std::vector<std::string> notes;
  const ServedCall served(
      {ends.stop, ends.progress, [&notes](std::string_view text) { notes.emplace_back(text); }});
  try {
    const ToolResult result = tool.run(start, read_arguments(tool.arguments(start), arguments));
    const std::string document = as_called(result.document);
    std::string text = brief(document);
    for (const std::string& note : notes) text += "note: " + as_quote(note) + '\n';
    if (!result.more.empty()) text += as_called(result.more) + '\n';
    Json out = {{"content", text_content(text)}};
    out["structuredContent"] = Json::parse(document);
    out["isError"] = false;
    return one_line(out);
  } catch (...) {
    return tool_error(base::current_error());
  }
}

}  // namespace cli
