// File, line and column of fields of objects that were read from files.
#include "kube/files/places.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "kube/files/manifest.hpp"
#include "kube/snapshot.hpp"

namespace {

namespace res = kube::resources;

kube::Snapshot read(std::string text) {
  kube::ManifestOptions options;
  options.paths = {"-"};
  options.stdin_text = std::move(text);
  return kube::read_manifests(std::move(options), aibrix::resources::all());
}

// "LINE:COLUMN" of a field of the Service of this name.
std::string place(const kube::Snapshot& snapshot, std::string_view name, std::string_view path) {
  const auto service = snapshot.find(res::services, "default", std::string(name));
  REQUIRE(service);
  const auto place = kube::position_of(*service, kube::field_path(path));
  REQUIRE(place);
  CHECK(place->file == "stdin");
  return std::to_string(place->line) + ":" + std::to_string(place->column);
}

constexpr std::string_view head = "apiVersion: v1\nkind: Service\n";

}  // namespace

TEST_CASE("a field of block YAML has the line and column of its key, an item that of its start") {
  const auto snapshot = read(std::string(head) +
                             "metadata:\n  name: a\n  labels:\n    x.y/z: \"ä\"\n"
                             "spec:\n  ports:\n  - port: 80\n    name: http\n  -   port: 81\n");
  CHECK(place(snapshot, "a", "") == "1:1");
  CHECK(place(snapshot, "a", "metadata.name") == "4:3");
  CHECK(place(snapshot, "a", "metadata.labels[\"x.y/z\"]") == "6:5");
  CHECK(place(snapshot, "a", "metadata.labels[x.y/z]") == "6:5");
  CHECK(place(snapshot, "a", "spec.ports[0].name") == "10:5");
  CHECK(place(snapshot, "a", "spec.ports[1]") == "11:7");
  CHECK(place(snapshot, "a", "spec.ports[1].port") == "11:7");
}

TEST_CASE("a field that is not there has the place of what is around it") {
  const auto snapshot = read(std::string(head) + "metadata: {name: a}\nspec:\n  ports: []\n");
  CHECK(place(snapshot, "a", "spec.selector.app") == "4:1");
  CHECK(place(snapshot, "a", "spec.ports[3].port") == "5:3");
  CHECK(place(snapshot, "a", "status") == "1:1");
  // Put there by the reader.
  CHECK(place(snapshot, "a", "metadata.namespace") == "3:1");
}

TEST_CASE("columns count characters") {
  const auto snapshot =
      read(std::string(head) + "metadata: {name: a, labels: {\"äöü\": x, b: c}}\n");
  CHECK(place(snapshot, "a", "metadata.labels.b") == "3:40");
  const auto json = read(
      R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"a","labels":{"äöü":"x","b":"c"}}})");
  CHECK(place(json, "a", "metadata.labels.b") == "1:80");
}

TEST_CASE("objects of Lists, arrays and several documents are told apart") {
  const auto snapshot = read(
      "# nothing\n---\n" + std::string(head) +
      "metadata: {name: a}\n---\n---\napiVersion: v1\nkind: List\nitems:\n"
      "- apiVersion: v1\n  kind: Service\n  metadata:\n    name: b\n"
      "- apiVersion: v1\n  kind: List\n  items:\n"
      "  - {apiVersion: v1, kind: Service, metadata: {name: c}}\n"
      "  - {apiVersion: v1, kind: Service, metadata: {name: d}}\n"
      "---\napiVersion: v1\nkind: ServiceList\nitems: [{metadata: {name: e}}, {metadata: {name: f}}]\n");
  CHECK(place(snapshot, "a", "metadata.name") == "5:12");
  CHECK(place(snapshot, "b", "metadata.name") == "14:5");
  CHECK(place(snapshot, "c", "metadata.name") == "18:48");
  CHECK(place(snapshot, "d", "metadata") == "19:37");
  CHECK(place(snapshot, "e", "metadata.name") == "23:21");
  CHECK(place(snapshot, "f", "metadata.name") == "23:44");
}

TEST_CASE("fields that are asked for together have the places that each has alone") {
  const std::string service = "{apiVersion: v1, kind: Service, metadata: {name: NAME}}";
  const auto named = [&](const std::string& name, bool json) {
    std::string text =
        json ? R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"NAME"}})" : service;
    return text.replace(text.find("NAME"), 4, name);
  };
  const auto yaml =
      read("# all\n" + named("a", false) + "\n---\napiVersion: v1\nkind: List\nitems:\n- " +
           named("b", false) + "\n- apiVersion: v1\n  kind: List\n  items: [" + named("c", false) +
           ",\n   " + named("d", false) + "]\n- " + named("e", false) + "\n---\n" +
           named("f", false) + "\n");
  const auto json =
      read(named("a", true) + "\n{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n" +
           named("b", true) + ",{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[" +
           named("c", true) + ",\n" + named("d", true) + "]}, " + named("e", true) + "]}\n" +
           named("f", true));
  for (const kube::Snapshot* snapshot : {&yaml, &json}) {
    std::vector<kube::FieldRef> fields;
    for (const std::string_view name : {"d", "a", "f", "e", "b", "c"}) {
      const auto object = snapshot->find(res::services, "default", std::string(name));
      REQUIRE(object);
      for (const std::string_view path : {"metadata.name", "spec.ports", "kind"}) {
        fields.push_back({object->origin(), kube::field_path(path)});
      }
    }
    const auto together = kube::positions_of(fields);
    REQUIRE(together.size() == 18);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto alone = kube::position_of(fields[i].origin, fields[i].path);
      REQUIRE(together[i]);
      REQUIRE(alone);
      CHECK(together[i]->line == alone->line);
      CHECK(together[i]->column == alone->column);
      CHECK(together[i]->column != 0);
    }
  }
}

TEST_CASE("what an anchor holds stands where the anchor is, also under a merge key") {
  const auto snapshot = read(
      std::string(head) +
      "metadata:\n  name: a\n  labels: &labels\n    app: x\n  annotations: *labels\n---\n" +
      std::string(head) +
      "metadata:\n  name: b\nspec:\n  selector: &s {app: y}\n  other:\n    <<: *s\n    more: 1\n");
  CHECK(place(snapshot, "a", "metadata.annotations") == "7:3");
  CHECK(place(snapshot, "a", "metadata.annotations.app") == "6:5");
  CHECK(place(snapshot, "b", "spec.other.app") == "14:17");
  CHECK(place(snapshot, "b", "spec.other.more") == "17:5");
}

TEST_CASE("an object that takes the anchor of another one has its own places and the anchor's") {
  const auto snapshot = read(
      "apiVersion: v1\nkind: List\nitems:\n"
      "- apiVersion: v1\n  kind: Service\n  metadata:\n    name: a\n"
      "    labels: &labels\n      app: x\n"
      "- apiVersion: v1\n  kind: Service\n  metadata:\n    name: b\n    labels: *labels\n");
  CHECK(place(snapshot, "b", "") == "10:3");
  CHECK(place(snapshot, "b", "metadata.labels") == "14:5");
  CHECK(place(snapshot, "b", "metadata.labels.app") == "9:7");
}

TEST_CASE("every line break of YAML counts before a place") {
  const auto service_after = [&](std::string_view comment, std::string_view end) {
    std::string text;
    for (const std::string_view line :
         {comment, std::string_view("apiVersion: v1"), std::string_view("kind: Service"),
          std::string_view("metadata:"), std::string_view("  name: a")}) {
      text.append(line).append(end);
    }
    return read(text);
  };
  CHECK(place(service_after("# one", "\n"), "a", "metadata.name") == "5:3");
  CHECK(place(service_after("# one", "\r\n"), "a", "metadata.name") == "5:3");
  CHECK(place(service_after("# one", "\r"), "a", "metadata.name") == "5:3");
  CHECK(place(service_after("# one\xC2\x85# two", "\n"), "a", "metadata.name") == "6:3");
  CHECK(place(service_after("# one\xE2\x80\xA8# two", "\n"), "a", "metadata.name") == "6:3");
}

TEST_CASE("objects of an array, a quoted key and a comment have places") {
  const auto snapshot = read(
      "-   apiVersion: v1\n    kind: Service\n    metadata: {name: a}\n"
      "- \"apiVersion\": v1\n  kind: Service\n  metadata:\n    # why\n    name: b\n");
  CHECK(place(snapshot, "a", "") == "1:5");
  CHECK(place(snapshot, "a", "metadata.name") == "3:16");
  CHECK(place(snapshot, "b", "") == "4:3");
  CHECK(place(snapshot, "b", "metadata.name") == "8:5");
}

TEST_CASE("of a key that comes twice the last one is meant") {
  const auto yaml = read(std::string(head) + "metadata:\n  name: x\n  name: a\n");
  CHECK(place(yaml, "a", "metadata.name") == "5:3");
  const auto json = read(
      "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\n\"metadata\":{\"name\":\"x\",\n \"name\":\"a\"}}");
  CHECK(place(json, "a", "metadata.name") == "3:2");
}

TEST_CASE("JSON, several documents of it and JSON inside YAML have places") {
  const std::string one = R"({"apiVersion":"v1","kind":"Service","metadata":{"name":"NAME"}})";
  const auto named = [&](const std::string& name) {
    std::string text = one;
    return text.replace(text.find("NAME"), 4, name);
  };
  const auto lines = read(named("a") + "\n" + named("b") + named("c"));
  CHECK(place(lines, "a", "metadata.name") == "1:49");
  CHECK(place(lines, "b", "metadata.name") == "2:49");
  CHECK(place(lines, "c", "metadata.name") == "2:109");
  const auto list = read("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n\t" + named("a") +
                         ",\n\t" + named("b") + "]}");
  CHECK(place(list, "b", "metadata.name") == "3:50");
  const auto mixed = read(std::string(head) + "metadata: {name: a}\n---\n" + named("b") + "\n");
  CHECK(place(mixed, "b", "metadata.name") == "5:49");
  const auto flow = read("{apiVersion: v1, kind: Service, # not JSON\n metadata: {name: a}}\n");
  CHECK(place(flow, "a", "metadata.name") == "2:13");
}

TEST_CASE("a file that has changed since gives the line that was read") {
  std::string file = (std::filesystem::temp_directory_path() / "places-XXXXXX").string();
  const int opened = mkstemp(file.data());
  REQUIRE(opened >= 0);
  ::close(opened);
  std::ofstream(file) << "---\n" << head << "metadata: {name: a}\n";
  kube::ManifestOptions options;
  options.paths = {file};
  const auto snapshot = kube::read_manifests(std::move(options), aibrix::resources::all());
  const auto service = snapshot.find(res::services, "default", "a");
  REQUIRE(service);
  const auto path = kube::field_path("metadata.name");
  CHECK(kube::position_of(*service, path)->column == 12);
  std::ofstream(file) << "# more\n# lines\n---\n" << head << "metadata: {name: a}\n";
  CHECK(kube::position_of(*service, path)->line == 2);
  CHECK(kube::position_of(*service, path)->column == 0);
  std::filesystem::remove(file);
  CHECK(kube::position_of(*service, path)->line == 2);
}
