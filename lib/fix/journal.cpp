// The journal of a run, on disk.
#include "fix/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "fix/document.hpp"
#include "fix/run_folder.hpp"
#include "kube/redact/redact.hpp"

namespace fix {
namespace {

using Json = nlohmann::ordered_json;

base::Error unwritable(const std::string& path) {
  return {base::Fault::usage, "FileUnwritable",
          "cannot write " + base::printable(path) + ": " + std::strerror(errno),
          "a fix is not applied without a journal; set XDG_STATE_HOME to a writable folder"};
}

base::Error unusable(const std::string& path, const std::string& why) {
  return {
      base::Fault::usage, "UnsafeRun", base::printable(path) + ": " + why,
      "a fix is not applied without a journal that nobody else can write; make the folder writable "
      "only for you (chmod go-w), or set XDG_STATE_HOME to another one"};
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

}  // namespace

FileJournal::FileJournal(std::string folder, const Plan& plan, const Backup& backup,
                         std::string_view tool_version, base::Clock clock)
    : folder_(std::move(folder)), clock_(std::move(clock)) {
  const std::string runs = base::parent_folder(folder_);
  make_folder(runs);
  const std::string unsafe = why_not_own_folder(runs);
  if (!unsafe.empty()) throw unusable(runs, unsafe);
  if (mkdir(folder_.c_str(), 0700) != 0) throw unwritable(folder_);
  for (const Step& step : plan.steps) names_.push_back(step.id());
  const std::string plan_text = to_json(plan, tool_version, 0);
  base::write_file(folder_ + "/plan.json", plan_text);
  base::write_file(folder_ + "/before.json", backup.list);
  const std::string path = folder_ + "/journal.jsonl";
  fd_.reset(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC, 0600));
  if (!fd_) throw unwritable(path);
  Json begin = {{"time", base::format_time(clock_())},
                {"event", "begin"},
                {"fix", plan.fix},
                {"plan", base::sha256_hex(plan_text)},
                {"before", base::sha256_hex(backup.list)}};
  if (!backup.redacted.empty()) begin["redacted"] = backup.redacted;
  try {
    append({begin.dump()});
  } catch (const base::Error&) {
    throw unwritable(path);
  }
  sync_folder(folder_);
  sync_folder(runs);
}

// All lines or none: a part of one would damage what follows.
void FileJournal::append(const std::vector<std::string>& objects) {
  Seal seal = seal_;
  std::string text;
  for (const std::string& object : objects) text += seal.sealed(object) + '\n';
  errno = ENOSPC;  // what a short write means
  if (write(fd_.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      base::flush_file(fd_.get()) != 0) {
    const int why = errno;
    [[maybe_unused]] const int cut = ftruncate(fd_.get(), size_);
    errno = why;
    throw base::Error(base::Fault::partial, "JournalFailed",
                      "cannot write the journal in " + folder_ + ": " + std::strerror(why),
                      "free some space there: nothing is applied without a journal");
  }
  size_ += static_cast<off_t>(text.size());
  seal_ = seal;
}

void FileJournal::intend(const std::vector<std::size_t>& steps) {
  std::vector<std::string> lines;
  for (const std::size_t step : steps) {
    const Json line = {{"time", base::format_time(clock_())},
                       {"event", "intend"},
                       {"step", step + 1},
                       {"object", names_.at(step)}};
    lines.push_back(line.dump());
  }
  append(lines);
}

void FileJournal::result(std::size_t step, const StepResult& result) {
  Json line = {{"time", base::format_time(clock_())},
               {"event", "result"},
               {"step", step + 1},
               {"object", names_.at(step)},
               {"state", to_string(result.state)}};
  if (!result.detail.empty()) line["detail"] = base::printable(kube::redact_text(result.detail));
  if (!result.uid.empty()) line["uid"] = result.uid;
  append({line.dump()});
}

void FileJournal::end(const std::string& outcome) {
  const Json line = {{"time", base::format_time(clock_())},
                     {"event", "end"},
                     {"outcome", base::printable(kube::redact_text(outcome))}};
  append({line.dump()});
}

}  // namespace fix
