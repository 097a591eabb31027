#pragma once
#include <array>
#include <chrono>
#include <exception>

#include "kube/http/curl_setup.hpp"
#include "kube/http/transport.hpp"

namespace kube::curl {

// One request on its way, with the memory that libcurl borrows.
struct Transfer {
  std::size_t number = 0;
  Request request;
  Response response;
  Easy easy;
  List headers, connect_to;
  std::array<char, CURL_ERROR_SIZE> error{};
  unsigned login_used = 0;
  bool watching = false;
  bool too_large = false;
  std::chrono::steady_clock::time_point not_before{};
  Receiver* receiver = nullptr;
  Queue* queue = nullptr;
  std::exception_ptr* thrown = nullptr;  // by a callback; must not fly through libcurl
};

// Readies `transfer` for its next try.
void prepare(Transfer& transfer, const Target& target, const Access& access, const Login& login,
             const CurlOptions& options);

}  // namespace kube::curl
