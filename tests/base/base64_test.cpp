// Base64, both ways and broken.
#include "base/base64.hpp"

#include "catch.hpp"

using base::decode_base64;
using base::encode_base64;

TEST_CASE("base64 vectors of RFC 4648 go both ways") {
  const char* vectors[][2] = {{"", ""},
                              {"f", "Zg=="},
                              {"fo", "Zm8="},
                              {"foo", "Zm9v"},
                              {"foob", "Zm9vYg=="},
                              {"fooba", "Zm9vYmE="},
                              {"foobar", "Zm9vYmFy"}};
  for (const auto& v : vectors) {
    CHECK(encode_base64(v[0]) == v[1]);
    CHECK(decode_base64(v[1]).bytes == v[0]);
    CHECK(decode_base64(v[1]).problem.empty());
  }
}

TEST_CASE("every byte value survives base64") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  CHECK(decode_base64(encode_base64(bytes)).bytes == bytes);
}

TEST_CASE("line ends inside base64 are skipped") {
  CHECK(decode_base64("Zm9v\r\nYmFy\n").bytes == "foobar");
  CHECK(decode_base64("Zg=\n=\n").bytes == "f");
}

TEST_CASE("what is not base64 says where, and quotes nothing") {
  CHECK(decode_base64("Zm9v YmFy").problem == "character 5 is not a base64 character");
  CHECK(decode_base64("Zm9-").problem == "character 4 is not a base64 character");
  CHECK(decode_base64("Zg==Zg==").problem == "character 5 is not a base64 character");
  CHECK(decode_base64("=").problem == "character 1 is not a base64 character");
  CHECK(decode_base64("Zm9v=").problem == "character 5 is not a base64 character");
  CHECK(decode_base64("Zm8==").problem == "character 5 is not a base64 character");
  CHECK(decode_base64("Zm9vYg").problem == "it is incomplete; part of it may be missing");
  CHECK(decode_base64("Zm9vYg=").problem == "it is incomplete; part of it may be missing");
  CHECK(decode_base64("Zm9vY").problem == "it is incomplete; part of it may be missing");
  CHECK(decode_base64("Zm9vY").bytes.empty());
}
