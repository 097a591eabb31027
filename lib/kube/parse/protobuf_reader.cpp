// The reader of Kubernetes' protobuf: protozero takes messages apart, a table names their fields.
#include "kube/parse/protobuf_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <functional>
#include <iterator>
#include <optional>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <vector>

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "kube/parse/protobuf_table.hpp"
#include "kube/parse/value_builder.hpp"

namespace kube {
namespace protobuf {
namespace {

namespace table {
using enum Type;
using enum Form;
using enum Zero;
#include "kube/parse/protobuf_table.inc"
}  // namespace table

using protozero::pbf_reader;
using protozero::pbf_wire_type;

// Why an answer is not one of Kubernetes' messages. Never repeats what is in it.
struct Malformed {
  const char* why;
};

// The value of a field that has a length.
std::string_view view_of(pbf_reader& in) {
  if (in.wire_type() != pbf_wire_type::length_delimited) throw Malformed{"a field of another type"};
  const auto view = in.get_view();
  return {view.data(), view.size()};
}

pbf_reader message_of(pbf_reader& in) {
  const std::string_view view = view_of(in);
  return pbf_reader(view.data(), view.size());
}

std::int64_t integer_of(pbf_reader& in) {
  if (in.wire_type() != pbf_wire_type::varint) throw Malformed{"a field of another type"};
  return in.get_int64();
}

bool is_ascii(std::string_view text) {
  std::uint64_t all = 0;
  const char* at = text.data();
  std::size_t left = text.size();
  for (std::uint64_t eight = 0; left >= sizeof eight; left -= sizeof eight, at += sizeof eight) {
    std::memcpy(&eight, at, sizeof eight);
    all |= eight;
  }
  for (; left != 0; --left, ++at) all |= static_cast<unsigned char>(*at);
  return (all & 0x8080808080808080U) == 0;
}

// As Go writes a string into JSON.
std::string with_replacements(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const base::CodePoint next = base::decode_utf8(text);
    out += next.bytes == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, next.bytes);
    text.remove_prefix(std::max<std::size_t>(next.bytes, 1));
  }
  return out;
}

// A moment in the text that JSON has.
class TimeText {
 public:
  TimeText(std::int64_t seconds, std::optional<std::int64_t> micros) {
    namespace ch = std::chrono;
    // From year 1 to 9999.
    if (seconds < -62'135'596'800 || seconds > 253'402'300'799)
      throw Malformed{"an impossible time"};
    const ch::sys_seconds when{ch::seconds(seconds)};
    const auto day = ch::floor<ch::days>(when);
    const ch::year_month_day date(day);
    const ch::hh_mm_ss time(when - day);
    digits(static_cast<int>(date.year()), 4, '-');
    digits(static_cast<unsigned>(date.month()), 2, '-');
    digits(static_cast<unsigned>(date.day()), 2, 'T');
    digits(time.hours().count(), 2, ':');
    digits(time.minutes().count(), 2, ':');
    digits(time.seconds().count(), 2, micros ? '.' : 'Z');
    if (micros) digits(*micros, 6, 'Z');
  }

  std::string_view text() const { return {text_.data(), size_}; }

 private:
  template <typename Number>
  void digits(Number number, std::size_t count, char after) {
    auto rest = static_cast<std::uint64_t>(number);
    for (std::size_t i = count; i-- > 0; rest /= 10) {
      text_[size_ + i] = static_cast<char>('0' + rest % 10);
    }
    size_ += count;
    text_[size_++] = after;
  }

  std::array<char, 32> text_{};
  std::size_t size_ = 0;
};

// Messages seen lately and what was made of them. The objects of a page have many that are the
// same, byte for byte: settings, tolerations, owners. Each is then built once.
class Repeated {
 public:
  struct Slot {
    const Field* field = nullptr;
    std::string_view message;
    Value value;

    bool holds(const Field& other, std::string_view bytes) const {
      return field == &other && message == bytes;
    }
  };

  // Larger ones are rarely the same, and looking for them costs more than it saves.
  static bool may_repeat(std::string_view message) {
    return !message.empty() && message.size() <= 512;
  }
  Slot& place(std::string_view message) {
    return slots_[std::hash<std::string_view>()(message) & (slots_.size() - 1)];
  }

 private:
  std::vector<Slot> slots_ = std::vector<Slot>(1024);  // 40 kB, which stay in the processor's cache
};

// Reports messages to a Builder. What it is given must outlive it.
class Walker {
 public:
  explicit Walker(Document& document) : builder_(document) {}

  // An object without kind and apiVersion, as lists hold them.
  Value object(std::string_view message, std::uint16_t number) {
    builder_.begin_object();
    members({message.data(), message.size()}, table::messages[number]);
    builder_.end_object();
    return builder_.finish();
  }

  Value object_of_kind(std::string_view api_version, std::string_view kind,
                       std::string_view message, std::uint16_t number) {
    builder_.begin_object();
    builder_.static_key("apiVersion");
    text_value(api_version);
    builder_.static_key("kind");
    text_value(kind);
    members({message.data(), message.size()}, table::messages[number]);
    builder_.end_object();
    return builder_.finish();
  }

 private:
  void members(pbf_reader in, const Message& message) {
    const Field* const first = table::fields + message.first;
    const Field* const end = first + message.count;
    const Field* field = first;
    std::uint64_t seen = 0;
    while (in.next()) {
      const std::uint32_t number = in.tag();
      // Encoders write fields in the order of their numbers, so that the next is not far.
      if (field == end || field->number > number) field = first;
      while (field != end && field->number < number) ++field;
      if (field == end || field->number != number) {
        in.skip();
        continue;
      }
      const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(field - first);
      if ((seen & bit) != 0) throw Malformed{"a field that comes twice"};
      seen |= bit;
      member(in, *field);
    }
    const std::uint64_t missing = message.nulls & ~seen;
    if (missing == 0) return;
    for (field = first; field != end; ++field) {
      if ((missing >> static_cast<unsigned>(field - first) & 1U) == 0) continue;
      builder_.static_key(field->name);
      builder_.null();
    }
  }

  void member(pbf_reader& in, const Field& field) {
    switch (field.form) {
      case Form::inlined: members(message_of(in), table::messages[field.message]); return;
      case Form::list: list_member(in, field); return;
      case Form::map: map_member(in, field); return;
      case Form::one: break;
    }
    if (field.type == Type::truth || field.type == Type::integer) {
      const std::int64_t number = integer_of(in);
      if (number == 0 && field.zero == Zero::omitted) return;
      builder_.static_key(field.name);
      number_value(field, number);
      return;
    }
    const std::string_view view = view_of(in);
    if (view.empty() && field.zero == Zero::omitted) return;
    builder_.static_key(field.name);
    value(field, view);
  }

  // All that come one after the other.
  void list_member(pbf_reader& in, const Field& field) {
    builder_.static_key(field.name);
    builder_.begin_array();
    do {
      if (field.type == Type::truth || field.type == Type::integer) {
        number_value(field, integer_of(in));
      } else {
        value(field, view_of(in));
      }
    } while (goes_on(in, field));
    builder_.end_array();
  }

  void map_member(pbf_reader& in, const Field& field) {
    builder_.static_key(field.name);
    builder_.begin_object();
    do {
      std::string_view key = "";
      std::string_view content = "";
      for (pbf_reader entry = message_of(in); entry.next();) {
        switch (entry.tag()) {
          case 1: key = view_of(entry); break;
          case 2: content = view_of(entry); break;
          default: entry.skip();
        }
      }
      if (builder_.key(readable(key))) value(field, content);
    } while (goes_on(in, field));
    builder_.end_object();
  }

  // Whether the same field comes next; then it is read.
  static bool goes_on(pbf_reader& in, const Field& field) {
    pbf_reader ahead = in;
    if (!ahead.next() || ahead.tag() != field.number) return false;
    in = ahead;
    return true;
  }

  void number_value(const Field& field, std::int64_t number) {
    if (field.type == Type::truth) return builder_.boolean(number != 0);
    integer_value(number);
  }

  void value(const Field& field, std::string_view view) {
    switch (field.type) {
      case Type::text: text_value(view); return;
      case Type::bytes: builder_.string(base::encode_base64(view)); return;
      case Type::message: message_value(field, view); return;
      case Type::time: time_value(view, false); return;
      case Type::micro_time: time_value(view, true); return;
      case Type::quantity: quantity_value(view); return;
      case Type::int_or_string: int_or_string_value(view); return;
      case Type::truth:
      case Type::integer: return;  // number_value
    }
  }

  void message_value(const Field& field, std::string_view view) {
    Repeated::Slot* slot = nullptr;
    if (Repeated::may_repeat(view)) {
      slot = &repeated_.place(view);
      if (slot->holds(field, view)) return builder_.copy(slot->value);
    }
    builder_.begin_object();
    members({view.data(), view.size()}, table::messages[field.message]);
    builder_.end_object();
    if (slot != nullptr) *slot = {&field, view, builder_.last()};
  }

  void text_value(std::string_view text) { builder_.string(readable(text)); }

  std::string_view readable(std::string_view text) {
    if (is_ascii(text) || base::valid_utf8(text)) return text;
    return replaced_ = with_replacements(text);
  }

  void integer_value(std::int64_t number) {
    std::array<char, 24> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    builder_.number({text.data(), static_cast<std::size_t>(end - text.data())});
  }

  void time_value(std::string_view view, bool micro) {
    if (view.empty()) return builder_.null();
    std::int64_t seconds = 0;
    std::int64_t nanos = 0;
    for (pbf_reader in(view.data(), view.size()); in.next();) {
      switch (in.tag()) {
        case 1: seconds = integer_of(in); break;
        case 2: nanos = integer_of(in); break;
        default: in.skip();
      }
    }
    if (nanos < 0 || nanos > 999'999'999) throw Malformed{"an impossible time"};
    const auto micros = micro ? std::optional(nanos / 1000) : std::nullopt;
    builder_.string(TimeText(seconds, micros).text());
  }

  void quantity_value(std::string_view view) {
    std::string_view text = "0";
    for (pbf_reader in(view.data(), view.size()); in.next();) {
      if (in.tag() == 1) {
        text = view_of(in);
      } else {
        in.skip();
      }
    }
    text_value(text);
  }

  void int_or_string_value(std::string_view view) {
    bool is_text = false;
    std::int64_t number = 0;
    std::string_view text;
    for (pbf_reader in(view.data(), view.size()); in.next();) {
      switch (in.tag()) {
        case 1: is_text = integer_of(in) != 0; break;
        case 2: number = integer_of(in); break;
        case 3: text = view_of(in); break;
        default: in.skip();
      }
    }
    if (is_text) return text_value(text);
    integer_value(number);
  }

  Builder builder_;
  Repeated repeated_;
  std::string replaced_;
};

// runtime.Unknown, in which every message is packed.
struct Packed {
  std::string_view api_version;
  std::string_view kind;
  std::string_view message;
};

Packed unpack(std::string_view body) {
  if (!body.starts_with(protobuf_magic)) throw Malformed{"it does not begin as Kubernetes' do"};
  body.remove_prefix(protobuf_magic.size());
  Packed out;
  for (pbf_reader in(body.data(), body.size()); in.next();) {
    switch (in.tag()) {
      case 1:
        for (pbf_reader type = message_of(in); type.next();) {
          switch (type.tag()) {
            case 1: out.api_version = view_of(type); break;
            case 2: out.kind = view_of(type); break;
            default: type.skip();
          }
        }
        break;
      case 2: out.message = view_of(in); break;
      case 3:
        if (!view_of(in).empty()) throw Malformed{"it is encoded once more"};
        break;
      default: in.skip();
    }
  }
  if (out.message.data() == nullptr) throw Malformed{"it ends before the message"};
  return out;
}

const Kind* find_kind(std::string_view api_version, std::string_view name) {
  const auto* const found = std::find_if(
      std::begin(table::kinds), std::end(table::kinds),
      [&](const Kind& kind) { return kind.api_version == api_version && kind.name == name; });
  return found == std::end(table::kinds) ? nullptr : found;
}

ListPage read_page(std::string_view body, Document& document) {
  const Packed packed = unpack(body);
  constexpr std::string_view list = "List";
  const Kind* const kind =
      packed.kind.ends_with(list)
          ? find_kind(packed.api_version, packed.kind.substr(0, packed.kind.size() - list.size()))
          : nullptr;
  if (kind == nullptr) throw Malformed{"it is no list of a kind that was asked for"};
  ListPage page;
  page.kind = packed.kind;
  page.api_version = packed.api_version;
  Walker walker(document);
  for (pbf_reader in(packed.message.data(), packed.message.size()); in.next();) {
    switch (in.tag()) {
      case 1:
        for (pbf_reader metadata = message_of(in); metadata.next();) {
          switch (metadata.tag()) {
            case 2: page.resource_version = view_of(metadata); break;
            case 3: page.continue_token = view_of(metadata); break;
            default: metadata.skip();
          }
        }
        break;
      case 2: page.items.push_back(walker.object(view_of(in), kind->message)); break;
      default: in.skip();
    }
  }
  return page;
}

Value read_status(std::string_view body, Document& document) {
  const Packed packed = unpack(body);
  if (packed.api_version != "v1" || packed.kind != "Status") throw Malformed{"it is no Status"};
  return Walker(document).object_of_kind(packed.api_version, packed.kind, packed.message,
                                         table::status_message);
}

[[noreturn]] void throw_bad_answer(const char* why) {
  throw base::Error(base::Fault::unavailable, "BadAnswer",
                    std::string("the response is not valid protobuf: ") + why);
}

template <typename Result>
Result as_answer(Result (*read)(std::string_view, Document&), std::string_view body,
                 Document& document) {
  try {
    return read(body, document);
  } catch (const Malformed& malformed) {
    throw_bad_answer(malformed.why);
  } catch (const protozero::exception& malformed) {
    throw_bad_answer(malformed.what());
  }
}

}  // namespace
}  // namespace protobuf

bool has_protobuf(std::string_view api_version, std::string_view kind) {
  return protobuf::find_kind(api_version, kind) != nullptr;
}

bool is_protobuf(std::string_view content_type) {
  return content_type.starts_with("application/vnd.kubernetes.protobuf");
}

ListPage read_protobuf_page(std::string_view body, Document& document) {
  return protobuf::as_answer(protobuf::read_page, body, document);
}

Value read_protobuf_status(std::string_view body, Document& document) {
  return protobuf::as_answer(protobuf::read_status, body, document);
}

}  // namespace kube
