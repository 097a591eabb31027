// The builder that parsers make values with.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/memory_budget.hpp"
#include "kube/parse/value.hpp"

namespace kube {

// Builds one value from parse events, into a Document. The readers (JSON, YAML) call it; a reader
// that fails leaves what it has built unreachable in the document, and that is harmless.
//
// Dead weight is left out while building, so that it never takes memory: see is_pruned().
class Builder {
 public:
  enum class Keep { pruned, everything };
  explicit Builder(Document& document, Keep keep = Keep::pruned);
  ~Builder();

  void null(std::uint32_t line = 0);
  void boolean(bool value, std::uint32_t line = 0);
  void number(std::string_view text, std::uint32_t line = 0);  // JSON syntax, already checked
  void string(std::string_view text, std::uint32_t line = 0);
  void begin_object(std::uint32_t line = 0);
  // False: the member is dead weight. The reader must then skip its value without reporting it.
  [[nodiscard]] bool key(std::string_view text);
  // The same for text of the program itself, which stays where it is and is no dead weight.
  void static_key(std::string_view text);
  enum class Repeated { no, yes };
  // Repeated::yes: some key came more than once, and the last one counts.
  void end_object(Repeated repeated = Repeated::no);
  void begin_array(std::uint32_t line = 0);
  void end_array();

  // Adds a finished value (of the same document) as if it had been parsed again: YAML aliases.
  void copy(const Value& value);

  // Empties the values of an object under "data" or "stringData" where they are, and the memory of
  // their texts. False: the document must be copied for that, since texts may be shared.
  [[nodiscard]] static bool blank(Document& document, const Value& object);

  // Counts what the document holds, from now on and until it is gone, in the budget. Building then
  // throws as MemoryBudget::take.
  static void count_memory(Document& document, std::shared_ptr<base::MemoryBudget> budget);
  // Counts what goes with the document and is not in it.
  static void count_beside(Document& document, std::size_t bytes);

  // The whole value, once every container is closed; the builder can then be used again.
  Value finish();
  // The most recently completed value (for anchors).
  Value last() const;
  std::size_t depth() const;

 private:
  struct Frames;
  std::unique_ptr<Frames> frames_;
  Document& document_;
  Keep keep_;
};

// Members that no check can use and that make up most of an answer's bytes (managedFields,
// last-applied-configuration, volumes, OpenAPI schemas, …). `parent` is the key that holds the
// object (empty at the top); maps with keys of the user's choice (labels, data, matchLabels) lose
// nothing but last-applied-configuration.
bool is_pruned(std::string_view parent, std::string_view key);

// What people write is kept whole, to be held against its schema: a text in which no object has a
// uid. What a server wrote is large and right.
Builder::Keep keep_of(std::string_view text);

}  // namespace kube
