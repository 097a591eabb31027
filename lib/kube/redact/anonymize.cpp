// Stand-ins in objects and texts.
#include "kube/redact/anonymize.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/chars.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "kube/parse/value_builder.hpp"
#include "kube/redact/common_words.hpp"
#include "kube/redact/identity.hpp"
#include "kube/redact/stand_ins.hpp"

namespace kube {
namespace {

using base::is_alnum;
using base::word_end;

// What separates words is copied: "\n" and "%2F" too, as they stand in a text within a text.
std::size_t skip_separator(std::string_view text, std::size_t at) {
  if (text[at] == '\\') return std::min<std::size_t>(2, text.size() - at);
  const bool percent = text[at] == '%' && at + 2 < text.size() &&
                       base::hex_value(text[at + 1]) >= 0 && base::hex_value(text[at + 2]) >= 0;
  return percent ? 3 : 1;
}

template <typename Use>
void each_word(std::string_view text, Use use) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = word_end(text, at);
    if (end > at) use(text.substr(at, end - at));
    at = end > at ? end : at + 1;
  }
}

// The name that Envoy Gateway gives what it makes for a Gateway.
std::string envoy_hash(std::string_view key) {
  return base::sha256_hex(key).substr(0, 8);
}

std::string envoy_name(std::string_view key) {
  std::string name(key);
  std::ranges::replace(name, '/', '-');
  if (name.size() > 48) name.resize(48);
  if (name.ends_with('-')) name.pop_back();
  return "envoy-" + name + '-' + envoy_hash(key);
}

std::string key_of(const Identity& identity) {
  std::string all;
  for (const std::string& name : identity.names) all += name + '\n';
  for (const std::string& uid : identity.uids) all += uid + '\n';
  return base::sha256_hex(all);
}

}  // namespace

struct Anonymizer::Words {
  explicit Words(const Identity& identity) : stand_ins(key_of(identity)) {
    for (const std::string& hash : identity.hashes) stand_ins.keep(hash);
    for (const std::string& name : identity.names)
      each_word(name, [&](std::string_view word) { stand_ins.avoid(word); });
    for (const std::string& name : identity.names)
      each_word(name, [&](std::string_view word) { stand_ins.learn(word); });
  }

  std::string whole(std::string_view name) const;
  void add(const std::string& name);
  void add_hashes(const Identity& identity, const Anonymizer& self);
  void find_parts(const Value& value);
  std::string_view name_at(std::string_view text, std::size_t at) const;
  void copy(const Value& value, Builder& builder, const Anonymizer& self) const;

  StandIns stand_ins;
  std::unordered_map<std::string, std::size_t> longest;  // name that begins with this word
  std::unordered_map<std::string, std::string> names;    // wherever they stand
  std::unordered_map<std::string, std::string> alone;    // where they are the whole text
};

// Every word of it replaced.
std::string Anonymizer::Words::whole(std::string_view name) const {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = word_end(name, at);
    if (end == at) {
      out += name[at++];
    } else if (const std::size_t size = stand_ins.known_shape(name, at, out); size != 0) {
      at += size;
    } else {
      out += stand_ins.of(name.substr(at, end - at));
      at = end;
    }
  }
  return out;
}

void Anonymizer::Words::add(const std::string& name) {
  std::string by = whole(name);
  if (by == name) {
    names.erase(name);
    return;
  }
  const auto [entry, added] = names.insert_or_assign(name, std::move(by));
  const std::string_view key = entry->first;
  const std::size_t begin =
      static_cast<std::size_t>(std::ranges::find_if(key, is_alnum) - key.begin());
  std::size_t& most = longest[std::string(key.substr(begin, word_end(key, begin) - begin))];
  most = std::max(most, key.size() - begin);
}

// Hashes of names become the hashes of their stand-ins.
void Anonymizer::Words::add_hashes(const Identity& identity, const Anonymizer& self) {
  for (const std::string& model : identity.models) {
    const std::string by = self.text(model);
    if (by != model)
      stand_ins.set(base::sha256_hex(model).substr(0, 12), base::sha256_hex(by).substr(0, 12));
  }
  std::vector<std::pair<std::string, std::string>> envoys;
  for (const std::string& envoy : identity.envoys) {
    const std::string by = self.text(envoy);
    // AIBrix's own Gateway keeps its name, and with it its hash.
    stand_ins.set(envoy_hash(envoy), envoy_hash(by));
    envoys.emplace_back(envoy_name(envoy), envoy_name(by));
  }
  for (const std::string& name : identity.names) add(name);
  for (const auto& [envoy, by] : envoys) {
    add(envoy);
    if (envoy != by) names[envoy] = by;
  }
}

// Texts that are made of parts of names, as roles are: they are replaced as in the names.
void Anonymizer::Words::find_parts(const Value& value) {
  for (const Value& item : value.items()) find_parts(item);
  for (const Member& m : value.members()) find_parts(m.value);
  if (!value.is_string() || value.text().size() < 3 || value.text().size() > 63) return;
  const std::string text(value.text());
  bool simple = true;
  bool known = false;
  std::size_t words = 0;
  for (const char c : text) simple = simple && (base::is_lower(c) || base::is_digit(c) || c == '-');
  if (!simple || own_name(text) || names.contains(text)) return;
  each_word(text, [&](std::string_view word) {
    ++words;
    known = known || stand_ins.knows(word);
    simple = simple && (stand_ins.knows(word) || !stand_ins.replaces(word));
  });
  if (!simple || !known) return;
  // One word alone may be a word of every message.
  if (words > 1) {
    add(text);
  } else {
    alone[text] = whole(text);
  }
}

// The longest name that begins there.
std::string_view Anonymizer::Words::name_at(std::string_view text, std::size_t at) const {
  const std::size_t first = word_end(text, at);
  const auto found = longest.find(std::string(text.substr(at, first - at)));
  std::string_view best;
  if (found == longest.end()) return best;
  const std::size_t last = std::min(text.size(), at + found->second);
  for (std::size_t end = first; end <= last;) {
    const std::string_view name = text.substr(at, end - at);
    if (names.contains(std::string(name))) best = name;
    // To the end of the next word.
    while (end < last && !is_alnum(text[end])) ++end;
    if (end >= last) break;
    end = word_end(text, end);
  }
  return best;
}

void Anonymizer::Words::copy(const Value& value, Builder& builder, const Anonymizer& self) const {
  const std::uint32_t line = value.line();
  switch (value.type()) {
    case Value::Type::missing:
    case Value::Type::null: builder.null(line); return;
    case Value::Type::boolean: builder.boolean(value.is_true(), line); return;
    case Value::Type::number: builder.number(value.scalar(), line); return;
    case Value::Type::string: builder.string(self.text(value.text()), line); return;
    case Value::Type::array:
      builder.begin_array(line);
      for (const Value& item : value.items()) copy(item, builder, self);
      builder.end_array();
      return;
    case Value::Type::object: break;
  }
  builder.begin_object(line);
  for (const Member& member : value.members()) {
    // A field of Kubernetes is one word; keys of the user's own mostly are not.
    const bool field = member.key.find_first_of("-./") == std::string_view::npos;
    if (builder.key(field ? std::string(member.key) : self.text(member.key)))
      copy(member.value, builder, self);
  }
  builder.end_object();
}

Anonymizer::Anonymizer(const Snapshot& snapshot) {
  const Identity identity = find_identity(snapshot);
  words_ = std::make_unique<Words>(identity);
  for (const std::string& name : identity.names) words_->add(name);
  words_->add_hashes(identity, *this);
  for (const Resource* resource : snapshot.kinds()) {
    for (const Object& object : snapshot.list(*resource)) words_->find_parts(object.root());
  }
}

Anonymizer::~Anonymizer() = default;

std::string Anonymizer::text(std::string_view text) const {
  if (const auto found = words_->alone.find(std::string(text)); found != words_->alone.end())
    return found->second;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_alnum(text[at])) {
      const std::size_t size = skip_separator(text, at);
      out += text.substr(at, size);
      at += size;
    } else if (const std::string_view name = words_->name_at(text, at); !name.empty()) {
      out += words_->names.find(std::string(name))->second;
      at += name.size();
    } else if (const std::size_t size = words_->stand_ins.known_shape(text, at, out); size != 0) {
      at += size;
    } else {
      const std::size_t end = word_end(text, at);
      out += text.substr(at, end - at);
      at = end;
    }
  }
  return out;
}

Value Anonymizer::object(const Value& value, Document& document) const {
  Builder builder(document);
  words_->copy(value, builder, *this);
  return builder.finish();
}

}  // namespace kube
