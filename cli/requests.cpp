// The hidden command that prints which API requests a whole `doctor` starts with.
#include <CLI/CLI.hpp>

#include "checks/core/runner.hpp"
#include "commands.hpp"
#include "kube/read/list_query.hpp"
#include "source.hpp"
#include "terminal.hpp"

namespace cli {

// Hidden: the requests a whole doctor starts with, as "PATH<tab>ACCEPT" lines, for bench/ to give
// the same ones to curl, and to read as JSON.
void add_requests(CLI::App& app, Action& chosen) {
  CLI::App* hidden = app.add_subcommand("__requests", "the requests of a whole doctor")->group("");
  hidden->callback([&chosen] {
    chosen = [](const Global& global) {
      const InputSource source(global, {});
      const kube::Namespaces namespaces{source.namespaces(), install_namespaces(global), ""};
      std::string out =
          "/version\tapplication/json\n/api\tapplication/json\n/apis\tapplication/json\n";
      for (const kube::Query& query :
           kube::merge_needs(asked_for(checks::needs_of(checks::all()), false))) {
        std::vector<std::string> where = kube::namespaces_for(query, namespaces);
        if (where.empty()) where.emplace_back();
        for (const std::string& ns : where) {
          const kube::PageOf page{*query.resource, query.resource->version, ns,
                                  query.field_selector};
          out += kube::page_path(page) + '\t' + kube::json_list_accept(*query.resource) + '\n';
        }
      }
      write_stdout(out);
      return 0;
    };
  });
}

}  // namespace cli
