// Typed fields of a kubeconfig's maps.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/auth/credentials.hpp"
#include "kube/parse/value.hpp"

namespace kube {

// Ends the command: base::Error(usage), reason KubeconfigInvalid.
[[noreturn]] void invalid_kubeconfig(const std::string& message, std::string hint = {});

std::string_view kind_of_value(const Value& value);  // "a number", "a list", …

// One map of a kubeconfig, whose fields are read with the types kubectl insists on: a field that is
// not there or null is empty, one of another type is an error that names file and line.
// Borrows the file's name and the document.
class KubeconfigReader {
 public:
  // `owner` is what messages call it: user "ci".
  KubeconfigReader(Value map, const std::string& file, std::string owner);

  std::string text(std::string_view key) const;
  bool truth(std::string_view key) const;
  std::vector<std::string> texts(std::string_view key) const;
  std::span<const Value> list(std::string_view key) const;
  KubeconfigReader map(std::string_view key) const { return {map_[key], file_, name_of(key)}; }
  KubeconfigReader map(std::string_view key, std::string owner) const {
    return {map_[key], file_, std::move(owner)};
  }
  std::string path(std::string_view key) const;  // resolved against the file's folder
  PemSource pem(std::string_view key) const;     // `key` is a path, `key`-data inline

  Value value() const { return map_; }
  std::string place() const;  // "file:line"

 private:
  std::string name_of(std::string_view key) const;
  std::string place_of(const Value& value) const;
  [[noreturn]] void wrong(const Value& value, const std::string& what,
                          std::string_view wanted) const;

  Value map_;
  const std::string& file_;
  std::string owner_;
};

}  // namespace kube
