// The YAML reader over libyaml's events, and the words for its errors.
#include "kube/parse/yaml_reader.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/parse/input_checks.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/parse/value_builder.hpp"
#include "kube/parse/yaml_events.hpp"
#include "kube/parse/yaml_tree.hpp"

namespace kube {
namespace {

// What starts with a bracket and is not JSON may still be YAML; beyond this size the error is worth
// more than the attempt.
constexpr std::size_t max_flow_yaml = 4'000'000;

constexpr std::string_view tab_words = "a tab in the indentation; YAML requires spaces";

std::uint32_t line_of(const yaml_event_t& event) {
  return static_cast<std::uint32_t>(event.start_mark.line) + 1;
}

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// libyaml's events, handed to a YamlTree.
class YamlReader {
 public:
  YamlReader(std::string_view text, YamlTree& tree) : events_(text), tree_(tree) {}

  std::vector<Value> read() {
    std::vector<Value> values;
    while (true) {
      const yaml_event_t& event = events_.next();
      switch (event.type) {
        case YAML_STREAM_END_EVENT: return values;
        case YAML_DOCUMENT_END_EVENT:
          values.push_back(tree_.finish());
          anchors_.clear();
          last_anchor_ = 0;
          break;
        case YAML_ALIAS_EVENT: alias(event); break;
        case YAML_SCALAR_EVENT: scalar(event); break;
        case YAML_SEQUENCE_START_EVENT:
          tree_.begin_array({line_of(event), anchor(event.data.sequence_start.anchor)});
          break;
        case YAML_MAPPING_START_EVENT:
          tree_.begin_object({line_of(event), anchor(event.data.mapping_start.anchor)});
          break;
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT: tree_.end(); break;
        case YAML_NO_EVENT:
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_START_EVENT: break;
      }
    }
  }

 private:
  // A name given again means what it named last.
  std::size_t anchor(const yaml_char_t* name) {
    if (name == nullptr) return 0;
    return anchors_[std::string(text_of(name))] = ++last_anchor_;
  }

  void alias(const yaml_event_t& event) {
    const auto it = anchors_.find(text_of(event.data.alias.anchor));
    if (it == anchors_.end()) tree_.fail(line_of(event), "an alias of an anchor that is not there");
    tree_.alias(line_of(event), it->second);
  }

  void scalar(const yaml_event_t& event) {
    const auto& data = event.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(data.value), data.length);
    const std::string_view tag = text_of(data.tag);
    const bool plain = data.style == YAML_PLAIN_SCALAR_STYLE && tag.empty();
    if (text == "<<" && (plain || tag == "tag:yaml.org,2002:merge")) {
      tree_.merge_key(line_of(event));
      return;
    }
    const Scalar resolved = plain                       ? resolve_scalar(text, scratch_)
                            : tag.empty() || tag == "!" ? Scalar{Value::Type::string, text, false}
                                                        : resolve_tagged(tag, text, scratch_);
    tree_.scalar({line_of(event), anchor(data.anchor)}, resolved);
  }

  YamlEvents events_;
  YamlTree& tree_;
  std::map<std::string, std::size_t, std::less<>> anchors_;
  std::size_t last_anchor_ = 0;
  std::string scratch_;
};

// libyaml's words for the mistakes people make, and ours.
std::string explain(const std::string& message) {
  struct Words {
    std::string_view theirs;
    std::string_view ours;
  };
  constexpr auto table = std::to_array<Words>({
      {"mapping values are not allowed in this context",
       "a colon where no value can start: quote the text that holds it, or check the indentation"},
      {"did not find expected key", "end of the mapping not found: check the indentation"},
      {"did not find expected '-' indicator", "end of the list not found: check the indentation"},
      {"did not find expected ',' or '}'", "no \",\" or \"}\" where one is due"},
      {"did not find expected ',' or ']'", "no \",\" or \"]\" where one is due"},
      {"found character that cannot start any token", "a character that cannot start a value"},
      {"found unexpected end of stream", "an unclosed quote"},
      {"found unexpected document indicator", "an unclosed quote"},
      {"could not find expected ':'", "a key without its colon: check the indentation"},
      {"did not find expected <document start>",
       "unexpected text after the end of the document (indentation?)"},
      {"did not find expected node content", "nothing where a value is due"},
      {"block sequence entries are not allowed in this context",
       "a list item where none can start: check the indentation"},
      {"found unknown escape character", "an unknown escape in double quotes"},
  });
  const auto* const it = std::ranges::find(table, message, &Words::theirs);
  return it == table.end() ? message : std::string(it->ours);
}

std::string_view line_of_text(std::string_view text, std::uint32_t line) {
  for (; line > 1; --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

// libyaml stands behind the last line when the text ends too early.
std::uint32_t shown_line(const YamlFault& fault, std::string_view text) {
  const auto ends = static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
  const std::uint32_t last = text.empty() || text.back() != '\n' ? ends + 1 : ends;
  return std::clamp(fault.line, std::uint32_t{1}, std::max(last, std::uint32_t{1}));
}

std::vector<Value> parse(std::string_view text, const std::string& file, Document& document,
                         Builder::Keep keep, std::vector<Duplicate>* duplicates) {
  YamlTree tree(file, document, keep, duplicates);
  try {
    return YamlReader(text, tree).read();
  } catch (const YamlFault& fault) {
    const std::uint32_t line = shown_line(fault, text);
    const std::string_view at = text.empty() ? text : line_of_text(text, line);
    const bool tab = at.substr(0, at.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
    tree.fail(line, tab ? std::string(tab_words) : explain(fault.message),
              line == fault.line ? fault.column : 1);
  }
}

bool looks_like_json(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && (text[start] == '{' || text[start] == '[');
}

std::vector<Value> read_block_yaml(std::string_view text, const std::string& file,
                                   Document& document, std::vector<Duplicate>* duplicates) {
  check_yaml_text(text, file);
  try {
    return parse(text, file, document, keep_of(text), duplicates);
  } catch (const YamlTree::AliasOfPruned&) {
    if (duplicates != nullptr) duplicates->clear();
    return parse(text, file, document, Builder::Keep::everything, duplicates);
  }
}

}  // namespace

std::vector<Value> read_manifest(std::string& text, const std::string& file, Document& document,
                                 std::vector<Duplicate>* duplicates) {
  const std::string_view body = without_bom(text, file);
  if (!looks_like_json(body)) return read_block_yaml(body, file, document, duplicates);
  if (body.size() != text.size()) text.erase(0, text.size() - body.size());
  try {
    return read_json_file(text, file, document, duplicates);
  } catch (const base::Error&) {
    if (text.size() > max_flow_yaml) throw;
    if (duplicates != nullptr) duplicates->clear();
    try {
      return read_block_yaml(text, file, document, duplicates);
    } catch (const base::Error&) {  // then the first error is the one to tell
    }
    throw;
  }
}

std::vector<Value> read_yaml(std::string_view text, const std::string& file, Document& document,
                             std::vector<Duplicate>* duplicates) {
  if (looks_like_json(without_bom(text, file))) {
    std::string copy(text);
    return read_manifest(copy, file, document, duplicates);
  }
  return read_block_yaml(without_bom(text, file), file, document, duplicates);
}

}  // namespace kube
