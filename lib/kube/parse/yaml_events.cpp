// libyaml's parser as an object.
#include "kube/parse/yaml_events.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace kube {

YamlEvents::YamlEvents(std::string_view text)
    // A block scalar at the end of a file has its line end, as for kubectl, which reads lines.
    : rest_(text), add_line_end_(!text.empty() && text.back() != '\n') {
  if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
  yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
  yaml_parser_set_input(&parser_, &YamlEvents::read, this);
}

YamlEvents::~YamlEvents() {
  yaml_event_delete(&event_);
  yaml_parser_delete(&parser_);
}

int YamlEvents::read(void* self, unsigned char* buffer, std::size_t size, std::size_t* read) {
  auto& events = *static_cast<YamlEvents*>(self);
  *read = std::min(size, events.rest_.size());
  std::memcpy(buffer, events.rest_.data(), *read);
  events.rest_.remove_prefix(*read);
  if (*read < size && events.add_line_end_) {
    buffer[(*read)++] = '\n';
    events.add_line_end_ = false;
  }
  return 1;
}

const yaml_event_t& YamlEvents::next() {
  yaml_event_delete(&event_);
  if (yaml_parser_parse(&parser_, &event_) != 0) return event_;
  if (parser_.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
  YamlFault fault;
  fault.message = parser_.problem == nullptr ? "not readable" : parser_.problem;
  fault.line = static_cast<std::uint32_t>(parser_.problem_mark.line) + 1;
  throw fault;
}

}  // namespace kube
