// The reader of single fields of a kubeconfig, with errors that name their line.
#include "kube/auth/kubeconfig_reader.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace kube {

void invalid_kubeconfig(const std::string& message, std::string hint) {
  throw base::Error(base::Fault::usage, "KubeconfigInvalid", message, std::move(hint));
}

std::string_view kind_of_value(const Value& value) {
  switch (value.type()) {
    case Value::Type::missing:
    case Value::Type::null: return "nothing";
    case Value::Type::boolean: return "true or false";
    case Value::Type::number: return "a number";
    case Value::Type::string: return "text";
    case Value::Type::array: return "a list";
    case Value::Type::object: return "a map";
  }
  return "nothing";
}

KubeconfigReader::KubeconfigReader(Value map, const std::string& file, std::string owner)
    : map_(map), file_(file), owner_(std::move(owner)) {
  if (map.exists() && !map.is_null() && !map.is_object()) wrong(map, owner_, "a map");
}

std::string KubeconfigReader::text(std::string_view key) const {
  const Value value = map_[key];
  if (value.is_string()) return std::string(value.text());
  if (value.exists() && !value.is_null()) wrong(value, name_of(key), "text");
  return {};
}

bool KubeconfigReader::truth(std::string_view key) const {
  const Value value = map_[key];
  const bool known = value.is_true() || value.is_false();
  if (value.exists() && !value.is_null() && !known) wrong(value, name_of(key), "true or false");
  return value.is_true();
}

std::vector<std::string> KubeconfigReader::texts(std::string_view key) const {
  std::vector<std::string> out;
  for (const Value& item : list(key)) {
    if (!item.is_string()) wrong(item, "an entry of " + name_of(key), "text");
    out.emplace_back(item.text());
  }
  return out;
}

std::span<const Value> KubeconfigReader::list(std::string_view key) const {
  const Value value = map_[key];
  const bool none = !value.exists() || value.is_null();
  if (!none && !value.is_array()) wrong(value, name_of(key), "a list");
  return value.items();
}

std::string KubeconfigReader::path(std::string_view key) const {
  return base::resolve_path(base::parent_folder(file_), text(key));
}

PemSource KubeconfigReader::pem(std::string_view key) const {
  const std::string data_key = std::string(key) + "-data";
  return {path(key), text(data_key), std::string(key), owner_, place_of(map_[data_key])};
}

std::string KubeconfigReader::place() const {
  return place_of(map_);
}

std::string KubeconfigReader::name_of(std::string_view key) const {
  const std::string name = base::printable(key);
  return owner_.empty() ? name : name + " of " + owner_;
}

std::string KubeconfigReader::place_of(const Value& value) const {
  return base::printable(file_) + ':' + std::to_string(value.line());
}

void KubeconfigReader::wrong(const Value& value, const std::string& what,
                             std::string_view wanted) const {
  invalid_kubeconfig(place_of(value) + ": " + what + " must be " + std::string(wanted) + ", not " +
                         std::string(kind_of_value(value)),
                     wanted == "text" ? "put the value in quotes" : "");
}

}  // namespace kube
