// The generated tables of release_data/, and their reader.
#include "aibrix/release_data.hpp"

#include <algorithm>
#include <array>

#include "aibrix/image.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

struct Table {
  std::string_view release;
  std::string_view text;
};
// Oldest to newest.
constexpr auto tables = std::to_array<Table>({
    {
        "v0.2.1",
#include "aibrix/release_data/v0.2.1.inc"
    },
    {
        "v0.3.0",
#include "aibrix/release_data/v0.3.0.inc"
    },
    {
        "v0.4.1",
#include "aibrix/release_data/v0.4.1.inc"
    },
    {
        "v0.5.0",
#include "aibrix/release_data/v0.5.0.inc"
    },
    {
        "v0.6.0",
#include "aibrix/release_data/v0.6.0.inc"
    },
    {
        "v0.7.0",
#include "aibrix/release_data/v0.7.0.inc"
    },
    {
        "v0.8.0",
#include "aibrix/release_data/v0.8.0.inc"
    },
});

constexpr auto table_names = [] {
  std::array<std::string_view, tables.size()> out{};
  for (std::size_t i = 0; i < tables.size(); ++i) out[i] = tables[i].release;
  return out;
}();

using Words = std::vector<std::string_view>;

std::string_view or_empty(std::string_view word) {
  return word == "-" ? std::string_view() : word;
}

Words list(std::string_view word) {
  return word == "-" ? Words() : base::split(word, ',');
}

bool holds(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void read_unknown(const Words& line, ReleaseData& out) {
  if (holds(line, "crds")) out.knows_crds = false;
  if (holds(line, "objects")) out.knows_objects = false;
  if (holds(line, "containers")) out.knows_containers = false;
  if (holds(line, "webhooks")) out.knows_webhooks = false;
  if (holds(line, "rules")) out.knows_rules = false;
}

void read_pin(const Words& line, ReleaseData& out) {
  if (line[1] == "envoy-gateway") out.envoy_gateway = line[2];
  if (line[1] == "gateway-api") {
    out.gateway_api = line[2];
    out.gateway_api_channel = line[3];
  }
  if (line[1] == "image" && image_name(line[2]).ends_with("/envoy")) out.envoy_image = line[2];
}

void read_objects(const Words& line, ReleaseData& out) {
  const std::size_t dot = line[1].find('.');
  const std::string_view group =
      dot == std::string_view::npos ? std::string_view() : line[1].substr(dot + 1);
  out.objects.push_back({group, line[1].substr(0, dot), or_empty(line[2]), list(line[3])});
}

void read_container(const Words& line, ReleaseData& out) {
  if (line[0] == "container") {
    out.containers.push_back({line[1], line[2], line[3], {}, {}});
  } else {  // they follow the container they are of
    (line[0] == "flags" ? out.containers.back().flags : out.containers.back().env) = list(line[3]);
  }
}

void read_line(const Words& line, ReleaseData& out) {
  const std::string_view what = line[0];
  if (what == "unknown") read_unknown(line, out);
  if (what == "pin") read_pin(line, out);
  if (what == "crd") out.crds.push_back({line[1], line[2], line[3], line[4] == "core"});
  if (what == "objects") read_objects(line, out);
  if (what == "container" || what == "flags" || what == "env") read_container(line, out);
  if (what == "webhook")
    out.webhooks.push_back({line[1], line[2], line[3], line[4], list(line[5])});
  if (what == "rule") {
    out.rules.push_back(
        {line[1] == "chart", line[2], or_empty(line[3]), list(line[4]), list(line[5])});
  }
}

}  // namespace

bool ReleaseData::Rule::permits(std::string_view in_group, std::string_view resource,
                                std::string_view verb) const {
  return (group == in_group || group == "*") &&
         (holds(resources, resource) || holds(resources, "*")) &&
         (holds(verbs, verb) || holds(verbs, "*"));
}

const ReleaseData::Crd* ReleaseData::crd(std::string_view name) const {
  const auto at =
      std::find_if(crds.begin(), crds.end(), [&](const Crd& c) { return c.name == name; });
  return at == crds.end() ? nullptr : &*at;
}

const ReleaseData::Container* ReleaseData::container(std::string_view deployment,
                                                     std::string_view image_suffix) const {
  const auto at = std::find_if(containers.begin(), containers.end(), [&](const Container& c) {
    return c.deployment == deployment && image_name(c.image).ends_with(image_suffix);
  });
  return at == containers.end() ? nullptr : &*at;
}

bool ReleaseData::makes(std::string_view kind, std::string_view name) const {
  return std::any_of(objects.begin(), objects.end(),
                     [&](const Objects& o) { return o.kind == kind && holds(o.names, name); });
}

std::optional<ReleaseData> release_data(std::string_view release) {
  const auto table = std::find_if(tables.begin(), tables.end(),
                                  [&](const Table& t) { return t.release == release; });
  if (table == tables.end()) return std::nullopt;
  ReleaseData out;
  out.release = table->release;
  for (const std::string_view line : base::split(table->text, '\n')) {
    if (!line.empty()) read_line(base::split(line, ' '), out);
  }
  return out;
}

std::span<const std::string_view> releases_with_data() {
  return table_names;
}

}  // namespace aibrix
