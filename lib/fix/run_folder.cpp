// Where runs are kept: folders and files of this user that nobody else can write.
#include "fix/run_folder.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/chars.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace fix {
namespace {

std::string octal(mode_t mode) {
  std::string out;
  for (int shift = 9; shift >= 0; shift -= 3) {
    out += static_cast<char>('0' + ((mode >> static_cast<unsigned>(shift)) & 7U));
  }
  return out;
}

std::string why_not_own(const std::string& path, bool folder) {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) return std::strerror(errno);
  if (S_ISLNK(info.st_mode)) return "it is a symbolic link";
  if (folder != S_ISDIR(info.st_mode) || (!folder && !S_ISREG(info.st_mode))) {
    return folder ? "it is not a folder" : "it is not a regular file";
  }
  if (info.st_uid != geteuid()) return "it belongs to user " + std::to_string(info.st_uid);
  constexpr mode_t others_write = S_IWGRP | S_IWOTH;
  if ((info.st_mode & others_write) != 0) {
    return "others can write to it (mode " + octal(info.st_mode) + ")";
  }
  return {};
}

}  // namespace

std::string make_run_id(base::Time now, std::size_t random) {
  constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string id;
  for (const char c : base::format_time(now)) {
    if (c != '-' && c != ':' && c != 'Z') id += c;
  }
  const std::string fraction = std::to_string(now.time_since_epoch().count() % 1'000'000);
  id += '.' + std::string(6 - fraction.size(), '0') + fraction + "Z-";
  for (int i = 0; i < 4; ++i, random /= alphabet.size()) id += alphabet[random % alphabet.size()];
  return id;
}

bool is_run_id(std::string_view name) {
  constexpr std::string_view shape = "00000000T000000.000000Z-aaaa";
  if (name.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = name[i];
    const bool fits = shape[i] == '0'   ? base::is_digit(c)
                      : shape[i] == 'a' ? base::is_digit(c) || base::is_lower(c)
                                        : c == shape[i];
    if (!fits) return false;
  }
  return true;
}

std::string why_not_own_folder(const std::string& path) {
  return why_not_own(path, true);
}
std::string why_not_own_file(const std::string& path) {
  return why_not_own(path, false);
}

std::vector<std::string> list_runs(const std::string& runs_folder) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(opendir(runs_folder.c_str()), closedir);
  if (!dir) {
    if (errno == ENOENT) return out;
    throw base::Error(base::Fault::usage, "FileUnreadable",
                      "cannot read " + base::printable(runs_folder) + ": " + std::strerror(errno),
                      "applied fixes are recorded there; check its owner: ls -ld");
  }
  while (const dirent* entry = readdir(dir.get())) {
    const std::string name = entry->d_name;
    struct stat info {};
    const std::string file = runs_folder + '/' + name + "/journal.jsonl";
    if (!name.starts_with(".") && lstat(file.c_str(), &info) == 0) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace fix
