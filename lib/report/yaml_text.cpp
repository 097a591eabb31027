#include "report/yaml_text.hpp"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <nlohmann/json.hpp>

namespace report {
namespace {

using Json = nlohmann::ordered_json;

void emit(YAML::Emitter& out, const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      if (value.empty()) out << YAML::Flow;
      out << YAML::BeginMap;
      for (const auto& [key, member] : value.items()) {
        out << YAML::Key << key << YAML::Value;
        emit(out, member);
      }
      out << YAML::EndMap;
      return;
    case Json::value_t::array:
      if (value.empty()) out << YAML::Flow;
      out << YAML::BeginSeq;
      for (const Json& item : value) emit(out, item);
      out << YAML::EndSeq;
      return;
    // Double quotes are right whatever the text looks like ("yes", "1e3", "~", "a: b").
    case Json::value_t::string: out << YAML::DoubleQuoted << value.get<std::string>(); return;
    default: out << value.dump(); return;
  }
}

}  // namespace

std::string yaml_text(std::string_view json) {
  YAML::Emitter out;
  emit(out, Json::parse(json));
  return std::string(out.c_str(), out.size()) + '\n';
}

}  // namespace report
