// YAML written so that it is read back as it was.
#include "kube/files/yaml_text.hpp"

#include "base/log_text.hpp"
#include "catch.hpp"
#include "kube/files/json_document.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace {

// What a reader makes of it.
std::string read_back(const std::string& yaml) {
  kube::Document document;
  const auto values = kube::read_yaml(yaml, "test", document);
  REQUIRE(values.size() == 1);
  const kube::Value value = values[0]["key"];
  CHECK(value.type() == kube::Value::Type::string);
  return std::string(value.text());
}

}  // namespace

TEST_CASE("a text on one line is read back as that text, whatever it looks like") {
  for (const std::string text : {"pods",
                                 "v1",
                                 "a",
                                 "rbac.authorization.k8s.io/v1",
                                 "ClusterRole",
                                 "",
                                 "true",
                                 "Yes",
                                 "no",
                                 "ON",
                                 "y",
                                 "N",
                                 "null",
                                 "~",
                                 "1e3",
                                 "012",
                                 "0x1f",
                                 "1.5",
                                 ".inf",
                                 "12:30:45",
                                 "a: b",
                                 "a #b",
                                 "- a",
                                 "{x}",
                                 "[x]",
                                 "&a",
                                 "*",
                                 "!t",
                                 "|",
                                 "%",
                                 "@",
                                 "`",
                                 "\"quoted\"",
                                 "back\\slash",
                                 "two\nlines",
                                 "tab\t",
                                 "\x1b[31m",
                                 "\x7f",
                                 "bell\a",
                                 "caf\xC3\xA9",
                                 "\xE2\x80\xA8",
                                 "\xEF\xBB\xBF",
                                 "\xC2\x85",
                                 "\xF0\x9F\x98\x80",
                                 "trailing ",
                                 " leading",
                                 "a:",
                                 "?",
                                 "? a",
                                 "<<",
                                 "="}) {
    const std::string yaml = kube::yaml_scalar(text);
    CAPTURE(text, yaml);
    CHECK(yaml.find('\n') == std::string::npos);
    CHECK(read_back("key: " + yaml + "\n") == text);
    CHECK(read_back("list: [" + yaml + ", x]\nkey: " + yaml + "\n") == text);
  }
}

TEST_CASE("names of a cluster are written plain") {
  for (const char* name :
       {"pods", "aibrix-system", "v1", "gateway.networking.k8s.io", "Deployment"}) {
    CHECK(kube::yaml_scalar(name) == name);
  }
  CHECK(kube::yaml_scalar("true") == "\"true\"");
  CHECK(kube::yaml_scalar("*") == "\"*\"");
}

TEST_CASE("text that is no UTF-8 is written as printable() shows it") {
  CHECK(kube::yaml_scalar("a\xFF") == "\"" + std::string("a\\\\xff") + "\"");
}

TEST_CASE("a document's members keep their order, and every text its type") {
  CHECK(kube::yaml_text(R"({"b":"yes","a":[1,"1"],"none":[],"map":{}})") ==
        "b: \"yes\"\na:\n  - 1\n  - \"1\"\nnone: []\nmap: {}\n");
}

TEST_CASE("names and values of a document are read back as they were, in YAML and JSON") {
  const std::vector<std::string> texts = {
      "yes", "1e3", "012", "~", "- x", "a: b", "two\n---\nlines", "%0A", "::stop-commands::x",
      "##[stop-commands]x", "##vso[x]y", "\xE2\x80\xAE", "\xD8\x9C", "\xC2\xAD", "\x1b[31m", "\x7f",
      "\xC2\x9B", "\xF3\xA0\x81\x81", "\xF0\x9F\x98\x80", "tab\t", "\"", "\\", "# x", "<<", "? x",
      "", "caf\xC3\xA9",
      // YAML's keys of one line have at most 1024 characters.
      std::string(2000, 'k'), std::string(150, '\x1d'), std::string(300, '\x1d')};
  for (const std::string& text : texts) {
    const kube::Json object = {{"key", text}, {text + "x", {text}}, {text, {{text, 1.5}}}};
    const std::string yaml = kube::yaml_text(object.dump());
    const std::string json = kube::json_text(object);
    CAPTURE(yaml);
    kube::Document document;
    const auto values = kube::read_yaml(yaml, "test", document);
    REQUIRE(values.size() == 1);
    CHECK(kube::Json::parse(kube::to_json(values[0])) == object);
    CHECK(kube::Json::parse(json) == object);
    CHECK(base::log_text(yaml) == yaml);
    CHECK(base::log_text(json) == json);
  }
}

TEST_CASE("a text of several lines is a block where it can be shown as one") {
  CHECK(kube::yaml_block("a: 1\n\nb: |\n  x\n", 2) == "|\n  a: 1\n\n  b: |\n    x\n");
  CHECK(kube::yaml_block("a\nb", 4) == "|-\n    a\n    b\n");
  for (const std::string text :
       {"a\n", "a", "", "\n", " a\n", "a\n\n", "a\n  ::error::x\n", "##[x]\n", "a\tb\n", "a\r\n",
        "\xE2\x80\xA8\n", "---\n", "# a\n", "a\n---\nb\n"}) {
    const std::string yaml = "key: " + kube::yaml_block(text, 2);
    CAPTURE(text, yaml);
    CHECK(read_back(yaml) == text);
    CHECK(base::log_text(yaml) == yaml);
  }
}
