// How Kubernetes' messages are written: the rows of protobuf_table.inc, which scripts/protobuf-data
// makes.
#pragma once
#include <cstdint>
#include <string_view>

namespace kube::protobuf {

// What JSON writes for a value.
enum class Type : std::uint8_t {
  text,
  bytes,  // base64
  truth,
  integer,
  message,
  time,           // "2026-08-22T15:00:18Z"
  micro_time,     // "2026-08-22T15:00:18.000000Z"
  quantity,       // a text
  int_or_string,  // a number or a text
};

enum class Form : std::uint8_t {
  one,
  list,
  map,      // keys are texts
  inlined,  // a message whose members JSON has in place of it
};

// What JSON writes for "", 0, false or nothing.
enum class Zero : std::uint8_t {
  omitted,
  kept,  // the value, where the message has it
  null,  // the same, and null where it has not
};

struct Field {
  std::string_view name;  // in JSON
  std::uint8_t number;
  Type type;
  Form form;
  Zero zero;
  std::uint16_t message;  // of Type::message: its place in the table
};

// Fields in the order of their numbers, at most 64. No message holds itself.
struct Message {
  std::uint16_t first;
  std::uint16_t count;
  std::uint64_t nulls;  // a bit for each field of Zero::null
};

struct Kind {
  std::string_view api_version;
  std::string_view name;
  std::uint16_t message;
};

}  // namespace kube::protobuf
