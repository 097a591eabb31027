// What `endpoint test` prints.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "report/answer.hpp"

namespace report {

// One request that was sent, and what came back.
struct Probe {
  std::string request;   // "GET http://10.0.0.2:31599/v1/models"
  std::string strategy;  // header routing-strategy; empty: none was sent
  bool ok = false;
  int status = 0;  // 0: no answer
  std::chrono::microseconds took{0};
  std::string result;   // "3 models", "answered by pod llama-0", why there is no answer
  Explained explained;  // of the answer
};

struct EndpointTest {
  std::string how;  // where the address comes from
  std::vector<Probe> probes;
  int exit_code = 0;
};

std::string endpoint_test_text(const EndpointTest& test, const Style& style);
std::string endpoint_test_json(const EndpointTest& test, std::string_view version);
std::string endpoint_test_yaml(const EndpointTest& test, std::string_view version);

}  // namespace report
