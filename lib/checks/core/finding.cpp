// The building, headline and fingerprint of findings.
#include "checks/core/finding.hpp"

#include "base/sha256.hpp"
#include "kube/api_version.hpp"
#include "kube/files/places.hpp"

namespace checks {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::safe: return "safe";
    case Confidence::review: return "review";
    case Confidence::manual: return "manual";
  }
  return "manual";
}

Subject::Subject(const kube::Object& object)
    : ref(object.ref()), uid(object.uid()), line(object.line()) {
  version = kube::version_in(object["apiVersion"].text());
  if (version.empty()) version = object.resource().version;
  if (object.file() != nullptr) file = *object.file();
  origin = object.origin();
}

Finding& Finding::with_evidence(std::string key, std::string value, std::string want) {
  evidence.push_back({std::move(key), std::move(value), std::move(want)});
  return *this;
}

Finding& Finding::caused_by(Code cause, kube::ObjectRef object, std::string path) {
  causes.push_back({cause, std::move(object), std::move(path)});
  return *this;
}

Finding& Finding::remedy(Confidence confidence, std::string text, Command command) {
  Remedy r;
  r.confidence = confidence;
  r.text = std::move(text);
  r.command = std::move(command);
  remedies.push_back(std::move(r));
  return *this;
}

std::string headline(const Finding& finding) {
  if (finding.consequence.empty()) return finding.title;
  return finding.title + ". " + finding.consequence;
}

std::string fingerprint(const Finding& finding) {
  const kube::ObjectRef& ref = finding.subject.ref;
  std::string identity(finding.code.text());
  for (const std::string& part : {ref.group, ref.kind, ref.ns, ref.name, finding.subject.path}) {
    identity.append("\n").append(part);
  }
  return "sha256:" + base::sha256_hex(identity).substr(0, 16);
}

void find_places(std::vector<Finding>& findings) {
  std::vector<Subject*> subjects;
  std::vector<kube::FieldRef> fields;
  const auto add = [&](Subject& subject) {
    if (subject.origin == nullptr) return;
    subjects.push_back(&subject);
    fields.push_back({subject.origin, kube::field_path(subject.path)});
  };
  for (Finding& finding : findings) {
    add(finding.subject);
    for (Symptom& symptom : finding.symptoms) add(symptom.subject);
  }
  const auto places = kube::positions_of(fields);
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (!places[i] || places[i]->column == 0) continue;
    subjects[i]->line = places[i]->line;
    subjects[i]->column = places[i]->column;
  }
}

}  // namespace checks
