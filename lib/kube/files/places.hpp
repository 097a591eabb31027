// The file, line and column of a field of an object that was read from files.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kube/object.hpp"
#include "kube/origin.hpp"

namespace kube {

// A member's key, or an item's index.
using PathStep = std::variant<std::string, std::size_t>;
using FieldPath = std::vector<PathStep>;

// "spec.rules[0].backendRefs[1]"; a key that holds dots stands in brackets, with quotes or without:
// metadata.labels["model.aibrix.ai/name"].
FieldPath field_path(std::string_view text);

// 1-based; columns count characters. Column 0: only the object's line is known, because the file
// has changed since, or cannot be read again.
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// Where the field stands: a member at its key, an item of an array at its first character. Of a
// field that is not there, the place of the nearest one around it that is. What an alias or a merge
// key brings stands where its anchor is. Nothing for an object that is not from a file.
//
// Values keep no columns, since fields are many and findings few: the source is read once more, the
// file from disk, stdin from the copy that Origin keeps. One call for several fields reads each
// file once.
struct FieldRef {
  const Origin* origin = nullptr;  // Object::origin()
  FieldPath path;
};
std::vector<std::optional<Place>> positions_of(std::span<const FieldRef> fields);
std::optional<Place> position_of(const Origin* origin, const FieldPath& path);
inline std::optional<Place> position_of(const Object& object, const FieldPath& path) {
  return position_of(object.origin(), path);
}

}  // namespace kube
