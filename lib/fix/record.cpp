// A run read back from its folder. Nothing in it is believed before it was checked.
#include "fix/record.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "fix/journal_line.hpp"
#include "fix/plan_reader.hpp"
#include "fix/run_folder.hpp"
#include "fix/write_rules.hpp"
#include "kube/files/json_document.hpp"

namespace fix {
namespace {

using kube::Json;
using State = StepResult::State;

constexpr std::size_t max_file_bytes = std::size_t{256} << 20U;

base::Error damaged(const std::string& folder, const std::string& why) {
  return {base::Fault::usage, "BadJournal", base::printable(folder) + ": " + base::printable(why),
          "the run is not used; its files can still be read there"};
}

void require_own(const std::string& path, const std::string& why) {
  if (why.empty()) return;
  throw base::Error(base::Fault::usage, "UnsafeRun", base::printable(path) + ": " + why,
                    "runs are read only if nobody else could have written them");
}

void require_own_files(const std::string& runs_folder, const std::string& folder) {
  require_own(runs_folder, why_not_own_folder(runs_folder));
  require_own(folder, why_not_own_folder(folder));
  for (const char* name : {"/plan.json", "/before.json", "/journal.jsonl"}) {
    require_own(folder + name, why_not_own_file(folder + name));
  }
}

State state_of(std::string_view word) {
  for (const State s : {State::not_sent, State::done, State::already, State::moved,
                        State::forbidden, State::webhook, State::failed, State::unmarked}) {
    if (to_string(s) == word) return s;
  }
  return State::unknown;
}

void read_line(const Json& line, Record& record) {
  const std::string event = line.at("event").get<std::string>();
  const auto time = base::parse_time(line.value("time", ""));
  if (time && !record.when) record.when = time;
  if (line.contains("redacted")) {
    record.redacted = line["redacted"].get<std::vector<std::string>>();
  }
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

// The files that the journal's first line seals are what they were.
void require_same(const Json& begin, const char* key, const std::string& text,
                  const std::string& name) {
  if (begin.contains(key) && begin.at(key).get<std::string>() != base::sha256_hex(text)) {
    throw std::runtime_error(name + " was changed after it was written");
  }
}

void read_lines(const std::string& journal, const std::string& plan, Record& record) {
  Seal seal;
  // Journals of 0.1.0 have no seals.
  const bool sealed = is_sealed(journal.substr(0, journal.find('\n')));
  std::size_t number = 0;
  for (std::size_t from = 0; from < journal.size();) {
    const std::size_t end = journal.find('\n', from);
    if (end == std::string::npos) return;  // the last line of a run that was killed may be cut
    const std::string_view text = std::string_view(journal).substr(from, end - from);
    from = end + 1;
    ++number;
    if (sealed && !seal.follows(text)) {
      throw std::runtime_error("journal.jsonl is damaged: line " + std::to_string(number) +
                               " does not follow the one before");
    }
    const Json line = Json::parse(text);
    if (number == 1) {
      require_same(line, "plan", plan, "plan.json");
      require_same(line, "before", record.before, "before.json");
    }
    read_line(line, record);
  }
}

// The backup holds copies of objects that the plan names, and nothing else.
void require_backup(const Record& record) {
  const Json list = Json::parse(record.before);
  for (const Json& item : list.at("items")) {
    const kube::ObjectRef ref = kube::ref_of(item);
    const bool named = std::ranges::any_of(record.plan.steps,
                                           [&](const Step& step) { return step.object == ref; });
    if (!named) throw std::runtime_error("before.json: no step concerns " + kube::to_string(ref));
  }
}

}  // namespace

std::size_t Record::count(State state) const {
  return static_cast<std::size_t>(std::count_if(
      steps.begin(), steps.end(), [&](const StepResult& r) { return r.state == state; }));
}

void mark_reverted(const std::string& folder) {
  const std::string path = folder + "/journal.jsonl";
  std::string text = base::read_file(path, max_file_bytes);
  text.resize(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  Seal seal;
  bool sealed = false;
  for (const std::string_view line : base::split(text, '\n')) sealed = seal.follows(line) || sealed;
  constexpr std::string_view event = R"({"event":"takenBack"})";
  const std::string line = (sealed ? seal.sealed(event) : std::string(event)) + '\n';
  const base::UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  const auto size = static_cast<off_t>(text.size());
  if (!fd || ftruncate(fd.get(), size) != 0 ||
      pwrite(fd.get(), line.data(), line.size(), size) != static_cast<ssize_t>(line.size())) {
    throw base::Error(base::Fault::usage, "FileUnwritable",
                      "cannot write " + base::printable(path) + ": " + std::strerror(errno));
  }
}

Record read_record(const std::string& runs_folder, const std::string& id) {
  const auto runs = list_runs(runs_folder);
  if (std::find(runs.begin(), runs.end(), id) == runs.end()) {
    const std::string near = base::closest_match(id, runs);
    throw base::Error(base::Fault::usage, "RunNotFound",
                      "unknown run \"" + base::printable(id) + "\" in " + runs_folder,
                      near.empty() ? "list them with: aibrixctl undo"
                                   : "did you mean " + base::printable(near) + "?");
  }
  const std::string folder = runs_folder + '/' + id;
  if (!is_run_id(id)) require_own(folder, "its name is not the name of a run");
  require_own_files(runs_folder, folder);
  return parse_record(id, folder, base::read_file(folder + "/plan.json", max_file_bytes),
                      base::read_file(folder + "/before.json", max_file_bytes),
                      base::read_file(folder + "/journal.jsonl", max_file_bytes));
}

Record parse_record(std::string id, std::string folder, const std::string& plan, std::string before,
                    const std::string& journal) {
  Record record;
  record.id = std::move(id);
  record.folder = std::move(folder);
  record.before = std::move(before);
  try {
    record.plan = read_plan(plan, record.folder + "/plan.json");
    record.steps.resize(record.plan.steps.size());
    read_lines(journal, plan, record);
    require_writable(record.plan);
    require_backup(record);
  } catch (const base::Error& error) {
    throw damaged(record.folder, error.what());
  } catch (const std::exception& error) {
    throw damaged(record.folder, error.what());
  }
  return record;
}

}  // namespace fix
