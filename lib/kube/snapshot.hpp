// The snapshot: all that was read of a cluster or of files, and what could not be.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "kube/object.hpp"
#include "kube/pod_log.hpp"

namespace kube {

// How reading one kind went. Everything but `loaded` means: nothing can be said about this kind.
enum class ListState {
  not_asked,     // no check that runs needs it
  loaded,        // read; see Snapshot::complete() for whether an absence means anything
  absent,        // the cluster does not serve this kind: the CRD is not installed. A known fact.
  forbidden,     // 403
  failed,        // any other failure; detail says which
  not_recorded,  // files: neither an object nor an empty list of this kind in them
};

// Where the objects were read from.
enum class Source { cluster, files, snapshot };

// One list that was read (or not), as the fetcher or the file reader hands it over.
struct List {
  ListState state = ListState::not_asked;
  std::string detail;  // why, for forbidden and failed
  std::vector<Object> objects;
  bool everywhere = false;              // every namespace is in it: an absence is an absence
  std::vector<std::string> namespaces;  // else: those that were read completely
  // Not asked for, since that takes a right that the user does not want used (ExtraRight). Objects
  // can be in it all the same: from files laid over a cluster.
  bool withheld = false;
};

// What find() knows. `object` is set when found; otherwise `known` says whether it is known not to
// exist, or was not looked at.
struct Lookup {
  const Object* object = nullptr;
  bool known = false;

  explicit operator bool() const { return object != nullptr; }
  bool missing() const { return object == nullptr && known; }
  bool unknown() const { return object == nullptr && !known; }
  const Object* operator->() const { return object; }
  const Object& operator*() const { return *object; }
};

// An object of a file, of any kind, as it stands there: what a person wrote, and, of custom kinds,
// what an API server did, which gave it a uid.
struct Written {
  Value root;
  std::string api_version;
  std::string kind;
  const Origin* origin = nullptr;
  bool whole = false;    // else without the members that is_pruned() names
  bool has_uid = false;  // the API server that it comes from took it
};

// Versions and names a run can tell about its source; empty where unknown.
struct ClusterInfo {
  std::string context;
  std::string server;      // URL without credentials
  std::string kubernetes;  // gitVersion
};

// One group/version/resource that discovery lists.
struct Served {
  std::string group;
  std::string version;
  std::string plural;
};

// What is wrong with what was given to a run, where no object can tell it.
struct FileFault {
  enum class Kind {
    broken,      // a file of a folder cannot be parsed
    nameless,    // or holds an object that no server would take
    ended_rule,  // a rule says what to ignore, and its time is over
    idle_rule,   // or nothing is found that it names
  };
  Kind kind = Kind::broken;
  std::string file;  // empty: a rule of the command line
  std::uint32_t line = 0;
  std::uint32_t column = 0;  // 0: not known
  std::string what;          // the parser's words; the kind of a nameless object; the rule
  std::string reason = {};   // of a rule, for people
};

// Everything one run looks at: immutable, from a cluster, from files or from a snapshot file; the
// checks cannot tell which. Objects borrow from it.
class Snapshot {
 public:
  ListState state(const Resource& resource) const;
  std::string_view detail(const Resource& resource) const;
  bool loaded(const Resource& r) const { return state(r) == ListState::loaded; }
  // The kind is known: either its objects were read or it is known not to be served.
  bool readable(const Resource& r) const { return loaded(r) || state(r) == ListState::absent; }

  // Nobody was to look: what is not known of this kind was not asked for.
  bool withheld(const Resource& resource) const;

  // Every object read of this kind, ordered by namespace and name. Empty unless loaded.
  std::span<const Object> list(const Resource& resource) const;
  // Those of one namespace.
  std::span<const Object> list(const Resource& resource, std::string_view ns) const;
  // Absence means something: in all namespaces, or in this one. True for a kind that is absent.
  bool complete(const Resource& resource) const;
  bool complete(const Resource& resource, std::string_view ns) const;
  // The namespaces of which it is complete, when it is not everywhere.
  std::span<const std::string> namespaces(const Resource& resource) const;
  // `ns` is empty for cluster-scoped kinds.
  Lookup find(const Resource& resource, std::string_view ns, std::string_view name) const;

  // The moment the lists were read, from the server's clock; files: see decisions in README. Not
  // set when nothing tells.
  std::optional<base::Time> now() const { return now_; }
  // now() - time, when both are known; never negative.
  std::optional<std::chrono::microseconds> age(std::optional<base::Time> time) const;
  bool live() const { return source_ == Source::cluster; }
  Source source() const { return source_; }
  const ClusterInfo& info() const { return info_; }
  // What discovery listed; nullopt when it was not asked or not recorded.
  const std::optional<std::vector<Served>>& served() const { return served_; }
  // The served versions of a kind, newest first, from discovery or from its recorded CRD.
  std::vector<std::string> served_versions(const Resource& resource) const;
  // The kinds that were asked for or withheld, ordered by group and plural.
  std::vector<const Resource*> kinds() const;
  // Things worth telling about the source itself: "3 documents of kinds that no check reads".
  const std::vector<std::string>& notes() const { return notes_; }
  // Files that could not be judged, and had to be.
  const std::vector<FileFault>& file_faults() const { return file_faults_; }
  // Ends of logs of containers that do not do well; read only where something is wrong.
  const std::vector<PodLog>& logs() const { return logs_; }
  // What was read from files and is not from a cluster, in the order of the files.
  const std::vector<Written>& written() const { return written_; }
  // What pods answered, when they were asked (--probe); nullopt: they were not.
  const std::optional<std::vector<PodAnswer>>& answers() const { return answers_; }

 private:
  friend class SnapshotBuilder;
  struct Entry {
    List list;
    std::unordered_map<std::string, std::size_t> index;  // "ns/name" -> objects
  };
  const Entry* entry(const Resource& resource) const;

  std::map<const Resource*, Entry> lists_;
  std::vector<std::shared_ptr<const void>> owned_;  // documents, file names
  std::optional<base::Time> now_;
  Source source_ = Source::files;
  ClusterInfo info_;
  std::optional<std::vector<Served>> served_;
  std::vector<std::string> notes_;
  std::vector<FileFault> file_faults_;
  std::vector<PodLog> logs_;
  std::vector<Written> written_;
  std::optional<std::vector<PodAnswer>> answers_;
};

// Puts a Snapshot together; the only way to make one.
class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(Source source) { snapshot_.source_ = source; }
  // Starts from what another one holds (and keeps its memory alive).
  explicit SnapshotBuilder(const Snapshot& base) : snapshot_(base) {}
  // Objects need not be sorted. A second set() of a resource replaces the first.
  void set(const Resource& resource, List list);
  // The list of this kind as another snapshot has it, whose memory is kept alive.
  void take(const Resource& resource, const Snapshot& from);
  List& list(const Resource& resource) { return snapshot_.lists_[&resource].list; }
  // Keeps alive what objects borrow from.
  void own(std::shared_ptr<const void> memory) { snapshot_.owned_.push_back(std::move(memory)); }
  void now(std::optional<base::Time> time) { snapshot_.now_ = time; }
  void info(ClusterInfo info) { snapshot_.info_ = std::move(info); }
  void served(std::vector<Served> served) { snapshot_.served_ = std::move(served); }
  void note(std::string note) { snapshot_.notes_.push_back(std::move(note)); }
  std::vector<FileFault>& file_faults() { return snapshot_.file_faults_; }
  std::vector<Written>& written() { return snapshot_.written_; }
  std::vector<PodLog>& logs() { return snapshot_.logs_; }
  void answers(std::vector<PodAnswer> answers) { snapshot_.answers_ = std::move(answers); }
  // Sorts and indexes; two objects of one name: the later one (files given later win).
  Snapshot build();

 private:
  Snapshot snapshot_;
};

}  // namespace kube
