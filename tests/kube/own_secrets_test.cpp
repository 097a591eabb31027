// Logins in answers of servers that repeat them.
#include "kube/http/own_secrets.hpp"

#include "catch.hpp"
#include "support/protobuf_message.hpp"

using kube::OwnSecrets;
using kube::Response;

namespace {

kube::Login password(const std::string& user, const std::string& word) {
  kube::Login login;
  login.username = user;
  login.password = word;
  return login;
}

OwnSecrets secrets() {
  kube::Login token;
  token.token = "KCTOKENCANARY";
  OwnSecrets own;
  own.add(token);
  own.add(password("jane", "pw \"1\"/x"));
  own.add_proxy("http://u:PROXY%40CANARY@proxy:3128");
  return own;
}

bool leaks(const std::string& text) {
  for (const char* part : {"KCTOKENCANARY", "pw \\\"1", "pw \"1", "pw%20", "PROXY@CANARY",
                           "PROXY%40CANARY", "amFuZTpwdyAiMSIveA==", "dTpQUk9YWUBDQU5BUlk="}) {
    if (text.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("what a server repeats of our login is hidden, in every form it may come in") {
  Response response;
  response.status = 400;
  response.body =
      R"(you sent: Authorization: Bearer KCTOKENCANARY, Basic amFuZTpwdyAiMSIveA==, "pw \"1\"/x",)"
      R"( pw "1"/x, pw%20%221%22%2Fx, Proxy-Authorization: Basic dTpQUk9YWUBDQU5BUlk=)";
  response.detail = "Unsupported proxy syntax in 'http://u:PROXY%40CANARY@[bad', PROXY@CANARY";
  response.location = "https://sso/?token=KCTOKENCANARY";
  response.warnings = {"299 - \"KCTOKENCANARY\""};
  secrets().hide(response, true);
  CAPTURE(response.body, response.detail, response.location);
  CHECK_FALSE(leaks(response.body + response.detail + response.location + response.warnings[0]));
  CHECK(response.body.find("Bearer <hidden>") != std::string::npos);
}

TEST_CASE("data in protobuf stays as it is: its lengths are counted") {
  OwnSecrets own;
  own.add(password("admin", "admin"));
  Response response;
  response.status = 200;
  response.content_type = "application/vnd.kubernetes.protobuf";
  response.body = support::pod_page("admin-0", "");
  const std::string before = response.body;
  own.hide(response, true);
  CHECK(response.body == before);
}

TEST_CASE("data in which a password occurs as a word stays as it is, a Status does not") {
  OwnSecrets own;
  own.add(password("admin", "admin"));
  Response response;
  response.status = 200;
  response.body = R"({"kind":"PodList","items":[{"metadata":{"name":"admin-0"}}]})";
  const std::string before = response.body;
  own.hide(response, true);
  CHECK(response.body == before);
  own.hide(response, false);
  CHECK(response.body.find("admin") == std::string::npos);
  response.body = R"({"kind":"Status","message":"admin"})";
  own.hide(response, true);
  CHECK(response.body.find("admin") == std::string::npos);
}
