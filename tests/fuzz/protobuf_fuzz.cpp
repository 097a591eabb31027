// A list in protobuf: base::Error, or objects that JSON holds as well. An input that is not packed
// as Kubernetes' messages are is taken for a list's message, of the kind that its first byte
// chooses.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "demand.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/parse/protobuf_reader.hpp"

namespace {

constexpr std::string_view kinds[][2] = {{"v1", "PodList"},
                                         {"v1", "NodeList"},
                                         {"v1", "EventList"},
                                         {"v1", "ServiceList"},
                                         {"v1", "ConfigMapList"},
                                         {"apps/v1", "DeploymentList"},
                                         {"autoscaling/v2", "HorizontalPodAutoscalerList"},
                                         {"discovery.k8s.io/v1", "EndpointSliceList"},
                                         {"v1", "Status"}};

void add_field(std::string& out, int number, std::string_view content) {
  out += static_cast<char>(number * 8 + 2);
  std::size_t size = content.size();
  for (; size >= 0x80; size >>= 7U) out += static_cast<char>(size | 0x80U);
  out += static_cast<char>(size);
  out += content;
}

std::string packed(std::string_view text) {
  const auto& [version, kind] = kinds[static_cast<unsigned char>(text[0]) % std::size(kinds)];
  std::string type;
  add_field(type, 1, version);
  add_field(type, 2, kind);
  std::string out(kube::protobuf_magic);
  add_field(out, 1, type);
  add_field(out, 2, text.substr(1));
  return out;
}

void check(const kube::Value& value, kube::Document& document) {
  const std::string written = kube::to_json(value);
  demand(kube::to_json(kube::read_json(written, document)) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string body(reinterpret_cast<const char*>(data), size);
  if (body.empty()) return 0;
  if (!body.starts_with(kube::protobuf_magic)) body = packed(body);
  kube::Document document;
  try {
    for (const kube::Value& item : kube::read_protobuf_page(body, document).items) {
      check(item, document);
    }
  } catch (const base::Error& error) {
    demand(error.reason == "BadAnswer");
  }
  try {
    check(kube::read_protobuf_status(body, document), document);
  } catch (const base::Error& error) {
    demand(error.reason == "BadAnswer");
  }
  return 0;
}
