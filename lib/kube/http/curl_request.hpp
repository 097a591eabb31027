// Requests while libcurl works on them.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <exception>

#include "kube/http/curl_setup.hpp"
#include "kube/http/transport.hpp"

namespace kube::curl {

// What all requests of a transport share.
struct Load {
  std::size_t max_answer = max_body_bytes;
  std::size_t max_under_way = max_body_bytes;
  std::size_t under_way = 0;  // memory of all bodies that are not handed over
  bool heard = false;         // something has come since it was last looked
  std::size_t round = 0;      // of what is being handed over; what it asks for is a round later
  base::MemoryBudget* memory = nullptr;
  const Bounds* bounds = nullptr;
  const std::atomic<int>* stop = nullptr;

  // libcurl is to come back: a flood of HTTP/2 frames keeps it busy for many seconds.
  bool over() const;
};

// One request on its way, with the memory that libcurl borrows.
struct Transfer {
  Transfer() = default;
  ~Transfer() { release(); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  // The body was handed over or dropped.
  void release();

  std::size_t number = 0;
  Request request;
  Response response;
  std::size_t round = 0;  // Transport::rounds()
  Easy easy;
  List headers, connect_to;
  std::array<char, CURL_ERROR_SIZE> error{};
  unsigned login_used = 0;
  SocketOwner socket;
  bool watching = false;
  bool stopped = false;                       // by a callback: too large, or headers without end
  bool gzip = false;                          // asked for
  std::size_t interim = 0, header_bytes = 0;  // of this try: status lines, all header lines
  std::size_t charged = 0;                    // bytes of memory counted in `load`
  Load* load = nullptr;
  std::chrono::steady_clock::time_point not_before{};
  Receiver* receiver = nullptr;
  Queue* queue = nullptr;
  std::exception_ptr* thrown = nullptr;  // by a callback; must not fly through libcurl
};

// Readies `transfer` for its next try.
void prepare(Transfer& transfer, const Target& target, const Access& access, const Login& login,
             const CurlOptions& options);

}  // namespace kube::curl
