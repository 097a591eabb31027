// The reader of answers, list pages and JSON files, over either parser.
#include "kube/parse/json_reader.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/parse/json_backend.hpp"
#include "kube/parse/parse_error.hpp"

namespace kube {
namespace {

using json::Input;
using json::Parsed;
using json::SyntaxError;

constexpr std::size_t padding = 64;  // SIMDJSON_PADDING
constexpr std::string_view white_space = " \t\r\n";

Parsed parse(const Input& input, Document& document) {
#ifdef AIBRIXCTL_SIMDJSON
  return json::parse_simdjson(input, document);
#else
  return json::parse_nlohmann(input, document);
#endif
}

void pad(std::string& text) {
  if (text.capacity() - text.size() < padding) text.reserve(text.size() + padding);
}

Value read_answer(std::string& text, Document& document,
                  Builder::Keep keep = Builder::Keep::pruned) {
  pad(text);
  try {
    const Parsed parsed = parse({text, text.capacity(), 0, keep}, document);
    if (text.find_first_not_of(white_space, parsed.end) != std::string::npos) {
      throw SyntaxError{"there is more text after its end", 0};
    }
    return parsed.value;
  } catch (const SyntaxError& failure) {
    throw base::Error(base::Fault::unavailable, "BadAnswer",
                      "the response is not valid JSON: " + failure.message);
  }
}

// Offset just behind the document that starts at `start` (a bracket), or the end of the text.
std::size_t end_of_document(std::string_view text, std::size_t start) {
  std::size_t depth = 0;
  for (std::size_t i = start; i < text.size(); ++i) {
    switch (text[i]) {
      case '"':
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\\') ++i;
        }
        break;
      case '{':
      case '[': ++depth; break;
      case '}':
      case ']':
        if (--depth == 0) return i + 1;
        break;
      default: break;
    }
  }
  return text.size();
}

std::uint32_t count_lines(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

// The first document is parsed straight from the text, since most files hold one; what follows is
// cut into documents first, because each parse looks at all the text it is given.
std::vector<Value> parse_all(const std::string& text, Document& document,
                             std::vector<Duplicate>* duplicates) {
  const Builder::Keep keep = keep_of(text);
  std::vector<Value> values;
  std::uint32_t line = 1;
  std::size_t position = 0;
  while (true) {
    const std::size_t start = text.find_first_not_of(white_space, position);
    line += count_lines(std::string_view(text).substr(position, start - position));
    if (start == std::string::npos) return values;
    const std::size_t end = values.empty() ? text.size() : end_of_document(text, start);
    const Input input{std::string_view(text).substr(start, end - start), text.capacity() - start,
                      line, keep, duplicates};
    const Parsed parsed = parse(input, document);
    values.push_back(parsed.value);
    position = start + parsed.end;
    line += count_lines(input.text.substr(0, parsed.end));
  }
}

// As parse_all with the parser that knows where it is: for the line of a fault, and for what
// simdjson refuses unfairly (documents of which one is an array).
std::vector<Value> parse_all_slowly(const std::string& text, Document& document,
                                    std::vector<Duplicate>* duplicates) {
  const Builder::Keep keep = keep_of(text);
  std::vector<Value> values;
  std::uint32_t line = 1;
  std::size_t position = 0;
  while (true) {
    const std::size_t start = text.find_first_not_of(white_space, position);
    line += count_lines(std::string_view(text).substr(position, start - position));
    if (start == std::string::npos) return values;
    const std::string_view rest = std::string_view(text).substr(start);
    const Parsed parsed =
        json::parse_nlohmann({rest, rest.size(), line, keep, duplicates}, document);
    values.push_back(parsed.value);
    position = start + parsed.end;
    line += count_lines(rest.substr(0, parsed.end));
  }
}

}  // namespace

Value read_json(std::string_view text, Document& document) {
  std::string copy;
  copy.reserve(text.size() + padding);
  copy = text;
  return read_answer(copy, document);
}

Value read_whole_json(std::string_view text, Document& document) {
  std::string copy;
  copy.reserve(text.size() + padding);
  copy = text;
  return read_answer(copy, document, Builder::Keep::everything);
}

ListPage read_list_page(std::string& body, Document& document) {
  const Value root = read_answer(body, document);
  const Value items = root["items"];
  if (!root.is_object() || !(items.is_array() || items.is_null())) {
    throw base::Error(base::Fault::unavailable, "BadAnswer",
                      "the response is not a Kubernetes list");
  }
  ListPage page;
  page.items.assign(items.items().begin(), items.items().end());
  page.continue_token = root.at("metadata", "continue").text();
  page.resource_version = root.at("metadata", "resourceVersion").text();
  page.kind = root["kind"].text();
  page.api_version = root["apiVersion"].text();
  return page;
}

std::vector<Value> read_json_file(std::string& text, const std::string& file, Document& document,
                                  std::vector<Duplicate>* duplicates) {
  pad(text);
  try {
    return parse_all(text, document, duplicates);
  } catch (const SyntaxError&) {
    if (duplicates != nullptr) duplicates->clear();
  }
  try {
    return parse_all_slowly(text, document, duplicates);
  } catch (const SyntaxError& failure) {
    const std::string words = "not valid JSON: " + base::printable(failure.message);
    throw ParseError(
        {base::Fault::usage, "BadJson", file + ":" + std::to_string(failure.line) + ": " + words,
         "correct the file, or write it again with kubectl get … -o json"},
        words, {failure.line, failure.column});
  }
}

}  // namespace kube
