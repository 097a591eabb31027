// `rbac print`: the RBAC roles that checks, fixes and `endpoint` take.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "checks/core/kind_users.hpp"
#include "checks/core/runner.hpp"
#include "checks/core/select.hpp"
#include "command_line.hpp"
#include "endpoint/endpoint.hpp"
#include "fix/fix.hpp"
#include "fix/preflight.hpp"
#include "option_types.hpp"
#include "report/role_manifest.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct RbacFlags {
  std::vector<std::string> duty;
  std::vector<std::string> only, skip;
  std::string name = "aibrixctl-reader";
  std::string subject;
  std::string via;
  bool discovery = false;
  bool with_secrets = false;
  bool with_logs = false;
  bool with_probe = false;
  bool with_watch = false;
};

using Selection = std::vector<const checks::Check*>;

// What a role is printed for, and what that takes.
struct Duty {
  Selection checks;  // none for a fix and for endpoint
  std::vector<kube::Right> rights;
};

void refuse_selection(const RbacFlags& flags, const std::string& what) {
  if (flags.only.empty() && flags.skip.empty()) return;
  throw base::Error(base::Fault::usage, "BadArgument",
                    "--only and --skip select checks; " + what + " runs none", "leave them out");
}

// The address, and with `via` the requests themselves: GET is the right to get, POST to create. The
// gateway's Service is in one of the install's namespaces.
std::vector<kube::Right> endpoint_rights(bool via, const kube::Namespaces& namespaces) {
  std::vector<kube::Right> out = kube::rights_to_read(endpoint_needs(false), namespaces);
  for (kube::Right& right : out) right.verbs = {"list"};  // nothing is read a second time
  if (!via) return out;
  for (const std::string& ns : namespaces.install) {
    out.push_back({&kube::resources::services, {"create", "get"}, ns, "", "proxy"});
  }
  return out;
}

// What is asked of pods beside their lists, in the namespaces whose pods are listed.
void add_pod_rights(const RbacFlags& flags, const kube::Namespaces& namespaces,
                    std::vector<kube::Right>& rights) {
  constexpr kube::Need pods[] = {{&kube::resources::pods}};
  for (kube::Right right : kube::rights_to_read(pods, namespaces)) {
    right.verbs = {"get"};
    for (const auto& [asked, subresource] :
         {std::pair<bool, std::string_view>{flags.with_logs, "log"}, {flags.with_probe, "proxy"}}) {
      right.subresource = subresource;
      if (asked) rights.push_back(right);
    }
  }
}

// Access reviews need no right: ClusterRole system:basic-user gives it to everybody who has a
// login.
std::vector<kube::Need> preflight_needs(std::string_view way) {
  if (way == "uninstall") return fix::preflight_needs();
  if (way == "install") return fix::preflight_install_needs();
  if (way == "upgrade") return fix::preflight_upgrade_needs();
  return {};
}

Duty duty(const RbacFlags& flags, const kube::Namespaces& namespaces) {
  const std::string words = flags.duty.empty() ? "doctor" : base::join(flags.duty, " ");
  std::string known =
      "doctor, trace, snapshot, endpoint print, endpoint test, preflight uninstall, preflight "
      "install, preflight upgrade";
  if (!flags.via.empty() && words != "endpoint test") {
    throw base::Error(base::Fault::usage, "BadArgument", "--via is for rbac print endpoint test",
                      "write: aibrixctl rbac print endpoint test --via api-server");
  }
  for (const fix::Fix* fix : fix::all()) {
    known.append(", fix ").append(fix->name);
    if (words != "fix " + std::string(fix->name)) continue;
    refuse_selection(flags, "a fix");
    return {{}, fix::rights_of(*fix, namespaces)};
  }
  if (words.starts_with("preflight ")) {
    const auto needs = preflight_needs(words.substr(words.find(' ') + 1));
    if (!needs.empty()) {
      refuse_selection(flags, "preflight");
      return {{}, kube::rights_to_read(needs, namespaces)};
    }
  }
  if (words == "endpoint print" || words == "endpoint test") {
    refuse_selection(flags, "endpoint");
    return {{}, endpoint_rights(!flags.via.empty(), namespaces)};
  }
  if (words == "doctor" || words == "trace" || words == "snapshot") {
    Selection checks = checks::select(flags.only, flags.skip);
    std::vector<kube::Right> rights =
        kube::rights_to_read(asked_for(checks::needs_of(checks), flags.with_secrets), namespaces);
    if (flags.with_watch) {
      for (kube::Right& right : rights) right.verbs.emplace_back("watch");
    }
    add_pod_rights(flags, namespaces, rights);
    return {std::move(checks), std::move(rights)};
  }
  throw base::Error(base::Fault::usage, "BadArgument",
                    "rbac print: unknown role \"" + base::printable(words) + "\"",
                    "valid roles: " + known);
}

std::optional<report::RoleSubject> subject(const std::string& text) {
  if (text.empty()) return std::nullopt;
  auto parsed = report::parse_role_subject(text);
  if (parsed) return parsed;
  throw base::Error(
      base::Fault::usage, "BadArgument",
      "--for: \"" + base::printable(text) + "\" is not a user, group or service account",
      "write user:NAME, group:NAME or sa:NAMESPACE:NAME");
}

const kube::Resource* resource_of(const kube::Rule& rule, std::string_view plural,
                                  std::span<const kube::Right> rights) {
  for (const kube::Right& right : rights) {
    if (right.resource->group == rule.group && right.resource->plural == plural)
      return right.resource;
  }
  return nullptr;
}

// "pods: for MDL001, …; used by LOR001, …"
std::string reason(const kube::Resource& resource, const Selection& selection) {
  const checks::KindUsers readers = checks::users_of(resource, selection);
  const auto names = [](const std::vector<std::string_view>& codes) {
    return base::join(std::vector<std::string>(codes.begin(), codes.end()), ", ");
  };
  std::vector<std::string> parts;
  if (!readers.skipped_without.empty()) parts.push_back("for " + names(readers.skipped_without));
  if (!readers.others.empty()) parts.push_back("used by " + names(readers.others));
  return kube::full_name(resource) + ": " + base::join(parts, "; ");
}

// RBAC has no right to metadata alone.
void warn_of_secrets(const std::vector<kube::Right>& rights) {
  const bool secrets = std::ranges::any_of(rights, [](const kube::Right& right) {
    return right.resource == &kube::resources::secrets && right.name.empty();
  });
  if (!secrets) return;
  notice(
      "warning: this role can read all Secrets; RBAC cannot restrict it to names. aibrixctl reads "
      "only their names");
}

int rbac(const Global& global, const RbacFlags& flags) {
  const InputSource source(global, {});
  const kube::Namespaces namespaces{source.namespaces(), install_namespaces(global), ""};
  const Duty wanted = duty(flags, namespaces);
  const std::vector<kube::Role> roles = kube::roles_for(wanted.rights);
  report::RoleOptions options;
  options.name = flags.name;
  options.subject = subject(flags.subject);
  options.discovery = flags.discovery;
  if (global.verbose && !wanted.checks.empty()) {
    options.comment = [&](const kube::Rule& rule, const std::string& plural) {
      const kube::Resource* resource = resource_of(rule, plural, wanted.rights);
      return resource == nullptr ? std::string() : reason(*resource, wanted.checks);
    };
  }
  write_stdout(global.output == "json" ? report::roles_json(roles, options)
                                       : report::roles_yaml(roles, options));
  warn_of_secrets(wanted.rights);
  if (flags.with_probe) {
    notice(
        "warning: this role can send GETs to every port of every pod in these namespaces; RBAC "
        "cannot restrict it to paths or ports");
  }
  return 0;
}

}  // namespace

void add_rbac(CLI::App& app, Action& chosen) {
  CLI::App* group = add_group(app, chosen, "rbac", "Print least-privilege RBAC roles");
  CLI::App* command = group->add_subcommand(
      "print",
      "Print least-privilege RBAC roles (works offline)\n\nThe roles permit what a command reads "
      "and, for a fix, changes. Secrets are not in them: with --with-secrets they are, and who has "
      "the role can then read the contents of every Secret.");
  const auto flags = std::make_shared<RbacFlags>();
  command->add_option(
      "ROLE", flags->duty,
      "What for: doctor (default), trace, snapshot, endpoint test, preflight install, fix finalizers, ...");
  command
      ->add_option("--only", flags->only,
                   "Include only what these checks need: codes, globs, areas (see doctor)")
      ->type_name("WHAT")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--skip", flags->skip, "Leave out what only these checks need")
      ->type_name("WHAT")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("--name", flags->name, "Set the name of the roles (default: aibrixctl-reader)")
      ->type_name("NAME");
  command
      ->add_option("--for", flags->subject,
                   "Bind the roles: user:NAME, group:NAME or sa:NAMESPACE:NAME")
      ->type_name("SUBJECT");
  command
      ->add_option("--via", flags->via,
                   "For endpoint test: include requests through the API server's service proxy")
      ->check(one_of("--via", {"api-server"}))
      ->type_name("WAY");
  command->add_flag("--discovery", flags->discovery,
                    "Include /version and /apis, for clusters without system:discovery");
  command->add_flag("--with-secrets", flags->with_secrets,
                    "Include the right to read Secrets, for doctor --with-secrets");
  command->add_flag(
      "--with-logs", flags->with_logs,
      "Include the right to read the logs of pods (pods/log), for doctor and snapshot");
  command->add_flag("--with-probe", flags->with_probe,
                    "Include the right to send GETs to pods (pods/proxy), for doctor --probe; it "
                    "reaches every port of every pod");
  command->add_flag("--with-watch", flags->with_watch,
                    "Include the right to watch what is listed, for doctor --watch and --wait");
  command->callback([&chosen, flags] {
    chosen = [flags](const Global& global) { return rbac(global, *flags); };
  });
}

}  // namespace cli
