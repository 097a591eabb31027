// Releases of AIBrix, by image tag.
#pragma once
#include <string>

#include "aibrix/releases.hpp"

namespace support {

// The release that runs where the image's tag is this one; of a word it is main.
inline aibrix::Release release(const std::string& tag) {
  return aibrix::Release({base::parse_version(tag), tag, "image x:" + tag});
}

}  // namespace support
