// The builder of snapshots from YAML, and the runner of checks on them.
#include "support/snapshot.hpp"

#include <algorithm>
#include <stdexcept>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace support {
namespace {

const kube::Resource& resource_of(const kube::Value& root) {
  const std::string_view api = root["apiVersion"].text();
  const std::size_t slash = api.find('/');
  const std::string_view group = slash == std::string_view::npos ? "" : api.substr(0, slash);
  for (const kube::Resource* r : aibrix::resources::all()) {
    if (r->group == group && r->kind == root["kind"].text()) return *r;
  }
  throw std::logic_error("no check reads " + std::string(api) + " " +
                         std::string(root["kind"].text()));
}

}  // namespace

Cluster& Cluster::yaml(std::string_view text) {
  for (const kube::Value& root : kube::read_yaml(text, "test.yaml", *document_)) {
    if (root.is_null()) continue;
    if (root["kind"].text().ends_with("List")) {
      for (const kube::Value& item : root["items"].items()) {
        objects_.emplace_back(resource_of(item), item);
      }
    } else {
      objects_.emplace_back(resource_of(root), root);
    }
  }
  return *this;
}

bool Cluster::remove(std::string_view object) {
  return std::erase_if(objects_, [&](const kube::Object& o) {
           return kube::to_string(o.ref()) == object;
         }) != 0;
}

Cluster& Cluster::complete() {
  return complete_ = true, *this;
}

Cluster& Cluster::complete(const kube::Resource& resource) {
  changes_.push_back({&resource, kube::ListState::loaded, true});
  return *this;
}

Cluster& Cluster::forbid(const kube::Resource& resource) {
  changes_.push_back({&resource, kube::ListState::forbidden, false});
  return *this;
}

Cluster& Cluster::fail(const kube::Resource& resource) {
  changes_.push_back({&resource, kube::ListState::failed, false});
  return *this;
}

Cluster& Cluster::absent(const kube::Resource& resource) {
  changes_.push_back({&resource, kube::ListState::absent, false});
  return *this;
}

Cluster& Cluster::not_recorded(const kube::Resource& resource) {
  changes_.push_back({&resource, kube::ListState::not_recorded, false});
  return *this;
}

Cluster& Cluster::live() {
  return live_ = true, *this;
}

Cluster& Cluster::at(std::string_view now) {
  return now_ = now, *this;
}

Cluster& Cluster::ask_for(std::string_view model) {
  return models_.emplace_back(model), *this;
}

Cluster& Cluster::log(std::string_view pod, std::string_view container, std::string_view line) {
  const std::size_t slash = pod.find('/');
  const kube::ContainerRef from{std::string(pod.substr(0, slash)),
                                std::string(pod.substr(slash + 1)), std::string(container)};
  const auto known = std::ranges::find(logs_, from, &kube::PodLog::from);
  kube::PodLog& log =
      known != logs_.end() ? *known : logs_.emplace_back(kube::PodLog{from, false, {}});
  log.text.append(line).append("\n");
  return *this;
}

Cluster& Cluster::probed() {
  if (!answers_) answers_.emplace();
  return *this;
}

Cluster& Cluster::answer(std::string_view pod, std::int64_t port, std::string_view path, int status,
                         std::string_view body) {
  const std::size_t slash = pod.find('/');
  kube::PodAnswer answer{std::string(pod.substr(0, slash)),
                         std::string(pod.substr(slash + 1)),
                         port,
                         std::string(path),
                         status,
                         {},
                         {}};
  (status == 0 ? answer.failure : answer.body) = body;
  probed();
  answers_->push_back(std::move(answer));
  return *this;
}

kube::Snapshot Cluster::snapshot() const {
  kube::SnapshotBuilder builder(live_ ? kube::Source::cluster : kube::Source::files);
  builder.file_faults() = faults_;
  builder.own(document_);
  if (!now_.empty()) builder.now(base::parse_time(now_));
  builder.logs() = logs_;
  if (answers_) builder.answers(*answers_);
  for (const kube::Object& object : objects_) {
    if (!object.uid().empty()) continue;
    builder.written().push_back({object.root(), std::string(object["apiVersion"].text()),
                                 std::string(object.kind()), nullptr, true});
  }
  for (const kube::Resource* r : aibrix::resources::all()) {
    kube::List list;
    for (const kube::Object& object : objects_) {
      if (&object.resource() == r) list.objects.push_back(object);
    }
    const bool known = complete_ || !list.objects.empty();
    list.state = known ? kube::ListState::loaded : kube::ListState::not_recorded;
    list.everywhere = complete_;
    for (const Change& change : changes_) {
      if (change.resource != r) continue;
      list.state = change.state;
      list.everywhere = change.everywhere;
      if (change.state != kube::ListState::loaded) list.objects.clear();
    }
    builder.set(*r, std::move(list));
  }
  return builder.build();
}

checks::Outcomes run(std::string_view codes, const Cluster& cluster) {
  const auto parts = base::split(codes, ',');
  return run(std::vector<std::string>(parts.begin(), parts.end()), cluster);
}

checks::Outcomes run(const std::vector<std::string>& codes, const Cluster& cluster) {
  std::vector<const checks::Check*> selected;
  for (const checks::Check* check : checks::all()) {
    const bool wanted = std::any_of(codes.begin(), codes.end(),
                                    [&](const auto& c) { return base::glob(c, check->code); });
    if (wanted) selected.push_back(check);
  }
  if (selected.empty()) throw std::logic_error("no such check");
  const kube::Snapshot whole = cluster.snapshot();
  kube::SnapshotBuilder narrowed(whole.source());
  narrowed.file_faults() = whole.file_faults();
  narrowed.now(whole.now());
  narrowed.logs() = whole.logs();
  if (whole.answers()) narrowed.answers(*whole.answers());
  // Cases of other checks hold only what their check looks at, which no API server would take.
  const bool manifests = std::ranges::all_of(
      selected, [](const checks::Check* check) { return check->area == checks::Area::manifests; });
  if (manifests) narrowed.written() = whole.written();
  for (const kube::Need& need : checks::needs_of(selected)) {
    kube::List list;
    const auto objects = whole.list(*need.resource);
    list.objects.assign(objects.begin(), objects.end());
    list.state = whole.state(*need.resource);
    list.everywhere = whole.complete(*need.resource);
    narrowed.set(*need.resource, std::move(list));
  }
  const kube::Snapshot snapshot = narrowed.build();
  const aibrix::Cluster view(snapshot);
  return checks::run(selected, {snapshot, view, cluster.models()});
}

std::string outcome(const checks::Outcomes& outcomes, std::string_view code) {
  for (const checks::CheckOutcome& c : outcomes.checks) {
    if (c.check->code == code) return std::string(checks::to_string(c.outcome));
  }
  return "not run";
}

std::string render(const checks::Outcomes& outcomes) {
  std::string out;
  for (const checks::Finding& f : outcomes.findings) {
    out += std::string(checks::to_string(f.level)) + ' ' + f.code + ' ' +
           kube::to_string(f.subject.ref) + ' ' + checks::headline(f) + '\n';
    for (const checks::Symptom& symptom : f.symptoms) {
      out += "  " + symptom.code + ' ' + kube::to_string(symptom.subject.ref) + ' ' +
             symptom.title + '\n';
    }
  }
  return out;
}

checks::Finding finding(const checks::Outcomes& outcomes, std::string_view code) {
  for (const checks::Finding& f : outcomes.findings) {
    if (f.code == code) return f;
  }
  return {};
}

}  // namespace support
