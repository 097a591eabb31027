// kustomize and Helm, run on folders: stand-ins for them.
#include "render.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/process.hpp"
#include "catch.hpp"

namespace {

namespace fs = std::filesystem;

// A folder that stands before all others in PATH.
class Programs {
 public:
  Programs() : before_(std::getenv("PATH")) {
    std::string path = (fs::temp_directory_path() / "programs-XXXXXX").string();
    REQUIRE(mkdtemp(path.data()) != nullptr);
    folder_ = path;
    ::setenv("PATH", (path + ":" + before_).c_str(), 1);
  }
  ~Programs() {
    ::setenv("PATH", before_.c_str(), 1);
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  void add(const std::string& name, std::string_view script) const {
    std::ofstream(folder_ / name) << "#!/bin/sh\n" << script << "\n";
    ::chmod((folder_ / name).c_str(), 0755);
  }

 private:
  std::string before_;
  fs::path folder_;
};

std::string failure(const std::string& folder) {
  try {
    return cli::renderer(cli::Renderer::kustomize, true)(folder);
  } catch (const base::Error& e) {
    CHECK(e.fault == base::Fault::usage);
    return e.what();
  }
}

}  // namespace

TEST_CASE("kustomize and Helm get the folder, and what they write is taken") {
  const Programs programs;
  programs.add("kubectl", "echo \"kubectl $*\"");
  programs.add("helm", "echo \"helm $*\"");
  CHECK(cli::renderer(cli::Renderer::kustomize, true)("a b") == "kubectl kustomize a b\n");
  CHECK(cli::renderer(cli::Renderer::helm, true)("-x") == "helm template --include-crds ./-x\n");
}

TEST_CASE("a program that fails is an error with its words") {
  const Programs programs;
  programs.add("kubectl", "echo 'no such base' >&2; exit 3");
  CHECK(failure("dir") == "kubectl kustomize dir failed: exit 3: no such base");
}

TEST_CASE("a program that writes without end is ended") {
  const Programs programs;
  programs.add("kubectl", "yes 'a: b'");
  CHECK(failure("dir") == "kubectl kustomize dir failed: it wrote more than 64 MiB");
}

TEST_CASE("the program has no network unless it is allowed") {
  base::Command probe;
  probe.argv = ::geteuid() == 0 ? std::vector<std::string>{"unshare", "--net", "true"}
                                : std::vector<std::string>{"unshare", "--user",
                                                           "--map-current-user", "--net", "true"};
  const base::ProcessResult can = base::run(probe);
  if (can.end != base::ProcessResult::End::exited || can.code != 0) {
    std::cout << "skipped: this machine gives no network of its own\n";
    return;
  }
  const Programs programs;
  programs.add("kubectl", "readlink /proc/self/ns/net");
  const std::string own = cli::renderer(cli::Renderer::kustomize, false)("dir");
  const std::string ours = cli::renderer(cli::Renderer::kustomize, true)("dir");
  CHECK(own.starts_with("net:"));
  CHECK(ours.starts_with("net:"));
  CHECK(own != ours);
}
