// What to list, in which namespaces, and with which requests.
#pragma once
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/read/need.hpp"
#include "kube/resource.hpp"

namespace kube {

// One list to read: what all needs of a resource come to.
struct Query {
  const Resource* resource = nullptr;
  Scope scope = Scope::install;
  std::string field_selector = {};
};

// One query per resource, in the order of first mention: the widest scope wins; a field selector
// stays only when every need of the resource has the same.
std::vector<Query> merge_needs(std::span<const Need> needs);

// Whose namespaces there are.
struct Namespaces {
  std::vector<std::string> workload;  // -n; empty: all
  std::vector<std::string> install;   // of what is installed
  std::string context;                // the kubeconfig context's own; empty: "default"
};

// The namespaces to list one by one; empty: one list for the whole cluster.
std::vector<std::string> namespaces_for(const Query& query, const Namespaces& namespaces);
// Where to look when the list for the whole cluster is forbidden.
std::vector<std::string> fallback_namespaces(const Namespaces& namespaces);

// One page of a list, as path and query.
struct PageOf {
  const Resource& resource;
  std::string_view version;
  std::string_view ns = {};
  std::string_view field_selector = {};
  std::string_view continue_token = {};
  int limit = 500;
};
std::string page_path(const PageOf& page);
// A list that was read, from which a watch can go on.
struct WatchedList {
  const Resource* resource = nullptr;
  std::string version;
  std::string ns;  // empty: all, or cluster-scoped
  std::string field_selector;
  std::string resource_version;
};
// The watch of it, which the server is to end after that time; with bookmarks.
std::string watch_path(const WatchedList& list, std::chrono::seconds time);
// The Accept header for a resource: all of it, or metadata only. Kubernetes' own kinds are read as
// protobuf, which is smaller and which the server writes faster; where something on the way does
// not know it, JSON comes.
std::string list_accept(const Resource& resource, std::string_view version);
std::string json_list_accept(const Resource& resource);
std::string object_accept(const Resource& resource);

}  // namespace kube
