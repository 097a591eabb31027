// A healthy gateway as a release's manifests and Envoy Gateway leave it, in named pieces; tests
// break one and look at what is said.
#pragma once
#include <map>
#include <string>

#include "support/snapshot.hpp"

class Install {
 public:
  Install();
  // Replaces text that must be there in the named piece.
  Install& replace(const std::string& piece, const std::string& from, const std::string& to);
  Install& set(const std::string& piece, std::string yaml);
  Install& drop(const std::string& piece);
  // As `kubectl apply` gets them: no status, uid or times.
  Install& as_manifest();

  // A cluster read completely, an hour after everything was made.
  support::Cluster cluster() const;
  // Files: what is not there is unknown.
  support::Cluster files() const;

 private:
  std::map<std::string, std::string> pieces_;
};
