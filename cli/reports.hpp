// The reports of one run: which formats it writes and where to, and that none of an earlier run is
// left there.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands.hpp"
#include "report/digest.hpp"
#include "report/formats.hpp"
#include "report/report_list.hpp"

namespace cli {

// Takes global.outputs apart. Throws base::Error(usage): a format that the command does not have,
// two without a file, a file twice.
void choose_outputs(const std::string& command, Global& global);
// The same of words that nobody could parse, as far as they leave no doubt: for the reports of a
// run that ends on its command line. None: no word is about outputs.
std::optional<std::vector<OutputFile>> files_on(int argc, char** argv);
// Without those that a word of the command line names: they may be what is read.
std::vector<OutputFile> without_named(std::vector<OutputFile> files, int argc, char** argv);

// Before anything is read: puts into each file that the run did not finish, which stays there when
// something ends it at once. Throws base::Error when one cannot be written, or is an input too.
void begin_reports(const Global& global, const std::vector<std::string>& inputs);
// `render` makes the report of a format. All are tried; throws base::Error(unavailable) when one
// could not be written.
void write_reports(const Global& global,
                   const std::function<std::string(const std::string& format)>& render);
// Why there is no report, in the format of each. Says on stderr what cannot be written.
void write_error_reports(const std::vector<OutputFile>& files, const base::Error& error);

// One report, or that of several clusters, in a format of `doctor`.
template <typename Reported>
std::string rendered(const Reported& reported, const std::string& format,
                     const report::Style& style) {
  if (format == "json") return report::json(reported);
  if (format == "yaml") return report::yaml(reported);
  if (format == "plain") return report::plain(reported);
  if (format == "short") return report::short_lines(reported);
  if (const report::Format* other = report::find_digest_format(format)) {
    return other->render_all(report::digests(reported));
  }
  return report::text(reported, style);
}

// To standard output.
void write_report(const std::string& format, const std::string& text);
// Of text in a file: as it is printed where there is no terminal.
report::Style file_style(const Global& global);

// What GitHub Actions shows beside the log: annotations, and the step's summary. Nothing elsewhere.
void annotate(const Global& global, report::Digests digests);
void annotate(const Global& global, const report::Digest& digest);

}  // namespace cli
