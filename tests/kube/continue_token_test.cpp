// Continue tokens in the beginnings of lists.
#include "kube/read/continue_token.hpp"

#include "catch.hpp"
#include "support/protobuf_message.hpp"

using kube::scan_continue_token;
using State = kube::TokenScan::State;

TEST_CASE("continue token: found before the items are here") {
  const auto scan = scan_continue_token(
      R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"abc","remainingItemCount":3},"it)");
  CHECK(scan.state == State::found);
  CHECK(scan.token == "abc");
}

TEST_CASE("continue token: every shorter beginning asks for more") {
  const std::string_view whole =
      R"({ "kind" : "PodList", "metadata" : { "remainingItemCount" : 3 , "continue" : "abc")";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(whole.substr(0, size));
    CHECK(scan_continue_token(whole.substr(0, size)).state == State::need_more);
  }
  CHECK(scan_continue_token(whole).state == State::found);
}

TEST_CASE("continue token: none on a last page, after items, or in anything unusual") {
  for (const char* body : {
           R"({"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[)",
           R"({"kind":"PodList","metadata":{"continue":"","resourceVersion":"7"},)",
           R"({"apiVersion":"v1","items":[{"metadata":{"continue":"not this one"}})",
           R"({"metadata":{"continue":"with \"escape")",
           R"({"metadata":{"continue":7,)",
           R"({"metadata":{"labels":{"continue":"nested"}})",
           R"({"metadata":[)",
           R"([{"metadata":{"continue":"abc"}}])",
           R"({"metadata" "continue")",
           "<html>",
           "{}",
       }) {
    INFO(body);
    CHECK(scan_continue_token(body).state == State::none);
  }
}

TEST_CASE("continue token: a huge beginning is not searched for ever") {
  const std::string body = "{\"kind\":\"" + std::string(2 * kube::token_scan_limit, 'x');
  CHECK(scan_continue_token(body).state == State::none);
}

TEST_CASE("continue token: in protobuf every beginning up to the list's metadata asks for more") {
  const std::string whole = support::pod_page("a", "abc");
  const std::size_t here = whole.find("abc") + 3;
  for (std::size_t size = 0; size < here; ++size) {
    INFO(size);
    CHECK(scan_continue_token(whole.substr(0, size)).state == State::need_more);
  }
  CHECK(scan_continue_token(whole.substr(0, here)).state == State::found);
  CHECK(scan_continue_token(whole).token == "abc");
  CHECK(scan_continue_token(support::pod_page("a", "")).state == State::none);
  CHECK(scan_continue_token("k8s").state == State::need_more);
  CHECK(scan_continue_token(std::string("k8s\0\x08\x01", 6)).state == State::none);
}
