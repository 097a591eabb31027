// A healthy example cluster in which a test breaks one thing.
#pragma once
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "checks/core/runner.hpp"

namespace support {

// examples/healthy-cluster, to be broken: a whole cluster in which nothing else is wrong. Objects
// are named "Kind ns/name" (or "Kind name"); naming one that is not there fails the test.
class Example {
 public:
  Example();
  // Each returns *this, so that a case reads as one sentence.
  Example& drop(std::string_view object);
  // RFC 7386: what the patch names is set, null takes it away. `patch` is JSON.
  Example& merge(std::string_view object, std::string_view patch);
  // As merge, on every object of this kind whose name begins so ("Pod chat/llama").
  Example& merge_all(std::string_view prefix, std::string_view patch);
  // A JSON Patch (RFC 6902), where a member of a list is meant.
  Example& patch(std::string_view object, std::string_view patch);
  Example& add(std::string_view json);
  // Sets a condition of status.conditions, or of the first entry of parents or ancestors.
  Example& condition(std::string_view object, std::string_view type, std::string_view status,
                     std::string_view reason, std::string_view message = {});
  // Every object, so named.
  std::vector<std::string> objects() const;
  // As -f --whole-cluster reads it.
  kube::Snapshot snapshot() const;
  // What doctor -f --whole-cluster finds.
  checks::Outcomes doctor() const;

 private:
  nlohmann::json& find(std::string_view object);
  nlohmann::json items_;
};

// "INS005 deployment/aibrix-system/aibrix-controller-manager" of every error, in order.
std::vector<std::string> errors(const checks::Outcomes& outcomes);

}  // namespace support
