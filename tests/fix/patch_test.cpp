// JSON Patches, made and judged.
#include "fix/patch.hpp"

#include "catch.hpp"
#include "kube/parse/json_reader.hpp"

using fix::Effect;

namespace {

Effect effect(const fix::Patch& patch, const std::string& json, std::string* why = nullptr) {
  kube::Document document;
  return fix::effect_of(patch, kube::read_json(json, document), why);
}

fix::Patch strip(const std::string& json, const std::vector<std::string>& names) {
  kube::Document document;
  return fix::strip_patch(kube::read_json(json, document), names);
}

}  // namespace

TEST_CASE("a strip tests uid and place of each finalizer, and removes from the end") {
  const std::string object = R"({"metadata":{"uid":"u","finalizers":["a","b","c"]}})";
  CHECK(fix::to_json(strip(object, {"a", "c"})) ==
        R"([{"op":"test","path":"/metadata/uid","value":"u"},)"
        R"({"op":"test","path":"/metadata/finalizers/2","value":"c"},)"
        R"({"op":"remove","path":"/metadata/finalizers/2"},)"
        R"({"op":"test","path":"/metadata/finalizers/0","value":"a"},)"
        R"({"op":"remove","path":"/metadata/finalizers/0"}])");
  CHECK(strip(object, {"x"}).empty());
  CHECK(strip(R"({"metadata":{"uid":"u"}})", {"a"}).empty());
}

TEST_CASE("a patch is pending, done or overtaken, and says what has moved") {
  const std::string object = R"({"metadata":{"uid":"u","finalizers":["a","b"]}})";
  const fix::Patch patch = strip(object, {"a"});
  CHECK(effect(patch, object) == Effect::pending);
  CHECK(effect(patch, R"({"metadata":{"uid":"u","finalizers":["b"]}})") == Effect::done);
  CHECK(effect(patch, R"({"metadata":{"uid":"u"}})") == Effect::done);
  std::string why;
  CHECK(effect(patch, R"({"metadata":{"uid":"v","finalizers":["a","b"]}})", &why) == Effect::moved);
  CHECK(why == R"(metadata.uid is "v", expected "u")");
  CHECK(effect(patch, R"({"metadata":{"uid":"u","finalizers":["b","a"]}})", &why) == Effect::moved);
  CHECK(why == R"(metadata.finalizers[0] is "b", expected "a")");
}

TEST_CASE("a patch that makes the folders above a field is judged step by step") {
  const fix::Patch patch = {fix::test("/spec/a", "null"), fix::add("/spec/a", "{}"),
                            fix::add("/spec/a/b", "1")};
  CHECK(effect(patch, R"({"spec":{}})") == Effect::pending);
  CHECK(effect(patch, R"({"spec":{"a":{"b":1,"other":2}}})") == Effect::done);
  CHECK(effect(patch, R"({"spec":{"a":{"b":2}}})") == Effect::moved);
  const fix::Patch back = {fix::test("/spec/a/b", "1"), fix::remove("/spec/a/b"),
                           fix::test("/spec/a", "{}"), fix::remove("/spec/a")};
  CHECK(effect(back, R"({"spec":{"a":{"b":1}}})") == Effect::pending);
  CHECK(effect(back, R"({"spec":{"a":{"b":1,"other":2}}})") == Effect::moved);
}

TEST_CASE("keys with a slash or a tilde are escaped in a pointer") {
  CHECK(fix::pointer_step("kubectl.kubernetes.io/restartedAt") ==
        "kubectl.kubernetes.io~1restartedAt");
  CHECK(fix::pointer_step("a~b") == "a~0b");
}
