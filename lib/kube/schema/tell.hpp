// How the rules that no schema holds write down what breaks them.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kube/name_rules.hpp"
#include "kube/parse/value.hpp"
#include "kube/schema/validate.hpp"

namespace kube {

class Teller {
 public:
  void missing(const std::string& path, const Value& at, std::string_view why = {}) {
    add(Mistake::missing, path, at, "has no " + path,
        path + ": Required value" + (why.empty() ? "" : ": " + std::string(why)));
  }
  // `what` goes behind the object's name, `why` is the API server's.
  void broken(const std::string& path, const Value& at, std::string what, std::string_view why) {
    add(Mistake::rule, path, at, std::move(what), path + ": Invalid value: " + std::string(why));
  }
  void add(Mistake mistake, const std::string& path, const Value& at, std::string what,
           std::string server) {
    found_.push_back({mistake, path, std::move(what), std::move(server), {}, at, refuser_});
  }
  // The same path twice is the same mistake.
  void twice(const std::string& path, const Value& at) {
    add(Mistake::rule, path, at, "has " + shown(at) + " a second time in " + path,
        path + ": Duplicate value: " + shown(at));
  }
  // Who refuses what is told while the answer lives.
  class As {
   public:
    As(Refuser& at, Refuser refuser) : at_(at), before_(at) { at_ = refuser; }
    ~As() { at_ = before_; }
    As(const As&) = delete;
    As& operator=(const As&) = delete;

   private:
    Refuser& at_;
    Refuser before_;
  };
  [[nodiscard]] As as(Refuser refuser) { return {refuser_, refuser}; }
  std::vector<Violation> take() { return std::move(found_); }

  // A scalar, in quotes.
  static std::string shown(const Value& value);

 private:
  std::vector<Violation> found_;
  Refuser refuser_ = Refuser::server;
};

// "path[3]".
std::string item_path(const std::string& path, std::size_t index);
// A text that envsubst, Flux or a template fills in before it is applied: "${NAME}", "{{ … }}".
bool is_placeholder(std::string_view text);
// The same, or one that the kubelet fills in: "$(NAME)".
bool is_filled_in_later(std::string_view text);
// "cpu", "nvidia.com/gpu": what a container can ask for.
bool is_resource_name(std::string_view name);

// What a pod that has this spec would be refused for. `claims`: volumeClaimTemplates of its
// StatefulSet.
void look_at_pod(const Value& spec, const std::string& path, const Value& claims, Teller& tell);

}  // namespace kube
