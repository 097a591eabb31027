// Files: read whole within a limit, replaced in one step, paths resolved.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace base {

// Owns a file descriptor; -1 owns nothing.
class UniqueFd {
 public:
  explicit UniqueFd(int fd = -1) : fd_(fd) {}
  ~UniqueFd() { reset(); }
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset(int fd = -1);

 private:
  int fd_;
};

// The whole file; pipes and devices are read to their end. Nothing in the path is expanded.
// Throws Error(usage): FileNotFound, FileUnreadable (a folder, no permission, symbolic links in a
// circle, …), FileTooLarge (more than `max_bytes`); Error(interrupted) when a signal handler ran
// while waiting for a pipe.
std::string read_file(const std::string& path, std::size_t max_bytes);
// The same, but nothing when there is no such file.
std::optional<std::string> read_file_if_there(const std::string& path, std::size_t max_bytes);

// Replaces the file in one step, readable by its owner alone (0600): after a crash it holds the old
// text or the new one. Throws Error(usage) with reason FileUnwritable.
void write_file(const std::string& path, std::string_view text);

// For a file that a user names: written as write_file() does it, at the end of any symbolic links;
// what is no regular file (a device, a FIFO, a descriptor under /dev/fd) is written to as it stands
// and never replaced. Throws as write_file(), and Error(interrupted) when a signal handler ran
// while waiting.
void write_to(const std::string& path, std::string_view text);
// The same for what others are to read too: a new file gets the mode that the umask leaves, one
// that was there keeps its own.
void write_shared(const std::string& path, std::string_view text);
// Both names lead to one file, whether or not it is there already.
bool same_file(const std::string& a, const std::string& b);

// `path` as seen from `folder`, unless it is absolute or empty.
std::string resolve_path(const std::string& folder, const std::string& path);
// What is before the last slash; "." when there is none.
std::string parent_folder(const std::string& path);
// "16 MiB", "5 bytes".
std::string format_bytes(std::size_t bytes);

}  // namespace base
