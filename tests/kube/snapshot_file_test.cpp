// Snapshot files, written and read back.
#include "kube/files/snapshot_file.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "aibrix/resources.hpp"
#include "base/base64.hpp"
#include "base/error.hpp"
#include "catch.hpp"
#include "kube/files/manifest.hpp"
#include "kube/parse/json_reader.hpp"

namespace {

using kube::List;
using kube::ListState;
using kube::Snapshot;
namespace res = kube::resources;
namespace aib = aibrix::resources;

constexpr std::array<std::string_view, 1> readable = {"envoy-gateway-config"};
constexpr kube::SnapshotFileOptions options{"test 1", readable};

Snapshot read_text(std::string text, bool whole_cluster = false) {
  kube::ManifestOptions manifest;
  manifest.paths = {"-"};
  manifest.stdin_text = std::move(text);
  manifest.whole_cluster = whole_cluster;
  return kube::read_manifests(std::move(manifest), aib::all());
}

// Everything a check can see, but the lines.
void check_equal(const Snapshot& a, const Snapshot& b) {
  CHECK(a.now() == b.now());
  CHECK(a.info().context == b.info().context);
  CHECK(a.info().server == b.info().server);
  CHECK(a.info().kubernetes == b.info().kubernetes);
  CHECK(a.notes() == b.notes());
  REQUIRE(a.served().has_value() == b.served().has_value());
  for (std::size_t i = 0; a.served() && i < a.served()->size(); ++i) {
    CHECK((*a.served())[i].group == (*b.served())[i].group);
    CHECK((*a.served())[i].version == (*b.served())[i].version);
    CHECK((*a.served())[i].plural == (*b.served())[i].plural);
  }
  for (const kube::Resource* r : aib::all()) {
    INFO(kube::full_name(*r));
    CHECK(a.state(*r) == b.state(*r));
    CHECK(a.detail(*r) == b.detail(*r));
    CHECK(a.complete(*r) == b.complete(*r));
    REQUIRE(a.namespaces(*r).size() == b.namespaces(*r).size());
    for (std::size_t i = 0; i < a.namespaces(*r).size(); ++i) {
      CHECK(a.namespaces(*r)[i] == b.namespaces(*r)[i]);
    }
    REQUIRE(a.list(*r).size() == b.list(*r).size());
    for (std::size_t i = 0; i < a.list(*r).size(); ++i) {
      CHECK(kube::to_json(a.list(*r)[i].root()) == kube::to_json(b.list(*r)[i].root()));
    }
  }
}

Snapshot made_by_hand() {
  const auto document = std::make_shared<kube::Document>();
  const auto object = [&](const kube::Resource& r, std::string_view json) {
    return kube::Object(r, kube::read_json(json, *document));
  };
  kube::SnapshotBuilder builder(kube::Source::cluster);
  builder.own(document);
  List pods;
  pods.state = ListState::loaded;
  pods.namespaces = {"team-a", "team-b"};
  pods.objects = {object(res::pods, R"({"metadata":{"name":"p","namespace":"team-a"},"n":1.50})"),
                  object(res::pods, R"({"metadata":{"name":"ä\"\n","namespace":"team-a"}})")};
  builder.set(res::pods, std::move(pods));
  List nodes;
  nodes.state = ListState::loaded;
  nodes.everywhere = true;
  builder.set(res::nodes, std::move(nodes));
  const auto state = [&](const kube::Resource& r, ListState s, std::string detail) {
    List list;
    list.state = s;
    list.detail = std::move(detail);
    builder.set(r, std::move(list));
  };
  state(res::secrets, ListState::forbidden, "403: cannot list secrets");
  state(res::leases, ListState::failed, "timed out after 5s");
  state(aib::ray_clusters, ListState::absent, "");
  state(aib::gateways, ListState::not_recorded, "");
  state(res::events, ListState::not_asked, "");
  builder.now(*base::parse_time("2026-01-02T03:04:05.000678Z"));
  builder.info({"prod", "https://10.0.0.1:6443", "v1.33.1"});
  builder.served({{"gateway.networking.k8s.io", "v1", "gateways"}, {"", "v1", "pods"}});
  builder.note("something to tell");
  return builder.build();
}

}  // namespace

TEST_CASE("a snapshot file reads back as the snapshot it was written from") {
  const Snapshot original = made_by_hand();
  const std::string text = kube::write_snapshot(original, options);
  const Snapshot again = read_text(text);
  check_equal(original, again);
  CHECK(again.source() == kube::Source::snapshot);
  CHECK_FALSE(again.live());
  CHECK(again.find(res::pods, "team-b", "x").missing());
  CHECK(again.find(res::pods, "team-c", "x").unknown());
  CHECK(again.list(res::pods)[0].file() == nullptr);
  CHECK(kube::write_snapshot(again, options) == text);
}

TEST_CASE("an empty snapshot survives too") {
  const Snapshot original = kube::SnapshotBuilder(kube::Source::cluster).build();
  const Snapshot again = read_text(kube::write_snapshot(original));
  check_equal(original, again);
  CHECK_FALSE(again.now().has_value());
  CHECK_FALSE(again.served().has_value());
}

TEST_CASE("every recorded cluster survives being written and read") {
  const std::filesystem::path data = SOURCE_DIR "/../shared/testdata/clusters";
  if (!std::filesystem::exists(data)) {
    WARN("skipped: no test data");
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    INFO(entry.path());
    kube::ManifestOptions manifest;
    manifest.paths = {entry.path().string()};
    manifest.whole_cluster = true;
    const Snapshot original = kube::read_manifests(std::move(manifest), aib::all());
    const std::string text = kube::write_snapshot(original, options);
    const Snapshot again = read_text(text);
    // The recordings hold no secrets but the data of ConfigMaps.
    for (const kube::Resource* r : aib::all()) {
      INFO(kube::full_name(*r));
      CHECK(original.state(*r) == again.state(*r));
      CHECK(original.complete(*r) == again.complete(*r));
      REQUIRE(original.list(*r).size() == again.list(*r).size());
      for (std::size_t i = 0; r != &res::configmaps && i < again.list(*r).size(); ++i) {
        CHECK(original.list(*r)[i].root().same(again.list(*r)[i].root()));
      }
    }
    CHECK(original.now() == again.now());
    CHECK(kube::write_snapshot(again, options) == text);
  }
}

TEST_CASE("a snapshot of another format, cut or edited is refused with its place") {
  const auto failure = [](std::string text) {
    try {
      read_text(std::move(text));
    } catch (const base::Error& e) {
      CHECK(e.fault == base::Fault::usage);
      return std::string(e.what());
    }
    return std::string("no error");
  };
  CHECK(failure(R"({"apiVersion":"aibrixctl/v2","kind":"Snapshot","lists":[]})") ==
        "stdin:1: a snapshot of format aibrixctl/v2; this aibrixctl reads aibrixctl/v1");
  CHECK(failure(R"({"apiVersion":"aibrixctl/v1","kind":"Snapshot"})") ==
        "stdin:1: a snapshot without lists");
  CHECK(failure(R"({"apiVersion":"aibrixctl/v1","kind":"Snapshot","lists":[)"
                R"({"group":"","kind":"Pod","state":"Odd"}]})") ==
        "stdin:1: unknown state of a list");
  const std::string text = kube::write_snapshot(made_by_hand(), options);
  CHECK(failure(text.substr(0, text.size() / 2)) != "no error");
  CHECK(failure(text + text) == "stdin:10: a second snapshot");
}

TEST_CASE("manifests beside a snapshot lie over its objects") {
  const Snapshot snapshot =
      read_text(kube::write_snapshot(made_by_hand(), options) +
                R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"team-a"},)"
                R"("n":2})");
  CHECK(snapshot.list(res::pods).size() == 2);
  CHECK(snapshot.find(res::pods, "team-a", "p")->root()["n"].integer() == 2);
  CHECK(snapshot.find(res::pods, "team-b", "x").missing());
}

TEST_CASE("planted secrets never reach the file, in whatever form they were") {
  // One name for each place, so that a failure says which.
  const auto canary = [](std::string_view place) { return "c4nary-" + std::string(place) + "-x9"; };
  const std::string jwt = "eyJhbGciOiJIUzI1NiJ9c4naryJWTx9AB";
  const std::string applied =
      R"({\"env\":[{\"name\":\"TOKEN\",\"value\":\")" + canary("applied") + R"(\"}]})";
  const std::string text =
      R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"a","annotations":{)"
      R"("kubectl.kubernetes.io/last-applied-configuration":")" +
      applied +
      R"(",)"
      R"("objectset.rio.cattle.io/applied":")" +
      base::encode_base64(canary("rio")) +
      R"(",)"
      R"("vault/token":")" +
      canary("annotation") +
      R"(",)"
      R"("tool/spec":"{\"env\":[{\"name\":\"HF_TOKEN\",\"value\":\")" +
      canary("json") + R"(\"}],\"nested\":\"{\\\"apiKey\\\":\\\")" + canary("deep") +
      R"(\\\"}\"}"}},)"
      R"("spec":{"containers":[{"name":"c","env":[{"name":"DB_PASSWORD","value":")" +
      canary("env") + R"("},{"name":"URL","value":"redis://u:)" + canary("url") +
      R"(@h:1/0"},{"name":"PLAIN","value":"kept"}],)"
      R"("args":["--api-key=)" +
      canary("flag") + R"(","--token",")" + canary("next") +
      R"(","--port","8000"],"command":["sh","-c","export HF_TOKEN=)" + canary("script") +
      R"( && serve --api-key ')" + canary("quoted") +
      R"('"],)"
      R"("livenessProbe":{"httpGet":{"httpHeaders":[{"name":"Authorization","value":"Bearer )" +
      canary("header") +
      R"("}]}}}]},)"
      R"("status":{"message":"401 for Bearer )" +
      canary("message") + R"( and )" + jwt +
      R"("}})"
      "\n"
      R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"a"},)"
      R"("data":{"password":")" +
      base::encode_base64(canary("secret")) +
      R"("},)"
      R"("stringData":{"k":")" +
      canary("stringdata") +
      R"("}})"
      "\n"
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"a"},)"
      R"("data":{"app.conf":")" +
      canary("configmap") + R"("},"binaryData":{"b":")" + base::encode_base64(canary("binary")) +
      R"("}})"
      "\n"
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"envoy-gateway-config",)"
      R"("namespace":"a"},"data":{"envoy-gateway.yaml":"kind: EnvoyGateway\nredis: redis://:)" +
      canary("eg") +
      R"(@h:1\n"}})"
      "\n"
      R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":"m",)"
      R"("namespace":"a"},"spec":{"artifactURL":"https://h/x?token=)" +
      canary("query") + R"(","additionalConfig":{"api-key":")" + canary("config") +
      R"(","mode":"kept"}}})";
  const std::string out = kube::write_snapshot(read_text(text), options);
  CHECK(out.find("c4nary") == std::string::npos);
  for (const std::string_view place :
       {"applied",    "rio",       "annotation", "json",   "deep",   "env",     "url",
        "flag",       "next",      "script",     "quoted", "header", "message", "secret",
        "stringdata", "configmap", "binary",     "eg",     "query",  "config"}) {
    INFO(place);
    CHECK(out.find(canary(place)) == std::string::npos);
    CHECK(out.find(base::encode_base64(canary(place))) == std::string::npos);
  }
  for (const std::string_view kept :
       {R"("name":"PLAIN","value":"kept")", R"("--port","8000")", R"("mode":"kept")",
        R"("password":"")", "kind: EnvoyGateway", R"("app.conf":"<redacted>")",
        R"("name":"DB_PASSWORD","value":"<redacted>")", "--api-key=<redacted>"}) {
    INFO(kept);
    CHECK(out.find(kept) != std::string::npos);
  }
  CHECK(kube::write_snapshot(read_text(out), options) == out);
}
