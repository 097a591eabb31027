// The generated table of schema_data/, and the list of its kinds.
#include "aibrix/schemas.hpp"

#include <charconv>
#include <iterator>

#include "base/text.hpp"

namespace aibrix {
namespace {

// One literal for the table: clang warns of those that C++ does not promise.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"
#include "aibrix/schema_data/schemas.inc"
#pragma GCC diagnostic pop

constexpr kube::SchemaTable table{{schema_nodes, sizeof schema_nodes - 1},
                                  schema_node_at,
                                  {schema_names, sizeof schema_names - 1},
                                  schema_name_at};

}  // namespace

Schemas::Schemas() : source_(std::make_shared<kube::TableSchemas>(table)) {
  for (const std::string_view line : base::split({schema_kinds, sizeof schema_kinds - 1}, '\n')) {
    const auto words = base::split(line, ' ');
    if (words.size() != 5) continue;
    KindSchema kind{words[0], words[1] == "-" ? std::string_view() : words[1], words[2], words[3]};
    std::from_chars(words[4].data(), words[4].data() + words[4].size(), kind.node, 36);
    kinds_.push_back(kind);
  }
}

std::vector<const KindSchema*> Schemas::of(std::string_view group, std::string_view kind) const {
  std::vector<const KindSchema*> out;
  for (const KindSchema& one : kinds_) {
    if (one.group == group && one.kind == kind) out.push_back(&one);
  }
  return out;
}

}  // namespace aibrix
