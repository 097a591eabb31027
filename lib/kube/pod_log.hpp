// What a pod itself said: the end of a container's log, and its answer to a GET.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kube {

// One container of one pod.
struct ContainerRef {
  std::string ns, pod, container;

  friend auto operator<=>(const ContainerRef&, const ContainerRef&) = default;
};

// The end of a container's log, without secrets.
struct PodLog {
  ContainerRef from;
  bool previous = false;  // of the run before the one that is there now
  std::string text;
  std::string file = {};  // that it was read from; empty: from a cluster or a snapshot
};

// How much of a log is kept: its last lines, and of them so much.
inline constexpr std::size_t kept_log_lines = 200;
inline constexpr std::size_t kept_log_bytes = 20'000;

// The last kept_log_bytes of a log from the beginning of a line on, without secrets, colours,
// carriage returns and what the container runtime writes before each line of its own files.
std::string log_end(std::string_view text);

// What a pod answered to a GET through the API server's proxy.
struct PodAnswer {
  std::string ns, pod;
  std::int64_t port = 0;
  std::string path;
  int status = 0;       // 0: no answer of the pod
  std::string failure;  // then why, in words
  std::string body;
};

}  // namespace kube
