// The YAML reader over yaml-cpp's events, and the words for its errors.
#include "kube/parse/yaml_reader.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <optional>
#include <streambuf>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/parse/input_checks.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/parse/value_builder.hpp"
#include "kube/parse/yaml_tree.hpp"

namespace kube {
namespace {

// What starts with a bracket and is not JSON may still be YAML; beyond this size the error is worth
// more than the attempt.
constexpr std::size_t max_flow_yaml = 4'000'000;

class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* const begin = const_cast<char*>(text.data());  // streambuf's interface; never written
    setg(begin, begin, begin + text.size());
  }
};

// yaml-cpp's events, handed to a YamlTree.
class Events : public YAML::EventHandler {
 public:
  Events(std::string_view text, YamlTree& tree) : text_(text), tree_(tree) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    // yaml-cpp does not get past a "," that follows "...": an empty document there, again and
    // again.
    const bool stands_still = documents_ > 0 && offset(mark) == last_start_;
    if (stands_still) tree_.fail(line(mark), "a character that cannot start a value");
    last_start_ = offset(mark);
    // yaml-cpp starts a new document wherever one is complete; YAML wants a marker between them.
    const bool marker = text_.substr(offset(mark), 3) == "---";
    if (documents_++ > 0 && !marker && !after_end_marker(offset(mark))) {
      tree_.fail(line(mark), "unexpected text after the end of the document (indentation?)");
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    tree_.scalar({line(mark), anchor}, {Value::Type::null, {}, false});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    tree_.alias(line(mark), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool plain = tag == "?";
    last_scalar_ = mark;
    last_is_plain_ = plain;
    if (plain) check_indentation(mark);
    const Scalar resolved = plain        ? resolve_scalar(value, scratch_)
                            : tag == "!" ? Scalar{Value::Type::string, value, false}
                                         : resolve_tagged(tag, value, scratch_);
    if (plain && value == "<<") {
      tree_.merge_key(line(mark));
    } else {
      tree_.scalar({line(mark), anchor}, resolved);
    }
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(style);
    tree_.begin_array({line(mark), anchor});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(style);
    tree_.begin_object({line(mark), anchor});
  }
  void OnMapEnd() override { close(); }

  // yaml-cpp lets the end of the file close a quote: half a file would read as a whole one.
  void check_last_quote() const {
    if (last_is_plain_) return;
    std::string_view rest = text_.substr(offset(last_scalar_));
    while (!rest.empty() && (rest[0] == '!' || rest[0] == '&')) {
      rest.remove_prefix(std::min(rest.find_first_of(" \t\r\n"), rest.size()));
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
    }
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return;
    const char quote = rest[0];
    for (std::size_t i = 1; i < rest.size(); ++i) {
      const bool escapes = quote == '"' ? rest[i] == '\\' : rest.substr(i, 2) == "''";
      if (escapes) {
        ++i;
      } else if (rest[i] == quote) {
        return;
      }
    }
    tree_.fail(line(last_scalar_), "an unclosed quote");
  }

 private:
  void open(YAML::EmitterStyle::value style) {
    if (flow_depth_ > 0 || style == YAML::EmitterStyle::Flow) ++flow_depth_;
  }
  void close() {
    if (flow_depth_ > 0) --flow_depth_;
    tree_.end();
  }

  static std::uint32_t line(const YAML::Mark& mark) {
    return static_cast<std::uint32_t>(mark.line) + 1;
  }
  std::size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  }

  // yaml-cpp takes a tab for a space where it makes no difference to it; other readers refuse it.
  void check_indentation(const YAML::Mark& mark) const {
    const std::size_t start = offset(mark);
    if (flow_depth_ > 0 || start == 0 || text_[start - 1] != '\t') return;
    const std::size_t line_start = text_.rfind('\n', start - 1) + 1;
    const std::string_view before = text_.substr(line_start, start - line_start);
    if (before.find_first_not_of(" \t") == std::string_view::npos) {
      tree_.fail(line(mark), "a tab in the indentation; YAML requires spaces");
    }
  }

  bool after_end_marker(std::size_t position) const {
    const std::size_t marker = text_.rfind("\n...", position);
    if (marker == std::string_view::npos) return false;
    const std::string_view between = text_.substr(marker + 4, position - marker - 4);
    // Only comments and white space may stand between.
    for (std::string_view rest : base::split(between, '\n')) {
      rest = base::trim(rest);
      if (!rest.empty() && rest[0] != '#') return false;
    }
    return true;
  }

  std::string_view text_;
  YamlTree& tree_;
  std::string scratch_;
  YAML::Mark last_scalar_;
  bool last_is_plain_ = true;
  std::size_t documents_ = 0;
  std::size_t last_start_ = 0;  // of a document
  std::size_t flow_depth_ = 0;  // of brackets: indentation means nothing in them
};

// yaml-cpp's words for the mistakes people make.
std::string explain(const std::string& message) {
  const auto is = [&](const char* const& text) { return message == text; };
  if (is(YAML::ErrorMsg::TAB_IN_INDENTATION))
    return "a tab in the indentation; YAML requires spaces";
  if (is(YAML::ErrorMsg::MAP_VALUE)) {
    return "a colon where no value can start: quote the text that holds it, or check the "
           "indentation";
  }
  if (is(YAML::ErrorMsg::END_OF_MAP) || is(YAML::ErrorMsg::END_OF_SEQ)) {
    return message + ": check the indentation";
  }
  if (is(YAML::ErrorMsg::UNKNOWN_TOKEN)) return "a character that cannot start a value";
  return message;
}

std::string_view line_of_text(std::string_view text, int line) {
  for (; line > 0; --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

[[noreturn]] void rethrow(const YAML::Exception& e, std::string_view text, const YamlTree& tree) {
  const int line = std::max(e.mark.line, 0);
  std::string message = explain(e.msg);
  const std::string_view at = text.empty() ? text : line_of_text(text, line);
  if (at.substr(0, at.find_first_not_of(" \t")).find('\t') != std::string_view::npos) {
    message = "a tab in the indentation; YAML requires spaces";
  }
  tree.fail(static_cast<std::uint32_t>(line) + 1, message);
}

std::vector<Value> parse(std::string_view text, const std::string& file, Document& document,
                         Builder::Keep keep, std::vector<Duplicate>* duplicates) {
  YamlTree tree(file, document, keep, duplicates);
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  Events events(text, tree);
  std::vector<Value> values;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) values.push_back(tree.finish());
    events.check_last_quote();
  } catch (const YAML::DeepRecursion& e) {
    tree.fail(static_cast<std::uint32_t>(std::max(e.mark.line, 0)) + 1, "nested too deeply");
  } catch (const YAML::Exception& e) {
    rethrow(e, text, tree);
  }
  return values;
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
