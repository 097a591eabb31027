// The writer and reader of snapshot files.
#include "kube/files/snapshot_file.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/hidden.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "kube/files/json_document.hpp"
#include "kube/redact/anonymize.hpp"
#include "kube/redact/redact.hpp"
#include "kube/redact/redact_object.hpp"

namespace kube {
namespace {

using base::document_format;

struct StateName {
  ListState state;
  std::string_view name;
};
constexpr auto state_names = std::to_array<StateName>({
    {ListState::not_asked, "NotAsked"},
    {ListState::loaded, "Loaded"},
    {ListState::absent, "Absent"},
    {ListState::forbidden, "Forbidden"},
    {ListState::failed, "Failed"},
    {ListState::not_recorded, "NotRecorded"},
});

std::string name_of(ListState state) {
  for (const StateName& s : state_names) {
    if (s.state == state) return std::string(s.name);
  }
  return {};
}

// With microseconds, where there are any: Leases have them.
std::string precise_time(base::Time time) {
  std::string text = base::format_time(time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const long long fraction = (time - seconds).count();
  if (fraction == 0) return text;
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), ".%06lldZ", fraction);
  text.pop_back();
  return text + buffer.data();
}

// The object's text without its closing brace.
std::string open_object(const Json& object) {
  std::string text = object.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.pop_back();
  return text;
}

// What is written passes here: without its secrets, and with stand-ins where they are wanted.
class Cleaner {
 public:
  Cleaner(const Snapshot& snapshot, const SnapshotFileOptions& options) : options_(options) {
    if (options.anonymize) stand_ins_.emplace(snapshot);
  }

  std::string text(std::string_view text) const { return stand_ins(redact_text(text)); }
  std::string stand_ins(const std::string& text) const {
    return stand_ins_ ? stand_ins_->text(text) : text;
  }

  // One a line.
  void write(std::span<const Object> list, std::string& out) const {
    std::string_view before = "\n";
    std::vector<std::pair<std::string, std::string>> named;
    for (const Object& object : list) {
      Document scratch;
      const Value clean = redact_object(object, scratch, options_.readable_configmaps);
      if (!stand_ins_) {
        out.append(before).append(to_json(clean));
        before = ",\n";
        continue;
      }
      const Value other = stand_ins_->object(clean, scratch);
      named.emplace_back(Object(object.resource(), other).full_name(), to_json(other));
    }
    // The order of the names would tell how they began.
    std::ranges::sort(named);
    for (const auto& [name, json] : named) {
      out.append(before).append(json);
      before = ",\n";
    }
  }

 private:
  const SnapshotFileOptions& options_;
  std::optional<Anonymizer> stand_ins_;
};

Json head(const Snapshot& snapshot, const SnapshotFileOptions& options, const Cleaner& clean) {
  Json head = document_head("Snapshot");
  if (!options.writer.empty()) head["writer"] = options.writer;
  if (snapshot.now()) head["now"] = precise_time(*snapshot.now());
  const ClusterInfo& info = snapshot.info();
  if (!info.context.empty()) head["context"] = clean.stand_ins(info.context);
  if (!info.server.empty()) head["server"] = clean.stand_ins(redact_url(info.server));
  if (!info.kubernetes.empty()) head["kubernetes"] = info.kubernetes;
  for (const std::string& note : snapshot.notes()) head["notes"].push_back(clean.text(note));
  if (snapshot.served()) {
    head["served"] = Json::array();
    for (const Served& served : *snapshot.served()) {
      // Those without a dot are Kubernetes' own.
      const bool domain = served.group.find('.') != std::string::npos;
      head["served"].push_back({{"group", domain ? clean.stand_ins(served.group) : served.group},
                                {"version", served.version},
                                {"plural", served.plural}});
    }
  }
  for (const PodLog& log : snapshot.logs()) {
    Json entry = {{"namespace", clean.stand_ins(log.from.ns)},
                  {"pod", clean.stand_ins(log.from.pod)},
                  {"container", clean.stand_ins(log.from.container)},
                  {"text", clean.text(log.text)}};
    if (log.previous) entry["previous"] = true;
    head["logs"].push_back(std::move(entry));
  }
  return head;
}

Json list_head(const Snapshot& snapshot, const Resource& resource, const Cleaner& clean) {
  Json head;
  head["group"] = resource.group;
  head["kind"] = resource.kind;
  head["state"] = name_of(snapshot.state(resource));
  if (!snapshot.detail(resource).empty()) {
    head["detail"] = clean.text(snapshot.detail(resource));
  }
  // Else NotAsked says it.
  if (snapshot.loaded(resource) && snapshot.withheld(resource)) head["withheld"] = true;
  if (snapshot.loaded(resource)) head["everywhere"] = snapshot.complete(resource);
  for (const std::string& ns : snapshot.namespaces(resource))
    head["namespaces"].push_back(clean.stand_ins(ns));
  return head;
}

[[noreturn]] void refuse(const std::string& file, const Value& at, const std::string& message) {
  throw base::Error(
      base::Fault::usage, "BadSnapshot", file + ":" + std::to_string(at.line()) + ": " + message,
      "take the snapshot again with " + std::string(base::program_name) + " snapshot");
}

List read_list(const Value& value, const Resource& resource, const std::string& file) {
  List list;
  const auto state = std::ranges::find(state_names, value["state"].text(), &StateName::name);
  if (state == state_names.end()) refuse(file, value, "unknown state of a list");
  list.state = state->state;
  list.withheld = list.state == ListState::not_asked || value["withheld"].is_true();
  list.detail = value["detail"].text();
  list.everywhere = value["everywhere"].is_true();
  for (const Value& ns : value["namespaces"].items()) list.namespaces.emplace_back(ns.text());
  for (const Value& item : value["items"].items()) {
    const Object object(resource, item);
    if (object.name().empty()) refuse(file, item, "an object has no name");
    list.objects.push_back(object);
  }
  return list;
}

}  // namespace

std::string write_snapshot(const Snapshot& snapshot, const SnapshotFileOptions& options) {
  const Cleaner clean(snapshot, options);
  std::string out = open_object(head(snapshot, options, clean)) + ",\"lists\":[";
  std::string_view before_list = "\n";
  for (const Resource* resource : snapshot.kinds()) {
    out.append(before_list).append(open_object(list_head(snapshot, *resource, clean)));
    before_list = ",\n";
    if (snapshot.loaded(*resource)) {
      out += ",\"items\":[";
      clean.write(snapshot.list(*resource), out);
      out += ']';
    }
    out += '}';
  }
  return base::visible_document(std::move(out), base::Escapes::json) + "]}\n";
}

bool is_snapshot(const Value& document) {
  return document["kind"].text() == "Snapshot" &&
         document["apiVersion"].text().substr(0, 10) == document_format.substr(0, 10);
}

RecordedSnapshot read_snapshot(const Value& document, const std::string& file,
                               std::span<const Resource* const> known) {
  if (document["apiVersion"].text() != document_format) {
    refuse(file, document["apiVersion"],
           "a snapshot of format " + base::printable(document["apiVersion"].text()) + "; this " +
               std::string(base::program_name) + " reads " + std::string(document_format));
  }
  if (!document["lists"].is_array()) refuse(file, document, "a snapshot without lists");
  RecordedSnapshot snapshot;
  snapshot.now = base::parse_time(document["now"].text());
  if (document["now"].exists() && !snapshot.now)
    refuse(file, document["now"], "\"now\" is not a time");
  snapshot.info = {std::string(document["context"].text()), std::string(document["server"].text()),
                   std::string(document["kubernetes"].text())};
  for (const Value& note : document["notes"].items()) snapshot.notes.emplace_back(note.text());
  if (document["served"].is_array()) {
    snapshot.served.emplace();
    for (const Value& s : document["served"].items()) {
      snapshot.served->push_back({std::string(s["group"].text()), std::string(s["version"].text()),
                                  std::string(s["plural"].text())});
    }
  }
  for (const Value& log : document["logs"].items()) {
    // Somebody may have written into the file: it passes the same way as a log that was read.
    snapshot.logs.push_back({{std::string(log["namespace"].text()), std::string(log["pod"].text()),
                              std::string(log["container"].text())},
                             log["previous"].is_true(),
                             log_end(log["text"].text())});
  }
  for (const Value& value : document["lists"].items()) {
    const auto resource = std::ranges::find_if(known, [&](const Resource* r) {
      return r->group == value["group"].text() && r->kind == value["kind"].text();
    });
    if (resource == known.end()) {
      snapshot.notes.push_back("the snapshot holds a kind that this " +
                               std::string(base::program_name) +
                               " does not read: " + base::printable(value["kind"].text()));
      continue;
    }
    snapshot.lists[*resource] = read_list(value, **resource, file);
  }
  return snapshot;
}

}  // namespace kube
