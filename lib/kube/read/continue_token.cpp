// The search for the continue token at the beginning of a list.
#include "kube/read/continue_token.hpp"

#include <cstdint>
#include <optional>
#include <protozero/pbf_reader.hpp>

#include "kube/parse/protobuf_reader.hpp"

namespace kube {
namespace {

using ScanState = TokenScan::State;

// Walks over JSON of which the end may be missing. Whatever is not as expected ends the walk: the
// real parser sees the whole page anyhow.
class Walker {
 public:
  explicit Walker(std::string_view text) : text_(text) {}

  bool ended() const { return at_ >= text_.size(); }
  void skip_space() {
    while (!ended() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }
  // The next character after white space; '\0' at the end.
  char peek() {
    skip_space();
    return ended() ? '\0' : text_[at_];
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  // A string without escapes; nothing when it is another thing or not all here.
  std::optional<std::string_view> string() {
    if (!take('"')) return std::nullopt;
    const std::size_t end = text_.find_first_of("\"\\", at_);
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return std::nullopt;
    }
    if (text_[end] == '\\') return std::nullopt;
    const std::string_view value = text_.substr(at_, end - at_);
    at_ = end + 1;
    return value;
  }
  // A string, number or word; nested values are not skipped.
  bool skip_scalar() {
    const char c = peek();
    if (c == '"') return string().has_value();
    if (c == '{' || c == '[' || c == '\0') return false;
    const std::size_t end = text_.find_first_of(",}] \t\r\n", at_);
    at_ = end == std::string_view::npos ? text_.size() : end;
    return !ended();
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Why the walk stopped: the text ends, or it is not of the expected form.
TokenScan stopped(const Walker& walker) {
  return {walker.ended() ? ScanState::need_more : ScanState::none};
}

TokenScan in_metadata(Walker& walker) {
  if (!walker.take('{')) return stopped(walker);
  while (walker.peek() == '"') {
    const auto key = walker.string();
    if (!key || !walker.take(':')) return stopped(walker);
    if (*key == "continue") {
      const auto token = walker.string();
      if (!token) return stopped(walker);
      if (token->empty()) return {ScanState::none};
      return {ScanState::found, std::string(*token)};
    }
    if (!walker.skip_scalar()) return stopped(walker);
    if (!walker.take(',')) return stopped(walker);
  }
  return stopped(walker);
}

// The length of the first field `number` of a message of which the end may be missing; `text` then
// begins with its content. Nothing: the text ends first. The fields before it are skipped.
std::optional<std::size_t> find_field(std::string_view& text, std::uint32_t number) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    const std::uint64_t key = protozero::decode_varint(&at, end);
    if ((key & 7U) != static_cast<std::uint64_t>(protozero::pbf_wire_type::length_delimited)) {
      throw protozero::unknown_pbf_wire_type_exception();
    }
    const std::uint64_t size = protozero::decode_varint(&at, end);
    const auto left = static_cast<std::size_t>(end - at);
    if (key >> 3U == number) {
      text = {at, left};
      return size;
    }
    if (size > left) return std::nullopt;
    at += size;
  }
}

// A packed list (runtime.Unknown): its field 2 is the list, whose field 1 is its metadata.
TokenScan scan_protobuf(std::string_view text) {
  try {
    text.remove_prefix(protobuf_magic.size());
    if (!find_field(text, 2)) return {ScanState::need_more};
    const auto size = find_field(text, 1);
    if (!size || *size > text.size()) return {ScanState::need_more};
    for (protozero::pbf_reader metadata(text.data(), *size); metadata.next();) {
      const bool token = metadata.tag_and_type() ==
                         protozero::tag_and_type(3, protozero::pbf_wire_type::length_delimited);
      if (!token) {
        metadata.skip();
      } else if (const auto view = metadata.get_view(); view.size() != 0) {
        return {ScanState::found, std::string(view.data(), view.size())};
      }
    }
  } catch (const protozero::end_of_buffer_exception&) {
    return {ScanState::need_more};
  } catch (const protozero::exception&) {
    return {ScanState::none};
  }
  return {ScanState::none};
}

TokenScan scan_json(std::string_view text) {
  Walker walker(text);
  if (!walker.take('{')) return stopped(walker);
  while (walker.peek() == '"') {
    const auto key = walker.string();
    if (!key || !walker.take(':')) return stopped(walker);
    if (*key == "metadata") return in_metadata(walker);
    if (!walker.skip_scalar()) return stopped(walker);  // `items` is an array
    if (!walker.take(',')) return stopped(walker);
  }
  return stopped(walker);
}

TokenScan scan(std::string_view text) {
  const std::string_view start = text.substr(0, protobuf_magic.size());
  if (!protobuf_magic.starts_with(start)) return scan_json(text);
  return start == protobuf_magic ? scan_protobuf(text) : TokenScan();
}

}  // namespace

TokenScan scan_continue_token(std::string_view body_so_far) {
  TokenScan result = scan(body_so_far.substr(0, token_scan_limit));
  if (result.state == ScanState::need_more && body_so_far.size() >= token_scan_limit) {
    result.state = ScanState::none;
  }
  return result;
}

}  // namespace kube
