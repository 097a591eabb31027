// The second reading of a file, for the places of a few fields in it.
#include "kube/files/places.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "kube/files/places_inner.hpp"
#include "kube/parse/yaml_events.hpp"

namespace kube {
namespace {

constexpr std::size_t max_source_bytes = std::size_t{1} << 30U;
constexpr std::string_view bom = "\xEF\xBB\xBF";

bool is_json(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  return start != std::string_view::npos && (text[start] == '{' || text[start] == '[');
}

void find_in_text(std::string_view text, std::span<places::Wanted*> wanted) {
  if (text.starts_with(bom)) text.remove_prefix(bom.size());
  if (is_json(text) ? places::find_in_json(text, wanted) : places::find_at_lines(text, wanted)) {
    return;
  }
  for (places::Wanted* one : wanted) one->found = one->object = std::nullopt;
  YamlEvents events(text);
  places::find_in_yaml(events, wanted);
}

void find_in(const SourceFile& file, std::span<places::Wanted> wanted) {
  std::vector<places::Wanted*> in_order;
  for (places::Wanted& one : wanted) in_order.push_back(&one);
  std::ranges::stable_sort(in_order, places::stands_before);
  if (!file.text.empty()) return find_in_text(file.text, in_order);
  try {
    find_in_text(base::read_file(file.name, max_source_bytes), in_order);
  } catch (const base::Error&) {  // gone since: the object's line is known all the same
  }
}

PathStep bracket_step(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error == std::errc() && end == text.data() + text.size()) return index;
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

}  // namespace

FieldPath field_path(std::string_view text) {
  FieldPath path;
  while (!text.empty()) {
    if (text.front() == '.') {
      text.remove_prefix(1);
    } else if (text.front() == '[') {
      const std::size_t end = std::min(text.find(']'), text.size());
      path.push_back(bracket_step(text.substr(1, end - 1)));
      text.remove_prefix(std::min(end + 1, text.size()));
    } else {
      const std::size_t end = std::min(text.find_first_of(".["), text.size());
      path.emplace_back(std::string(text.substr(0, end)));
      text.remove_prefix(end);
    }
  }
  return path;
}

std::vector<std::optional<Place>> positions_of(std::span<const FieldRef> fields) {
  std::vector<std::optional<Place>> result(fields.size());
  std::map<const SourceFile*, std::vector<std::size_t>> by_file;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].origin != nullptr) by_file[fields[i].origin->file].push_back(i);
  }
  for (const auto& [file, indices] : by_file) {
    std::vector<places::Wanted> wanted;
    wanted.reserve(indices.size());
    for (const std::size_t i : indices) wanted.push_back({&fields[i], std::nullopt, std::nullopt});
    find_in(*file, wanted);
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      const std::uint32_t line = fields[indices[w]].origin->line;
      const auto& [field, object, found] = wanted[w];
      // Another object stands there now: the file has changed.
      const bool known = found && object && object->line == line;
      result[indices[w]] =
          known ? Place{file->name, found->line, found->column} : Place{file->name, line, 0};
    }
  }
  return result;
}

std::optional<Place> position_of(const Origin* origin, const FieldPath& path) {
  const FieldRef field{origin, path};
  return positions_of({&field, 1})[0];
}

}  // namespace kube
