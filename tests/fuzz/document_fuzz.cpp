// Foreign text in the documents and manifests that are written: one document, the same values, and
// nothing in it that a terminal or a CI system's log would obey.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/hidden.hpp"
#include "base/log_text.hpp"
#include "base/utf8.hpp"
#include "demand.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace {

void demand_safe(const std::string& document) {
  demand(base::log_text(document) == document);
  demand(document.find_first_of("\t\033") == std::string::npos);
}

void demand_value(const std::string& yaml, const std::string& wanted) {
  demand_safe(yaml);
  kube::Document document;
  const auto values = kube::read_yaml(yaml, "fuzz", document);
  demand(values.size() == 1);
  demand(values[0]["key"].type() == kube::Value::Type::string);
  demand(values[0]["key"].text() == wanted);
  demand(values[0]["last"].text() == "x");
}

// yaml-cpp writes noncharacters as U+FFFD.
std::string without_noncharacters(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const base::CodePoint point = base::decode_utf8(text);
    const bool none =
        (point.code & 0xFFFEU) == 0xFFFE || (point.code >= 0xFDD0 && point.code <= 0xFDEF);
    if (none) {
      base::append_utf8(out, 0xFFFD);
    } else {
      out += text.substr(0, point.bytes);
    }
    text.remove_prefix(point.bytes);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = base::utf8({reinterpret_cast<const char*>(data), size});
  demand_value("key: " + kube::yaml_scalar(text) + "\nlast: x\n", text);
  demand_value("key: " + kube::yaml_block(text, 2) + "last: x\n", text);
  const std::string written = without_noncharacters(text);
  // Keys of annotations are the user's choice: the reader leaves none of them out but kubectl's
  // copy.
  const std::string key = 'x' + written.substr(0, text.find('\0'));
  kube::Json object = {{"key", written}, {"annotations", {{key, {written}}}}, {"last", "x"}};
  const std::string json = kube::json_text(object);
  demand_safe(json);
  demand(kube::Json::parse(json) == object);
  const std::string yaml = kube::yaml_text(object.dump());
  demand_value(yaml, written);
  kube::Document document;
  const auto values = kube::read_yaml(yaml, "fuzz", document);
  demand(kube::Json::parse(kube::to_json(values[0])) == object);
  return 0;
}
