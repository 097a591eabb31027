// Clusters whose names and texts somebody chose to do harm.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace support {

// A way to spoil a name: what people call their own things, or every name but those of definitions.
struct Hostility {
  std::string before, after;
  bool all = false;
};

// The broken example, and the recorded clusters where that folder exists.
std::vector<std::string> recorded_clusters();
// The objects in a file that checks read, as a list.
nlohmann::json objects_of(const std::string& path);
// The same with names, messages, annotations, arguments and settings spoiled, each name everywhere
// alike.
nlohmann::json spoiled(nlohmann::json objects, const Hostility& hostility);

}  // namespace support
