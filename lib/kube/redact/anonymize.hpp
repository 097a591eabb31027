// Snapshots that can be shown to others: whose cluster it was is not in them.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "kube/parse/value.hpp"
#include "kube/snapshot.hpp"

namespace kube {

// Stand-ins for what tells whose cluster it is: names of objects, namespaces, nodes, models and
// hosts, registries, addresses, accounts, uids (identity.hpp says where they are looked for). A
// stand-in is as long as the word and of the same kinds of characters; the same word has the same
// one wherever it stands, alone, in a longer name, a message or a URL. What checks read in a name
// stays (common_words.hpp).
//
// The key of the stand-ins is made of all that is replaced, and is not kept: the same objects give
// the same words, and who does not have the objects cannot go back.
class Anonymizer {
 public:
  explicit Anonymizer(const Snapshot& snapshot);
  ~Anonymizer();
  Anonymizer(const Anonymizer&) = delete;
  Anonymizer& operator=(const Anonymizer&) = delete;

  std::string text(std::string_view text) const;
  // A copy in `document`.
  Value object(const Value& value, Document& document) const;

 private:
  struct Words;
  std::unique_ptr<Words> words_;
};

}  // namespace kube
