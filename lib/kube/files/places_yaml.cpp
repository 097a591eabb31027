// Places in YAML: the nodes of the objects asked for, and of what anchors name, with their marks.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/chars.hpp"
#include "kube/files/places_inner.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/parse/yaml_events.hpp"

namespace kube::places {
namespace {

struct Node;
struct Entry {
  std::string key;  // of a mapping
  Spot spot;        // of the key, or of the item
  const Node* node = nullptr;
};
struct Node {
  enum class Kind { scalar, mapping, sequence };
  Kind kind = Kind::scalar;
  Spot spot;
  std::string text;  // of a scalar
  std::vector<Entry> entries;
  std::vector<const Node*> merged;  // what "<<" brings
};

struct TooDeep {};

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

class Reader {
 public:
  // `lines_before`: how many of the file stand before what the events are of.
  explicit Reader(YamlEvents& events, std::uint32_t lines_before = 0)
      : events_(events), lines_before_(lines_before) {}

  void read(Wants wanted) {
    std::uint32_t document = 0;
    left_ = wanted.size();
    while (!wanted.empty()) {
      const yaml_event_type_t type = events_.next().type;
      if (type == YAML_STREAM_END_EVENT) return;
      if (type != YAML_DOCUMENT_START_EVENT) continue;
      next();
      node(take_document(wanted, document), 0, false, 0);
      nodes_.clear();
      anchors_.clear();
      ++document;
    }
  }

  // Of a text that starts with the object that all of `wanted` are of. False: it takes what stands
  // before it to read it.
  bool read_object(Wants wanted) {
    while (next().type != YAML_MAPPING_START_EVENT) {
      const bool before =
          last_->type == YAML_STREAM_START_EVENT || last_->type == YAML_DOCUMENT_START_EVENT;
      if (!before) return false;
    }
    left_ = wanted.size();
    const Node* const object = node({}, 0, true, 0);
    if (unknown_alias_) return false;
    for (Wanted* one : wanted) resolve(*one, object);
    return true;
  }

 private:
  Spot spot(const yaml_mark_t& mark) const {
    return {static_cast<std::uint32_t>(mark.line) + 1 + lines_before_,
            static_cast<std::uint32_t>(mark.column) + 1};
  }

  const yaml_event_t& next() {
    last_ = &events_.next();
    return *last_;
  }

  static std::string_view anchor_of(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_SCALAR_EVENT: return text_of(event.data.scalar.anchor);
      case YAML_MAPPING_START_EVENT: return text_of(event.data.mapping_start.anchor);
      case YAML_SEQUENCE_START_EVENT: return text_of(event.data.sequence_start.anchor);
      default: return {};
    }
  }

  // The node whose first event was read. `level`: how many of the items that lead to the wanted
  // objects are behind it. What is neither kept nor on the way to one is read past: nullptr.
  const Node* node(Wants wants, std::size_t level, bool keep, std::size_t depth) {
    if (depth > max_json_depth) throw TooDeep{};
    const yaml_event_t& event = *last_;
    if (event.type == YAML_ALIAS_EVENT) {
      const auto it = anchors_.find(std::string(text_of(event.data.alias.anchor)));
      const Node* const named = it == anchors_.end() ? nullptr : it->second;
      unknown_alias_ = unknown_alias_ || it == anchors_.end();
      for (Wanted* one : take_own(wants, level)) resolve(*one, named);
      return named;
    }
    const yaml_event_type_t type = event.type;
    const std::string anchor(anchor_of(event));
    const Wants own = take_own(wants, level);
    const bool kept_outside = keep || !anchor.empty();
    keep = kept_outside || !own.empty();
    const std::size_t nodes_before = nodes_.size();
    Node* const made = make(event, keep || !wants.empty());
    if (type == YAML_SCALAR_EVENT && made != nullptr) {
      made->text.assign(reinterpret_cast<const char*>(event.data.scalar.value),
                        event.data.scalar.length);
    } else if (type == YAML_MAPPING_START_EVENT) {
      mapping(made, wants, level, keep, depth);
    } else if (type == YAML_SEQUENCE_START_EVENT) {
      sequence(made, wants, level, keep, depth);
    }
    if (!anchor.empty()) anchors_[anchor] = made;
    for (Wanted* one : own) resolve(*one, made);
    if (kept_outside || !anchors_.empty()) return made;
    nodes_.resize(nodes_before);  // nobody asks for them again: there may be 100,000 objects
    return nullptr;
  }

  void mapping(Node* made, Wants wants, std::size_t level, bool keep, std::size_t depth) {
    bool first = true;
    while (left_ > 0 && next().type != YAML_MAPPING_END_EVENT) {
      if (made == nullptr) {  // nobody wants anything of it
        node({}, 0, false, depth + 1);
        next();
        node({}, 0, false, depth + 1);
        continue;
      }
      const Spot at = spot(last_->start_mark);
      const bool merge = last_->type == YAML_SCALAR_EVENT &&
                         last_->data.scalar.plain_implicit != 0 &&
                         text_of(last_->data.scalar.value) == "<<";
      const Node* const key = node({}, 0, true, depth + 1);
      if (first) made->spot = at;  // as Value::line
      first = false;
      const std::string name = key == nullptr ? std::string() : key->text;
      next();
      const bool leads = name == "items";
      const Node* const value = node(leads ? wants : Wants{}, level, keep, depth + 1);
      if (value == nullptr) continue;
      if (merge && value->kind == Node::Kind::sequence) {
        for (const Entry& entry : value->entries) made->merged.push_back(entry.node);
      } else if (merge) {
        made->merged.push_back(value);
      } else {
        made->entries.push_back({name, at, value});
      }
    }
  }

  void sequence(Node* made, Wants wants, std::size_t level, bool keep, std::size_t depth) {
    for (std::uint32_t index = 0; left_ > 0 && next().type != YAML_SEQUENCE_END_EVENT; ++index) {
      const Wants inside = take_item(wants, level, index);
      const Spot at = spot(last_->start_mark);
      const Node* const value = node(inside, level + 1, keep, depth + 1);
      if (made != nullptr && value != nullptr) made->entries.push_back({{}, at, value});
    }
  }

  Node* make(const yaml_event_t& event, bool wanted) {
    if (!wanted) return nullptr;
    Node& made = nodes_.emplace_back();
    made.spot = spot(event.start_mark);
    if (event.type == YAML_MAPPING_START_EVENT) made.kind = Node::Kind::mapping;
    if (event.type == YAML_SEQUENCE_START_EVENT) made.kind = Node::Kind::sequence;
    return &made;
  }

  static const Entry* entry_of(const Node& node, const PathStep& step, std::size_t depth = 0) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      const bool there = node.kind == Node::Kind::sequence && *index < node.entries.size();
      return there ? &node.entries[*index] : nullptr;
    }
    if (node.kind != Node::Kind::mapping || depth > max_json_depth) return nullptr;
    for (auto it = node.entries.rbegin(); it != node.entries.rend(); ++it) {
      if (it->key == std::get<std::string>(step)) return &*it;
    }
    for (const Node* from : node.merged) {
      const Entry* const found = from == nullptr ? nullptr : entry_of(*from, step, depth + 1);
      if (found != nullptr) return found;
    }
    return nullptr;
  }

  void resolve(Wanted& wanted, const Node* node) {
    if (left_ > 0) --left_;
    if (node == nullptr) return;
    wanted.object = wanted.found = node->spot;
    for (const PathStep& step : wanted.field->path) {
      const Entry* const entry = entry_of(*node, step);
      if (entry == nullptr) return;
      wanted.found = entry->spot;
      node = entry->node;
    }
  }

  YamlEvents& events_;
  std::uint32_t lines_before_;
  bool unknown_alias_ = false;
  const yaml_event_t* last_ = nullptr;
  std::size_t left_ = 0;  // of the wanted; when all are found, nothing more is read
  std::deque<Node> nodes_;
  std::map<std::string, const Node*, std::less<>> anchors_;
};

// The lines of a text, asked for in any order; quickest in theirs.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  // From the start of that line (1-based) to the end of the text.
  std::optional<std::string_view> from(std::uint32_t line) {
    if (line < line_) {
      at_ = 0;
      line_ = 1;
    }
    for (; line_ < line; ++line_) {
      const std::size_t end = text_.find('\n', at_);
      if (end == std::string_view::npos) return std::nullopt;
      at_ = end + 1;
    }
    return text_.substr(at_);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

// Where the first key of a block mapping stands in a line that may start items of lists. Behind a
// brace another mapping may be meant.
std::optional<std::size_t> first_key(std::string_view line) {
  if (line.find('{') != std::string_view::npos) return std::nullopt;
  std::size_t at = 0;
  while (at < line.size() && line[at] == ' ') ++at;
  while (line.substr(at).starts_with("- ")) {
    for (++at; at < line.size() && line[at] == ' ';) ++at;
  }
  const bool word = at < line.size() && (base::is_lower(line[at]) || base::is_upper(line[at]));
  return word ? std::optional(at) : std::nullopt;
}

// The object alone, indented as it is; read in pieces that most objects fill.
bool find_in_object(std::string_view from, Wants wanted) {
  constexpr std::size_t piece = 2048;
  const auto key = first_key(from.substr(0, from.find('\n')));
  if (!key) return false;
  const std::string indent(*key, ' ');
  std::string_view before = indent;
  from.remove_prefix(*key);
  YamlEvents events([&](char* buffer, std::size_t size) {
    std::string_view& left = before.empty() ? from : before;
    const std::size_t taken = left.copy(buffer, std::min(size, piece));
    left.remove_prefix(taken);
    return taken;
  });
  return Reader(events, wanted.front()->field->origin->line - 1).read_object(wanted);
}

}  // namespace

bool find_at_lines(std::string_view text, Wants wanted) {
  // YAML knows more line breaks than these lines end with.
  for (const std::string_view other : {"\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (text.find(other) != std::string_view::npos) return false;
  }
  Lines lines(text);
  try {
    while (!wanted.empty()) {
      const Origin* const origin = wanted.front()->field->origin;
      const Wants own =
          take_while(wanted, [&](const Wanted* one) { return one->field->origin == origin; });
      const auto from = lines.from(origin->line);
      if (!from || !find_in_object(*from, own)) return false;
    }
    return true;
  } catch (const YamlFault&) {
    return false;
  } catch (const TooDeep&) {
    return false;
  }
}

void find_in_yaml(YamlEvents& events, Wants wanted) {
  try {
    Reader(events).read(wanted);
  } catch (const YamlFault&) {  // what was found so far holds
  } catch (const TooDeep&) {
  }
}

}  // namespace kube::places
