// Choosing, beginning and writing the reports of a run.
#include "reports.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "formats.hpp"
#include "report/formats.hpp"
#include "suggest.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw base::Error(base::Fault::usage, "BadArgument", what, hint);
}

struct TypedOutput {
  std::string format, file;
  bool to_file = false;
};

TypedOutput taken_apart(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) return {word, {}, false};
  return {word.substr(0, equals), word.substr(equals + 1), true};
}

void require_format(const std::string& command, const std::string& format) {
  const std::vector<std::string> formats = formats_of(command);
  if (std::ranges::find(formats, format) != formats.end()) return;
  const std::string near = mistyped(format, formats);
  refuse(
      "invalid value \"" + base::printable(format) + "\" for --output of " + command,
      near.empty() ? "valid values: " + base::join(formats, ", ") : "did you mean " + near + "?");
}

bool is_one_of(const std::vector<OutputFile>& files, const std::string& file) {
  return std::ranges::any_of(
      files, [&](const OutputFile& known) { return base::same_file(known.file, file); });
}

void add_file(const std::string& command, const TypedOutput& typed, Global& global) {
  if (!writes_files(command)) {
    refuse("-o FORMAT=FILE is not for " + command, "send its output into the file: > FILE");
  }
  if (typed.file.empty()) refuse("-o " + typed.format + "= names no file", "-o FORMAT=FILE");
  if (is_one_of(global.files, typed.file)) {
    refuse("two reports go into " + base::printable(typed.file), "give each a file of its own");
  }
  global.files.push_back({typed.format, typed.file});
}

std::string error_as(const std::string& format, const base::Error& error) {
  if (format == "json") return report::error_json(error, AIBRIXCTL_VERSION);
  if (format == "yaml") return report::error_yaml(error, AIBRIXCTL_VERSION);
  if (const report::Format* other = report::find_digest_format(format)) {
    return other->render(report::digest(error, AIBRIXCTL_VERSION));
  }
  return report::error_text(error);
}

// The reports of these runs are as they should be, or are no reports.
bool leaves_reports_alone(const base::Error& error) {
  return error.reason == "OutputFailed" || error.reason == "ReportUnwritable" ||
         error.reason == "OutputIsInput";
}

// Another word of the command line names the file too: it may be what is read.
bool named_twice(int argc, char** argv, int own, const std::string& file) {
  for (int i = 1; i < argc; ++i) {
    if (i != own && std::string_view(argv[i]).ends_with(file)) return true;
  }
  return false;
}

void append_file(const std::string& path, const std::string& text) {
  std::FILE* file = std::fopen(path.c_str(), "ae");
  if (file == nullptr) {
    return notice(std::string("warning: cannot write the step summary: ") + std::strerror(errno));
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !written) {
    notice(std::string("warning: cannot write the step summary: ") + std::strerror(errno));
  }
}

}  // namespace

void choose_outputs(const std::string& command, Global& global) {
  if (formats_of(command).empty()) return;  // it has an -o of its own
  bool chosen = false;
  std::vector<TypedOutput> outputs;
  for (const std::string& word : global.outputs) outputs.push_back(taken_apart(word));
  for (const TypedOutput& typed : outputs) {
    require_format(command, typed.format);
    if (typed.to_file) {
      add_file(command, typed, global);
    } else if (chosen) {
      refuse("two formats go to standard output: " + global.output + " and " + typed.format,
             writes_files(command) ? "give one of them a file: -o " + typed.format + "=FILE"
                                   : "name one");
    } else {
      global.output = typed.format;
      chosen = true;
    }
  }
}

std::optional<std::vector<OutputFile>> files_on(int argc, char** argv) {
  std::vector<OutputFile> out;
  bool reports = false;
  bool typed = false;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    reports = reports || writes_files(word);
    int own = i;
    if ((word == "-o" || word == "--output") && i + 1 < argc) {
      own = ++i;
      word = argv[own];
    } else if (word.starts_with("--output=")) {
      word.erase(0, std::strlen("--output="));
    } else if (word.starts_with("-o") && word.size() > 2) {
      word.erase(0, 2);
    } else {
      continue;
    }
    typed = true;
    const TypedOutput output = taken_apart(word);
    const auto formats = formats_of("doctor");
    const bool known = std::ranges::find(formats, output.format) != formats.end();
    if (!known || output.file.empty()) continue;
    if (named_twice(argc, argv, own, output.file) || is_one_of(out, output.file)) {
      return std::vector<OutputFile>{};
    }
    out.push_back({output.format, output.file});
  }
  if (!typed) return std::nullopt;
  return reports ? out : std::vector<OutputFile>{};
}

std::vector<OutputFile> without_named(std::vector<OutputFile> files, int argc, char** argv) {
  std::erase_if(files,
                [&](const OutputFile& output) { return named_twice(argc, argv, 0, output.file); });
  return files;
}

void begin_reports(const Global& global, const std::vector<std::string>& inputs) {
  for (const OutputFile& report : global.files) {
    for (const std::string& input : inputs) {
      if (input != "-" && base::same_file(input, report.file)) {
        throw base::Error(base::Fault::usage, "OutputIsInput",
                          base::printable(report.file) + " is read, and -o would overwrite it",
                          "give the report a file of its own");
      }
    }
  }
  const base::Error unfinished(base::Fault::unavailable, "Unfinished",
                               "the run was ended before it could report");
  for (const OutputFile& report : global.files) {
    base::write_shared(report.file, error_as(report.format, unfinished));
  }
}

void write_reports(const Global& global,
                   const std::function<std::string(const std::string& format)>& render) {
  std::string failed;
  for (const OutputFile& report : global.files) {
    try {
      base::write_shared(report.file, render(report.format));
    } catch (const base::Error& error) {
      if (error.reason != "FileUnwritable") throw;
      failed = error.what();
    }
  }
  if (!failed.empty()) {
    throw base::Error(base::Fault::unavailable, "ReportUnwritable", failed);
  }
}

void write_error_reports(const std::vector<OutputFile>& files, const base::Error& error) {
  if (leaves_reports_alone(error)) return;
  for (const OutputFile& report : files) {
    try {
      base::write_shared(report.file, error_as(report.format, error));
    } catch (const base::Error& second) {
      notice("warning: " + std::string(second.what()));
    }
  }
}

void write_report(const std::string& format, const std::string& text) {
  // Workflow commands are what write_stdout() takes care that no text becomes.
  if (format == "github") {
    write_raw(text);
  } else {
    write_stdout(text);
  }
}

report::Style file_style(const Global& global) {
  report::Style style;
  style.ascii = global.ascii;
  style.verbose = global.verbose;
  return style;
}

// The annotations go to stdout only when it carries no document.
void annotate(const Global& global, const report::Digest& digest) {
  annotate(global, report::Digests(&digest, 1));
}

void annotate(const Global& global, report::Digests digests) {
  if (environment("GITHUB_ACTIONS") != "true") return;
  const std::string lines = report::github(digests);
  if (global.output == "text" || global.output == "plain") {
    write_raw(lines);
  } else if (global.output != "github") {
    write_stderr(lines);
  }
  const std::string summary = environment("GITHUB_STEP_SUMMARY");
  if (!summary.empty()) append_file(summary, report::markdown(digests));
}

}  // namespace cli
