#include "checks/core/commands.hpp"

#include <algorithm>

namespace checks {
namespace {

bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/:=,@%+").find(c) != std::string_view::npos;
  });
}

std::string patch_command(const kube::Object& object, const std::string& operations) {
  return kubectl(object.ns()) + " patch " + resource_and_name(object) + " --type=json -p " +
         shell_word('[' + operations + ']');
}

std::string operation(std::string_view op, const std::string& path, const std::string& value) {
  std::string out = R"({"op":")";
  out.append(op).append(R"(","path":")").append(path).append("\"");
  if (!value.empty()) out.append(",\"value\":").append(value);
  return out + '}';
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += R"('\'')";
    } else {
      out += c;
    }
  }
  return out + '\'';
}

std::string kubectl(std::string_view ns) {
  return ns.empty() ? std::string("kubectl") : "kubectl -n " + shell_word(ns);
}

std::string resource_and_name(const kube::Object& object) {
  return kube::full_name(object.resource()) + ' ' + shell_word(object.name());
}

std::string strip_command(const kube::Object& object, std::string_view finalizer) {
  const kube::Value list = object.metadata()["finalizers"];
  const kube::Value uid = object.metadata()["uid"];
  std::string operations;
  if (uid.is_string()) operations = operation("test", "/metadata/uid", kube::to_json(uid)) + ',';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].text() != finalizer) continue;
    const std::string path = "/metadata/finalizers/" + std::to_string(i);
    operations += operation("test", path, kube::to_json(list[i])) + ',';
    operations += operation("remove", path, "");
    return patch_command(object, operations);
  }
  return {};
}

std::string failure_policy_command(const kube::Object& configuration,
                                   std::span<const std::size_t> entries, std::string_view policy) {
  std::string operations;
  for (const std::size_t index : entries) {
    const std::string path = "/webhooks/" + std::to_string(index);
    const kube::Value name = configuration["webhooks"][index]["name"];
    if (!operations.empty()) operations += ',';
    operations += operation("test", path + "/name", kube::to_json(name)) + ',';
    operations += operation("replace", path + "/failurePolicy", '"' + std::string(policy) + '"');
  }
  return patch_command(configuration, operations);
}

}  // namespace checks
