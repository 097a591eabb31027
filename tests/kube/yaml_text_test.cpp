#include "kube/files/yaml_text.hpp"

#include "base/utf8.hpp"
#include "catch.hpp"
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
