// Kubernetes' protobuf read into values: list pages, and Status.
#pragma once
#include <string_view>

#include "kube/parse/json_reader.hpp"
#include "kube/parse/value.hpp"

namespace kube {

// Whether lists of these objects can be read as protobuf ("apps/v1", "Deployment").
bool has_protobuf(std::string_view api_version, std::string_view kind);
// By the Content-Type of an answer.
bool is_protobuf(std::string_view content_type);

// What every message of Kubernetes begins with.
inline constexpr std::string_view protobuf_magic{"k8s\0", 4};

// One page of a list, as read_list_page reads it from JSON: the same values, but that members come
// in the order of the message's fields. Fields that are not known are skipped. Anything malformed
// is a base::Error(Fault::unavailable, "BadAnswer").
ListPage read_protobuf_page(std::string_view body, Document& document);

// A Status, with its kind; anything else is an error as above.
Value read_protobuf_status(std::string_view body, Document& document);

}  // namespace kube
