// The builder of values from YAML events, with aliases, merge keys and bounds.
#include "kube/parse/yaml_tree.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/parse/parse_error.hpp"

namespace kube {
namespace {

// The bound of goyaml.v2, kubectl's reader: almost all of a small document may come from aliases, a
// tenth of a large one.
double allowed_alias_ratio(std::size_t nodes) {
  constexpr std::size_t low = 400'000;
  constexpr std::size_t high = 4'000'000;
  constexpr double most = 0.99;
  constexpr double least = 0.10;
  if (nodes <= low) return most;
  if (nodes >= high) return least;
  return most - (most - least) * static_cast<double>(nodes - low) / static_cast<double>(high - low);
}

}  // namespace

YamlTree::YamlTree(const std::string& file, Document& document, Builder::Keep keep,
                   std::vector<Duplicate>* duplicates)
    : file_(file), document_(document), keep_(keep), duplicates_(duplicates) {
  builders_.push_back(std::make_unique<Builder>(document, keep));
}

void YamlTree::fail(std::uint32_t line, const std::string& message, std::uint32_t column) const {
  const std::string words = "not valid YAML: " + base::printable(message);
  throw ParseError(
      {base::Fault::usage, "BadYaml", file_ + ":" + std::to_string(line) + ": " + words,
       "correct that line; kubectl apply --dry-run=client -f reads the file as the "
       "cluster would"},
      words, {line, column});
}

YamlTree::Anchor& YamlTree::at(std::size_t anchor) {
  if (anchor >= anchors_.size()) anchors_.resize(anchor + 1);
  return anchors_[anchor];
}

// Whether the node that starts belongs to what is left out.
bool YamlTree::skips(const Node& node) {
  const bool skip = skipped_depth_ > 0 || (!frames_.empty() && frames_.back().skip_next);
  if (skip && node.anchor != 0) at(node.anchor).state = AnchorState::left_out;
  return skip;
}

void YamlTree::value_done() {
  if (skipped_depth_ > 0 || frames_.empty()) return;
  Frame& frame = frames_.back();
  frame.key_next = frame.object;
  frame.skip_next = false;
  frame.merge_next = false;
}

void YamlTree::scalar(const Node& node, const Scalar& scalar) {
  if (skips(node)) {
    value_done();
    return;
  }
  ++nodes_;
  if (scalar.invalid) fail(node.line, "a value that is not a number, a word or a text of its tag");
  if (at_key()) {
    if (scalar.type == Value::Type::null) fail(node.line, "null as a key; quote it");
    const std::string_view name = key_text(scalar, scratch_);
    if (node.anchor != 0) {
      Builder text(document_);
      text.string(name, node.line);
      at(node.anchor) = {AnchorState::done, text.finish(), 1, 0};
    }
    key(node.line, name);
    return;
  }
  if (!frames_.empty() && frames_.back().merge_next) {
    fail(node.line, "\"<<\" requires a mapping or a list of mappings");
  }
  emit(node, scalar);
  value_done();
}

void YamlTree::emit(const Node& node, const Scalar& scalar) {
  switch (scalar.type) {
    case Value::Type::missing:
    case Value::Type::null: builder().null(node.line); break;
    case Value::Type::boolean: builder().boolean(scalar.text == "true", node.line); break;
    case Value::Type::number: builder().number(scalar.text, node.line); break;
    case Value::Type::string:
    case Value::Type::array:
    case Value::Type::object: builder().string(scalar.text, node.line); break;
  }
  if (node.anchor != 0) at(node.anchor) = {AnchorState::done, builder().last(), 1, 0};
}

void YamlTree::begin_mapping(Frame& frame, std::uint32_t line) {
  if (frame.begun) return;
  frame.begun = true;
  builder().begin_object(line);
}

void YamlTree::key(std::uint32_t line, std::string_view text) {
  Frame& frame = frames_.back();
  begin_mapping(frame, line);
  if (const std::uint32_t first = keys_.add(text, line)) {
    Duplicate duplicate{std::string(text), line, first};
    if (duplicates_ == nullptr) fail(line, to_string(duplicate));
    duplicates_->push_back(std::move(duplicate));
  }
  frame.key_next = false;
  frame.skip_next = !builder().key(text);
}

void YamlTree::merge_key(std::uint32_t line) {
  if (skipped_depth_ > 0 || !at_key()) {
    scalar({line, 0}, {Value::Type::string, "<<", false});
    return;
  }
  ++nodes_;
  Frame& frame = frames_.back();
  begin_mapping(frame, line);
  frame.key_next = false;
  frame.merge_next = true;
}

const YamlTree::Anchor& YamlTree::named(std::uint32_t line, std::size_t anchor) {
  const Anchor& found = at(anchor);
  if (found.state == AnchorState::left_out) throw AliasOfPruned{};
  if (found.state != AnchorState::done) fail(line, "an alias inside its own value");
  return found;
}

void YamlTree::count_alias(std::uint32_t line, const Anchor& anchor) {
  constexpr std::size_t free_aliases = 100;
  constexpr std::size_t free_nodes = 1000;
  nodes_ += anchor.nodes;
  aliased_ += anchor.nodes;
  const double ratio = static_cast<double>(aliased_) / static_cast<double>(nodes_);
  if (aliased_ > free_aliases && nodes_ > free_nodes && ratio > allowed_alias_ratio(nodes_)) {
    fail(line, "the aliases expand to far more than the size of the document");
  }
  if (frames_.size() + anchor.height > max_json_depth) fail(line, "nested too deeply");
}

void YamlTree::alias(std::uint32_t line, std::size_t anchor) {
  if (skips({line, 0})) {
    value_done();
    return;
  }
  const Anchor& found = named(line, anchor);
  count_alias(line, found);
  if (at_key()) {
    if (found.height != 0 || found.value.is_null()) fail(line, "a key that is not text");
    key(line, found.value.scalar());
    return;
  }
  if (!frames_.empty()) {
    Frame& frame = frames_.back();
    frame.height = std::max(frame.height, found.height);
    if (frame.merge_next) {
      merge(line, found.value);
      value_done();
      return;
    }
  }
  builder().copy(found.value);
  value_done();
}

void YamlTree::begin_object(const Node& node) {
  begin(node, true);
}
void YamlTree::begin_array(const Node& node) {
  begin(node, false);
}

void YamlTree::begin(const Node& node, bool object) {
  if (frames_.size() + skipped_depth_ >= max_json_depth) fail(node.line, "nested too deeply");
  if (skips(node)) {
    ++skipped_depth_;
    return;
  }
  if (at_key()) fail(node.line, "a key that is not text");
  Frame frame;
  frame.node = node;
  frame.object = object;
  frame.key_next = object;
  frame.nodes_before = nodes_++;
  frame.captured = !frames_.empty() && frames_.back().merge_next;
  if (frame.captured) builders_.push_back(std::make_unique<Builder>(document_, keep_));
  if (node.anchor != 0) at(node.anchor).state = AnchorState::open;
  if (object) {
    keys_.open();
  } else {
    builder().begin_array(node.line);
  }
  frames_.push_back(std::move(frame));
}

void YamlTree::end() {
  if (skipped_depth_ > 0) {
    --skipped_depth_;
    value_done();
    return;
  }
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (frame.object) {
    begin_mapping(frame, frame.node.line);
    const auto repeated = keys_.repeated() ? Builder::Repeated::yes : Builder::Repeated::no;
    add_merged(frame);
    keys_.close();
    builder().end_object(repeated);
  } else {
    builder().end_array();
  }
  const std::size_t height = frame.height + 1;
  const Value value = builder().last();
  if (frame.node.anchor != 0) {
    at(frame.node.anchor) = {AnchorState::done, value, nodes_ - frame.nodes_before, height};
  }
  if (!frames_.empty()) frames_.back().height = std::max(frames_.back().height, height);
  if (frame.captured) {
    builders_.pop_back();
    merge(frame.node.line, value);
  }
  value_done();
}

void YamlTree::merge(std::uint32_t line, const Value& value) {
  auto& merged = frames_.back().merged;
  const auto add = [&](const Value& mapping) {
    if (!mapping.is_object()) fail(line, "\"<<\" requires a mapping or a list of mappings");
    merged.push_back(mapping);
  };
  if (value.is_array()) {
    for (const Value& item : value.items()) add(item);
  } else {
    add(value);
  }
}

// What the mapping says itself goes before what is merged in, and of that the first.
void YamlTree::add_merged(const Frame& frame) {
  for (const Value& mapping : frame.merged) {
    for (const Member& member : mapping.members()) {
      if (keys_.add(member.key, frame.node.line) != 0) continue;
      if (builder().key(member.key)) builder().copy(member.value);
    }
  }
}

Value YamlTree::finish() {
  anchors_.clear();
  nodes_ = 0;
  aliased_ = 0;
  return builder().finish();
}

}  // namespace kube
