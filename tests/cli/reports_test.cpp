// Several reports in one run: where they go, and what a run that fails leaves.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/temp_folder.hpp"
#include "catch.hpp"
#include "report/formats.hpp"
#include "support/program.hpp"

namespace {

using support::aibrixctl;

const std::string broken = std::string(SOURCE_DIR) + "/examples/broken-cluster";

std::string content(const std::string& path) {
  std::stringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("one run writes any number of reports, and text where all of them have a file") {
  const TempFolder folder;
  const auto alone = aibrixctl({"doctor", "-f", broken, "--whole-cluster"});
  std::vector<std::string> command{"doctor", "-f", broken, "--whole-cluster"};
  std::vector<std::string> formats{"text", "short", "plain", "json", "yaml"};
  for (const report::Format& format : report::digest_formats()) formats.emplace_back(format.name);
  for (const std::string& format : formats) {
    command.push_back("-o");
    command.push_back(format + "=" + folder.file(format));
  }
  const auto run = aibrixctl(command);
  CHECK(run.code == alone.code);
  CHECK(run.out == alone.out);
  for (const std::string& format : formats) {
    CAPTURE(format);
    if (format == "json" || format == "yaml") {  // they say how long the run took
      CHECK(content(folder.file(format)).find("DoctorReport") != std::string::npos);
      continue;
    }
    const auto to_stdout = aibrixctl({"doctor", "-f", broken, "--whole-cluster", "-o", format});
    CHECK(to_stdout.code == alone.code);
    CHECK(content(folder.file(format)) == to_stdout.out);
  }
}

TEST_CASE("two formats without a file, a file twice, an unknown format are refused") {
  const TempFolder folder;
  const std::string file = folder.file("a");
  const auto refused = [&](const std::vector<std::string>& outputs, const std::string& why) {
    std::vector<std::string> command{"doctor", "-f", broken};
    for (const std::string& output : outputs) {
      command.push_back("-o");
      command.push_back(output);
    }
    const auto run = aibrixctl(command);
    CAPTURE(run.err);
    CHECK(run.code == 2);
    CHECK(run.err.find(why) != std::string::npos);
  };
  refused({"text", "json"}, "two formats go to standard output: text and json");
  refused({"junit=" + file, "sarif=" + file}, "two reports go into");
  refused({"junit=" + file, "sarif=" + folder.path() + "/./a"}, "two reports go into");
  refused({"junit="}, "names no file");
  refused({"junt=" + file}, "did you mean junit?");
  std::filesystem::create_symlink(file, folder.file("link"));
  refused({"junit=" + file, "sarif=" + folder.file("link")}, "two reports go into");
  CHECK_FALSE(std::filesystem::exists(file));
  const auto version = aibrixctl({"version", "-o", "json=" + file});
  CHECK(version.code == 2);
  CHECK(version.err.find("-o FORMAT=FILE is not for version") != std::string::npos);
}

TEST_CASE("a run that fails leaves no report of yesterday") {
  const TempFolder folder;
  const std::string junit = folder.write("junit.xml", "yesterday");
  const std::string json = folder.write("a.json", "yesterday");
  const auto is_error = [&] {
    CHECK(content(junit).find("<error message=") != std::string::npos);
    CHECK(content(json).find("\"kind\": \"Error\"") != std::string::npos);
  };
  // What it is to read is not there; a flag is wrong; nothing answers.
  CHECK(aibrixctl({"doctor", "-f", folder.file("no"), "-o", "junit=" + junit, "-o", "json=" + json})
            .code == 2);
  is_error();
  folder.write("junit.xml", "yesterday");
  folder.write("a.json", "yesterday");
  CHECK(aibrixctl({"doctor", "--nonsense", "-o", "junit=" + junit, "--output=json=" + json}).code ==
        2);
  is_error();
  folder.write("junit.xml", "yesterday");
  folder.write("a.json", "yesterday");
  CHECK(aibrixctl({"preflight", "uninstall", "--server", "http://127.0.0.1:1", "-o",
                   "junit=" + junit, "-o", "json=" + json})
            .code == 3);
  is_error();
}

TEST_CASE("a report that cannot be written is told, and the others are written") {
  const TempFolder folder;
  const auto before = aibrixctl({"doctor", "-f", broken, "-o", "junit=" + folder.file("no/a")});
  CHECK(before.code == 2);
  CHECK(before.err.find("cannot be written") != std::string::npos);
  const auto full = aibrixctl(
      {"doctor", "-f", broken, "-o", "junit=/dev/full", "-o", "sarif=" + folder.file("a.sarif")});
  CHECK(full.code != 0);
  CHECK(full.code != 1);
}

TEST_CASE("what is read is never overwritten by a report of it") {
  const TempFolder folder;
  const std::string text = "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n";
  const std::string file = folder.write("a.yaml", text);
  const auto run = aibrixctl({"doctor", "-f", file, "-o", "json=" + folder.path() + "/./a.yaml"});
  CHECK(run.code == 2);
  CHECK(run.err.find("would overwrite it") != std::string::npos);
  CHECK(content(file) == text);
  CHECK(aibrixctl({"doctor", "-f", file, "-o", "json=" + file, "--nonsense"}).code == 2);
  CHECK(content(file) == text);
}

TEST_CASE("others may read a report, as the umask says; a file that was there keeps its mode") {
  const TempFolder folder;
  const auto mode = [&](const std::string& name) {
    struct stat info {};
    CHECK(::stat(folder.file(name).c_str(), &info) == 0);
    return info.st_mode & 0777U;
  };
  folder.write("old", "");
  ::chmod(folder.file("old").c_str(), 0640);
  const mode_t mask = ::umask(022);
  aibrixctl({"doctor", "-f", broken, "-o", "html=" + folder.file("new"), "-o",
             "junit=" + folder.file("old")});
  ::umask(mask);
  CHECK(mode("new") == 0644U);
  CHECK(mode("old") == 0640U);
}

TEST_CASE("on GitHub a run that cannot report is annotated too") {
  const TempFolder folder;
  const std::string summary = folder.write("summary", "");
  const auto run = aibrixctl({"doctor", "--ci", "-f", folder.file("no")},
                             {{"GITHUB_ACTIONS", "true"}, {"GITHUB_STEP_SUMMARY", summary}});
  CHECK(run.code == 2);
  CHECK(run.out.find("::error title=aibrixctl::") != std::string::npos);
  CHECK(content(summary).find("The run failed: ") != std::string::npos);
}
