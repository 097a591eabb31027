// Folders as repositories: what is read of them, passed over, left out, and told.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "catch.hpp"
#include "kube/files/file_kind.hpp"
#include "kube/files/manifest.hpp"
#include "kube/files/path_rules.hpp"

namespace {

namespace fs = std::filesystem;
namespace res = kube::resources;

class Repository {
 public:
  Repository() {
    std::string path = (fs::temp_directory_path() / "repository-XXXXXX").string();
    REQUIRE(mkdtemp(path.data()) != nullptr);
    root_ = path;
  }
  ~Repository() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  Repository& file(const std::string& name, std::string_view text) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << text;
    return *this;
  }
  std::string path(const std::string& name) const { return (root_ / name).string(); }

  kube::Snapshot read(kube::ManifestOptions options = {}) const {
    options.paths = {root_.string()};
    return kube::read_manifests(std::move(options), aibrix::resources::all());
  }

 private:
  fs::path root_;
};

std::string service(const std::string& name) {
  return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + "}\n";
}

bool noted(const kube::Snapshot& snapshot, std::string_view text) {
  return std::ranges::any_of(snapshot.notes(), [&](const std::string& note) {
    return note.find(text) != std::string::npos;
  });
}

std::string names(const kube::Snapshot& snapshot) {
  std::string out;
  for (const kube::Object& object : snapshot.list(res::services)) {
    out += (out.empty() ? "" : " ") + std::string(object.name());
  }
  return out;
}

}  // namespace

TEST_CASE("what is no manifest is passed over in a folder, broken or not") {
  Repository repository;
  repository.file("svc.yaml", service("s"))
      .file("notes.yaml", "foo: bar\n  baz: 1\n")
      .file("tsconfig.json", "{\n  /* compiler */\n  \"strict\": true,\n}\n")
      .file("logo.json", std::string("\x89PNG\0\0", 6))
      .file("latin.yaml", "name: caf\xE9\n");
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "s");
  CHECK(snapshot.file_faults().empty());
  CHECK(noted(snapshot, "4 files without Kubernetes objects"));
}

TEST_CASE("a manifest that cannot be parsed is a fault with its place, the others are read") {
  Repository repository;
  repository.file("svc.yaml", service("s"))
      .file("bad.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: x\n   labels: y\n")
      .file("bad.json",
            "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Service\",\n  \"metadata\" {}\n}\n")
      .file("latin.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: caf\xE9}\n");
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "s");
  REQUIRE(snapshot.file_faults().size() == 3);
  CHECK(snapshot.file_faults()[0].file == repository.path("bad.json"));
  CHECK(snapshot.file_faults()[0].line == 4);
  CHECK(snapshot.file_faults()[0].column == 14);
  CHECK(snapshot.file_faults()[1].file == repository.path("bad.yaml"));
  CHECK(snapshot.file_faults()[1].line == 5);
  CHECK(snapshot.file_faults()[1].column > 0);
  CHECK(snapshot.file_faults()[2].line == 3);
}

TEST_CASE("an object without a name is a fault where the API server wants one") {
  Repository repository;
  repository.file("svc.yaml", service("s"))
      .file("pod.yaml", "# template\napiVersion: v1\nkind: Pod\nspec: {}\n")
      .file("number.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 123\n")
      .file("generated.yaml", "apiVersion: v1\nkind: Service\nmetadata: {generateName: g-}\n")
      .file("kubeconfig.yaml", "apiVersion: v1\nkind: Config\nclusters: []\n")
      .file("kind.yaml", "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n");
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "g- s");
  REQUIRE(snapshot.file_faults().size() == 2);
  CHECK(snapshot.file_faults()[0].what == "metadata.name of a ConfigMap is not text");
  CHECK(snapshot.file_faults()[0].line == 4);
  CHECK(snapshot.file_faults()[0].column == 3);
  CHECK(snapshot.file_faults()[1].what == "Pod without metadata.name");
  CHECK(snapshot.file_faults()[1].line == 2);
  CHECK(noted(snapshot,
              "2 objects ignored (without a name: not for the API server): Cluster and Config"));
}

TEST_CASE("templates are passed over with the command that renders them") {
  Repository repository;
  repository.file("svc.yaml", service("s"))
      .file("chart/Chart.yaml", "apiVersion: v2\nname: c\n")
      .file("chart/templates/a.yaml", service("\"{{ .Release.Name }}\""))
      .file("env.yaml", service("${MODEL}"))
      .file("jinja.yaml", "{% for m in models %}\nkind: Service\n{% endfor %}\n");
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "s");
  CHECK(snapshot.file_faults().empty());
  CHECK(noted(snapshot, "1 template of Helm charts passed over: helm template " +
                            repository.path("chart") + " | aibrixctl doctor -f -"));
  CHECK(noted(snapshot, "2 templates passed over"));
}

TEST_CASE("a shell's variables in a command make no template") {
  Repository repository;
  repository.file("a.yaml",
                  service("s") + "spec: {selector: {app: s}}\n---\n" +
                      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n"
                      "  containers: [{name: c, image: i, args: [\"--port ${PORT}\"]}]\n");
  CHECK(repository.read().list(res::pods).size() == 1);
}

TEST_CASE("patterns and .aibrixctlignore leave files and folders out") {
  Repository repository;
  repository.file("svc.yaml", service("s"))
      .file("old/a.yaml", service("old"))
      .file("dev/b.yaml", service("dev"))
      .file("dev/keep.yaml", service("keep"))
      .file("dev/deep/c.test.yaml", service("test"))
      .file(".aibrixctlignore", "# what is gone\nold/\n*.test.yaml\n")
      .file("dev/.aibrixctlignore", "/*.yaml\n!keep.yaml\n");
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "keep s");
  CHECK(noted(snapshot, "3 files or folders left out"));
  kube::ManifestOptions options;
  options.exclude = {"dev/**"};
  CHECK(names(repository.read(options)) == "s");
}

TEST_CASE("a path fits a pattern as in .gitignore") {
  const auto left_out = [](std::string_view pattern, std::string_view path, bool folder = false) {
    kube::PathRules rules;
    rules.add(pattern, "r");
    return rules.leaves_out(path, folder);
  };
  CHECK(left_out("*.yaml", "r/a/b.yaml"));
  CHECK_FALSE(left_out("/*.yaml", "r/a/b.yaml"));
  CHECK(left_out("a/**/c.yaml", "r/a/c.yaml"));
  CHECK(left_out("a/**/c.yaml", "r/a/b/b/c.yaml"));
  CHECK(left_out("a/*/c.yaml", "r/a/b/c.yaml"));
  CHECK_FALSE(left_out("a/*/c.yaml", "r/a/b/b/c.yaml"));
  CHECK_FALSE(left_out("a/", "r/a", false));
  CHECK(left_out("a/", "r/b/a", true));
  CHECK_FALSE(left_out("*", "elsewhere/a", true));
  CHECK_FALSE(left_out("# *", "r/a"));
}

TEST_CASE("patches and bases of a kustomization are left out, with the command") {
  Repository repository;
  repository.file("base/kustomization.yaml", "resources: [svc.yaml]\n")
      .file("base/svc.yaml", service("base"))
      .file("prod/kustomization.yaml",
            "resources: [../base, own.yaml]\npatches: [{path: patch.yaml}]\n")
      .file("prod/patch.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: base}\n")
      .file("prod/own.yaml", service("own"));
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "own");
  CHECK(noted(snapshot, "3 patches and bases of kustomize left out: kubectl kustomize " +
                            repository.path("prod") + " | aibrixctl doctor -f -"));
}

TEST_CASE("bases are left out where there is nothing else, too, and the command is told") {
  Repository repository;
  repository.file("base/kustomization.yaml", "resources: [svc.yaml]\n")
      .file("base/svc.yaml", service("base"))
      .file("prod/kustomization.yaml", "resources: [../base]\npatches: [{path: patch.yaml}]\n")
      .file("prod/patch.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: base}\n");
  const auto snapshot = repository.read();
  CHECK(names(snapshot).empty());
  CHECK(noted(snapshot, "3 patches and bases of kustomize left out: kubectl kustomize " +
                            repository.path("prod") + " | aibrixctl doctor -f -"));
}

TEST_CASE("a kustomization that changes what the files say is named with its command") {
  const auto told = [](const std::string& more) {
    Repository repository;
    repository.file("a/kustomization.yaml", "resources: [svc.yaml]\n" + more)
        .file("a/svc.yaml", service("a"));
    const auto snapshot = repository.read();
    CHECK(names(snapshot) == "a");
    return noted(snapshot, "1 kustomization not carried out: kubectl kustomize " +
                               repository.path("a") + " | aibrixctl doctor -f -");
  };
  CHECK(told("namespace: team-a\n"));
  CHECK(told("namePrefix: x-\n"));
  CHECK(told("bases: [https://example.com/base]\n"));
  CHECK_FALSE(told("kind: Kustomization\n"));
}

TEST_CASE("a folder of templates alone is no error: the command that renders them is told") {
  Repository chart;
  chart.file("Chart.yaml", "apiVersion: v2\nname: c\n")
      .file("values.yaml", "replicas: 1\n")
      .file("templates/a.yaml", "{{ x }}");
  CHECK(noted(chart.read(), "1 template of Helm charts passed over: helm template"));
  Repository jinja;
  jinja.file("a.yaml", "{% if x %}\nkind: Pod\n{% endif %}\n");
  CHECK(noted(jinja.read(), "1 template passed over"));
}

TEST_CASE("a broken manifest is one, whatever its comments and texts hold") {
  const std::string head = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n";
  const auto is_fault = [&](const std::string& rest) {
    Repository repository;
    repository.file("good.yaml", service("good")).file("bad.yaml", head + rest);
    const auto snapshot = repository.read();
    CHECK(names(snapshot) == "good");
    return snapshot.file_faults().size() == 1 && !noted(snapshot, "passed over");
  };
  CHECK(is_fault("  x: [1\n# {{ .Values.x }}\n"));
  CHECK(is_fault("  x: [1\n  y: 2  # see: {{ .Values.x }}\n"));
  CHECK(is_fault("  y: \"use: {{ .Values.x }}\"\n  x: [1\n"));
  CHECK(is_fault("  y: '{{ .Values.x }}'\n  x: [1\n"));
  CHECK(is_fault("  y: [\"${A}\", '${B}']\n  x: [1\n"));
  CHECK(is_fault("  y: |-\n    a\n\n    {% if x %}\n     {{ b }}\n  x: [1\n"));
  CHECK(is_fault("  y:\n  - >\n    {{ b }}\n  x: [1\n"));
  CHECK(is_fault("  y: \"a\n    {{ b }}\n    c\"\n  x: [1\n"));
  CHECK(is_fault("  y: it's {{ x }}\n  x: [1\n"));
  CHECK_FALSE(is_fault("  y: |\n    a\n  {{ b }}\n  x: [1\n"));
  CHECK_FALSE(is_fault("  y: {{ .Values.x }}\n"));
  CHECK_FALSE(is_fault("  y: {z: ${A}, x: [1}\n"));
  CHECK_FALSE(is_fault("  \"y\": {% x %}\n"));
  CHECK_FALSE(is_fault("  y:\n  - - {{ x }}\n"));
}

TEST_CASE("a program that is run on a folder takes the place of the folder's files") {
  Repository repository;
  repository.file("svc.yaml", service("s"))
      .file("base/kustomization.yaml", "resources: [svc.yaml]\n")
      .file("base/svc.yaml", service("base"))
      .file("prod/kustomization.yaml", "resources: [../base]\n")
      .file("chart/Chart.yaml", "apiVersion: v2\nname: c\n")
      .file("chart/templates/a.yaml", "{{ x }}");
  kube::ManifestOptions options;
  std::vector<std::string> asked;
  options.kustomize = [&](const std::string& folder) {
    asked.push_back(folder);
    return service("built");
  };
  options.helm = [&](const std::string& folder) {
    asked.push_back(folder);
    return service("rendered");
  };
  const auto snapshot = repository.read(options);
  CHECK(names(snapshot) == "built rendered s");
  CHECK(asked == std::vector{repository.path("prod"), repository.path("chart")});
}

TEST_CASE("with strict files what would be passed over is an error") {
  kube::ManifestOptions options;
  options.strict_files = true;
  for (const std::string_view text :
       {"a: 1\n", "foo: bar\n  baz: 1\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: \"${X}\"}\n"}) {
    Repository repository;
    repository.file("svc.yaml", service("s")).file("other.yaml", text);
    CHECK_THROWS_AS(repository.read(options), base::Error);
  }
}

TEST_CASE("an object that is there twice is told with both places") {
  Repository repository;
  repository.file("a.yaml", service("s")).file("b.yaml", "# later\n" + service("s"));
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "s");
  CHECK(noted(snapshot, "Service default/s is in " + repository.path("a.yaml") + ":1 and " +
                            repository.path("b.yaml") + ":2: the latter is judged"));
}

TEST_CASE("an object that a bundle holds as JSON and as YAML is nobody's mistake") {
  Repository repository;
  repository
      .file("s.json", R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"s","uid":"1"}})")
      .file("s.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: s, uid: \"1\"}\n");
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "s");
  CHECK(snapshot.notes().empty());
}

TEST_CASE("arrays of objects are read, other arrays are no manifests") {
  Repository repository;
  repository
      .file("bundle/services/default.json",
            R"([{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"}},
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"b"}}])")
      .file("bundle/services/default.yaml",
            "- apiVersion: v1\n  kind: Service\n  metadata: {name: c}\n")
      .file("patch.yaml", "- op: replace\n  path: /spec/replicas\n  value: 3\n");
  const auto snapshot = repository.read();
  CHECK(names(snapshot) == "a b c");
  CHECK(noted(snapshot, "1 file without Kubernetes objects"));
}
