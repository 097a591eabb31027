// Whose finalizers are known, and which may be stripped.
#include "aibrix/finalizers.hpp"

#include "catch.hpp"
#include "support/release.hpp"

TEST_CASE("only AIBrix's own finalizers may be stripped") {
  CHECK(aibrix::is_aibrix_finalizer("adapter.model.aibrix.ai/finalizer"));
  CHECK(aibrix::is_aibrix_finalizer("modeladapter.aibrix.ai/finalizer"));
  CHECK(aibrix::is_aibrix_finalizer("orchestration.aibrix.ai/podset-finalizer"));
  CHECK_FALSE(aibrix::is_aibrix_finalizer("foregroundDeletion"));
  CHECK_FALSE(aibrix::is_aibrix_finalizer("ray.io/rayjob-finalizer"));
  CHECK_FALSE(aibrix::is_aibrix_finalizer("backup.example.com/archive"));
  CHECK_FALSE(aibrix::is_aibrix_finalizer("adapter.model.aibrix.ai/finalizer2"));
}

TEST_CASE("a foreign finalizer is known by its domain alone") {
  CHECK(aibrix::find_finalizer("backup.example.com/archive") == nullptr);
  CHECK(aibrix::finalizer_domain("backup.example.com/archive") == "backup.example.com");
  CHECK(aibrix::finalizer_domain("orphan") == "orphan");
}

TEST_CASE("how engines are asked to unload a LoRA depends on the release") {
  const auto of = [](const char* version) {
    return aibrix::unload_behaviour(support::release(version));
  };
  CHECK_FALSE(of("v0.4.1")->timeout);
  CHECK_FALSE(of("v0.4.1")->every_instance);
  CHECK_FALSE(of("v0.5.0")->timeout);
  CHECK(of("v0.5.0")->every_instance);
  CHECK(of("v0.6.0")->timeout);
  CHECK(of("nightly")->timeout);
  CHECK_FALSE(aibrix::unload_behaviour({}).has_value());
}
