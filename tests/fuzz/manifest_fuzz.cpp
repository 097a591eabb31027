// A file given with -f: base::Error or a snapshot that survives being written and read back.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "demand.hpp"
#include "kube/files/manifest.hpp"
#include "kube/files/snapshot_file.hpp"

namespace {

kube::Snapshot read(std::string text, bool whole_cluster) {
  kube::ManifestOptions options;
  options.paths = {"-"};
  options.stdin_text = std::move(text);
  options.whole_cluster = whole_cluster;
  return kube::read_manifests(std::move(options), aibrix::resources::all());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  std::string written;
  try {
    written = kube::write_snapshot(read(std::move(text), size % 2 == 0));
  } catch (const base::Error& error) {
    demand(error.fault == base::Fault::usage);
    // What reaches a terminal must not drive it.
    demand(base::printable(error.what()) == error.what());
    demand(base::printable(error.hint) == error.hint);
    return 0;
  }
  const kube::Snapshot again = read(written, false);
  demand(kube::write_snapshot(again) == written);
  return 0;
}
