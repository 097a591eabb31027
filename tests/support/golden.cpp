// The comparison of output with the files of tests/golden.
#include "support/golden.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace support {

std::string golden(const std::string& name, std::string_view text) {
  const std::string path = std::string(SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return "";
  }
  std::ifstream file(path, std::ios::binary);
  std::stringstream wanted;
  wanted << file.rdbuf();
  if (wanted.str() == text) return "";
  return name + " (UPDATE_GOLDEN=1 rewrites it)\n--- wanted\n" + wanted.str() + "--- got\n" +
         std::string(text);
}

}  // namespace support
