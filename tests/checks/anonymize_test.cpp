// snapshot --anonymize: nothing in the file tells whose cluster it is, and the checks find the
// same.
#include "kube/redact/anonymize.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "aibrix/resources.hpp"
#include "base/chars.hpp"
#include "base/sha256.hpp"
#include "catch.hpp"
#include "kube/files/manifest.hpp"
#include "kube/files/snapshot_file.hpp"
#include "kube/redact/common_words.hpp"
#include "kube/redact/identity.hpp"
#include "support/example.hpp"
#include "support/recorded.hpp"
#include "support/snapshot.hpp"

namespace {

kube::Snapshot read(kube::ManifestOptions manifest) {
  return kube::read_manifests(std::move(manifest), aibrix::resources::all());
}

std::string written(const kube::Snapshot& snapshot, bool anonymize) {
  constexpr std::array<std::string_view, 1> readable = {"envoy-gateway-config"};
  return kube::write_snapshot(snapshot, {"test", readable, anonymize});
}

kube::Snapshot from_text(std::string text) {
  kube::ManifestOptions manifest;
  manifest.paths = {"-"};
  manifest.stdin_text = std::move(text);
  return read(std::move(manifest));
}

std::vector<std::string> verdicts(const checks::Outcomes& outcomes) {
  std::vector<std::string> out;
  for (const checks::Finding& f : outcomes.findings) {
    std::vector<std::string> symptoms;
    for (const checks::Symptom& symptom : f.symptoms) symptoms.emplace_back(symptom.code);
    std::ranges::sort(symptoms);
    std::string line = std::string(f.code) + ' ' + std::to_string(static_cast<int>(f.level));
    for (const std::string& code : symptoms) line += ' ' + code;
    out.push_back(line);
  }
  std::ranges::sort(out);
  return out;
}

// As words of their own.
bool holds(std::string_view text, std::string_view name) {
  const auto inner = [](char c) { return base::is_alnum(c); };
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool escaped = at > 1 && text[at - 2] == '\\';
    const bool begins = at == 0 || !inner(text[at - 1]) || escaped;
    if (begins && (end == text.size() || !inner(text[end]))) return true;
  }
  return false;
}

// Whether something in the name is no common word, number or generated ending.
bool tells(const std::string& name) {
  std::string word;
  for (const char c : name + ".") {
    if (base::is_alnum(c)) {
      word += base::to_lower(c);
      continue;
    }
    const bool letters = word.find_first_of("aeiouy") != std::string::npos;
    if (word.size() > 3 && letters && !kube::common_word(word)) return true;
    word.clear();
  }
  return false;
}

void check_anonymized(const kube::Snapshot& snapshot, const std::string& name) {
  INFO(name);
  const std::string plain = written(snapshot, false);
  const kube::Snapshot before = from_text(plain);
  const std::string text = written(before, true);
  CHECK(text == written(before, true));
  CHECK(text.size() <= plain.size() + 64);
  const kube::Snapshot after = from_text(text);
  CHECK(verdicts(support::run_on(after)) == verdicts(support::run_on(before)));
  const kube::Identity identity = kube::find_identity(before);
  for (const std::string& word : identity.names) {
    if (!tells(word) || !holds(text, word)) continue;
    FAIL_CHECK(word << " is still in it");
  }
  for (const std::string& uid : identity.uids) {
    if (uid.size() == 36 && text.find(uid) != std::string::npos)
      FAIL_CHECK(uid << " is still in it");
  }
}

void check_folder(const std::string& folder) {
  const std::filesystem::path path = SOURCE_DIR "/../shared/testdata/" + folder;
  if (!std::filesystem::is_directory(path)) {
    std::cout << "skipped: ../shared/testdata/" << folder << " is not there\n";
    return;
  }
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (entry.path().extension() != ".yaml") continue;
    kube::ManifestOptions manifest;
    manifest.paths = {entry.path().string()};
    manifest.whole_cluster = true;
    check_anonymized(read(std::move(manifest)), entry.path().filename().string());
  }
}

// Of one Pod that says this.
std::string anonymized(const std::string& pod) {
  return written(from_text(pod), true);
}

}  // namespace

TEST_CASE("an anonymized snapshot of an example gives the same findings and names nothing of it") {
  for (const char* name : {"healthy-cluster", "broken-cluster"})
    check_anonymized(support::Recording::example(name).snapshot(), name);
}

TEST_CASE("an anonymized snapshot of a recorded cluster gives the same findings") {
  check_folder("clusters");
  check_folder("field");
  check_folder("finalizers");
  check_folder("pd");
  check_folder("releases");
}

TEST_CASE("an anonymized snapshot of an install in namespaces of another name finds the same") {
  // The name that Envoy Gateway gives to what it makes ends in a hash of the Gateway's.
  std::string text = written(support::Recording::example("healthy-cluster").snapshot(), false);
  const auto replace = [&](std::string_view from, std::string_view to) {
    REQUIRE(text.find(from) != std::string::npos);
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
  };
  replace("aibrix-system", "narwhal-prod");
  replace("903790dc", base::sha256_hex("narwhal-prod/aibrix-eg").substr(0, 8));
  replace("envoy-gateway-system", "tapir-edge");
  check_anonymized(from_text(text), "narwhal-prod");
  const kube::Anonymizer stand_ins(from_text(text));
  const auto envoy = [](const std::string& ns) {
    return "envoy-" + ns + "-aibrix-eg-" + base::sha256_hex(ns + "/aibrix-eg").substr(0, 8);
  };
  CHECK(stand_ins.text(envoy("narwhal-prod")) == envoy(stand_ins.text("narwhal-prod")));
}

TEST_CASE("addresses, uids, accounts and names within texts are anonymized") {
  const std::string text = anonymized(R"(apiVersion: v1
kind: Pod
metadata:
  name: zebrafish-7d9f8b6c5d-x2k9p
  namespace: narwhal
  uid: 0f3c8a52-1b7e-4d29-9c61-aa5b2f7d8e10
  labels: {app: zebrafish, model.aibrix.ai/name: Wombat-7B, pod-template-hash: 7d9f8b6c5d}
  annotations: {acme.example/requester: jane.pelican@ocelot.example}
  ownerReferences: [{kind: ReplicaSet, name: zebrafish-7d9f8b6c5d, uid: "1"}]
spec:
  nodeName: ip-10-20-30-40.eu-west-1.compute.internal
  serviceAccountName: tapir
  containers:
  - name: engine
    image: registry.ocelot.example:5000/ocelot-ml/vllm-openai:v0.8.5
    args: ["--served-model-name", "Wombat-7B", "http://zebrafish.narwhal.svc:8000/v1"]
    env: [{name: ROLE, value: "arn:aws:iam::912345678901:role/x"}]
status:
  podIP: 10.20.30.41
  hostIP: 10.20.30.40
  conditions:
  - {type: Ready, status: "False", message: "zebrafish/tapir: dial tcp 10.20.30.41:8000\\nnarwhal"}
)");
  INFO(text);
  for (const std::string_view word :
       {"zebrafish", "narwhal", "0f3c8a52", "Wombat", "wombat", "pelican", "ocelot", "10-20-30-40",
        "tapir", "912345678901", "10.20.30.41", "10.20.30.40"})
    if (text.find(word) != std::string::npos) FAIL_CHECK(word << " is still in it");
  for (const std::string_view word :
       {"-7d9f8b6c5d-x2k9p", "\"pod-template-hash\":\"7d9f8b6c5d\"", "vllm-openai:v0.8.5", ":5000/",
        ".eu-west-1.compute.internal", ".svc:8000/v1", "dial tcp 10.", "--served-model-name"})
    if (text.find(word) == std::string::npos) FAIL_CHECK(word << " is no longer in it");
}

TEST_CASE("a stand-in is as long as the word, of the same characters, and the same everywhere") {
  const kube::Snapshot snapshot = from_text(R"(apiVersion: v1
kind: Pod
metadata: {name: zebrafish9-router, namespace: narwhal-ONE}
spec: {nodeName: fd00:20::1f, hostname: 8.20.30.40}
)");
  const kube::Anonymizer stand_ins(snapshot);
  const std::string name = stand_ins.text("zebrafish9-router");
  REQUIRE(name.size() == 17);
  CHECK(name.ends_with("-router"));
  CHECK(std::ranges::all_of(name.substr(0, 9), base::is_lower));
  CHECK(base::is_digit(name[9]));
  CHECK(stand_ins.text("of narwhal-ONE/zebrafish9-router, x") ==
        "of " + stand_ins.text("narwhal-ONE") + "/" + name + ", x");
  CHECK(stand_ins.text("xzebrafish9-router") == "xzebrafish9-router");
  CHECK(stand_ins.text("aibrix-controller-manager") == "aibrix-controller-manager");
  CHECK(stand_ins.text("127.0.0.1 ::1 0.0.0.0") == "127.0.0.1 ::1 0.0.0.0");
  CHECK(stand_ins.text("v1.2.3 12:30:59 2026-01-02T03:04:05Z") ==
        "v1.2.3 12:30:59 2026-01-02T03:04:05Z");
  CHECK(stand_ins.text("10.1.2.3").starts_with("10."));
  CHECK(stand_ins.text("10.1.2.3") != "10.1.2.3");
  CHECK(stand_ins.text("172.20.2.3").starts_with("172."));
  CHECK(stand_ins.text("fd00:20::1f").starts_with("fd00:"));
  CHECK(stand_ins.text("fd00:20::1f") != "fd00:20::1f");
}

TEST_CASE("the order of an anonymized file does not tell that of the names") {
  std::string pods;
  for (const char* name : {"aardvark", "bobcat", "cheetah", "dolphin", "elephant", "flamingo"})
    pods += std::string("---\napiVersion: v1\nkind: Pod\nmetadata: {name: ") + name +
            ", namespace: narwhal}\n";
  const kube::Snapshot after = from_text(anonymized(pods));
  const std::string text = anonymized(pods);
  std::size_t last = 0;
  for (const kube::Object& pod : after.list(kube::resources::pods)) {
    const std::size_t at = text.find("\"name\":\"" + std::string(pod.name()));
    CHECK(at > last);
    last = at;
  }
}
