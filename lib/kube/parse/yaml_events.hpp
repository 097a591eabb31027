// libyaml's events, one by one. Included by .cpp files only.
#pragma once
#include <yaml.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace kube {

// What libyaml says of a text that is no YAML.
struct YamlFault {
  std::string message;
  std::uint32_t line = 0;  // 1-based
};

class YamlEvents {
 public:
  // The text must outlive it.
  explicit YamlEvents(std::string_view text);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  // Good until the next call. Throws YamlFault; nothing may be asked after that, nor after
  // YAML_STREAM_END_EVENT.
  const yaml_event_t& next();

 private:
  static int read(void* self, unsigned char* buffer, std::size_t size, std::size_t* read);

  std::string_view rest_;
  bool add_line_end_ = false;
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

}  // namespace kube
