// What a file of a folder is that gives no Kubernetes objects: none of ours, a template, broken.
#pragma once
#include <string_view>

#include "kube/parse/value.hpp"

namespace kube {

enum class Template { no, go, jinja, variables };

// Of a text that cannot be parsed: whether marks of a template stand where YAML has none.
Template template_in(std::string_view text);
// Of an object that could be read: a placeholder where a name, an image, a number is due.
Template template_in(const Value& object);

// Whether a text says that it is a manifest, with `apiVersion:` and `kind:` at the start of lines
// (JSON: as the first of a line).
bool claims_to_be_manifest(std::string_view text);

// Whether the API server knows this kind under a name: of Kubernetes itself, AIBrix, Gateway API,
// KubeRay or LeaderWorkerSet. Not configuration that looks like an object (kind: Config,
// Kustomization), nor reviews, which have no name.
bool needs_name(std::string_view api_version, std::string_view kind);

}  // namespace kube
