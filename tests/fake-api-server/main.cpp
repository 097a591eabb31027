// A Kubernetes API server made of dumps:
//
//   fake-api-server [options] KUBECONFIG DUMP...
//
// Serves the objects of the dumps (files or folders) over TLS on a port of the loopback, writes a
// kubeconfig that leads there, prints its path once it listens, and runs until SIGTERM or SIGINT,
// or until its parent ends.
//
//   --http2                 put nghttpx in front
//   --token TOKEN           what clients must show
//   --allow PLURAL[/NS]     restrict everybody to listing this; repeatable
//   --fail TEXT=STATUS      answer this to requests whose target contains the text; repeatable
//   --delay TEXT=MS         answer those late
//   --pods COUNT            that many pods more, in 20 namespaces, some 9 kB each
//   --version VERSION       of /version
//   --hostile MODE[=N]      hang, trickle or never end instead (after N good answers), without TLS
//                           and dumps; MODE as in tests/support/hostile_server.cpp
#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "support/fake_api_server.hpp"
#include "support/hostile_server.hpp"
#include "support/nghttpx.hpp"

namespace {

struct Options {
  support::ServerOptions server{.threads = 128};
  bool http2 = false;
  std::vector<std::string> allow;
  std::vector<support::Script> scripts;
  int pods = 0;
  std::string hostile;
  int well_before = 0;
  std::vector<std::string> files;
};

std::pair<std::string, int> pair_of(const std::string& text) {
  const auto equals = text.rfind('=');
  return {text.substr(0, equals), std::stoi(text.substr(equals + 1))};
}

Options parse(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--http2") {
      options.http2 = true;
    } else if (word.rfind("--", 0) != 0) {
      options.files.push_back(word);
    } else {
      const std::string& value = words.at(++i);
      if (word == "--token") options.server.token = value;
      if (word == "--version") options.server.version = value;
      if (word == "--hostile") {
        options.hostile = value.substr(0, value.find('='));
        if (options.hostile != value) options.well_before = pair_of(value).second;
      }
      if (word == "--allow") options.allow.push_back(value);
      if (word == "--pods") options.pods = std::stoi(value);
      if (word == "--fail" || word == "--delay") {
        const auto [target, number] = pair_of(value);
        support::Script script{target, 0};
        if (word == "--fail") script.status = number;
        if (word == "--delay") script.delay = std::chrono::milliseconds(number);
        options.scripts.push_back(script);
      }
    }
  }
  return options;
}

void fill(support::FakeApiServer& server, const Options& options) {
  for (std::size_t i = 1; i < options.files.size(); ++i) server.load(options.files[i]);
  for (int i = 0; options.pods != 0 && i < 20; ++i) {
    server.add_pods(options.pods / 20, "team-" + std::to_string(i), 9000);
  }
  for (const std::string& allowed : options.allow) {
    const auto slash = allowed.find('/');
    server.allow_list(allowed.substr(0, slash),
                      slash == std::string::npos ? "" : allowed.substr(slash + 1));
  }
  for (const support::Script& script : options.scripts) server.script(script);
}

int until_stopped(const sigset_t& ends, const std::string& file, const std::string& kubeconfig) {
  std::ofstream(file) << kubeconfig;
  std::puts(file.c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before the first thread
  const Options options = parse({argv + 1, argv + argc});
  if (options.files.empty()) {
    std::fputs("usage: fake-api-server [options] KUBECONFIG DUMP...\n", stderr);
    return 2;
  }
  if (!options.hostile.empty()) {
    const support::HostileServer server(options.hostile, options.well_before);
    return until_stopped(ends, options.files[0], server.kubeconfig());
  }
  support::FakeApiServer server(options.server);
  fill(server, options);
  std::unique_ptr<support::Nghttpx> proxy;
  if (options.http2) proxy = std::make_unique<support::Nghttpx>(server);
  return until_stopped(ends, options.files[0],
                       server.kubeconfig(proxy ? proxy->url() : server.url()));
}
