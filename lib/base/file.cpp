// The reading and the atomic writing of files.
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"

namespace base {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{64} * 1024;

[[noreturn]] void fail_read(const std::string& path, int error) {
  const std::string name = printable(path);
  switch (error) {
    case ENOENT:
      throw Error(Fault::usage, "FileNotFound",
                  name.empty() ? "an empty file name was given" : name + " does not exist");
    case ELOOP:
      throw Error(Fault::usage, "FileUnreadable",
                  name + " cannot be read: its symbolic links form a loop",
                  "remove the link or point it at a file");
    case EISDIR: throw Error(Fault::usage, "FileUnreadable", name + " is a folder, not a file");
    case EINTR: throw Error(Fault::interrupted, "Interrupted", "interrupted while reading " + name);
    default:
      throw Error(Fault::usage, "FileUnreadable",
                  name + " cannot be read: " + std::generic_category().message(error));
  }
}

// Calls read(2) until `text` holds the file. False: there is more than `max_bytes`.
bool read_all(int fd, std::string& text, std::size_t max_bytes, const std::string& path) {
  std::size_t length = 0;
  for (;;) {
    if (length == text.size()) text.resize(length + std::max(chunk_bytes, length / 2));
    const ssize_t got = ::read(fd, text.data() + length, text.size() - length);
    if (got < 0) fail_read(path, errno);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
    if (length > max_bytes) return false;
  }
  text.resize(length);
  return true;
}

[[noreturn]] void fail_write(const std::string& path, int error) {
  if (error == EINTR) {
    throw Error(Fault::interrupted, "Interrupted", "interrupted while writing " + printable(path));
  }
  throw Error(Fault::usage, "FileUnwritable",
              printable(path) + " cannot be written: " + std::generic_category().message(error));
}

// Removes the half-written file unless it was renamed to its final name.
struct TempFile {
  std::string path;
  UniqueFd fd;

  explicit TempFile(const std::string& target) : path(target + ".XXXXXX") {
    fd.reset(::mkostemp(path.data(), O_CLOEXEC));  // mode 0600
    if (!fd) fail_write(target, errno);
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() {
    if (!path.empty()) ::unlink(path.c_str());
  }
};

// Where the name leads in the end, whether or not there is a file.
std::string end_of_links(const std::string& path) {
  constexpr int most_links = 40;  // as the kernel follows
  std::string at = path;
  for (int links = 0; links < most_links; ++links) {
    std::error_code none;
    const std::filesystem::path next = std::filesystem::read_symlink(at, none);
    if (none) return at;  // not a link
    at = resolve_path(parent_folder(at), next.string());
  }
  fail_write(path, ELOOP);
}

void write_in_place(const std::string& path, std::string_view text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_TRUNC | O_NOCTTY | O_CLOEXEC));
  if (!fd) fail_write(path, errno);
  while (!text.empty()) {
    const ssize_t done = ::write(fd.get(), text.data(), text.size());
    if (done < 0) fail_write(path, errno);
    text.remove_prefix(static_cast<std::size_t>(done));
  }
}

void replace_file(const std::string& path, std::string_view text, std::optional<mode_t> mode) {
  TempFile temp(path);
  while (!text.empty()) {
    const ssize_t done = ::write(temp.fd.get(), text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail_write(path, errno);
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  if (mode && ::fchmod(temp.fd.get(), *mode) != 0) fail_write(path, errno);
  if (::fsync(temp.fd.get()) != 0) fail_write(path, errno);
  if (::rename(temp.path.c_str(), path.c_str()) != 0) fail_write(path, errno);
  temp.path.clear();
}

// The only way to ask for it is to set it. No thread of this program makes files meanwhile.
mode_t mode_of_new_files() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666U & ~mask;
}

void write_following(const std::string& path, std::string_view text, bool shared) {
  struct stat info {};
  const bool there = ::stat(path.c_str(), &info) == 0;
  if (!there && errno != ENOENT) fail_write(path, errno);
  if (there && S_ISDIR(info.st_mode)) fail_write(path, EISDIR);
  const std::string target = there && !S_ISREG(info.st_mode) ? "" : end_of_links(path);
  // A link of /proc names no place in the file system, so its end may be another file, or none.
  struct stat end {};
  const bool elsewhere = there && (target.empty() || ::stat(target.c_str(), &end) != 0 ||
                                   end.st_dev != info.st_dev || end.st_ino != info.st_ino);
  if (elsewhere) return write_in_place(path, text);
  std::optional<mode_t> mode;
  if (shared) mode = there ? info.st_mode & 07777U : mode_of_new_files();
  replace_file(target, text, mode);
}

}  // namespace

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

std::optional<std::string> read_file_if_there(const std::string& path, std::size_t max_bytes) {
  if (path.find('\0') != std::string::npos) fail_read(path, EINVAL);
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return std::nullopt;
    fail_read(path, errno);
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0) fail_read(path, errno);
  if (S_ISDIR(info.st_mode)) fail_read(path, EISDIR);
  std::string text;
  const auto size = static_cast<std::size_t>(std::max<off_t>(info.st_size, 0));
  // More than the file has, so that the read that finds the end needs no larger buffer, nor does
  // the JSON reader, which wants room behind the text.
  if (size <= max_bytes) text.resize(size + 128);
  if (size > max_bytes || !read_all(fd.get(), text, max_bytes, path)) {
    throw Error(Fault::usage, "FileTooLarge",
                printable(path) + " is larger than " + format_bytes(max_bytes));
  }
  return text;
}

std::string read_file(const std::string& path, std::size_t max_bytes) {
  auto text = read_file_if_there(path, max_bytes);
  if (!text) fail_read(path, ENOENT);
  return std::move(*text);
}

void write_file(const std::string& path, std::string_view text) {
  replace_file(path, text, std::nullopt);
}

void write_to(const std::string& path, std::string_view text) {
  write_following(path, text, false);
}

void write_shared(const std::string& path, std::string_view text) {
  write_following(path, text, true);
}

bool same_file(const std::string& a, const std::string& b) {
  std::error_code none;
  if (std::filesystem::equivalent(a, b, none)) return true;
  const auto end = [](const std::string& path) {
    std::error_code failed;
    // weakly_canonical() leaves a link as it is that leads to no file yet.
    const auto whole = std::filesystem::absolute(end_of_links(path), failed);
    return std::filesystem::weakly_canonical(whole, failed);
  };
  return end(a) == end(b);
}

std::string resolve_path(const std::string& folder, const std::string& path) {
  if (path.empty() || path.front() == '/') return path;
  return folder.ends_with('/') ? folder + path : folder + '/' + path;
}

std::string parent_folder(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string format_bytes(std::size_t bytes) {
  if (bytes >= std::size_t{1} << 20U) return std::to_string(bytes >> 20U) + " MiB";
  if (bytes >= 1024) return std::to_string(bytes >> 10U) + " KiB";
  return plural(bytes, "byte");
}

}  // namespace base
