// The parsers alone, for bench/run: readers simdjson|yaml|libyaml FILE reads the whole file and
// forgets it; libyaml also every file of a folder.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>
#include <yaml.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>
#ifdef AIBRIXCTL_SIMDJSON
#include <simdjson.h>
#endif

namespace {

class Counter : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override { ++events; }
  void OnDocumentEnd() override { ++events; }
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { ++events; }
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { ++events; }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {
    ++events;
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    ++events;
  }
  void OnSequenceEnd() override { ++events; }
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    ++events;
  }
  void OnMapEnd() override { ++events; }

  std::size_t events = 0;
};

int read_yaml(const char* path) {
  std::ifstream file(path);
  YAML::Parser parser(file);
  Counter counter;
  while (parser.HandleNextDocument(counter)) {
  }
  std::printf("%zu events\n", counter.events);
  return counter.events == 0 ? 1 : 0;
}

// Every event of the files, with the place that each of them has: what no reader over libyaml can
// do without.
int read_libyaml(const char* file_or_folder) {
  std::vector<std::string> paths;
  if (std::filesystem::is_directory(file_or_folder)) {
    for (const auto& entry : std::filesystem::directory_iterator(file_or_folder)) {
      paths.push_back(entry.path().string());
    }
  } else {
    paths.emplace_back(file_or_folder);
  }
  std::size_t events = 0;
  std::size_t lines = 0;
  for (const std::string& path : paths) {
    std::FILE* const file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) return 1;
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    for (bool more = true; more;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser, &event) == 0) break;
      ++events;
      lines += event.start_mark.line;
      more = event.type != YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    std::fclose(file);
  }
  std::printf("%zu events, lines add up to %zu\n", events, lines);
  return events == 0 ? 1 : 0;
}

int read_json([[maybe_unused]] const char* path) {
#ifdef AIBRIXCTL_SIMDJSON
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.load(path).get(root) != simdjson::SUCCESS) return 1;
  std::printf("%s\n", root.is_object() ? "an object" : "no object");
  return 0;
#else
  std::fputs("built without simdjson\n", stderr);
  return 1;
#endif
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  if (std::string_view(argv[1]) == "libyaml") return read_libyaml(argv[2]);
  return std::string_view(argv[1]) == "yaml" ? read_yaml(argv[2]) : read_json(argv[2]);
}
