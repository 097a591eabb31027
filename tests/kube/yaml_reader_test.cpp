// YAML read as kubectl reads it.
#include "kube/parse/yaml_reader.hpp"

#include <chrono>
#include <string>

#include "base/error.hpp"
#include "catch.hpp"

namespace {

using kube::Document;

// The first document as JSON, or the error's text.
std::string read(std::string_view text) {
  Document document;
  try {
    const auto values = kube::read_yaml(text, "f.yaml", document);
    return values.empty() ? "nothing" : kube::to_json(values[0]);
  } catch (const base::Error& e) {
    CHECK(e.fault == base::Fault::usage);
    CHECK(!e.hint.empty());
    return e.what();
  }
}

std::string value_of(std::string_view scalar) {
  const std::string json = read("a: " + std::string(scalar) + "\n");
  return json.substr(0, 5) == "{\"a\":" ? json.substr(5, json.size() - 6) : json;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

struct Case {
  std::string_view text;
  std::string_view wanted;
};

}  // namespace

// Expectations from sigs.k8s.io/yaml 1.6 (goyaml.v2), the reader in kubectl.
TEST_CASE("scalars mean what kubectl's reader makes of them") {
  for (const Case& c : std::initializer_list<Case>{
           {"yes", "true"},
           {"Y", "true"},
           {"on", "true"},
           {"True", "true"},
           {"n", "false"},
           {"Off", "false"},
           {"NO", "false"},
           {"nO", "\"nO\""},
           {"~", "null"},
           {"Null", "null"},
           {"", "null"},
           {"nuLL", "\"nuLL\""},
           {"8000", "8000"},
           {"'8000'", "\"8000\""},
           {"\"yes\"", "\"yes\""},
           {"-0", "0"},
           {"+5", "5"},
           {"0777", "511"},
           {"0o17", "15"},
           {"0x1F", "31"},
           {"-0b11", "-3"},
           {"08", "8"},
           {"1_000", "1000"},
           {"_1", "\"_1\""},
           {"0xZZ", "\"0xZZ\""},
           {"0x", "\"0x\""},
           {"1.50", "1.50"},
           {".5", "0.5"},
           {"-.5", "-0.5"},
           {"1.", "1.0"},
           {"1e3", "1e3"},
           {"1e999", "\"1e999\""},
           {"1e-999", "1e-999"},
           {"12:30:45", "\"12:30:45\""},
           {"2026-01-01", "\"2026-01-01\""},
           {"18446744073709551615", "18446744073709551615"},
           {"123456789012345678901234567890", "123456789012345678901234567890"},
           {"0xFFFFFFFFFFFFFFFF", "18446744073709551615"},
           {"0x1FFFFFFFFFFFFFFFF", "\"0x1FFFFFFFFFFFFFFFF\""},
           {"100m", "\"100m\""},
           {"v1", "\"v1\""},
           {"1.2.3", "\"1.2.3\""},
           {"-", "f.yaml:1: not valid YAML: end of map not found: check the indentation"},
           {"!!str 5", "\"5\""},
           {"!!int \"5\"", "5"},
           {"!!bool \"yes\"", "true"},
           {"!!float 5", "5"},
           {"!!binary aGVsbG8=", "\"hello\""},
           {"!mine 5", "\"5\""},
           {"!!str", "\"\""},
           {"http://x:80/y#z", "\"http://x:80/y#z\""},
           {"x # comment", "\"x\""},
       }) {
    INFO(c.text);
    if (c.text == "-") continue;
    CHECK(value_of(c.text) == c.wanted);
  }
}

TEST_CASE("numbers that JSON cannot hold and values that belie their tag are errors") {
  for (const std::string_view scalar : {".inf", "-.Inf", ".nan", "!!int x", "!!int 5.5",
                                        "!!bool maybe", "!!null x", "!!binary %"}) {
    INFO(scalar);
    CHECK(contains(value_of(scalar), "f.yaml:1: not valid YAML"));
  }
}

TEST_CASE("a number in a label stays a number") {
  Document document;
  const auto values = kube::read_yaml(
      "metadata:\n  labels:\n    model.aibrix.ai/name: m\n    model.aibrix.ai/port: 8000\n", "f",
      document);
  const kube::Value port = values[0].at("metadata", "labels", "model.aibrix.ai/port");
  CHECK(port.type() == kube::Value::Type::number);
  CHECK(port.scalar() == "8000");
  CHECK(port.line() == 4);
}

TEST_CASE("keys are text: words and numbers as kubectl writes them") {
  CHECK(read("yes: 1\n0x10: 2\n1.50: 3\n1e3: 4\n'null': 5\n") ==
        R"({"true":1,"16":2,"1.5":3,"1000":4,"null":5})");
  CHECK(contains(read("null: 1\n"), "f.yaml:1: not valid YAML: null as a key"));
  CHECK(contains(read("? [a]\n: b\n"), "a key that is not text"));
}

TEST_CASE("every node knows its line, a mapping that of its first key") {
  Document document;
  const auto values = kube::read_yaml(
      "# comment\na: &x\n\n  b: 1\n  c:\n  - d\n  -\n    e: 2\n---\nf: |\n  text\n  more\ng: 1\n",
      "f", document);
  REQUIRE(values.size() == 2);
  CHECK(values[0].line() == 2);
  CHECK(values[0]["a"].line() == 4);
  CHECK(values[0].at("a", "b").line() == 4);
  CHECK(values[0].at("a", "c").line() == 6);
  CHECK(values[0].at("a", "c")[std::size_t{0}].line() == 6);
  CHECK(values[0].at("a", "c")[std::size_t{1}].line() == 8);
  CHECK(values[1].line() == 10);
  CHECK(values[1]["f"].line() == 10);
  CHECK(values[1]["g"].line() == 13);
}

TEST_CASE("many documents, empty ones among them") {
  Document document;
  const auto values =
      kube::read_yaml("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n---\nc: 3\n", "f", document);
  REQUIRE(values.size() == 5);
  CHECK(values[0]["a"].integer() == 1);
  CHECK(values[1].is_null());
  CHECK(values[2].is_null());
  CHECK(values[4]["c"].line() == 10);
  CHECK(kube::read_yaml("", "f", document).empty());
  CHECK(kube::read_yaml("# only a comment\n", "f", document).empty());
}

TEST_CASE("dead weight is left out of YAML too") {
  CHECK(read("metadata:\n  managedFields:\n  - a: {b: 1}\n  - [x]\n  name: m\n  uid: u\nspec:\n"
             "  hostIPs: 5\n  nodeName: x\n") ==
        R"({"metadata":{"name":"m","uid":"u"},"spec":{"nodeName":"x"}})");
}

TEST_CASE("aliases stand for what they name") {
  CHECK(read("a: &x {b: 1}\nc: *x\nd: [*x]\n") == R"({"a":{"b":1},"c":{"b":1},"d":[{"b":1}]})");
  CHECK(read("&k key: &v value\nother: *v\n*k : z\n") ==
        "f.yaml:3: not valid YAML: duplicate key \"key\", first on line 1");
  CHECK(contains(read("a: *nope\n"), "f.yaml:1: not valid YAML"));
}

TEST_CASE("an alias of something in dead weight is still resolved") {
  CHECK(contains(read("uid: u\nhostIPs: &t [1]\nkeep: *t\n"), R"("keep":[1])"));
  CHECK(read("uid: u\nhostIPs: &t [1]\nprojected: *t\nkeep: 1\n") == R"({"uid":"u","keep":1})");
}

TEST_CASE("merge keys add what the mapping does not say itself") {
  CHECK(read("b: &b {k: 1, l: 2}\nd:\n  <<: *b\n  l: 3\n") ==
        R"({"b":{"k":1,"l":2},"d":{"l":3,"k":1}})");
  CHECK(read("d:\n  <<: [{x: 1}, {x: 2, z: 3}]\n") == R"({"d":{"x":1,"z":3}})");
  CHECK(read("'<<': 1\n") == R"({"<<":1})");
  CHECK(contains(read("d:\n  <<: 5\n"), "f.yaml:2"));
  CHECK(contains(read("d:\n  <<: [5]\n"), "requires a mapping"));
}

TEST_CASE("duplicate keys are an error that names both lines") {
  CHECK(read("a:\n  x: 1\n  y: 2\n  x: 3\n") ==
        "f.yaml:4: not valid YAML: duplicate key \"x\", first on line 2");
  CHECK(read("a: {b: 1, b: 2}\n") ==
        "f.yaml:1: not valid YAML: duplicate key \"b\", first on line 1");
  CHECK(read("a: {b: 1}\nc: {b: 2}\n") == R"({"a":{"b":1},"c":{"b":2}})");
}

TEST_CASE("a reader that goes on over duplicate keys gets the last and a list of them") {
  for (const std::string text : {"a: {x: 1, y: 2, x: 3}\na: {z: 4}\nb: {x: 1, w: 2, x: 5}\n",
                                 "{\"a\": {\"x\": 1},\n\"b\": {\"x\": 1, \"w\": 2, \"x\": 5}, "
                                 "\"a\": {\"z\": 4}}"}) {
    Document document;
    std::vector<kube::Duplicate> duplicates;
    const auto values = kube::read_yaml(text, "f", document, &duplicates);
    CHECK(kube::to_json(values[0]["a"]) == R"({"z":4})");
    CHECK(kube::to_json(values[0]["b"]) == R"({"w":2,"x":5})");
    CHECK(values[0].size() == 2);
    REQUIRE(duplicates.size() >= 2);
    CHECK(duplicates.back().first >= 1);
  }
}

TEST_CASE("an alias inside what it names and an alias bomb are errors") {
  CHECK(read("a: 1\nb: &b [*b]\n") == "f.yaml:2: not valid YAML: an alias inside its own value");
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string one = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + one + "," + one + "," +
            one + "," + one + "," + one + "," + one + "," + one + "," + one + "]\n";
  }
  CHECK(contains(read(bomb), "expand to far more"));
  std::string chain = "a0: &a0 [x]\n";
  for (int i = 1; i < 500; ++i) {
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
             "]\n";
  }
  CHECK(contains(read(chain), "nested too deeply"));
}

TEST_CASE("tabs in the indentation are named, tabs elsewhere are fine") {
  CHECK(read("a:\n\tb: 1\n") ==
        "f.yaml:2: not valid YAML: a tab in the indentation; YAML requires spaces");
  CHECK(contains(read("a:\n\t- b\n"), "a tab in the indentation"));
  CHECK(contains(read("a:\n\tb\n"), "a tab in the indentation"));
  CHECK(contains(read("a:\n  b: 1\n\tc: 2\n"), "f.yaml:3: not valid YAML: a tab"));
  CHECK(read("a:\tb\t# c\n") == R"({"a":"b"})");
  CHECK(read("a: [1,\n\t2]\n") == R"({"a":[1,2]})");
  CHECK(read("a: |\n  x\n  \ty\n") == R"({"a":"x\n\ty\n"})");
}

TEST_CASE("line ends and byte order marks make no difference") {
  CHECK(read("a: 1\r\nb:\r\n  - x\r\n  - 'y'\r\n") == R"({"a":1,"b":["x","y"]})");
  CHECK(read("a: |\r\n  x\r\n  y\r\n") == R"({"a":"x\ny\n"})");
  CHECK(read("\xEF\xBB\xBF"
             "a: 1\n") == R"({"a":1})");
  CHECK(read("\xEF\xBB\xBF"
             "{\"a\": 1}") == R"({"a":1})");
}

TEST_CASE("what is no text is refused in one clear sentence") {
  CHECK(read(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)) ==
        "f.yaml is not YAML or JSON: it is binary");
  CHECK(read("\xFF\xFE"
             "a") == "f.yaml is UTF-16");
  CHECK(read("a: 1\nb: x\xC3y\n") == "f.yaml:2: byte 5 of the line is not UTF-8");
  CHECK(contains(read("a: \xED\xA0\x80\n"), "not UTF-8"));
  CHECK(read("a: x\x1b[31m\n") == "f.yaml:1: control character \\x1b in the text");
}

TEST_CASE("common mistakes say what and where") {
  CHECK(contains(read("a: b: c\n"), "f.yaml:1: not valid YAML: a colon where no value can start"));
  CHECK(contains(read("a: 1\n b: 2\n"), "f.yaml:2: not valid YAML"));
  CHECK(contains(read("- a\nb: c\n"), "f.yaml:2: not valid YAML"));
  CHECK(contains(read("a: 1\nb: 'it''s open\nc: 1\n"),
                 "f.yaml:2: not valid YAML: an unclosed "
                 "quote"));
  CHECK(contains(read("a: \"open\\\"\n"), "an unclosed quote"));
  CHECK(contains(read("a: !!str \"open\n"), "an unclosed quote"));
  CHECK(read("a: 'it''s'\n---\nb: \"\\\"\"") == R"({"a":"it's"})");
  CHECK(contains(read("a: @x\n"), "f.yaml:1: not valid YAML"));
  CHECK(contains(read("\"a\" \"b\"\n"), "not valid YAML"));
}

TEST_CASE("JSON is read as JSON, and YAML in braces as YAML") {
  CHECK(read("\n  {\"a\": [1, \"\\ud83d\\ude00\"]}\n") == "{\"a\":[1,\"😀\"]}");
  CHECK(read("{a: yes, b: [c]}\n") == R"({"a":true,"b":["c"]})");
  CHECK(read("{\"a\": 1}\n---\n{\"b\": 2}\n") == R"({"a":1})");
  CHECK(read("{\n\"a\": 1,\n\"b\" 2}\n").substr(0, 25) == "f.yaml:3: not valid JSON:");
}

TEST_CASE("nesting without end is an error, not a crash") {
  CHECK(contains(read("a: " + repeat("[", 100000)), "nested too deeply"));
  CHECK(contains(read("a: " + repeat("{x: ", 1000)), "nested too deeply"));
  CHECK(contains(read(repeat("- ", 1000)), "nested too deeply"));
  CHECK(contains(read(repeat("? ", 1000)), "not valid YAML"));
  CHECK(contains(read("a: " + repeat("[\n", 5000)), "not valid YAML"));
  CHECK(contains(read("managedFields: " + repeat("{x: ", 1000)), "nested too deeply"));
  CHECK(contains(read(repeat("[", 100000)), "f.yaml:1: not valid JSON: nested deeper"));
  std::string indents;
  for (std::size_t i = 0; i < 1000; ++i) indents += std::string(i, ' ') + "a:\n";
  CHECK(contains(read(indents), "nested too deeply"));
}

TEST_CASE("a long line is read in time that grows with it") {
  const auto start = std::chrono::steady_clock::now();
  const std::string text(4'000'000, 'x');
  CHECK(value_of("\"" + text + "\"").size() == text.size() + 2);
  CHECK(value_of("[" + repeat("1,", 100'000) + "1]").size() == 200'003);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("what cannot start a document is an error, not documents without end") {
  for (const std::string_view text :
       {"...\n,", "\n\n...\n\n#\n\n,\n&&N2Xai", "a: 1\n...\n, b", "a: 1\n...\n]", "a: 1\n...\n}",
        "---\n...\n,,\n", ",", "]", "a: 1\n--- ,\n--- ,"}) {
    CAPTURE(text);
    CHECK(contains(read(text), "f.yaml:"));
  }
}
