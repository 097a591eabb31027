#include "fix/journal.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "fix/document.hpp"
#include "fix/plan_reader.hpp"

namespace fix {
namespace {

using Json = nlohmann::ordered_json;
using State = StepResult::State;

constexpr std::size_t max_file_bytes = std::size_t{256} << 20U;

base::Error unwritable(const std::string& path) {
  return {
      base::Fault::usage, "FileUnwritable",
      "cannot write " + base::printable(path) + ": " + std::strerror(errno),
      "nothing was changed: without a journal no fix is applied; set XDG_STATE_HOME to a folder "
      "that can be written"};
}

void make_folder(const std::string& path) {
  if (path.empty() || path == "/") return;
  if (mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return;
  if (errno != ENOENT) throw unwritable(path);
  make_folder(base::parent_folder(path));
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throw unwritable(path);
}

// So that a file that was just made is found after a crash.
void sync_folder(const std::string& path) {
  const base::UniqueFd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) fsync(fd.get());
}

State state_of(std::string_view word) {
  for (const State s : {State::not_sent, State::done, State::already, State::moved,
                        State::forbidden, State::webhook, State::failed, State::unmarked}) {
    if (to_string(s) == word) return s;
  }
  return State::unknown;
}

void read_line(const Json& line, Record& record) {
  const std::string event = line.value("event", "");
  const auto time = base::parse_time(line.value("time", ""));
  if (time && !record.when) record.when = time;
  if (event == "end") record.end = line.value("outcome", "");
  if (event == "takenBack") record.reverted = true;
  const std::size_t step = line.value("step", std::size_t{0}) - 1;
  if (step >= record.steps.size()) return;
  StepResult& result = record.steps[step];
  if (event == "intend") result.state = State::unknown;
  if (event != "result") return;
  result.state = state_of(line.value("state", ""));
  result.detail = line.value("detail", "");
  result.uid = line.value("uid", "");
}

}  // namespace

FileJournal::FileJournal(std::string folder, const Plan& plan, const Backup& backup,
                         std::string_view tool_version, base::Clock clock)
    : folder_(std::move(folder)), clock_(std::move(clock)) {
  make_folder(folder_);
  for (const Step& step : plan.steps) names_.push_back(step.id());
  base::write_file(folder_ + "/plan.json", to_json(plan, tool_version, 0));
  base::write_file(folder_ + "/before.json", backup.list);
  const std::string path = folder_ + "/journal.jsonl";
  fd_.reset(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!fd_) throw unwritable(path);
  Json begin = {{"time", base::format_time(clock_())}, {"event", "begin"}, {"fix", plan.fix}};
  if (!backup.redacted.empty()) begin["redacted"] = backup.redacted;
  append(begin.dump());
  sync_folder(folder_);
  sync_folder(base::parent_folder(folder_));
}

void FileJournal::append(const std::string& line) {
  const std::string text = line + '\n';
  if (write(fd_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      fdatasync(fd_.get()) != 0) {
    throw base::Error(base::Fault::partial, "JournalFailed",
                      "cannot write the journal in " + folder_ + ": " + std::strerror(errno),
                      "the run was stopped; what was done until then is in the journal");
  }
}

void FileJournal::intend(const std::vector<std::size_t>& steps) {
  std::string lines;
  for (const std::size_t step : steps) {
    const Json line = {{"time", base::format_time(clock_())},
                       {"event", "intend"},
                       {"step", step + 1},
                       {"object", names_.at(step)}};
    lines += (lines.empty() ? "" : "\n") + line.dump();
  }
  append(lines);
}

void FileJournal::result(std::size_t step, const StepResult& result) {
  Json line = {{"time", base::format_time(clock_())},
               {"event", "result"},
               {"step", step + 1},
               {"object", names_.at(step)},
               {"state", to_string(result.state)}};
  if (!result.detail.empty()) line["detail"] = base::printable(result.detail);
  if (!result.uid.empty()) line["uid"] = result.uid;
  append(line.dump());
}

void FileJournal::end(const std::string& outcome) {
  const Json line = {{"time", base::format_time(clock_())},
                     {"event", "end"},
                     {"outcome", base::printable(outcome)}};
  append(line.dump());
}

std::vector<std::string> list_runs(const std::string& runs_folder) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(runs_folder.c_str()), closedir);
  if (!dir) return out;
  while (const dirent* entry = readdir(dir.get())) {
    const std::string name = entry->d_name;
    struct stat info {};
    const std::string file = runs_folder + '/' + name + "/journal.jsonl";
    if (!name.starts_with(".") && stat(file.c_str(), &info) == 0) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

void mark_reverted(const std::string& folder) {
  const std::string path = folder + "/journal.jsonl";
  const base::UniqueFd fd(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  constexpr std::string_view line = "{\"event\":\"takenBack\"}\n";
  if (!fd || write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw unwritable(path);
  }
}

Record read_record(const std::string& runs_folder, const std::string& id) {
  const auto runs = list_runs(runs_folder);
  if (std::find(runs.begin(), runs.end(), id) == runs.end()) {
    const std::string near = base::closest_match(id, runs);
    throw base::Error(
        base::Fault::usage, "RunNotFound",
        "there is no run \"" + base::printable(id) + "\" in " + runs_folder,
        near.empty() ? "list them with: aibrixctl undo" : "did you mean " + near + "?");
  }
  Record record;
  record.id = id;
  record.folder = runs_folder + '/' + id;
  const std::string plan_file = record.folder + "/plan.json";
  record.plan = read_plan(base::read_file(plan_file, max_file_bytes), plan_file);
  record.steps.resize(record.plan.steps.size());
  record.before = base::read_file(record.folder + "/before.json", max_file_bytes);
  const std::string text = base::read_file(record.folder + "/journal.jsonl", max_file_bytes);
  for (const std::string_view raw : base::split(text, '\n')) {
    const Json line = Json::parse(raw, nullptr, false);
    if (!line.is_object()) continue;  // the last line of a run that was killed may be cut
    if (line.contains("redacted"))
      record.redacted = line["redacted"].get<std::vector<std::string>>();
    read_line(line, record);
  }
  return record;
}

}  // namespace fix
