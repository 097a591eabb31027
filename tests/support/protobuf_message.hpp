// Messages in Kubernetes' protobuf, field by field.
#pragma once
#include <protozero/pbf_writer.hpp>
#include <string>

#include "kube/parse/protobuf_reader.hpp"

namespace support {

// message([](auto& w) { w.add_string(1, "a"); })
template <typename Write>
std::string message(Write write) {
  std::string out;
  protozero::pbf_writer writer(out);
  write(writer);
  return out;
}

// As Kubernetes packs a message (runtime.Unknown).
inline std::string packed(const std::string& api_version, const std::string& kind,
                          const std::string& content) {
  const std::string type = message([&](auto& w) {
    w.add_string(1, api_version);
    w.add_string(2, kind);
  });
  return std::string(kube::protobuf_magic) + message([&](auto& w) {
           w.add_message(1, type);
           w.add_message(2, content);
           w.add_string(3, "");
           w.add_string(4, "");
         });
}

// A PodList.
inline std::string pod_page(const std::string& name, const std::string& token) {
  const std::string list_metadata = message([&](auto& w) {
    w.add_string(1, "");
    w.add_string(2, "7");
    w.add_string(3, token);
  });
  const std::string metadata = message([&](auto& w) {
    w.add_string(1, name);
    w.add_string(3, "a");
  });
  const std::string pod = message([&](auto& w) { w.add_message(1, metadata); });
  return packed("v1", "PodList", message([&](auto& w) {
                  w.add_message(1, list_metadata);
                  w.add_message(2, pod);
                }));
}

}  // namespace support
