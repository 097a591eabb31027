// Lists in Kubernetes' protobuf, beside the same lists in JSON.
#include "kube/parse/protobuf_reader.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <limits>

#include "base/error.hpp"
#include "base/file.hpp"
#include "catch.hpp"
#include "support/protobuf_message.hpp"

using kube::Document;
using support::message;
using support::packed;

namespace {

std::string file(const std::filesystem::path& path) {
  return base::read_file(path.string(), std::size_t{1} << 30);
}

// random.Pod.pb beside random.Pod.json, …, as tests/cluster/protobuf/lists writes them.
std::vector<std::filesystem::path> lists_in(const std::string& folder) {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".pb") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

void compare(const std::filesystem::path& path) {
  INFO(path.string());
  Document document;
  std::string json = file(std::filesystem::path(path).replace_extension(".json"));
  const kube::ListPage expected = kube::read_list_page(json, document);
  const kube::ListPage page = kube::read_protobuf_page(file(path), document);
  CHECK(page.kind == expected.kind);
  CHECK(page.api_version == expected.api_version);
  CHECK(page.resource_version == expected.resource_version);
  CHECK(page.continue_token == expected.continue_token);
  REQUIRE(page.items.size() == expected.items.size());
  for (std::size_t i = 0; i < page.items.size(); ++i) {
    if (page.items[i].same(expected.items[i])) continue;
    FAIL_CHECK(kube::to_json(page.items[i]) << "\n is not\n" << kube::to_json(expected.items[i]));
  }
}

// A list of one pod with this metadata.
std::string pod_list(const std::string& metadata) {
  const std::string pod = message([&](auto& w) { w.add_message(1, metadata); });
  return packed("v1", "PodList", message([&](auto& w) { w.add_message(2, pod); }));
}

// The one item as JSON, or "error".
std::string read(const std::string& body) {
  Document document;
  try {
    const kube::ListPage page = kube::read_protobuf_page(body, document);
    return page.items.empty() ? "" : kube::to_json(page.items.front());
  } catch (const base::Error& error) {
    CHECK(error.reason == "BadAnswer");
    return "error";
  }
}

}  // namespace

TEST_CASE("lists in protobuf hold the same values as in JSON") {
  for (const auto& path : lists_in(SOURCE_DIR "/tests/kube/protobuf")) compare(path);
  // Those of the recorded clusters: tests/cluster/protobuf-lists.
  const char* const more = std::getenv("AIBRIXCTL_PROTOBUF_LISTS");
  if (more == nullptr) return;
  const auto lists = lists_in(more);
  for (const auto& path : lists) compare(path);
  std::cout << "compared: " << lists.size() << " lists\n";
}

// Its last fields are contentEncoding and contentType, both empty.
TEST_CASE("protobuf: a list cut short anywhere is an error") {
  const std::string body = file(SOURCE_DIR "/tests/kube/protobuf/random.Service.pb");
  constexpr std::size_t behind_the_list = 4;
  for (std::size_t size = 0; size < body.size() - behind_the_list; ++size) {
    INFO(size);
    CHECK(read(body.substr(0, size)) == "error");
  }
}

TEST_CASE("protobuf: fields that are not known are skipped, and fields may come in any order") {
  const std::string metadata = message([](auto& w) {
    w.add_string(99, "of a newer release");
    w.add_uint64(98, 7);
    w.add_fixed64(97, 7);
    w.add_string(3, "team-a");
    w.add_string(1, "pod-1");
  });
  CHECK(read(pod_list(metadata)) == R"({"metadata":{"namespace":"team-a","name":"pod-1"}})");
}

TEST_CASE("protobuf: what repeats must come in one piece, what does not must come once") {
  const auto twice = [](std::uint32_t field) {
    return pod_list(message([&](auto& w) {
      w.add_string(field, "a");
      w.add_string(3, "team-a");
      w.add_string(field, "b");
    }));
  };
  CHECK(read(twice(1)) == "error");
  CHECK(read(twice(14)) == "error");  // finalizers
}

TEST_CASE("protobuf: a field of another type is an error") {
  CHECK(read(pod_list(message([](auto& w) { w.add_uint64(1, 7); }))) == "error");
  CHECK(read(pod_list(message([](auto& w) { w.add_string(7, "generation"); }))) == "error");
}

TEST_CASE("protobuf: times beyond the calendar are an error") {
  const auto created = [](std::int64_t seconds) {
    const std::string time = message([&](auto& w) { w.add_int64(1, seconds); });
    return read(pod_list(message([&](auto& w) { w.add_message(8, time); })));
  };
  CHECK(created(1'787'583'618) == R"({"metadata":{"creationTimestamp":"2026-08-24T15:00:18Z"}})");
  CHECK(created(-1) == R"({"metadata":{"creationTimestamp":"1969-12-31T23:59:59Z"}})");
  CHECK(created(253'402'300'800) == "error");
  CHECK(created(std::numeric_limits<std::int64_t>::min()) == "error");
}

TEST_CASE("protobuf: text that is no UTF-8 reads as Go would write it into JSON") {
  CHECK(read(pod_list(message([](auto& w) { w.add_string(1, "a\xFFz"); }))) ==
        "{\"metadata\":{\"name\":\"a\xEF\xBF\xBDz\"}}");
}

TEST_CASE("protobuf: members that no check reads are left out, copies in annotations too") {
  const auto entry = [](const char* key, const char* value) {
    return message([&](auto& w) {
      w.add_string(1, key);
      w.add_string(2, value);
    });
  };
  const std::string metadata = message([&](auto& w) {
    w.add_message(12, entry("kubectl.kubernetes.io/last-applied-configuration", "{}"));
    w.add_message(12, entry("note", "kept"));
    w.add_string(17, "managedFields");
  });
  CHECK(read(pod_list(metadata)) == R"({"metadata":{"annotations":{"note":"kept"}}})");
}

TEST_CASE("protobuf: only a list of a kind that is known is a list") {
  CHECK(read(packed("v1", "PodList", "")).empty());
  CHECK(read(packed("v1", "Pod", "")) == "error");
  CHECK(read(packed("v1", "List", "")) == "error");
  CHECK(read(packed("apps/v1", "PodList", "")) == "error");
  CHECK(read(packed("v1", "SecretList", "")) == "error");
  CHECK(read("{}") == "error");
  CHECK(read("") == "error");
  CHECK(kube::has_protobuf("apps/v1", "Deployment"));
  CHECK_FALSE(kube::has_protobuf("apps/v1beta1", "Deployment"));
  CHECK_FALSE(kube::has_protobuf("v1", "Secret"));
  CHECK(kube::is_protobuf("application/vnd.kubernetes.protobuf"));
  CHECK_FALSE(kube::is_protobuf("application/json"));
}

TEST_CASE("protobuf: a Status gives its reason and its message") {
  const std::string status = message([](auto& w) {
    w.add_string(2, "Failure");
    w.add_string(3, "pods is forbidden");
    w.add_string(4, "Forbidden");
    w.add_int32(6, 403);
  });
  Document document;
  const kube::Value value = kube::read_protobuf_status(packed("v1", "Status", status), document);
  CHECK(value["kind"].text() == "Status");
  CHECK(value["reason"].text() == "Forbidden");
  CHECK(value["message"].text() == "pods is forbidden");
  CHECK(value["code"].integer() == 403);
  CHECK_THROWS_AS(kube::read_protobuf_status(packed("v1", "PodList", ""), document), base::Error);
}
