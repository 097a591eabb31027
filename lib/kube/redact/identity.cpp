// What in a snapshot tells whose it is.
#include "kube/redact/identity.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/chars.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "kube/redact/common_words.hpp"

namespace kube {
namespace {

using base::npos;
constexpr std::size_t longest_name = 253;

// Fields whose text is a name that somebody chose.
bool is_name_field(std::string_view key) {
  constexpr auto fields = std::to_array<std::string_view>(
      {"namespace",         "secretName",  "claimName",        "serviceAccountName",
       "serviceAccount",    "nodeName",    "hostname",         "host",
       "volumeName",        "clusterName", "serviceName",      "modelName",
       "baseModel",         "user",        "username",         "creator",
       "externalName",      "subdomain",   "groupName",        "holderIdentity",
       "reportingInstance", "bucket",      "storageClassName", "schedulerName",
       "priorityClassName", "hostnames",   "dnsNames",         "email",
       "address",           "serverName",  "nominatedNodeName"});
  return base::contains(fields, key);
}

// Fields with a member "name" that is an object's.
bool is_reference_key(std::string_view key) {
  constexpr auto fields = std::to_array<std::string_view>(
      {"ownerReferences", "involvedObject", "regarding", "related", "configMap", "secret",
       "service", "subjects", "imagePullSecrets", "roles", "workerGroupSpecs", "secrets"});
  return base::contains(fields, key) || key.ends_with("Ref") || key.ends_with("Refs") ||
         key.ends_with("Reference") || key.ends_with("References");
}

bool is_label_map(std::string_view key) {
  constexpr auto maps =
      std::to_array<std::string_view>({"labels", "matchLabels", "selector", "nodeSelector"});
  return base::contains(maps, key);
}

// Labels whose values are names: those of the user's own, and those that say so.
bool names_in_label(std::string_view key) {
  constexpr auto others =
      std::to_array<std::string_view>({"app.kubernetes.io/instance", "kubernetes.io/hostname",
                                       "ray.io/cluster", "kubernetes.io/metadata.name"});
  return key.find('/') == npos || key.ends_with("/name") || key.ends_with("-name") ||
         key.ends_with("-namespace") || base::contains(others, key);
}

bool names_somebody(std::string_view key) {
  constexpr auto parts = std::to_array<std::string_view>(
      {"requester", "creator", "owner", "author", "username", "team", "project", "account"});
  const std::string lower = base::lower(key);
  return std::ranges::any_of(parts, [&](std::string_view p) { return lower.find(p) != npos; });
}

bool is_hash_label(std::string_view key) {
  return key == "pod-template-hash" || key.ends_with("revision-hash") ||
         key == "pod-template-generation";
}

bool is_address(std::string_view host) {
  return host.find_first_not_of("0123456789.:") == npos;
}

class Finder {
 public:
  explicit Finder(Identity& out) : out_(out) {}

  void name(std::string_view text) {
    while (!text.empty() && !base::is_alnum(text.front())) text.remove_prefix(1);
    while (!text.empty() && !base::is_alnum(text.back())) text.remove_suffix(1);
    if (text.size() < 3 || text.size() > longest_name || own_name(text)) return;
    if (text.find_first_of(" \t\n<>{}\"") != npos) return;
    out_.names.emplace(text);
  }

  void host(std::string_view text) {
    if (!is_address(text) && !public_host(text)) name(text);
  }

  void object(const Object& object) {
    // What these are called is given by whoever made the software.
    const bool named_by_kind = object.kind() == "CustomResourceDefinition" ||
                               object.kind() == "APIService" || object.kind() == "Event";
    if (!named_by_kind) name(object.name());
    if (object.kind() == "Gateway")
      out_.envoys.insert(std::string(object.ns()) + '/' + std::string(object.name()));
    if (object.kind() == "GatewayClass") out_.envoys.emplace(object.name());
    if (!object.uid().empty()) out_.uids.emplace(object.uid());
    value(object.root(), "", "");
  }

  // Hosts of URLs, e-mail addresses.
  void text(std::string_view text) {
    for (std::size_t at = text.find("://"); at != npos; at = text.find("://", at + 3)) {
      const std::string_view scheme = text.substr(0, at);
      // The name of a model follows there.
      if (scheme.ends_with("huggingface") || scheme.ends_with("hf")) continue;
      std::string_view rest = text.substr(at + 3);
      rest = rest.substr(0, rest.find_first_of(" \t\n\"'`,;)]}<>/?#\\$*%"));
      rest = rest.substr(rest.rfind('@') == npos ? 0 : rest.rfind('@') + 1);
      host(rest.substr(0, rest.find(':')));
    }
    for (std::size_t at = text.find('@'); at != npos; at = text.find('@', at + 1)) email(text, at);
  }

 private:
  void value(const Value& v, std::string_view key, std::string_view parent) {
    if (v.is_string()) return string(v.text(), key, parent);
    std::string_view before;
    for (const Value& item : v.items()) {
      if (before == "--served-model-name") model(item.text());
      before = item.text();
      value(item, key, parent);
    }
    for (const Member& m : v.members()) value(m.value, m.key, key);
  }

  void string(std::string_view text, std::string_view key, std::string_view parent) {
    if (is_label_map(parent)) {
      label(key, text);
    } else if (parent == "annotations") {
      if (names_somebody(key) || key.ends_with("service-name")) name(text);
    } else if (is_name_field(key) || (key == "name" && is_reference_key(parent))) {
      host(text);
    } else if (key == "image") {
      image(text);
    } else if (key == "providerID") {
      provider(text);
    }
    constexpr std::string_view flag = "--served-model-name=";
    if (text.starts_with(flag)) model(text.substr(flag.size()));
    this->text(text);
  }

  void label(std::string_view key, std::string_view text) {
    if (is_hash_label(key)) {
      out_.hashes.emplace(text.substr(text.rfind('-') == npos ? 0 : text.rfind('-') + 1));
    } else if (key == "model.aibrix.ai/name") {
      model(text);
    } else if (names_in_label(key) || names_somebody(key)) {
      name(text);
    }
  }

  void model(std::string_view text) {
    name(text);
    out_.models.emplace(text);
  }

  // The registry, and below one of somebody's own all but the last part.
  void image(std::string_view text) {
    text = text.substr(0, text.find('@'));
    const std::size_t slash = text.find('/');
    if (slash == npos) return;
    const std::string_view first = text.substr(0, slash);
    const bool registry = first.find_first_of(".:") != npos || first == "localhost";
    if (registry) {
      host(first.substr(0, first.find(':')));
      text.remove_prefix(slash + 1);
    }
    for (std::size_t at = text.find('/'); at != npos; at = text.find('/')) {
      name(text.substr(0, at));
      text.remove_prefix(at + 1);
    }
  }

  // aws:///eu-west-1a/i-0abc, gce://project/zone/name
  void provider(std::string_view text) {
    const std::size_t scheme = text.find("://");
    if (scheme == npos) return name(text);
    for (const std::string_view part : base::split(text.substr(scheme + 3), '/')) {
      if (part.size() > 3 && part.find('.') == npos) name(part);
    }
  }

  void email(std::string_view text, std::size_t at) {
    const auto part = [](char c) {
      return base::is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '+';
    };
    std::size_t begin = at;
    while (begin > 0 && part(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && part(text[end])) ++end;
    const std::string_view domain = text.substr(at + 1, end - at - 1);
    if (begin == at || domain.find('.') == npos) return;
    name(text.substr(begin, at - begin));
    host(domain);
  }

  Identity& out_;
};

}  // namespace

Identity find_identity(const Snapshot& snapshot) {
  Identity out;
  // AIBrix's own Gateway, which Envoy's objects are named after; it need not have been read.
  out.envoys.emplace("aibrix-system/aibrix-eg");
  Finder finder(out);
  finder.name(snapshot.info().context);
  finder.text(snapshot.info().server);
  for (const Resource* resource : snapshot.kinds()) {
    finder.text(snapshot.detail(*resource));
    for (const std::string& ns : snapshot.namespaces(*resource)) finder.name(ns);
    for (const Object& object : snapshot.list(*resource)) finder.object(object);
  }
  return out;
}

}  // namespace kube
