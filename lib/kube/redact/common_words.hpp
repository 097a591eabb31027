// Words that tell nobody whose cluster it is.
#pragma once
#include <string_view>

namespace kube {

// Whether a word stays wherever it stands: Kubernetes', AIBrix's, Envoy Gateway's, the clouds',
// everyday English. In lower case, letters and digits only.
bool common_word(std::string_view word);

// Names that begin so are AIBrix's, Envoy Gateway's or Kubernetes' own.
bool own_name(std::string_view name);

// Hosts that anybody may use: public registries and the like.
bool public_host(std::string_view host);

}  // namespace kube
