// Files, pipes and devices read and written, and what is said when that fails.
#include "base/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "base/error.hpp"
#include "base/temp_folder.hpp"
#include "catch.hpp"

using base::read_file;

namespace {

// What reading throws: "reason: message".
std::string failure(const std::string& path, std::size_t max_bytes = 100) {
  try {
    read_file(path, max_bytes);
  } catch (const base::Error& error) {
    CHECK(error.fault == base::Fault::usage);
    return error.reason + ": " + error.what();
  }
  return "no error";
}

mode_t mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a file is read whole, zero bytes and all") {
  const TempFolder folder;
  const std::string text("a\0b\n\xff", 5);
  CHECK(read_file(folder.write("f", text), 100) == text);
  CHECK(read_file(folder.write("empty", ""), 100).empty());
  const std::string big(300'000, 'x');
  CHECK(read_file(folder.write("big", big), big.size()) == big);
}

TEST_CASE("a device without a size is read to its end, within the limit") {
  CHECK(read_file("/dev/null", 100).empty());
  CHECK(failure("/dev/zero", 1 << 20) == "FileTooLarge: /dev/zero is larger than 1 MiB");
}

TEST_CASE("a pipe is read to its end") {
  const TempFolder folder;
  const std::string path = folder.file("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(path) << "through the pipe"; });
  CHECK(read_file(path, 100) == "through the pipe");
  writer.join();
}

TEST_CASE("a file that cannot be read says its name and why") {
  const TempFolder folder;
  CHECK(failure(folder.file("none")) == "FileNotFound: " + folder.file("none") + " does not exist");
  CHECK(failure("") == "FileNotFound: an empty file name was given");
  CHECK(failure(folder.path()) == "FileUnreadable: " + folder.path() + " is a folder, not a file");
  CHECK(failure(folder.write("long", std::string(101, 'x'))) ==
        "FileTooLarge: " + folder.file("long") + " is larger than 100 bytes");
  CHECK(failure(folder.write("plain", "") + "/below") ==
        "FileUnreadable: " + folder.file("plain/below") + " cannot be read: Not a directory");
  CHECK(failure(std::string("/dev/null\0x", 11)) ==
        "FileUnreadable: /dev/null\\x00x cannot be read: Invalid argument");
}

TEST_CASE("symbolic links in a circle are named as such") {
  const TempFolder folder;
  std::filesystem::create_symlink("b", folder.file("a"));
  std::filesystem::create_symlink("a", folder.file("b"));
  CHECK(failure(folder.file("a")) ==
        "FileUnreadable: " + folder.file("a") + " cannot be read: its symbolic links form a loop");
}

TEST_CASE("only a file that is not there reads as nothing") {
  const TempFolder folder;
  CHECK_FALSE(base::read_file_if_there(folder.file("none"), 100).has_value());
  CHECK(base::read_file_if_there(folder.write("f", "x"), 100) == "x");
  CHECK_THROWS_AS(base::read_file_if_there(folder.path(), 100), base::Error);
}

TEST_CASE("writing replaces the file for its owner alone and leaves nothing beside it") {
  const TempFolder folder;
  const std::string path = folder.write("f", "old and longer");
  std::filesystem::permissions(path, std::filesystem::perms::all);
  base::write_file(path, "new");
  CHECK(read_file(path, 100) == "new");
  CHECK(mode_of(path) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()),
                      std::filesystem::directory_iterator()) == 1);
}

TEST_CASE("a file that cannot be written says its name, and nothing is left behind") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.file("d"));
  CHECK_THROWS_WITH(base::write_file(folder.file("d"), "x"),
                    folder.file("d") + " cannot be written: Is a directory");
  CHECK_THROWS_WITH(base::write_file(folder.file("no/f"), "x"),
                    folder.file("no/f") + " cannot be written: No such file or directory");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()),
                      std::filesystem::directory_iterator()) == 1);
}

TEST_CASE("paths are resolved against a folder") {
  CHECK(base::resolve_path("/home/me/.kube", "certs/ca.crt") == "/home/me/.kube/certs/ca.crt");
  CHECK(base::resolve_path("/", "ca.crt") == "/ca.crt");
  CHECK(base::resolve_path("/home", "/etc/ca.crt") == "/etc/ca.crt");
  CHECK(base::resolve_path("/home", "").empty());
  CHECK(base::parent_folder("/home/me/config") == "/home/me");
  CHECK(base::parent_folder("/config") == "/");
  CHECK(base::parent_folder("config") == ".");
}
