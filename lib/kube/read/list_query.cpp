// The merging of needs into queries, and the URL paths of their pages.
#include "kube/read/list_query.hpp"

#include <algorithm>

#include "base/lists.hpp"
#include "base/text.hpp"
#include "kube/parse/protobuf_reader.hpp"

namespace kube {
namespace {

int width(Scope scope) {
  switch (scope) {
    case Scope::install: return 0;
    case Scope::workloads: return 1;
    case Scope::everywhere: return 2;
  }
  return 2;
}

void add_each_once(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& name : from) base::add_once(to, name);
}

// Everything but letters, digits and -._~ as %XX.
std::string query_value(std::string_view text) {
  return base::percent_encode(text, "-._~");
}

}  // namespace

std::vector<Query> merge_needs(std::span<const Need> needs) {
  std::vector<Query> queries;
  for (const Need& need : needs) {
    const auto same = std::find_if(queries.begin(), queries.end(), [&](const Query& query) {
      return query.resource == need.resource;
    });
    if (same == queries.end()) {
      queries.push_back({need.resource, need.scope, std::string(need.field_selector)});
      continue;
    }
    if (width(need.scope) > width(same->scope)) same->scope = need.scope;
    if (same->field_selector != need.field_selector) same->field_selector.clear();
  }
  return queries;
}

std::vector<std::string> namespaces_for(const Query& query, const Namespaces& namespaces) {
  if (!query.resource->namespaced || query.scope == Scope::everywhere) return {};
  std::vector<std::string> out;
  if (query.scope == Scope::workloads) {
    if (namespaces.workload.empty()) return {};
    add_each_once(out, namespaces.workload);
  }
  add_each_once(out, namespaces.install);
  return out;
}

std::vector<std::string> fallback_namespaces(const Namespaces& namespaces) {
  std::vector<std::string> out;
  if (!namespaces.workload.empty()) {
    add_each_once(out, namespaces.workload);
  } else {
    out.push_back(namespaces.context.empty() ? "default" : namespaces.context);
  }
  add_each_once(out, namespaces.install);
  return out;
}

std::string page_path(const PageOf& page) {
  std::string path = api_path(page.resource, page.version, page.ns);
  path += "?limit=" + std::to_string(page.limit);
  if (!page.field_selector.empty()) path += "&fieldSelector=" + query_value(page.field_selector);
  if (!page.continue_token.empty()) path += "&continue=" + query_value(page.continue_token);
  return path;
}

std::string watch_path(const WatchedList& list, std::chrono::seconds time) {
  std::string path = api_path(*list.resource, list.version, list.ns);
  path += "?watch=true&allowWatchBookmarks=true&timeoutSeconds=" + std::to_string(time.count());
  path += "&resourceVersion=" + query_value(list.resource_version);
  if (!list.field_selector.empty()) path += "&fieldSelector=" + query_value(list.field_selector);
  return path;
}

std::string list_accept(const Resource& resource, std::string_view version) {
  std::string json = json_list_accept(resource);
  const bool protobuf =
      !resource.metadata_only && has_protobuf(api_version(resource, version), resource.kind);
  return protobuf ? "application/vnd.kubernetes.protobuf, " + json : json;
}

std::string json_list_accept(const Resource& resource) {
  return resource.metadata_only ? "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
                                : "application/json";
}

std::string object_accept(const Resource& resource) {
  return resource.metadata_only ? "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
                                : "application/json";
}

}  // namespace kube
