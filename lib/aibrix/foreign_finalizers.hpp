// Finalizers of other people's programs: whose they are, what gets them removed, and what is lost
// when a human removes them instead.
#pragma once
#include <string>
#include <string_view>

namespace aibrix {

// What a finalizer keeps from being forgotten.
enum class Protects {
  something,      // not known, or nothing special
  load_balancer,  // of a cloud, which costs money
  volume,         // data
  machine,        // a node, or the machine behind it
};

// The program that set a finalizer, as far as its name tells, this program's own table included.
struct FinalizerAdvice {
  bool known = false;       // the program is known
  std::string_view owner;   // "Argo CD"; empty: not known
  std::string_view finish;  // what gets it removed, in the imperative; empty: not known
  std::string_view left;    // what stays behind when it is removed by hand; empty: not known
  Protects protects = Protects::something;
};
FinalizerAdvice finalizer_advice(std::string_view name);

// Who must remove it, for a sentence: "the owner of argocd.argoproj.io (Argo CD)", "the cloud
// controller", "the program that set redisFinalizer".
std::string finalizer_owner(std::string_view name);

}  // namespace aibrix
