// JSON read by both parsers: answers, list pages, files, errors.
#include "kube/parse/json_reader.hpp"
#include "kube/parse/yaml_reader.hpp"

#include <set>
#include <string>

#include "base/error.hpp"
#include "catch.hpp"
#include "kube/parse/json_backend.hpp"

namespace {

using kube::Document;
using kube::json::Input;
using kube::json::SyntaxError;

std::string padded(std::string_view text) {
  std::string copy;
  copy.reserve(text.size() + 64);
  copy = text;
  return copy;
}

// The tree as JSON, or "error".
std::string with_nlohmann(std::string_view text) {
  Document document;
  try {
    return kube::to_json(kube::json::parse_nlohmann({text, text.size(), 0}, document).value);
  } catch (const SyntaxError&) {
    return "error";
  }
}

std::string read(std::string_view text) {
  Document document;
  try {
    return kube::to_json(kube::read_json(text, document));
  } catch (const base::Error& e) {
    CHECK(e.fault == base::Fault::unavailable);
    CHECK(e.reason == "BadAnswer");
    return "error";
  }
}

std::string file_error(std::string text) {
  Document document;
  try {
    kube::read_json_file(text, "a.json", document);
  } catch (const base::Error& e) {
    CHECK(e.fault == base::Fault::usage);
    CHECK(!e.hint.empty());
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("JSON text comes back as it was, numbers as they were written") {
  for (
      const std::string text : {
          R"({"a":1,"b":[true,false,null,"x"],"c":{"d":{}},"e":[]})",
          R"({"n":[0,-0,-1,8000.0,8e3,1.5E-7,123456789012345678901234567890,18446744073709551616]})",
          R"({"s":"tab\tquote\"back\\slash","u":"ä€😀"})",
          R"([{"a":{"b":[[[1]]]}},{}])",
      }) {
    INFO(text);
    CHECK(read(text) == text);
    CHECK(with_nlohmann(text) == text);
  }
  CHECK(read(R"({"u":"\u00e4\ud83d\ude00\/"})") == R"({"u":"ä😀/"})");
}

TEST_CASE("dead weight is left out wherever it stands, with whatever it holds") {
  const std::string text =
      R"({"metadata":{"managedFields":[{"a":{"b":["}",1]}}],"name":"p"},)"
      R"("spec":{"hostIPs":7,"volumeMounts":null,"nodeName":"n","projected":{}},"images":"x"})";
  const std::string kept = R"({"metadata":{"name":"p"},"spec":{"nodeName":"n"}})";
  CHECK(read(text) == kept);
  CHECK(with_nlohmann(text) == kept);
}

TEST_CASE(
    "among many different strings each comes back whole, and those that repeat are kept few "
    "times") {
  constexpr int count = 30'000;
  std::string text = R"({"kind":"PodList","items":[)";
  for (int i = 0; i < count; ++i) {
    text += (i == 0 ? "" : ",") + std::string(R"({"metadata":{"name":"pod-)") + std::to_string(i) +
            R"(","managedFields":[1],"labels":{"key-)" + std::to_string(i) +
            R"(":"x","managedFields":"a label"}},"status":{"phase":"Running"}})";
  }
  kube::Document document;
  const kube::Value items = kube::read_json(text + "]}", document)["items"];
  REQUIRE(items.size() == count);
  std::set<const char*> places;
  for (int i = 0; i < count; ++i) {
    const kube::Value pod = items[static_cast<std::size_t>(i)];
    const std::string number = std::to_string(i);
    const bool whole = pod.at("metadata", "name").text() == "pod-" + number &&
                       pod["metadata"].size() == 2 &&
                       pod.at("metadata", "labels", "key-" + number).text() == "x" &&
                       pod.at("metadata", "labels", "managedFields").text() == "a label" &&
                       pod.at("status", "phase").text() == "Running";
    if (!whole) FAIL("pod " << i << ": " << kube::to_json(pod));
    places.insert(pod.at("status", "phase").text().data());
  }
  CHECK(places.size() < count / 100);
}

TEST_CASE("what is not JSON is a clean error in both parsers") {
  const std::string deep = std::string(300, '[') + std::string(300, ']');
  for (const std::string& text : {
           std::string(""),
           std::string("  \n"),
           std::string("<html><body>502 Bad Gateway</body></html>"),
           std::string("{\"a\":1"),
           std::string("{\"a\":[1,2}"),
           std::string("{\"a\":1,}"),
           std::string("{\"a\" 1}"),
           std::string("{\"a\":tru}"),
           std::string("{\"a\":nul}"),
           std::string("{\"a\":01}"),
           std::string("{\"a\":1.}"),
           std::string("{\"a\":-}"),
           std::string("{\"a\":+1}"),
           std::string("{\"a\":1e}"),
           std::string("{\"a\":0x10}"),
           std::string("{\"a\":NaN}"),
           std::string("{a:1}"),
           std::string("{\"a\":\"\xff\"}"),
           std::string("{\"a\":\"\xc0\xaf\"}"),
           std::string("{\"a\":\"\\ud800\"}"),
           std::string("{\"a\":\"\\udc00x\"}"),
           std::string("{\"a\":\"\\q\"}"),
           std::string("{\"a\":\"line\nbreak\"}"),
           std::string("{\"a\":\"open}"),
           std::string("{\"a\":\0}", 7),
           deep,
           "{\"a\":" + deep + "}",
       }) {
    INFO(text);
    CHECK(read(text) == "error");
    CHECK(with_nlohmann(text) == "error");
  }
}

TEST_CASE("an answer cut short or followed by more is an error") {
  CHECK(read(R"({"items":[{"a":1},{"b)") == "error");
  CHECK(read(R"({"items":[{"a":1}]}{"items":[]})") == "error");
  CHECK(read(R"({"items":[]}])") == "error");
  CHECK(read("{\"items\":[]} \r\n\t ") == R"({"items":[]})");
}

TEST_CASE("half a page is an error wherever it is cut") {
  const std::string page =
      R"({"kind":"PodList","apiVersion":"v1","metadata":{"continue":"c\u0041","resourceVersion":"7"},)"
      R"("items":[{"metadata":{"name":"a","managedFields":[{"f:x":{}}]},"n":-1.5e3},{"k":[null]}]})";
  for (std::size_t size = 0; size < page.size(); ++size) {
    INFO(page.substr(0, size));
    CHECK(read(std::string_view(page).substr(0, size)) == "error");
  }
}

TEST_CASE("a list page gives its items, its token and its version") {
  std::string body =
      R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"12","continue":"tok=="},)"
      R"("items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b","managedFields":[1]}}]})";
  Document document;
  const kube::ListPage page = kube::read_list_page(body, document);
  body.assign(body.size(), '!');
  REQUIRE(page.items.size() == 2);
  CHECK(page.items[0].at("metadata", "name").text() == "a");
  CHECK(kube::to_json(page.items[1]) == R"({"metadata":{"name":"b"}})");
  CHECK(page.continue_token == "tok==");
  CHECK(page.resource_version == "12");
  CHECK(page.kind == "PodList");
  CHECK(page.api_version == "v1");
}

#ifndef NDEBUG
TEST_CASE("a debug build does not let a key be asked for that the readers leave out") {
  const std::string text =
      R"({"metadata": {"labels": {"images": "x"}, "name": "n", "uid": "u"}, "spec": {"volumeMounts": [], "a": 1}})";
  Document document;
  const kube::Value pod = kube::read_json(text, document);
  CHECK_THROWS_AS(pod.at("spec", "volumeMounts"), std::logic_error);
  CHECK_THROWS_AS(pod.at("metadata", "managedFields"), std::logic_error);
  CHECK_FALSE(pod.at("spec", "nodeName").exists());
  // Labels may be called anything, and a missing object has no keys at all.
  CHECK(pod.at("metadata", "labels", "images").exists());
  CHECK_FALSE(pod.at("metadata", "labels", "projected").exists());
  CHECK_FALSE(pod.at("status", "images").exists());
  std::string file = "metadata: {uid: u}\nspec: {a: 1, projected: {}}";
  const auto read = kube::read_manifest(file, "pod.yaml", document);
  CHECK_THROWS_AS(read.front().at("spec", "projected"), std::logic_error);
}
#endif

TEST_CASE("a list without items is empty when it says so and no list when it does not") {
  Document document;
  std::string null_items = R"({"kind":"PodList","metadata":{},"items":null})";
  CHECK(kube::read_list_page(null_items, document).items.empty());
  std::string status = R"({"kind":"Status","status":"Failure","code":403})";
  CHECK_THROWS_AS(kube::read_list_page(status, document), base::Error);
  std::string array = "[1]";
  CHECK_THROWS_AS(kube::read_list_page(array, document), base::Error);
}

TEST_CASE("values of a JSON file know their lines, in both parsers") {
  std::string text =
      padded("{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [\n      true\n    ]\n  }\n}\n");
  Document document;
  const auto check = [](const kube::Value& root) {
    CHECK(root.line() == 1);
    CHECK(root["a"].line() == 2);
    CHECK(root["b"].line() == 3);
    CHECK(root.at("b", "c").line() == 4);
    CHECK(root.at("b", "c")[std::size_t{0}].line() == 5);
  };
  const auto values = kube::read_json_file(text, "a.json", document);
  REQUIRE(values.size() == 1);
  check(values[0]);
  check(kube::json::parse_nlohmann({text, text.size(), 1}, document).value);
#ifdef AIBRIXCTL_SIMDJSON
  check(kube::json::parse_simdjson({text, text.capacity(), 1}, document).value);
#endif
}

TEST_CASE("a JSON file may hold many documents, with or without line breaks") {
  std::string text = "\n{\"a\":\"}{\\\"\"}{\"b\":2}\n\n{\"c\":3}\n[4]\n";
  Document document;
  const auto values = kube::read_json_file(text, "a.json", document);
  REQUIRE(values.size() == 4);
  CHECK(values[0].line() == 2);
  CHECK(values[1]["b"].line() == 2);
  CHECK(values[2]["c"].line() == 4);
  CHECK(values[3].line() == 5);
}

TEST_CASE("an error in a JSON file names the line and never the content") {
  CHECK(file_error("{\n\"a\": 1,\n\"b\": secret\n}") ==
        "a.json:3: not valid JSON: invalid literal");
  CHECK(file_error("{\n\"a\": {\n\"x\": 1,\n\"x\": 2}}") ==
        "a.json:4: not valid JSON: duplicate key \"x\", first on line 3");
  CHECK(file_error("{}\n{\"a\":\n").substr(0, 8) == "a.json:2");
  CHECK(file_error("{}\nhunter2").find("hunter2") == std::string::npos);
  // What looks like the parser's own words is content when it stands in the file.
  CHECK(file_error("\"a\tb; expected hunter2\"").find("hunter2") == std::string::npos);
}

TEST_CASE("duplicate keys are found among many") {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"k" + std::to_string(i) + "\":{\"x\":1},\n";
  CHECK(file_error(text + "\"k7\":1}").find("duplicate key \"k7\", first on line 8") !=
        std::string::npos);
  CHECK(file_error(text + "\"k100\":1}") == "no error");
}
