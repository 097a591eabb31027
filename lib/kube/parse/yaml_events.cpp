// libyaml's parser as an object.
#include "kube/parse/yaml_events.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace kube {

YamlEvents::YamlEvents(std::string_view text)
    // A block scalar at the end of a file has its line end, as for kubectl, which reads lines.
    : rest_(text), add_line_end_(!text.empty() && text.back() != '\n') {
  start();
}

YamlEvents::YamlEvents(More more) : more_(std::move(more)) {
  start();
}

void YamlEvents::start() {
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
  if (events.more_) {
    *read = events.more_(reinterpret_cast<char*>(buffer), size);
    return 1;
  }
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
  // A quote that is never closed is noticed at the end of the text.
  const bool quote = parser_.context != nullptr &&
                     std::string_view(parser_.context) == "while scanning a quoted scalar";
  const yaml_mark_t& mark = quote ? parser_.context_mark : parser_.problem_mark;
  fault.line = static_cast<std::uint32_t>(mark.line) + 1;
  fault.column = static_cast<std::uint32_t>(mark.column) + 1;
  throw fault;
}

}  // namespace kube
