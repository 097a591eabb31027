// The reader of answers pasted on stdin, and of their causes in a cluster.
#include "explain_answer.hpp"

#include <algorithm>
#include <map>

#include "aibrix/cluster.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cluster_flags.hpp"
#include "doctor.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using report::Explained;

constexpr std::size_t most_pasted = std::size_t{16} << 20U;

std::string read_stdin(const ExplainOptions& options) {
  const auto& files = options.source.files;
  if (std::find(files.begin(), files.end(), "-") != files.end()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "stdin cannot be the answer and the cluster at once",
                      "give the cluster's file by name: explain - -f FILE");
  }
  std::string text;
  {
    if (stdin_is_terminal()) {
      notice(
          "Paste an error, a response (curl -i) or a log line. Then press Enter and Ctrl-D; Ctrl-C "
          "cancels.");
    }
    const EndsAtOnce interruptible;
    text = base::read_file("/dev/stdin", most_pasted);
  }
  if (!base::trim(text).empty()) return text;
  throw base::Error(base::Fault::usage, "NothingPasted",
                    "stdin is empty: there is nothing to explain",
                    "for example: curl -i … | aibrixctl explain -");
}

// Lines that nobody knows are noise beside one that somebody does (shell prompts, a program's own
// log); alone they are what was asked about.
std::vector<Explained> recognise_all(const std::string& text, std::size_t& left_out) {
  std::vector<Explained> out;
  std::vector<Explained> noise;
  for (aibrix::Recognised& one : aibrix::recognise(text)) {
    Explained e;
    e.match = std::move(one.match);
    e.answer = std::move(one.answer);
    e.follows = one.follows;
    using Form = aibrix::ResponseText::Form;
    const bool plain_line = e.answer.form == Form::text || e.answer.form == Form::log;
    (e.match.kind == nullptr && plain_line ? noise : out).push_back(std::move(e));
  }
  if (out.empty()) {
    constexpr std::size_t shown = 3;
    left_out = noise.size() > shown ? noise.size() - shown : 0;
    noise.resize(std::min(noise.size(), shown));
    return noise;
  }
  left_out = noise.size();
  return out;
}

// The same error again (a log repeats it, a traceback says it twice) is told once.
std::vector<Explained> without_repetitions(const std::vector<Explained>& all) {
  std::vector<Explained> out;
  for (const Explained& e : all) {
    const auto same = std::find_if(out.begin(), out.end(), [&](const Explained& o) {
      return e.match.kind != nullptr && o.match.kind == e.match.kind &&
             (o.match.names == e.match.names || e.match.names.empty());
    });
    if (same == out.end()) {
      out.push_back(e);
    } else {
      // The answer itself tells more than a client's line about it.
      if (!same->answer.json && e.answer.json) same->match = e.match;
      same->repeated.push_back(e.answer.line);
    }
  }
  return out;
}

class Doctor {
 public:
  Doctor(const Global& global, const ExplainOptions& options)
      : global_(global), options_(options), source_(global, options.source) {}

  const checks::Outcomes& about(const std::string& model) {
    const auto known = runs_.find(model);
    if (known != runs_.end()) return known->second.outcomes;
    DoctorOptions doctor;
    doctor.source = options_.source;
    doctor.keep = &snapshot_;
    if (!model.empty()) doctor.models = {model};
    return runs_.emplace(model, diagnose(global_, doctor, source_)).first->second.outcomes;
  }

  // As the last run saw it.
  const kube::Snapshot& snapshot() const { return snapshot_; }

 private:
  const Global& global_;
  const ExplainOptions& options_;
  InputSource source_;
  kube::Snapshot snapshot_;
  std::map<std::string, report::Report> runs_;
};

int exit_code(const std::vector<Explained>& all) {
  bool known = false;
  for (const Explained& e : all) {
    known = known || e.match.kind != nullptr;
    for (const checks::Finding* f : e.proofs) {
      if (f->level == checks::Level::error) return 1;
    }
  }
  return known ? 0 : base::exit_code(base::Fault::unavailable);
}

void print(const Global& global, const ExplainedText& all) {
  if (global.output == "json")
    return write_stdout(report::answers_json(all.answers, AIBRIXCTL_VERSION, all.exit_code));
  if (global.output == "yaml")
    return write_stdout(report::answers_yaml(all.answers, AIBRIXCTL_VERSION, all.exit_code));
  const std::size_t left_out = all.left_out;
  std::string out;
  for (const Explained& e : without_repetitions(all.answers)) {
    out += (out.empty() ? "" : "\n") + report::answer_text(e, style_for(global));
  }
  if (left_out != 0) {
    out += "\n" + base::plural(left_out, "other line") + (left_out == 1 ? " was" : " were") +
           " not recognized\n";
  }
  write_stdout(out);
}

}  // namespace

bool ExplainOptions::wants_cluster(const Global& g) const {
  if (looks) return *looks;
  return doctor || !source.files.empty() || !g.kubeconfig.empty() || !g.context.empty() ||
         !g.cluster.empty() || !g.server.empty();
}

void narrow(Explained& explained, const checks::Outcomes& outcomes, const std::string& model) {
  explained.checked = true;
  explained.model = model;
  explained.causes = checks::judge_causes(*explained.match.kind, outcomes, !model.empty());
  explained.proofs = checks::proofs(explained.causes);
}

void explain_text(const Global& global, const ExplainOptions& options, const std::string& text,
                  const std::function<void(const ExplainedText&)>& use) {
  ExplainedText out;
  out.answers = recognise_all(text, out.left_out);
  Doctor doctor(global, options);
  if (options.wants_cluster(global)) {
    for (Explained& e : out.answers) {
      if (e.match.kind == nullptr || e.match.kind->causes.empty() || e.follows) continue;
      const std::string model = options.model.empty() ? e.match.model() : options.model;
      narrow(e, doctor.about(model), model);
      const aibrix::Cluster cluster(doctor.snapshot(), {global.install_namespace});
      checks::judge_path(e.causes, e.answer.request.path, cluster);
    }
  }
  for (Explained& e : out.answers) e.cluster_flags = cluster_flags(global);
  out.exit_code = exit_code(out.answers);
  use(out);
}

int explain_pasted(const Global& global, const ExplainOptions& options) {
  int code = 0;
  explain_text(global, options, read_stdin(options), [&](const ExplainedText& all) {
    code = all.exit_code;
    print(global, all);
  });
  return code;
}

}  // namespace cli
