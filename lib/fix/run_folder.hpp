// Where runs are kept: folders and files of this user that nobody else can write.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace fix {

// "20260822T150018.042317Z-k3f9": sorts by time, also within a second. `random` tells apart what
// begins in the same microsecond.
std::string make_run_id(base::Time now, std::size_t random);
// Shaped as that.
bool is_run_id(std::string_view name);

// Whether `path` is a folder (or a regular file) of this user that nobody else may write, and no
// symbolic link. Empty: it is; else why not: "it belongs to user 1000", "others can write to it
// (mode 0777)".
std::string why_not_own_folder(const std::string& path);
std::string why_not_own_file(const std::string& path);

// Names of the folders with a journal in them, oldest first, as they stand there: is_run_id() and
// read_record() tell which are ours. Empty when there is no such folder. Throws
// base::Error(usage): FileUnreadable.
std::vector<std::string> list_runs(const std::string& runs_folder);

}  // namespace fix
