// What the systems spell differently: glibc, musl and macOS. Nothing else here asks which one it
// is.
#pragma once

#include <spawn.h>
#include <sys/stat.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace base {

// From the kernel's generator (getentropy), which needs no /dev: an empty root has none. Where
// there is none at all, base::Error (internal).
std::uint32_t random_number();

// Both ends close in programs that we start. False: errno says why.
bool open_pipe(std::array<int, 2>& fds);

// Like socket(2), closed in programs that we start; -1: errno says why.
int open_socket(int family, int type, int protocol);

// A program to be started gets our first three files and no other. `flags` are those of
// posix_spawnattr_setflags.
void keep_three_files(posix_spawn_file_actions_t& actions, short& flags);

// Like fdatasync(2).
int flush_file(int fd);

// Bytes; 0 where the system does not tell.
std::size_t peak_memory();

bool is_null_device(const struct ::stat& file);

}  // namespace base
