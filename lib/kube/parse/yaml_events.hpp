// libyaml's events, one by one. Included by .cpp files only.
#pragma once
#include <yaml.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace kube {

// What libyaml says of a text that is no YAML.
struct YamlFault {
  std::string message;
  std::uint32_t line = 0;    // 1-based
  std::uint32_t column = 0;  // 1-based
};

class YamlEvents {
 public:
  // The text must outlive it.
  explicit YamlEvents(std::string_view text);
  // What is read piece by piece: `more` fills a buffer and says how much of it; 0 is the end.
  using More = std::function<std::size_t(char* buffer, std::size_t size)>;
  explicit YamlEvents(More more);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  // Good until the next call. Throws YamlFault; nothing may be asked after that, nor after
  // YAML_STREAM_END_EVENT.
  const yaml_event_t& next();

 private:
  static int read(void* self, unsigned char* buffer, std::size_t size, std::size_t* read);

  void start();

  std::string_view rest_;
  More more_;
  bool add_line_end_ = false;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

}  // namespace kube
