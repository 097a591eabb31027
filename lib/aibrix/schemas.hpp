// The schemas of the kinds that AIBrix's users write: made by scripts/schema-data.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "kube/schema/node.hpp"

namespace aibrix {

// A kind as one set of manifests has it. Every text borrows from the program itself.
struct KindSchema {
  std::string_view set;  // "v0.7.0" of AIBrix, "gateway-api-v1.6.1", "kubernetes-v1.36.3"
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::uint32_t node = 0;  // 0: that it is served is all that is known

  bool core() const { return set.starts_with("kubernetes-"); }
  bool of_aibrix() const { return group.ends_with(".aibrix.ai"); }
};

class Schemas {
 public:
  Schemas();
  // Of one kind and group, in every version; older sets first.
  std::vector<const KindSchema*> of(std::string_view group, std::string_view kind) const;
  const std::vector<KindSchema>& all() const { return kinds_; }
  const kube::SchemaSource& source() const { return *source_; }

 private:
  std::vector<KindSchema> kinds_;
  std::shared_ptr<const kube::SchemaSource> source_;
};

}  // namespace aibrix
