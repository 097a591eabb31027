// The options of fix referencegrants.
#pragma once
#include <string_view>

#include "fix/options.hpp"

namespace fix {

namespace option {

inline constexpr std::string_view scopes[] = {"service", "namespace"};
inline constexpr Option<OptionType::either> whole_namespace{
    {.name = "--scope",
     .key = "wholeNamespace",
     .help = "Permit a single service (default) or the whole namespace",
     .value = "SCOPE",
     .words = scopes}};

inline constexpr const OptionSpec* of_referencegrants[] = {&whole_namespace};

}  // namespace option

}  // namespace fix
