// Logins and proxy passwords, hidden where a server repeats them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "kube/auth/access.hpp"
#include "kube/http/transport.hpp"

namespace kube {

// What we send that nobody else may see: a server, or a proxy, that repeats the request in its
// error puts it into ours.
class OwnSecrets {
 public:
  // The password of the proxy, in the forms in which it is sent.
  void add_proxy(const std::string& proxy_url);
  void add(const Login& login);
  // Out of all of an answer that an error may quote. `data`: what a good answer holds is data, in
  // which a word that is somebody's password must stay; only what is neither JSON nor
  // protobuf, or a Status in JSON, is quoted then.
  void hide(Response& response, bool data) const;
  std::string hidden(std::string text) const;

 private:
  void add_text(const std::string& secret);

  std::vector<std::string> texts_;
};

}  // namespace kube
