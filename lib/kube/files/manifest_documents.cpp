// The reader of documents and Lists in manifests, without the values of Secrets.
#include "kube/files/manifest_documents.hpp"

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kube/api_version.hpp"
#include "kube/files/file_kind.hpp"
#include "kube/files/places.hpp"
#include "kube/parse/parse_error.hpp"
#include "kube/parse/value_builder.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace kube {
namespace {

constexpr std::string_view list_suffix = "List";

bool is_secret(const Value& value) {
  return value["kind"].text() == "Secret" && value["apiVersion"].text() == "v1" &&
         (value["data"].exists() || value["stringData"].exists());
}

bool is_base64_or_filled_in(std::string_view text) {
  // "ENC[": SOPS puts the text there before it is applied.
  for (const std::string_view mark : {"${", "{{", "ENC["}) {
    if (text.find(mark) != std::string_view::npos) return true;
  }
  return std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/' || c == '=' ||
           c == '\n' || c == '\r';
  });
}

// What is no text, or no base64 text in `data`, is to be told, without the text itself:
// copy_hidden() does.
bool is_as_it_should_be(const Value& entries, bool encoded) {
  return std::ranges::all_of(entries.members(), [&](const Member& entry) {
    return entry.value.is_string() && (!encoded || is_base64_or_filled_in(entry.value.text()));
  });
}

// Empties the values of Secrets where they are; `secret` says that it is one, whatever its kind.
// False: some could not be.
bool blank_secrets(Document& document, const Value& value, bool secret = false) {
  bool all = true;
  for (const Value& item : value.items()) all = blank_secrets(document, item, secret) && all;
  if (!value.is_object()) return all;
  if (secret || is_secret(value)) {
    for (const Member& member : value.members()) {
      if (member.key != "data" && member.key != "stringData") continue;
      const bool right = is_as_it_should_be(member.value, member.key == "data");
      all = right && Builder::blank(document, member.value) && all;
    }
  }
  const Value items = value["items"];
  if (!items.is_array() && !items.is_object()) return all;
  return blank_secrets(document, items, value["kind"].text() == "SecretList") && all;
}

void copy_without_secrets(Builder& builder, const Value& value, bool secret, int depth);

// The type alone, and that it is what no base64 text can be.
void copy_type(Builder& builder, const Value& value, bool encoded) {
  const auto line = value.line();
  switch (value.type()) {
    case Value::Type::object: builder.begin_object(line); return builder.end_object();
    case Value::Type::array: builder.begin_array(line); return builder.end_array();
    case Value::Type::number: return builder.number("0", line);
    case Value::Type::boolean: return builder.boolean(false, line);
    case Value::Type::missing:
    case Value::Type::null: return builder.null(line);
    case Value::Type::string: break;
  }
  builder.string(encoded && !is_base64_or_filled_in(value.text()) ? "(hidden)" : "", line);
}

// Keys and types.
void copy_hidden(Builder& builder, const Value& value, bool encoded) {
  if (!value.is_object()) return copy_type(builder, value, encoded);
  builder.begin_object(value.line());
  for (const Member& entry : value.members()) {
    if (builder.key(entry.key)) copy_type(builder, entry.value, encoded);
  }
  builder.end_object();
}

void copy_object(Builder& builder, const Value& value, bool secret, int depth) {
  builder.begin_object(value.line());
  for (const Member& member : value.members()) {
    if (!builder.key(member.key)) continue;
    const bool hidden = secret && (member.key == "data" || member.key == "stringData");
    if (!hidden) {
      const bool items = depth == 0 && member.key == "items";
      copy_without_secrets(builder, member.value, items && value["kind"].text() == "SecretList",
                           items ? 0 : depth + 1);
      continue;
    }
    copy_hidden(builder, member.value, member.key == "data");
  }
  builder.end_object();
}

// A copy into another document, so that the one with the values of Secrets can be freed. `depth` is
// 0 where an object may stand; `secret` says that it is one, whatever its kind.
void copy_without_secrets(Builder& builder, const Value& value, bool secret, int depth) {
  switch (value.type()) {
    case Value::Type::missing:
    case Value::Type::null: builder.null(value.line()); return;
    case Value::Type::boolean: builder.boolean(value.is_true(), value.line()); return;
    case Value::Type::number: builder.number(value.scalar(), value.line()); return;
    case Value::Type::string: builder.string(value.text(), value.line()); return;
    case Value::Type::array:
      builder.begin_array(value.line());
      for (const Value& item : value.items()) copy_without_secrets(builder, item, secret, depth);
      builder.end_array();
      return;
    case Value::Type::object:
      copy_object(builder, value, depth == 0 && (secret || is_secret(value)), depth);
      return;
  }
}

// What `jq .items` leaves, and support bundles hold.
bool is_array_of_objects(const Value& root) {
  if (!root.is_array() || root.empty()) return false;
  return std::ranges::all_of(root.items(), [](const Value& item) {
    return !item["kind"].text().empty() && !item["apiVersion"].text().empty();
  });
}

std::string place(const Value& value, const std::string& file) {
  return base::printable(file) + ":" + std::to_string(value.line()) + ": ";
}

}  // namespace

ManifestDocuments::ManifestDocuments(std::span<const Resource* const> known,
                                     const ManifestOptions& options)
    : known_(known), options_(options) {
  for (const Resource* resource : known) {
    by_kind_.emplace(std::pair(resource->group, resource->kind), resource);
  }
}

const Resource* ManifestDocuments::find(std::string_view api_version, std::string_view kind) const {
  const auto it = by_kind_.find({group_in(api_version), kind});
  return it == by_kind_.end() ? nullptr : it->second;
}

void ManifestDocuments::read(Input input) {
  const std::string& file = input.file;
  File source;
  source.source = std::make_shared<SourceFile>();
  source.source->name = file;
  if (!input.again) source.source->text = input.text;
  source.origins = std::make_shared<std::deque<Origin>>();
  source.here.file = source.source.get();
  source.document = std::make_shared<Document>();
  source.named = input.named;
  source.strict = input.strict;
  const Builder::Keep keep = keep_of(input.text);
  source.whole = keep == Builder::Keep::everything;
  std::vector<Duplicate> duplicates;
  std::vector<Value> roots =
      read_manifest(input.text, base::printable(file), *source.document, &duplicates);
  for (const Duplicate& duplicate : duplicates) {
    manifests_.duplicates.push_back(to_note(duplicate, file));
  }
  input.text = {};
  bool blank = true;
  for (const Value& root : roots) blank = blank_secrets(*source.document, root) && blank;
  if (!blank) {
    const auto clean = std::make_shared<Document>();
    Builder builder(*clean, keep);
    for (Value& root : roots) {
      copy_without_secrets(builder, root, false, 0);
      root = builder.finish();
    }
    source.document = clean;
  }
  for (const Value& root : roots) {
    read_document(root, source);
    ++source.here.document;
  }
  manifests_.owned.push_back(source.document);
  manifests_.owned.push_back(source.source);
  manifests_.owned.push_back(source.origins);
}

void ManifestDocuments::not_a_manifest(const Value& root, File& file, const std::string& why) {
  if (file.named || file.strict) {
    throw base::Error(base::Fault::usage, "NotAManifest",
                      place(root, file.name()) + "not a Kubernetes manifest: " + why,
                      "give manifests, or the output of kubectl get … -o yaml");
  }
  if (!file.foreign) manifests_.not_manifests.push_back(file.name());
  file.foreign = true;
}

void ManifestDocuments::read_document(const Value& root, File& file) {
  if (!root.exists() || root.is_null()) return;
  if (is_array_of_objects(root)) {
    read_items(root, {}, file);
    return;
  }
  if (!root.is_object()) {
    not_a_manifest(root, file, "it is not a mapping");
    return;
  }
  const std::string_view kind = root["kind"].text();
  const std::string_view api_version = root["apiVersion"].text();
  if (kind.empty() || api_version.empty()) {
    not_a_manifest(root, file, kind.empty() ? "it has no kind" : "it has no apiVersion");
    return;
  }
  manifests_.any = true;
  if (is_snapshot(root)) {
    if (manifests_.snapshot) {
      throw base::Error(base::Fault::usage, "BadSnapshot",
                        place(root, file.name()) + "a second snapshot",
                        "pass one snapshot at a time");
    }
    manifests_.snapshot = read_snapshot(root, base::printable(file.name()), known_);
    return;
  }
  const bool list = kind.size() >= list_suffix.size() &&
                    kind.substr(kind.size() - list_suffix.size()) == list_suffix;
  if (list && root["items"].exists()) {
    read_list(root, kind.substr(0, kind.size() - list_suffix.size()), file);
  } else {
    read_object(root, std::string(api_version), kind, file);
  }
}

// `kind` is that of the items, as far as the list's own kind says it; empty for "List".
void ManifestDocuments::read_list(const Value& root, std::string_view kind, File& file) {
  const std::string api_version(root["apiVersion"].text());
  const bool cut = !root.at("metadata", "continue").text().empty();
  const Resource* const resource = kind.empty() ? nullptr : find(api_version, kind);
  if (resource != nullptr) {
    if (root["items"].empty()) manifests_.empty_lists.insert(resource);
    if (cut) manifests_.cut_lists.insert(resource);
  }
  read_items(root["items"], {std::string(kind), api_version, cut}, file);
}

void ManifestDocuments::read_items(const Value& items, const ListOf& list, File& file) {
  const auto& [kind, api_version, cut] = list;
  file.here.items.push_back(0);
  for (const Value& item : items.items()) {
    file.here.items.back() = static_cast<std::uint32_t>(&item - items.items().data());
    if (!item["kind"].exists() && !kind.empty()) {
      // The API server leaves kind and apiVersion out of a list's items.
      read_object(item, api_version, kind, file);
      continue;
    }
    read_document(item, file);
    const Resource* const other = find(item["apiVersion"].text(), item["kind"].text());
    if (cut && other != nullptr) manifests_.cut_lists.insert(other);
  }
  file.here.items.pop_back();
}

void ManifestDocuments::read_object(const Value& root, const std::string& api_version,
                                    std::string_view kind, File& file) {
  const Resource* const resource = find(api_version, kind);
  if (is_template(root, file) || !judge_name(root, api_version, kind, file)) return;
  file.here.line = root.line();
  const Origin& origin = file.origins->emplace_back(file.here);
  const bool has_uid = root.at("metadata", "uid").exists();
  if (!has_uid || !is_kubernetes_group(group_in(api_version))) {
    manifests_.written.push_back(
        {root, api_version, std::string(kind), &origin, file.whole, has_uid});
  }
  if (resource == nullptr) {
    ++manifests_.other_kinds[base::printable(kind)];
    return;
  }
  manifests_.objects[resource].emplace_back(*resource, placed(root, *resource, *file.document),
                                            &origin);
}

// Whether it has a name; where not, that is told.
bool ManifestDocuments::judge_name(const Value& root, const std::string& api_version,
                                   std::string_view kind, File& file) {
  const bool wanted = needs_name(api_version, kind) || find(api_version, kind) != nullptr;
  const Value name = root.at("metadata", "name");
  if (name.exists() && !name.is_string() && !name.is_null()) {
    if (!wanted) return true;
    nameless(root, name, "metadata.name of a " + base::printable(kind) + " is not text", file);
    return false;
  }
  if (!name.text().empty() || !root.at("metadata", "generateName").text().empty()) return true;
  if (wanted) {
    nameless(root, root, base::printable(kind) + " without metadata.name", file);
  } else {
    ++manifests_.without_name[base::printable(kind)];
  }
  return false;
}

void ManifestDocuments::nameless(const Value& root, const Value& at, const std::string& words,
                                 File& file) {
  if (file.named) {
    throw base::Error(base::Fault::usage, "BadManifest", place(at, file.name()) + words,
                      at.is_object() ? "" : "quote it");
  }
  Origin here = file.here;
  here.line = root.line();
  FileFault fault;
  fault.kind = FileFault::Kind::nameless;
  fault.file = file.name();
  fault.line = at.line();
  const FieldPath path = at.is_object() ? FieldPath{} : FieldPath{"metadata", "name"};
  if (const auto found = position_of(&here, path); found && found->column != 0) {
    fault.line = found->line;
    fault.column = found->column;
  }
  fault.what = words;
  manifests_.faults.push_back(std::move(fault));
}

// Placeholders where names and numbers are due: judged as it stands it would be judged wrongly.
bool ManifestDocuments::is_template(const Value& root, File& file) {
  if (file.named || template_in(root) == Template::no) return false;
  if (file.strict) {
    throw base::Error(base::Fault::usage, "NotAManifest",
                      place(root, file.name()) + "a template, not a Kubernetes manifest",
                      "give what it renders to");
  }
  auto& templates = manifests_.templates;
  if (templates.empty() || templates.back() != file.name()) templates.push_back(file.name());
  return true;
}

void ManifestDocuments::refused(const base::Error& error, std::string_view text,
                                const std::string& file) {
  if (template_in(text) != Template::no) {
    manifests_.templates.push_back(file);
    return;
  }
  if (!claims_to_be_manifest(text)) {
    manifests_.not_manifests.push_back(file);
    return;
  }
  FileFault fault;
  fault.file = file;
  fault.what = error.what();
  if (const auto* parse = dynamic_cast<const ParseError*>(&error)) {
    fault.line = parse->at.line;
    fault.column = parse->at.column;
    fault.what = parse->words;
  }
  manifests_.faults.push_back(std::move(fault));
}

const std::string& ManifestDocuments::default_namespace(const Value& metadata) {
  const std::string_view chart = metadata.at("labels", "helm.sh/chart").text();
  if (options_.chart.empty() || !chart.starts_with(options_.chart))
    return options_.default_namespace;
  ++manifests_.placed_by_chart;
  return options_.chart_namespace;
}

// With the name and the namespace it would get in a cluster.
Value ManifestDocuments::placed(const Value& root, const Resource& resource, Document& document) {
  const Value metadata = root["metadata"];
  const bool add_namespace = resource.namespaced && metadata["namespace"].text().empty();
  const bool drop_namespace = !resource.namespaced && metadata["namespace"].exists();
  const bool add_name = metadata["name"].text().empty();
  if (!add_namespace && !drop_namespace && !add_name) return root;
  Builder builder(document, Builder::Keep::everything);
  builder.begin_object(root.line());
  for (const Member& member : root.members()) {
    static_cast<void>(builder.key(member.key));
    if (member.key != "metadata") {
      builder.copy(member.value);
      continue;
    }
    builder.begin_object(metadata.line());
    for (const Member& entry : metadata.members()) {
      if (entry.key == "namespace" && (add_namespace || drop_namespace)) continue;
      if (entry.key == "name" && add_name) continue;
      static_cast<void>(builder.key(entry.key));
      builder.copy(entry.value);
    }
    if (add_name) {
      static_cast<void>(builder.key("name"));
      builder.string(metadata["generateName"].text(), metadata.line());
    }
    if (add_namespace) {
      static_cast<void>(builder.key("namespace"));
      builder.string(default_namespace(metadata), metadata.line());
    }
    builder.end_object();
  }
  builder.end_object();
  return builder.finish();
}

}  // namespace kube
