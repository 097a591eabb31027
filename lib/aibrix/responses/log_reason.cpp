// The choice of the line of a log that says why its container ended or is not ready.
#include "aibrix/responses/log_reason.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "aibrix/responses/score.hpp"
#include "aibrix/responses/text_logs.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using Form = ResponseText::Form;
using Writer = ResponseText::Writer;

constexpr std::string_view flag_unknown =
    "does not start: it is started with {flag}, a flag that its image does not know";
constexpr std::string_view flag_advice =
    "use an image and a manifest of the same release, or remove {flag} from the container's "
    "arguments";
constexpr std::string_view kind_missing = "does not start: the cluster does not serve kind {kind}";
constexpr std::string_view kind_advice =
    "install the CustomResourceDefinition of {kind} that the program's release comes with";
constexpr std::string_view gateway_kind_missing =
    "does not start: the installed Gateway API does not have kind {kind} in the version it watches";
constexpr std::string_view gateway_kind_advice =
    "install the CustomResourceDefinitions of Gateway API that this release of Envoy Gateway "
    "requires, then restart it";
constexpr std::string_view no_redis = "does not start: it cannot connect to Redis";
constexpr std::string_view redis_advice =
    "make Redis reachable at the address it is given (REDIS_HOST, REDIS_PORT)";
constexpr std::string_view redis_login = "does not start: Redis refuses its login";
constexpr std::string_view login_advice =
    "give it the password that Redis is started with (REDIS_PASSWORD)";
constexpr std::string_view forbidden = "may not {verb} {resource}: RBAC forbids it";
constexpr std::string_view forbidden_advice = "apply the roles of the same release as the image's";
constexpr std::string_view controllers =
    "does not start: --controllers names a controller that its release does not know";
constexpr std::string_view controllers_advice =
    "remove the name that is not known from --controllers";
constexpr std::string_view memory_advice =
    "give it more GPU memory (more or larger GPUs, --tensor-parallel-size), or lower "
    "--max-model-len";
constexpr std::string_view context_long =
    "does not start: one request of --max-model-len tokens does not fit into its KV cache";
constexpr std::string_view context_advice =
    "lower --max-model-len, or raise --gpu-memory-utilization or the GPU memory";
constexpr std::string_view gated_model =
    "does not start: the model is gated, and it has no Hugging Face token with access to it";
constexpr std::string_view gated_advice =
    "ask for access to the model, and give its token as HF_TOKEN from a Secret";
constexpr std::string_view hub_unreachable =
    "does not start: it cannot reach huggingface.co to download the model";
constexpr std::string_view hub_advice =
    "let the pods reach it (proxy, HF_ENDPOINT), or load the model from a volume";
constexpr std::string_view model_missing =
    "does not start: the model it is told to load does not exist there";
constexpr std::string_view model_advice =
    "correct the model's name or path, or mount the volume that holds it there";
constexpr std::string_view unsupported =
    "does not start: this version of the engine does not support the model's architecture";
constexpr std::string_view unsupported_advice =
    "use an image of an engine version that supports the model";
constexpr std::string_view port_in_use = "does not start: its port is in use already";
constexpr std::string_view port_advice =
    "give each container of the pod its own port (and pods in the host's network their own)";
constexpr std::string_view gpu_missing = "does not start: it sees no GPU that it can use";
constexpr std::string_view gpu_advice =
    "request nvidia.com/gpu in its resources, and see that its node has driver and device plugin";
constexpr std::string_view storage_refuses =
    "does not start: object storage refuses it the model's files";
constexpr std::string_view storage_advice =
    "let its credentials read the bucket and path of the model";
constexpr std::string_view storage_lacks =
    "does not start: the model is not where it looks in object storage";
constexpr std::string_view model_place_advice = "correct the bucket and path of the model";
constexpr std::string_view redis_files_advice =
    "make its data folder writable for the user it runs as (securityContext.fsGroup)";

// Rows that say why a container ends or cannot become ready.
constexpr auto causes = std::to_array<LogCause>({
    {"manager-flag-unknown", flag_unknown, flag_advice},
    {"flag-unknown", flag_unknown, flag_advice},
    {"flag-unknown-long", flag_unknown, flag_advice},
    {"manager-kind-missing", kind_missing, kind_advice},
    {"kuberay-kind-missing", kind_missing, kind_advice},
    {"manager-cache-sync", "ends: kind {kind} is not served, or it may not list it",
     "install the CustomResourceDefinition of that kind, and the roles of the image's release"},
    {"cache-sync", "ends: a kind that it watches is not served, or it may not list it",
     "install the CustomResourceDefinitions and the roles of the image's release"},
    {"manager-controllers", controllers, controllers_advice},
    {"manager-controllers-invalid", controllers, controllers_advice},
    {"manager-forbidden", forbidden, forbidden_advice},
    {"plugin-forbidden", forbidden, forbidden_advice},
    {"leader-lost", "ended: it could not renew its lease in time",
     "find out why the API server answered late (its load, the container's CPU limit)"},
    {"webhook-files-missing", "does not start: the certificate of its webhook is not mounted",
     "see that its Secret exists (cert-manager issues it) and is mounted"},
    {"redis-not-available", no_redis, redis_advice},
    {"redis-connect", no_redis, redis_advice},
    {"redis-required", no_redis, redis_advice},
    {"python-redis", "cannot connect to Redis", redis_advice},
    {"redis-no-login", redis_login, login_advice},
    {"redis-wrong-password", redis_login, login_advice},
    {"redis-not-writable", "cannot write its data", redis_files_advice},
    {"redis-file-denied", "cannot write its data", redis_files_advice},
    {"redis-file-bad", "does not start: its append-only file is damaged",
     "repair the file with redis-check-aof --fix, or remove it if its contents can be lost"},
    {"envoy-gateway-kind-missing", gateway_kind_missing, gateway_kind_advice},
    {"envoy-gateway-kind-missing-log", gateway_kind_missing, gateway_kind_advice},
    {"envoy-xds-untrusted",
     "does not trust Envoy Gateway's certificate, so it gets no configuration",
     "restart it: it then loads the current certificate authority", true},
    {"envoy-xds-closed", "gets no configuration from Envoy Gateway",
     "see that Envoy Gateway runs and can be reached from Envoy's pods (port 18000)"},
    {"envoy-bind-failed", "does not start: it cannot listen on {address}",
     "give its listener a port that is free and that it may open"},
    {"exec-format",
     "cannot start: its image is built for another processor architecture than its node's",
     "use an image that is built for the node's architecture, or keep the pod to nodes of the "
     "image's (nodeSelector kubernetes.io/arch)"},
    {"executable-missing", "cannot start: its image does not have the command it is told to run",
     "correct the container's command, or use the image that has it"},
    {"listen-taken", port_in_use, port_advice},
    {"python-module-missing", "does not start: its image lacks Python module {module}",
     "use an image that fits the command"},
    {"disk-full", "ends: a disk it writes to is full",
     "give it more space (volume, emptyDir or ephemeral-storage), or clear some"},
    {"engine-gpu-memory", "runs out of GPU memory", memory_advice},
    {"engine-cache-memory", "does not start: the model leaves no GPU memory for the KV cache",
     memory_advice},
    {"engine-static-memory", "does not start: it has not enough GPU memory", memory_advice},
    {"engine-free-memory",
     "does not start: other processes use the GPU memory that it is told to take",
     "free the GPU, or lower --gpu-memory-utilization"},
    {"engine-context", context_long, context_advice},
    {"engine-context-v1", context_long, context_advice},
    {"engine-context-model",
     "does not start: --max-model-len is more than the model's own context length",
     "lower --max-model-len, or remove it"},
    {"engine-flag", "does not start: its version does not know {arguments}",
     "remove the argument, or use an image of a version that knows it"},
    {"engine-gated", gated_model, gated_advice},
    {"engine-gated-class", gated_model, gated_advice},
    {"engine-hub-login", gated_model, gated_advice},
    {"engine-no-hub", hub_unreachable, hub_advice},
    {"engine-no-hub-pool", hub_unreachable, hub_advice},
    {"engine-no-hub-name", hub_unreachable, hub_advice},
    {"engine-model-missing", model_missing, model_advice},
    {"engine-model-path", model_missing, model_advice},
    {"engine-model-repository", model_missing, model_advice},
    {"engine-no-weights", "does not start: there are no weights where it looks for the model",
     model_advice},
    {"engine-architecture", unsupported, unsupported_advice},
    {"engine-architecture-sglang", unsupported, unsupported_advice},
    {"engine-architecture-transformers", unsupported, unsupported_advice},
    {"engine-heads",
     "does not start: the model's {heads} attention heads cannot be divided by "
     "--tensor-parallel-size",
     "choose a --tensor-parallel-size that divides the number of heads"},
    {"engine-bfloat16", "does not start: its GPU does not know bfloat16",
     "pass --dtype=half, or use a GPU of compute capability 8.0 or more"},
    {"engine-port-taken", port_in_use, port_advice},
    {"engine-port-taken-python", port_in_use, port_advice},
    {"engine-nccl", "does not start: its processes on several GPUs cannot connect (NCCL)",
     "set NCCL_DEBUG=INFO to see which: network interface, /dev/shm or driver"},
    {"engine-no-gpu", gpu_missing, gpu_advice},
    {"engine-no-device", gpu_missing, gpu_advice},
    {"engine-no-libcuda", gpu_missing, gpu_advice},
    {"engine-old-driver", "does not start: the node's GPU driver is older than its image requires",
     "update the driver of the node, or use an image for an older CUDA"},
    {"engine-no-kernel", "does not start: its image is not built for this type of GPU",
     "use an image that is built for the GPU's compute capability"},
    {"engine-gpu-memory-cuda", "runs out of GPU memory", memory_advice},
    {"engine-hub-offline", hub_unreachable, hub_advice},
    {"engine-hub-forbidden", gated_model, gated_advice},
    {"engine-hub-limit", "does not start: Hugging Face limits how often it is asked",
     "give it a token (HF_TOKEN), or keep the model on a volume"},
    {"engine-hub-missing", model_missing, model_advice},
    {"engine-weights-broken", "does not start: a file of the model's weights is not whole",
     "delete the file and have it downloaded anew (a full disk or Git LFS pointers leave such files)"},
    {"engine-no-config", model_missing, model_advice},
    {"engine-quantization", "does not start: it does not know the quantization {method}",
     "correct --quantization, or use an image of a version that knows it"},
    {"engine-quantization-gpu",
     "does not start: its GPU cannot do the model's quantization, {method}",
     "use another quantization of the model, or a newer GPU"},
    {"engine-old-driver-cuda",
     "does not start: the node's GPU driver is older than its image requires",
     "update the driver of the node, or use an image for an older CUDA"},
    {"engine-flag-value", "does not start: argument {flag}: {why}",
     "correct the argument in the container's command or args"},
    {"engine-start-timeout", "does not start: loading takes longer than it waits for its processes",
     "find out from the lines above how far it came (slow storage, a process that hangs)"},
    {"storage-no-login",
     "does not start: it has no credentials for the object storage of the model",
     "give it the storage's credentials (variables of a Secret, or a ServiceAccount with a role)"},
    {"storage-denied", storage_refuses, storage_advice},
    {"storage-access-denied", storage_refuses, storage_advice},
    {"storage-missing", storage_lacks, model_place_advice},
    {"storage-no-bucket", storage_lacks, model_place_advice},
    {"storage-no-key", storage_lacks, model_place_advice},
    {"file-missing", "ends: {path} does not exist in its container",
     "correct the path, or mount the volume that holds it there"},
    {"file-denied", "ends: the user it runs as may not use {path}",
     "give that user the path (securityContext: fsGroup, runAsUser), or a writable volume there"},
});

std::string filled(std::string_view text, const std::map<std::string, std::string>& names) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) {
      out += text[at++];
      continue;
    }
    const auto found = names.find(std::string(text.substr(at + 1, close - at - 1)));
    out += found == names.end() ? "it" : base::shorten(base::printable(found->second), 80);
    at = close + 1;
  }
  return out;
}

// How much a line says by its level: 0: nothing is wrong; 2: an error.
enum class Weight { fine, plain, error };

bool names_level(std::string_view line, std::initializer_list<std::string_view> levels) {
  return std::any_of(levels.begin(), levels.end(), [&](std::string_view level) {
    return line.find(level) != std::string_view::npos;
  });
}

bool is_klog_line(std::string_view line) {
  return line.size() > 21 && line[5] == ' ' && line[8] == ':' && line.find("] ") < 80;
}

// What its level says; nothing where it has none.
std::optional<Weight> by_level(std::string_view line) {
  if (is_klog_line(line)) {
    if (line[0] == 'E' || line[0] == 'F') return Weight::error;
    if (line[0] == 'I') return Weight::fine;
    if (line[0] == 'W') return Weight::plain;
  }
  const std::string_view head = line.substr(0, 90);
  if (names_level(head, {"[critical]", "[error]", "\tERROR\t", "\terror\t", " ERROR ",
                         "\"level\":\"error\"", "\"level\":\"fatal\"", "\"level\":\"panic\"",
                         " FATAL", "CRITICAL"}) ||
      head.starts_with("ERROR")) {
    return Weight::error;
  }
  if (names_level(head,
                  {"[info]", "[debug]", "[trace]", "\tINFO\t", "\tinfo\t", "\tdebug\t", " INFO ",
                   "\tDEBUG\t", " DEBUG ", "\"level\":\"info\"", "\"level\":\"debug\""}) ||
      head.starts_with("INFO") || head.starts_with("DEBUG")) {
    return Weight::fine;
  }
  return std::nullopt;
}

// The places of a stack are where it went wrong, not what.
bool is_frame(std::string_view line) {
  const std::string_view text = base::trim(line);
  return text.empty() || line[0] == '\t' || line.starts_with("    ") ||
         text.starts_with("File \"") || text.starts_with("goroutine ") ||
         text.starts_with("Traceback ") || text.starts_with("^") || text.starts_with("#");
}

Weight weight_of(std::string_view line) {
  if (const auto level = by_level(line)) return *level;
  if (is_frame(line)) return Weight::fine;
  const std::string text = base::lower(line.substr(0, 600));
  constexpr auto words = std::to_array<std::string_view>(
      {"error", "fatal", "panic:", "exception", "failed", "cannot ", "can't ", "could not",
       "unable to", "denied", "refused", "no such ", "not found", "invalid", "bad address",
       "forbidden", "unknown ", "killed", "aborted"});
  const bool bad = std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string::npos;
  });
  return bad ? Weight::error : Weight::plain;
}

struct Known {
  const ResponsePattern* kind;
  std::string line;
  std::map<std::string, std::string> names;
};

// The row of a log that the line is.
std::optional<Known> recognised_line(std::string_view line, Writer writer) {
  std::vector<ResponseText> read = read_responses(line);
  if (read.empty()) return std::nullopt;
  ResponseText& text = read.front();
  const Form form = text.form;
  const auto match = [&]() -> std::optional<Known> {
    Match found = match_response(text);
    if (found.kind == nullptr || found.kind->log.empty()) return std::nullopt;
    return Known{found.kind, std::string(base::trim(line)), std::move(found.names)};
  };
  if (writer == Writer::unknown || text.writer != Writer::unknown) return match();
  // Whose log it is tells more than the line; but there are lines that anybody's may hold.
  text.writer = writer;
  text.form = writer == Writer::plugin ? Form::plugin_log : Form::log;
  if (auto own = match()) return own;
  text.writer = Writer::unknown;
  text.form = form;
  return match();
}

bool follows(const Known& one, const std::vector<Known>& all) {
  return std::any_of(all.begin(), all.end(),
                     [&](const Known& other) { return explains(other.kind->id, one.kind->id); });
}

// Nearest to the end, of those that no other one explains.
const Known* most_telling(const std::vector<Known>& all) {
  for (auto it = all.rbegin(); it != all.rend(); ++it) {
    if (log_cause(it->kind->id) != nullptr && !follows(*it, all)) return &*it;
  }
  return nullptr;
}

}  // namespace

const LogCause* log_cause(std::string_view id) {
  const auto it = std::find_if(causes.begin(), causes.end(),
                               [&](const LogCause& cause) { return cause.id == id; });
  return it == causes.end() ? nullptr : &*it;
}

std::size_t log_cause_count() {
  return causes.size();
}

bool LogCause::while_running() const {
  constexpr auto endings =
      std::to_array<std::string_view>({"does not start", "cannot start", "ends", "ended"});
  return std::none_of(endings.begin(), endings.end(),
                      [&](std::string_view words) { return predicate.starts_with(words); });
}

std::string LogReason::predicate() const {
  return cause == nullptr ? std::string() : filled(cause->predicate, names);
}

std::string LogReason::advice() const {
  return cause == nullptr ? std::string() : filled(cause->advice, names);
}

LogReason reason_in_log(std::string_view log, Writer writer, bool ended) {
  std::vector<Known> known;
  std::string_view last;
  std::string_view last_error;
  std::string_view before;
  for (const std::string_view line : base::split(log, '\n')) {
    if (base::trim(line).empty() || line == before) continue;
    before = line;
    const Weight weight = weight_of(line);
    if (!is_frame(line)) last = line;
    if (weight == Weight::fine) continue;
    auto found = recognised_line(line, writer);
    if (weight == Weight::error && !(found && follows(*found, known))) last_error = line;
    if (found) known.push_back(std::move(*found));
  }
  LogReason out;
  if (const Known* best = most_telling(known)) {
    out.kind = best->kind;
    out.cause = log_cause(best->kind->id);
    out.line = best->line;
    out.names = best->names;
  } else if (!last_error.empty()) {
    out.line = base::trim(last_error);
  } else if (ended) {
    out.line = base::trim(last);
  }
  return out;
}

}  // namespace aibrix
