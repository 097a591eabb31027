// Manifests, dumps and folders read into a snapshot.
#include "kube/files/manifest.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "catch.hpp"
#include "support/shipped.hpp"

namespace {

namespace fs = std::filesystem;
using kube::ListState;
using kube::ManifestOptions;
using kube::Snapshot;
namespace res = kube::resources;
namespace aib = aibrix::resources;

// A folder that is gone at the end of the test.
class Folder {
 public:
  Folder() {
    std::string path = (fs::temp_directory_path() / "manifest-XXXXXX").string();
    REQUIRE(mkdtemp(path.data()) != nullptr);
    root_ = path;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return (root_ / name).string(); }
  std::string root() const { return root_.string(); }
  std::string write(const std::string& name, std::string_view text) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << text;
    return path(name);
  }

 private:
  fs::path root_;
};

Snapshot read(std::vector<std::string> paths, bool whole_cluster = false) {
  ManifestOptions options;
  options.paths = std::move(paths);
  options.whole_cluster = whole_cluster;
  return kube::read_manifests(std::move(options), aib::all());
}

Snapshot read_text(std::string text, bool whole_cluster = false) {
  ManifestOptions options;
  options.paths = {"-"};
  options.stdin_text = std::move(text);
  options.whole_cluster = whole_cluster;
  return kube::read_manifests(std::move(options), aib::all());
}

std::string failure(const std::vector<std::string>& paths) {
  try {
    read(paths);
  } catch (const base::Error& e) {
    CHECK(e.fault == base::Fault::usage);
    return e.what();
  }
  return "no error";
}

std::string failure_of_text(std::string text) {
  try {
    read_text(std::move(text));
  } catch (const base::Error& e) {
    CHECK(e.fault == base::Fault::usage);
    return e.what();
  }
  return "no error";
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string service(const std::string& name, const std::string& ns = "a") {
  return "apiVersion: v1\nkind: Service\nmetadata:\n  name: " + name + "\n  namespace: " + ns +
         "\n";
}

constexpr std::string_view crd_of_adapters =
    "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "metadata: {name: modeladapters.model.aibrix.ai}\n";

}  // namespace

TEST_CASE("objects keep the file and the line they came from") {
  const Folder folder;
  const std::string file =
      folder.write("a.yaml", "---\n# comment\n---\n" + service("one") + "---\n" + service("two"));
  const Snapshot snapshot = read({file});
  const auto services = snapshot.list(res::services);
  REQUIRE(services.size() == 2);
  CHECK(*services[0].file() == file);
  CHECK(services[0].line() == 4);
  CHECK(services[1].name() == "two");
  CHECK(services[1].line() == 10);
}

TEST_CASE("lists of every sort come apart into their objects") {
  const Snapshot snapshot = read_text(
      "apiVersion: v1\nkind: List\nitems:\n"
      "- apiVersion: v1\n  kind: Pod\n  metadata: {name: p, namespace: a}\n"
      "- apiVersion: v1\n  kind: List\n  items:\n"
      "  - {apiVersion: v1, kind: Service, metadata: {name: s, namespace: a}}\n"
      "---\n"
      "apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: d, namespace: b}\n");
  CHECK(snapshot.find(res::pods, "a", "p"));
  CHECK(snapshot.find(res::services, "a", "s"));
  CHECK(snapshot.find(res::deployments, "b", "d"));
}

TEST_CASE("a kind is known by its group, whatever the version") {
  const Snapshot snapshot = read_text(
      "apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: ReferenceGrant\n"
      "metadata: {name: g, namespace: a}\n---\n"
      "apiVersion: example.com/v1\nkind: Service\nmetadata: {name: s}\n");
  CHECK(snapshot.find(aib::reference_grants, "a", "g"));
  CHECK(snapshot.list(res::services).empty());
  REQUIRE(snapshot.notes().size() == 1);
  CHECK(snapshot.notes()[0] == "1 object ignored (kinds that no check reads): Service");
}

TEST_CASE("an object without a namespace gets the default one, unless it has none by nature") {
  ManifestOptions options;
  options.paths = {"-"};
  options.stdin_text =
      "apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {a: b}}\nspec: {x: 1}\n---\n"
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: ns, namespace: wrong}\n";
  options.default_namespace = "team-a";
  const Snapshot snapshot = kube::read_manifests(std::move(options), aib::all());
  const auto found = snapshot.find(res::services, "team-a", "s");
  REQUIRE(found);
  CHECK(found->label("a") == "b");
  CHECK(found->spec()["x"].integer() == 1);
  CHECK(found->line() == 1);
  CHECK(snapshot.find(res::namespaces, "", "ns"));
}

TEST_CASE("objects of a rendered chart without a namespace are where the chart is installed") {
  ManifestOptions options;
  options.paths = {"-"};
  options.stdin_text =
      "apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: {helm.sh/chart: aibrix-0.7.0}}\n"
      "---\napiVersion: v1\nkind: Service\nmetadata: {name: other, labels: {helm.sh/chart: x-1}}\n";
  options.chart = "aibrix-";
  options.chart_namespace = "aibrix-system";
  const Snapshot snapshot = kube::read_manifests(std::move(options), aib::all());
  CHECK(snapshot.find(res::services, "aibrix-system", "s"));
  CHECK(snapshot.find(res::services, "default", "other"));
  REQUIRE(snapshot.notes().size() == 1);
  CHECK(
      snapshot.notes()[0] ==
      "1 object of a Helm chart without a namespace: read as in aibrix-system (-n names another)");
}

TEST_CASE("a generated name stands in for a name") {
  const Snapshot snapshot =
      read_text("apiVersion: v1\nkind: Pod\nmetadata: {generateName: p-, namespace: a}\n");
  CHECK(snapshot.find(res::pods, "a", "p-"));
}

TEST_CASE("files given later win") {
  const Folder folder;
  const std::string first = folder.write("z.yaml", service("s") + "spec: {type: LoadBalancer}\n");
  const std::string second = folder.write("a.yaml", service("s") + "spec: {type: NodePort}\n");
  const Snapshot snapshot = read({first, second});
  REQUIRE(snapshot.list(res::services).size() == 1);
  CHECK(snapshot.list(res::services)[0].spec()["type"].text() == "NodePort");
}

TEST_CASE("a folder stands for the manifests in it, in a stable order") {
  const Folder folder;
  folder.write("b/two.yml", service("s") + "spec: {order: two}\n");
  folder.write("a.yaml", service("s") + "spec: {order: one}\n");
  folder.write("c.json", R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"j"}})");
  folder.write(".git/x.yaml", "not: [valid");
  folder.write(".hidden.yaml", "not: [valid");
  folder.write("README.md", "# not a manifest: [");
  fs::create_symlink(folder.root(), folder.path("loop"));
  fs::create_symlink("b", folder.path("again"));
  const Snapshot snapshot = read({folder.root()});
  REQUIRE(snapshot.list(res::services).size() == 2);
  CHECK(snapshot.find(res::services, "a", "s")->spec()["order"].text() == "two");
  CHECK(snapshot.find(res::services, "default", "j"));
  // One of the three is there twice.
  REQUIRE(snapshot.notes().size() == 1);
  CHECK(contains(snapshot.notes()[0], "again/two.yml:1: the latter is judged"));
}

TEST_CASE("what is no manifest is told apart: counted in a folder, an error when named") {
  const Folder folder;
  const std::string values = folder.write("values.yaml", "replicas: 1\nimage: x\n");
  folder.write("list.json", "[1, 2]");
  folder.write("svc.yaml", service("s"));
  folder.write("kustomization.yaml",
               "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n");
  const Snapshot snapshot = read({folder.root()});
  REQUIRE(snapshot.notes().size() == 2);
  CHECK(snapshot.notes()[0] ==
        "1 object ignored (without a name: not for the API server): Kustomization");
  CHECK(contains(snapshot.notes()[1], "2 files without Kubernetes objects: "));
  CHECK(contains(snapshot.notes()[1], "values.yaml"));
  CHECK(failure({values}) == values + ":1: not a Kubernetes manifest: it has no kind");
  CHECK(failure({folder.path("list.json")}) ==
        folder.path("list.json") + ":1: not a Kubernetes manifest: it is not a mapping");
  CHECK(contains(failure_of_text("kind: Service\nmetadata: {name: x}\n"), "it has no apiVersion"));
}

TEST_CASE("nothing to read is an error that says so") {
  const Folder folder;
  fs::create_directory(folder.path("empty"));
  CHECK(failure({folder.path("empty")}) ==
        "no *.yaml, *.yml or *.json file in folder " + folder.path("empty"));
  CHECK(failure({"/dev/null"}) == "/dev/null holds no Kubernetes object");
  CHECK(failure({folder.write("c.yaml", "# nothing\n---\n")}) ==
        folder.path("c.yaml") + " holds no Kubernetes object");
  CHECK(contains(failure({folder.path("missing.yaml")}), "missing.yaml"));
  fs::create_symlink("self.yaml", folder.path("self.yaml"));
  CHECK(contains(failure({folder.path("self.yaml")}), "self.yaml"));
  fs::create_symlink("nowhere", folder.path("broken.yaml"));
  CHECK(contains(failure({folder.root()}), "broken.yaml"));
}

TEST_CASE("of a key that comes twice the last counts, as for kubectl, and a note says so") {
  const Snapshot snapshot =
      read_text(service("s") + "spec:\n  type: NodePort\n  type: ClusterIP\n");
  CHECK(kube::to_json(snapshot.list(res::services)[0].spec()) == R"({"type":"ClusterIP"})");
  REQUIRE(snapshot.notes().size() == 1);
  CHECK(snapshot.notes()[0] ==
        "stdin:8: duplicate key \"type\", first on line 7; kubectl uses the last one");
  const Snapshot json =
      read_text(R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"a","name":"b"}})");
  CHECK(json.find(res::services, "default", "b"));
  CHECK(json.notes().size() == 1);
}

TEST_CASE("a Helm template is called one") {
  const Folder folder;
  const std::string file =
      folder.write("t.yaml", "{{- if .Values.x }}\nkind: Service\n{{ end }}\n");
  try {
    read({file});
    FAIL("read a template");
  } catch (const base::Error& e) {
    CHECK(contains(e.hint, "helm template"));
  }
}

TEST_CASE("objects without a proper name are errors with their place") {
  CHECK(failure_of_text("apiVersion: v1\nkind: Pod\nmetadata:\n  name: 123\n") ==
        "stdin:4: metadata.name of a Pod is not text");
  CHECK(failure_of_text("\napiVersion: v1\nkind: Pod\nspec: {}\n") ==
        "stdin:2: Pod without metadata.name");
}

TEST_CASE("a Secret's values go from wherever they stand, and from nothing else") {
  const auto read_all = [](const std::string& text) {
    const auto snapshot = read_text(text);
    std::string out;
    for (const kube::Resource* kind : {&res::secrets, &res::configmaps}) {
      for (const auto& object : snapshot.list(*kind)) {
        out += std::string(object.name()) + " " + kube::to_json(object["data"]) + ";";
      }
    }
    return out;
  };
  const std::string secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
  const std::string map = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";
  CHECK(read_all(secret + "data: {a: same, b: 1, c: true, d: null}\n" + map +
                 "data: {a: same}\n") == R"(s {"a":"","b":0,"c":false,"d":null};c {"a":"same"};)");
  CHECK(read_all(secret + "data: {a: {b: deep}, c: [x]}\n" + map + "data: {a: x}\n") ==
        R"(s {"a":{},"c":[]};c {"a":"x"};)");
  CHECK(read_all("apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n"
                 "  metadata: {name: c}\n  data: {a: &x same}\n- apiVersion: v1\n  kind: Secret\n"
                 "  metadata: {name: s}\n  data: {a: *x}\n") == R"(s {"a":""};c {"a":"same"};)");
  CHECK(read_all(
            R"([{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"a":"b"}}])") ==
        R"(s {"a":""};)");
}

TEST_CASE("of Secrets only the names of their keys are kept") {
  const Snapshot snapshot = read_text(
      "apiVersion: v1\ndata: {password: aHVudGVyMg==}\nstringData: {plain: hunter2}\nkind: Secret\n"
      "metadata: {name: one, namespace: a, labels: {x: z}}\ntype: Opaque\n---\n"
      "apiVersion: v1\nkind: SecretList\nitems:\n"
      "- metadata: {name: two, namespace: a}\n  data: {k: aHVudGVyMg==}\n---\n"
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: a}\ndata: {k: kept}\n");
  const auto one = snapshot.find(res::secrets, "a", "one");
  REQUIRE(one);
  CHECK(kube::to_json(one->root()) ==
        R"({"apiVersion":"v1","data":{"password":""},"stringData":{"plain":""},"kind":"Secret",)"
        R"("metadata":{"name":"one","namespace":"a","labels":{"x":"z"}},"type":"Opaque"})");
  CHECK(one->line() == 1);
  CHECK(kube::to_json(snapshot.find(res::secrets, "a", "two")->root()["data"]) == R"({"k":""})");
  CHECK(snapshot.find(res::configmaps, "a", "c")->at("data", "k").text() == "kept");
}

TEST_CASE("files are an open world: what is not in them is unknown") {
  const Snapshot snapshot = read_text(service("s") + "---\n" + std::string(crd_of_adapters));
  CHECK(snapshot.state(res::services) == ListState::loaded);
  CHECK_FALSE(snapshot.complete(res::services));
  CHECK(snapshot.find(res::services, "a", "other").unknown());
  CHECK(snapshot.state(res::pods) == ListState::not_recorded);
  CHECK(snapshot.state(aib::model_adapters) == ListState::not_recorded);
  CHECK(snapshot.state(aib::gateways) == ListState::not_recorded);
}

TEST_CASE("the whole cluster closes the world kind by kind") {
  const Snapshot snapshot =
      read_text(service("s") + "---\n" + std::string(crd_of_adapters) +
                    "---\napiVersion: v1\nkind: PodList\nitems: []\n---\n"
                    "apiVersion: v1\nkind: List\nitems: []\n---\n"
                    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                    "metadata: {name: g, namespace: a}\n",
                true);
  CHECK(snapshot.find(res::services, "a", "other").missing());
  CHECK(snapshot.complete(res::pods));
  CHECK(snapshot.complete(aib::model_adapters));
  CHECK(snapshot.list(aib::model_adapters).empty());
  // An object proves its kind, CRD or not.
  CHECK(snapshot.state(aib::gateways) == ListState::loaded);
  // CRDs are recorded, not this one.
  CHECK(snapshot.state(aib::storm_services) == ListState::absent);
  // Kubernetes' own kinds have no CRD.
  CHECK(snapshot.state(res::deployments) == ListState::not_recorded);
  CHECK(snapshot.state(res::endpointslices) == ListState::not_recorded);
}

TEST_CASE("without CRDs in the files no kind is absent") {
  const Snapshot snapshot = read_text(service("s"), true);
  CHECK(snapshot.state(aib::storm_services) == ListState::not_recorded);
}

TEST_CASE("a list that goes on elsewhere is not complete") {
  const Snapshot snapshot = read_text(
      "apiVersion: v1\nkind: PodList\nmetadata: {continue: abc}\nitems:\n"
      "- metadata: {name: p, namespace: a}\n",
      true);
  CHECK(snapshot.loaded(res::pods));
  CHECK_FALSE(snapshot.complete(res::pods));
  REQUIRE(snapshot.notes().size() == 1);
  CHECK(snapshot.notes()[0] == "only the first part of the list of pods is in the files");
}

TEST_CASE("now is the newest moment that a server wrote") {
  const auto now = [](std::string text) {
    const auto time = read_text(std::move(text)).now();
    return time ? base::format_time(*time) : "none";
  };
  const std::string pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: a\n";
  CHECK(now(pod) == "none");
  CHECK(now(pod + "  creationTimestamp: null\n") == "none");
  CHECK(now(pod + "  creationTimestamp: \"2026-01-02T03:04:05Z\"\n") == "2026-01-02T03:04:05Z");
  CHECK(now(pod + "  creationTimestamp: 2026-01-02T03:04:05Z\n") == "2026-01-02T03:04:05Z");
  CHECK(now(pod + "status:\n  conditions:\n  - lastTransitionTime: \"2026-02-01T00:00:00Z\"\n"
                  "    lastHeartbeatTime: \"2026-03-01T00:00:00Z\"\n") == "2026-03-01T00:00:00Z");
  CHECK(now(pod + "status: {parents: [{conditions: [{lastTransitionTime: "
                  "\"2026-02-01T00:00:00Z\"}]}]}\n") == "2026-02-01T00:00:00Z");
  CHECK(now(pod + "spec: {schedule: {lastTransitionTime: \"2030-01-01T00:00:00Z\"}}\n") == "none");
  CHECK(now("apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: {name: l}\n"
            "spec: {renewTime: \"2026-04-01T00:00:00.123456Z\"}\n") == "2026-04-01T00:00:00Z");
  CHECK(now("apiVersion: v1\nkind: Event\nmetadata: {name: e}\nlastTimestamp: "
            "\"2026-05-01T00:00:00Z\"\n") == "2026-05-01T00:00:00Z");
}

TEST_CASE("a deletion counts from when it was asked for, not from when the grace period ends") {
  const auto now = read_text(
                       "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n"
                       "  creationTimestamp: \"2026-01-01T00:00:00Z\"\n"
                       "  deletionTimestamp: \"2026-01-01T02:00:30Z\"\n"
                       "  deletionGracePeriodSeconds: 30\n")
                       .now();
  REQUIRE(now);
  CHECK(base::format_time(*now) == "2026-01-01T02:00:00Z");
}

TEST_CASE("a given moment beats what the files say") {
  ManifestOptions options;
  options.paths = {"-"};
  options.stdin_text = service("s") +
                       "status: {conditions: [{lastTransitionTime: "
                       "\"2026-02-01T00:00:00Z\"}]}\n";
  options.now = base::parse_time("2027-01-01T00:00:00Z");
  CHECK(kube::read_manifests(std::move(options), aib::all()).now() ==
        base::parse_time("2027-01-01T00:00:00Z"));
}

TEST_CASE("every recorded cluster and every shipped manifest is read") {
  const fs::path data = SOURCE_DIR "/../shared/testdata";
  if (!fs::exists(data)) {
    WARN("skipped: no test data");
    return;
  }
  for (const auto& entry : fs::directory_iterator(data / "clusters")) {
    INFO(entry.path());
    const Snapshot snapshot = read({entry.path().string()}, true);
    CHECK(snapshot.now().has_value());
    CHECK(snapshot.complete(res::pods));
    CHECK(snapshot.complete(res::crds));
    CHECK(snapshot.list(res::namespaces).size() >= 4);
    CHECK(snapshot.notes().size() <= 1);
  }
  for (const auto& files : {support::shipped_manifests(), support::kustomize_bases()}) {
    CHECK(files.size() > 20);
    for (const fs::path& path : files) {
      INFO(path);
      CHECK_NOTHROW(read({path.string()}));
    }
  }
  CHECK_NOTHROW(read({(data / "aibrix" / "main" / "samples").string()}));
}
