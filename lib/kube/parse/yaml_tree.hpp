// The middle between libyaml and our values.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kube/parse/duplicate_keys.hpp"
#include "kube/parse/value.hpp"
#include "kube/parse/value_builder.hpp"
#include "kube/parse/yaml_scalar.hpp"

namespace kube {

// Turns a YAML parser's events into values: skips dead weight, resolves aliases and merge keys, and
// refuses what the parser lets pass (duplicate keys, an alias inside what it names, alias bombs,
// depth, keys that are no text).
class YamlTree {
 public:
  // Where a node starts, and the number of its anchor (0: none). Numbers start at 1 and grow.
  struct Node {
    std::uint32_t line = 0;
    std::size_t anchor = 0;
  };
  // An alias of something that was left out: read the text again with Keep::everything.
  struct AliasOfPruned {};

  // Duplicates are an error when there is no list for them.
  YamlTree(const std::string& file, Document& document, Builder::Keep keep,
           std::vector<Duplicate>* duplicates);

  void scalar(const Node& node, const Scalar& scalar);
  void alias(std::uint32_t line, std::size_t anchor);
  void merge_key(std::uint32_t line);  // a plain "<<"; an ordinary string unless it is a key
  void begin_object(const Node& node);
  void begin_array(const Node& node);
  void end();

  Value finish();  // of a document; anchors end with it

  // Throws ParseError(Fault::usage, "BadYaml"). Column 0: not known.
  [[noreturn]] void fail(std::uint32_t line, const std::string& message,
                         std::uint32_t column = 0) const;

 private:
  enum class AnchorState { unknown, open, left_out, done };
  struct Anchor {
    AnchorState state = AnchorState::unknown;
    Value value;
    std::size_t nodes = 1;   // with everything in it, aliases expanded
    std::size_t height = 0;  // of the containers in it
  };
  struct Frame {
    Node node;
    bool object = false;
    bool begun = false;       // objects begin with their first key, for its line
    bool key_next = false;    // an object that waits for a key
    bool skip_next = false;   // its key was dead weight
    bool merge_next = false;  // its key was "<<"
    bool captured = false;    // it is the value of a merge key, with a builder of its own
    std::size_t nodes_before = 0;
    std::size_t height = 0;
    std::vector<Value> merged;
  };

  Builder& builder() { return *builders_.back(); }
  bool at_key() const { return !frames_.empty() && frames_.back().key_next; }
  void key(std::uint32_t line, std::string_view text);
  void begin(const Node& node, bool object);
  void begin_mapping(Frame& frame, std::uint32_t line);
  bool skips(const Node& node);
  void value_done();
  void emit(const Node& node, const Scalar& scalar);
  void merge(std::uint32_t line, const Value& value);
  void add_merged(const Frame& frame);
  const Anchor& named(std::uint32_t line, std::size_t anchor);
  void count_alias(std::uint32_t line, const Anchor& anchor);
  Anchor& at(std::size_t anchor);

  const std::string& file_;
  Document& document_;
  Builder::Keep keep_;
  std::vector<Duplicate>* duplicates_;
  std::vector<std::unique_ptr<Builder>> builders_;  // the document's, then those of merge values
  std::vector<Frame> frames_;
  std::vector<Anchor> anchors_;
  DuplicateKeyFinder keys_;
  std::string scratch_;
  std::size_t skipped_depth_ = 0;
  std::size_t nodes_ = 0;    // so far in this document, aliases expanded
  std::size_t aliased_ = 0;  // those of them that come from aliases
};

}  // namespace kube
