// JSON read into values: answers of the API server, list pages, files.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kube/parse/duplicate_keys.hpp"
#include "kube/parse/value.hpp"

namespace kube {

// Deeper nesting than any Kubernetes object has; keeps hostile input off the stack.
inline constexpr std::size_t max_json_depth = 200;

// One answer of the API server. Dead weight is left out (see is_pruned). Anything that is not
// one well-formed JSON document is a base::Error(Fault::unavailable, "BadAnswer"). What is left out
// is not looked at closely: only its strings, its UTF-8 and its brackets are checked.
Value read_json(std::string_view text, Document& document);

// The same, with all that is in it: of a CRD its schema.
Value read_whole_json(std::string_view text, Document& document);

// One page of a list.
struct ListPage {
  std::vector<Value> items;
  std::string continue_token;    // empty: the last page
  std::string resource_version;  // of the list
  std::string kind;              // "PodList"
  std::string api_version;
};

// As read_json, without a copy of the text: grows the body's capacity by a few bytes if need be.
// The values do not borrow from `body`.
ListPage read_list_page(std::string& body, Document& document);

// A JSON file: one document after the other, with or without white space or line breaks between
// them. Values know their lines. Errors are base::Error(Fault::usage, "BadJson", "file:line: …");
// so are duplicate keys, unless there is a list for them: then the last counts. `text` as in
// read_list_page.
std::vector<Value> read_json_file(std::string& text, const std::string& file, Document& document,
                                  std::vector<Duplicate>* duplicates = nullptr);

}  // namespace kube
