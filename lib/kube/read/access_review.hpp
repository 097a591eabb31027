// What the user of a run may do, asked of the API server.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/http/transport.hpp"

namespace kube {

// "May I <verb> <resource>": one SelfSubjectAccessReview, which changes nothing and which every
// authenticated user may ask (ClusterRole system:basic-user).
struct AccessQuestion {
  std::string verb;
  std::string group;
  std::string resource;  // plural
  std::string ns;        // empty: in the whole cluster
};
enum class AccessAnswer { allowed, denied, unknown };

// Answers in the order asked, from one batch. Throws as Transport::send does.
std::vector<AccessAnswer> ask_access(Transport& transport,
                                     std::span<const AccessQuestion> questions);

}  // namespace kube
