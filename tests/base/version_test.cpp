// Version numbers, read and sorted.
#include "base/version.hpp"

#include "catch.hpp"

using base::format_version;
using base::parse_version;

TEST_CASE("versions are read as images, charts and API servers write them") {
  CHECK(format_version(*parse_version("v0.4.1")) == "v0.4.1");
  CHECK(format_version(*parse_version("1.36.3")) == "v1.36.3");
  CHECK(format_version(*parse_version("v0.5.0-rc.1")) == "v0.5.0-rc.1");
  CHECK(format_version(*parse_version("1.31+")) == "v1.31.0");
  CHECK(format_version(*parse_version("v1.29.3-gke.1282001+abc")) == "v1.29.3-gke.1282001");
  CHECK(format_version(*parse_version("v1.31.2+k3s1")) == "v1.31.2");
}

TEST_CASE("words and digests are not versions") {
  for (const char* text : {"nightly", "latest", "", "v", "v1", "1.", "1.x", "-1.2", "1.-2",
                           "99999999999.1", "sha256:abc"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_version(text));
  }
}

TEST_CASE("versions sort by number, and a pre-release before its release") {
  CHECK(*parse_version("v0.10.0") > *parse_version("v0.9.9"));
  CHECK(*parse_version("v0.5.0-rc.1") < *parse_version("v0.5.0"));
  CHECK(*parse_version("v0.5.0-rc.1") > *parse_version("v0.4.9"));
  CHECK(*parse_version("v0.5.0-rc.1") < *parse_version("v0.5.0-rc.2"));
  CHECK(*parse_version("v0.5.0-rc.9") < *parse_version("v0.5.0-rc.10"));
  CHECK(*parse_version("v0.5.0-rc.99999999999999999999") > *parse_version("v0.5.0-rc.10"));
  CHECK(*parse_version("v0.5.0-alpha") < *parse_version("v0.5.0-alpha.1"));
  CHECK(*parse_version("v0.5.0-1") < *parse_version("v0.5.0-alpha"));
  CHECK(*parse_version("1.2") == *parse_version("v1.2.0"));
}
