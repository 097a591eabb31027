// Structural schemas as nodes: one for each shape of a field.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/parse/value.hpp"
#include "kube/schema/pattern.hpp"

namespace kube {

struct SchemaNode {
  enum class Type { any, object, array, string, integer, number, boolean, int_or_string, quantity };
  struct Field {
    std::string_view name;
    std::uint32_t node = 0;
  };
  // An x-kubernetes-validations entry.
  struct Rule {
    std::string_view rule;
    std::string_view message;
  };

  Type type = Type::any;
  bool open = false;                   // x-kubernetes-preserve-unknown-fields
  bool nullable = false;               // a null is right, or as good as nothing
  bool has_default = false;            // the API server fills it in
  std::string_view default_json = {};  // when it is a scalar
  std::vector<Field> fields = {};
  std::optional<std::uint32_t> values = {};  // additionalProperties
  std::optional<std::uint32_t> items = {};
  std::vector<std::string_view> required = {};
  std::vector<std::string_view> choices = {};  // enum, as text
  std::string_view pattern = {};
  std::string_view format = {};
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
  bool above_minimum = false;  // the bound itself is not in it
  bool below_maximum = false;
  // Of a string its characters, of a list its items, of an object its members.
  std::optional<std::int64_t> least = {};
  std::optional<std::int64_t> most = {};
  std::vector<Rule> rules = {};
  mutable std::optional<Pattern> compiled = {};  // of the pattern, once a text was held against it
  // Of a list: no two items are the same in these members; of scalars, no two are the same.
  std::vector<std::string_view> keys = {};
  bool is_set = false;

  std::optional<std::uint32_t> field(std::string_view name) const;
};

// Where nodes come from. Nodes live as long as their source.
class SchemaSource {
 public:
  virtual ~SchemaSource() = default;
  virtual const SchemaNode& node(std::uint32_t id) const = 0;
};

// The table that scripts/schema-data writes: nothing of it is read before it is asked for.
//
// A node is a line of words with tabs between them. The first: a letter for its type (* any,
// o object, a array, s string, i integer, n number, b boolean, x int-or-string, q quantity), then
// p open, u nullable, d with a default. The others by their first letter: `.` a field, number of
// the name = number of its node (base 36), `{` the node of further members, `[` of items,
// `r` required, `e` enum (| between), `/` pattern, `f` format, `<` `>` bounds (`x<` `x>`: without
// the bound itself), `l` `L` `c` `C` `k` `K` length, items and members at least and at most,
// `=` the default, `v` a rule and, behind \x02, its message, `m` the members that tell items apart
// (none: the items themselves).
struct SchemaTable {
  std::string_view nodes;
  std::span<const std::uint32_t> node_at;
  std::string_view names;
  std::span<const std::uint32_t> name_at;
};

class TableSchemas : public SchemaSource {
 public:
  explicit TableSchemas(const SchemaTable& table) : table_(table), read_(table.node_at.size()) {}
  const SchemaNode& node(std::uint32_t id) const override;

 private:
  SchemaTable table_;
  mutable std::vector<std::unique_ptr<SchemaNode>> read_;
};

// The openAPIV3Schema of a CRD, which must outlive it. Node 0 is anything; root() is the object.
class CrdSchema : public SchemaSource {
 public:
  explicit CrdSchema(const Value& schema);
  const SchemaNode& node(std::uint32_t id) const override { return nodes_[id]; }
  std::uint32_t root() const { return root_; }

 private:
  std::uint32_t add(const Value& schema, int depth);
  std::vector<SchemaNode> nodes_;
  std::vector<std::unique_ptr<std::string>> texts_;
  std::uint32_t root_ = 0;
};

}  // namespace kube
