// Addresses of Services as people write them.
#include "aibrix/service_address.hpp"

#include "catch.hpp"

namespace {

using aibrix::service_address;

TEST_CASE("an address that says svc names its Service, whatever stands around it") {
  for (const char* text :
       {"cache.prod.svc:6379", "cache.prod.svc.cluster.local:6379",
        "redis://:secret@cache.prod.svc:6379/0", "http://cache.prod.svc:6379/a?b"}) {
    INFO(text);
    const auto address = service_address(text, "team-a");
    REQUIRE(address.has_value());
    CHECK(address->text() == "prod/cache");
    CHECK(address->port == 6379);
    CHECK(address->certain);
  }
}

TEST_CASE("a single word may be a Service of the own namespace") {
  const auto address = service_address("cache", "team-a");
  REQUIRE(address.has_value());
  CHECK(address->text() == "team-a/cache");
  CHECK_FALSE(address->port.has_value());
  CHECK_FALSE(address->certain);
}

TEST_CASE("what is not or need not be a Service is no address") {
  for (const char* text : {"", "localhost:80", "10.0.0.1:80", "[fd00::1]:80", "cache.prod",
                           "redis.example.com:6379", "cache:name", "/dev/shm", "8000"}) {
    INFO(text);
    CHECK_FALSE(service_address(text, "team-a").has_value());
  }
}

}  // namespace
