// The marks of templates and manifests in texts and objects.
#include "kube/files/file_kind.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "kube/api_version.hpp"
#include "kube/parse/json_reader.hpp"

namespace kube {
namespace {

Template mark_at_start(std::string_view text) {
  if (text.starts_with("{{")) return Template::go;
  if (text.starts_with("{%") || text.starts_with("{#")) return Template::jinja;
  if (text.starts_with("${")) return Template::variables;
  return Template::no;
}

Template mark_in(std::string_view text) {
  if (text.find("{{") != std::string_view::npos) return Template::go;
  if (text.find("{%") != std::string_view::npos) return Template::jinja;
  if (text.find("${") != std::string_view::npos) return Template::variables;
  return Template::no;
}

// A shell's variables stand in commands, arguments and scripts, never in these.
constexpr auto literal_keys = std::to_array<std::string_view>(
    {"name", "namespace", "image", "replicas", "port", "targetPort", "containerPort", "nodePort",
     "kind", "apiVersion", "generateName"});

Template placeholder_in(const Value& value, bool labels, std::size_t depth) {
  if (depth > max_json_depth) return Template::no;
  for (const Value& item : value.items()) {
    const Template found = placeholder_in(item, false, depth + 1);
    if (found != Template::no) return found;
  }
  for (const Member& member : value.members()) {
    const bool literal =
        labels || std::ranges::find(literal_keys, member.key) != literal_keys.end();
    Template found = literal ? mark_in(member.value.text()) : Template::no;
    const bool map = member.key == "labels" || member.key == "matchLabels";
    if (found == Template::no) found = placeholder_in(member.value, map, depth + 1);
    if (found != Template::no) return found;
  }
  return Template::no;
}

// The lines of a text that need not be YAML, one after the other, for marks where YAML has syntax:
// what stands in a comment, in quotes or in a block of text is text, whatever else the file is.
class LineMarks {
 public:
  Template look(std::string_view line) {
    std::size_t at = std::min(line.find_first_not_of(" \t\r"), line.size());
    if (at == line.size() || (in_block_ && at > block_indent_)) return Template::no;
    in_block_ = false;
    if (quote_ != '\0') {
      const std::size_t end = end_of_quote(line, 0);
      if (end == line.size()) return Template::no;
      return look_at_rest(line, end, false);
    }
    std::size_t owner = at;  // of a block of text that this line begins
    while (line.substr(at).starts_with("- ")) {
      owner = at;
      at = std::min(line.find_first_not_of(' ', at + 2), line.size());
    }
    const Template found = look_at_rest(line, at, true);
    const bool is_item = line.substr(at).starts_with('|') || line.substr(at).starts_with('>');
    block_indent_ = is_item ? owner : at;
    return found;
  }

 private:
  // `begins`: a key or a value may begin here.
  Template look_at_rest(std::string_view line, std::size_t at, bool begins) {
    std::size_t flow = 0;
    for (char last = ' '; at < line.size(); last = line[at++]) {
      const char c = line[at];
      if (c == '#' && last == ' ') return Template::no;
      if (c == ' ') continue;
      if (begins) {
        const Template found = mark_at_start(line.substr(at));
        if (found != Template::no) return found;
        in_block_ = (c == '|' || c == '>') && is_block_head(line.substr(at + 1));
        if (in_block_) return Template::no;
        if (c == '[' || c == '{') ++flow;
        if (c == '"' || c == '\'') {
          quote_ = c;
          at = end_of_quote(line, at + 1);
          if (at == line.size()) return Template::no;
        }
      }
      begins = line[at] == ':' && (at + 1 == line.size() || line[at + 1] == ' ');
      begins = begins || (flow > 0 && (c == ',' || c == '[' || c == '{'));
    }
    return Template::no;
  }

  // Behind the end of the text in quotes that is open; the line's end where it goes on.
  std::size_t end_of_quote(std::string_view line, std::size_t at) {
    for (; at < line.size(); ++at) {
      if (line[at] == '\\' && quote_ == '"') {
        ++at;
      } else if (line[at] == quote_) {
        quote_ = '\0';
        return at + 1;
      }
    }
    return line.size();
  }

  static bool is_block_head(std::string_view rest) {
    rest = rest.substr(std::min(rest.find_first_not_of("+-0123456789"), rest.size()));
    rest = base::trim(rest);
    return rest.empty() || rest.starts_with('#');
  }

  char quote_ = '\0';  // that is open
  bool in_block_ = false;
  std::size_t block_indent_ = 0;
};

bool is_key(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return false;
  line.remove_prefix(key.size());
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line.starts_with(':');
}

}  // namespace

Template template_in(std::string_view text) {
  LineMarks marks;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Template found = marks.look(text.substr(0, end));
    if (found != Template::no) return found;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return Template::no;
}

Template template_in(const Value& object) {
  // Texts and scripts of the user's own.
  for (const Member& member : object.members()) {
    if (member.key == "data" || member.key == "stringData" || member.key == "binaryData") continue;
    const bool literal = std::ranges::find(literal_keys, member.key) != literal_keys.end();
    Template found = literal ? mark_in(member.value.text()) : Template::no;
    if (found == Template::no) found = placeholder_in(member.value, false, 0);
    if (found != Template::no) return found;
  }
  return Template::no;
}

bool claims_to_be_manifest(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  const bool json = start != std::string_view::npos && text[start] == '{';
  bool version = false;
  bool kind = false;
  for (std::string_view line : base::split(text, '\n')) {
    if (json) {
      line = base::trim(line);
      if (line.starts_with('{')) line = base::trim(line.substr(1));
      version = version || is_key(line, "\"apiVersion\"");
      kind = kind || is_key(line, "\"kind\"");
    } else {
      version = version || is_key(line, "apiVersion");
      kind = kind || is_key(line, "kind");
    }
  }
  return version && kind;
}

bool needs_name(std::string_view api_version, std::string_view kind) {
  constexpr auto core = std::to_array<std::string_view>(
      {"ConfigMap", "Endpoints", "Event", "LimitRange", "Namespace", "Node", "PersistentVolume",
       "PersistentVolumeClaim", "Pod", "PodTemplate", "ReplicationController", "ResourceQuota",
       "Secret", "Service", "ServiceAccount"});
  const std::string_view group = group_in(api_version);
  if (group.empty()) return std::ranges::find(core, kind) != core.end();
  // Reviews are questions to the API server, and have no name.
  if (group == "authentication.k8s.io" || group == "authorization.k8s.io") return false;
  return is_kubernetes_group(group) || group.ends_with(".aibrix.ai") ||
         group == "gateway.networking.k8s.io" || group == "leaderworkerset.x-k8s.io" ||
         group == "ray.io";
}

}  // namespace kube
