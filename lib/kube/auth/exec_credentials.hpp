// Credential plugins of client-go, as cloud providers have them.
#pragma once
#include <memory>

#include "kube/auth/credentials.hpp"

namespace kube {

// Logins from the user's exec plugin (client.authentication.k8s.io/v1 and v1beta1), run at the
// first login() and again once what it gave has expired or was refused. Throws base::Error(usage)
// when the entry itself is wrong: KubeconfigInvalid, ExecApiRemoved.
//
// login() throws base::Error: ExecPluginNotFound, ExecPluginNeedsTerminal (usage);
// ExecPluginFailed, ExecPluginTimeout, ExecPluginInvalid, CredentialsExpired (undecided);
// Interrupted.
std::shared_ptr<CredentialSource> exec_credentials(const UserEntry& user,
                                                   const ClusterEntry& cluster,
                                                   const ExecOptions& options);

}  // namespace kube
