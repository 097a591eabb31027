// What the catalogue reads out of whole logs.
#include "aibrix/responses/log_reason.hpp"

#include "catch.hpp"

using aibrix::reason_in_log;
using Writer = aibrix::ResponseText::Writer;

namespace {

std::string id(std::string_view log, Writer writer = Writer::unknown) {
  const aibrix::LogReason reason = reason_in_log(log, writer, true);
  return reason.cause == nullptr ? "unknown: " + reason.line : std::string(reason.cause->id);
}

}  // namespace

TEST_CASE("programs that end at once say why in their logs") {
  struct Example {
    std::string_view log, id;
    Writer writer = Writer::unknown;
  };
  // The texts are those of the programs' sources: controller-runtime, klog, pkg/plugins, vLLM,
  // transformers, huggingface_hub, SGLang, torch, Redis, Envoy, runc.
  const Example examples[] = {
      {"flag provided but not defined: -enable-runtime-sidecar\nUsage of /manager:\n  -x string\n",
       "manager-flag-unknown", Writer::controller},
      {"flag provided but not defined: -enable-feature-x\nUsage of /manager:\n", "flag-unknown",
       Writer::controller},
      {"Error: unknown flag: --envoy-mode\n", "flag-unknown-long"},
      {"exec /manager: exec format error\n", "exec-format", Writer::controller},
      {"E0812 10:02:00.000000       1 kind.go:71] \"if kind is a CRD, it should be installed "
       "before calling Start\" err=\"no matches for kind \\\"PodSet\\\" in version "
       "\\\"orchestration.aibrix.ai/v1alpha1\\\"\" kind=\"PodSet.orchestration.aibrix.ai\"\n"
       "E0812 10:04:00.000000       1 controller.go:200] \"Could not wait for Cache to sync\" "
       "err=\"failed to wait for podset caches to sync: timed out waiting for cache to be synced "
       "for Kind *v1alpha1.PodSet\" controller=\"podset\"\n"
       "E0812 10:04:01.000000       1 main.go:250] \"problem running manager\" err=\"failed to "
       "wait for podset caches to sync: timed out waiting for cache to be synced for Kind "
       "*v1alpha1.PodSet\"\n",
       "manager-kind-missing", Writer::controller},
      {"E0812 10:00:00.000000       1 main.go:150] \"invalid controller specified\" "
       "err=\"\\\"model-claim-controller\\\" is not in the list of known controllers\"\n",
       "manager-controllers", Writer::controller},
      {"E1129 04:45:18.610683    3933 main.go:170] \"msg\"=\"unable to validate the controllers, "
       "please type the right controller names through --controllers\" \"error\"=\"invalid "
       "controller specified: model-claim-controler\" \"logger\"=\"setup\"\n",
       "manager-controllers-invalid", Writer::controller},
      {"E0812 10:02:00.000000       1 kind.go:71] \"msg\"=\"if kind is a CRD, it should be installed "
       "before calling Start\" \"error\"=\"no matches for kind \\\"PodSet\\\" in version "
       "\\\"orchestration.aibrix.ai/v1alpha1\\\"\" \"kind\"=\"PodSet.orchestration.aibrix.ai\"\n",
       "manager-kind-missing", Writer::controller},
      {"W0812 10:00:00.000000       1 redis.go:40] Redis not available: dial tcp "
       "10.96.1.2:6379: connect: connection refused\n"
       "F0812 10:00:00.000000       1 main.go:95] Redis is required in Kubernetes mode\n",
       "redis-not-available", Writer::plugin},
      {"F0812 10:00:00.000000       1 redis.go:40] Error connecting to Redis: dial tcp "
       "10.96.1.2:6379: connect: connection refused\n",
       "redis-connect", Writer::plugin},
      {"failed to create provider Kubernetes: failed to create gatewayapi controller: no matches "
       "for kind \"TLSRoute\" in version \"gateway.networking.k8s.io/v1\"\n",
       "envoy-gateway-kind-missing", Writer::envoy_gateway},
      {"[2026-09-14 07:40:01.000][1][warning][config] "
       "[./source/extensions/config_subscription/grpc/grpc_stream.h:226] DeltaAggregatedResources "
       "gRPC config stream to xds_cluster closed: 14, upstream connect error or "
       "disconnect/reset before headers. reset reason: remote connection failure, transport "
       "failure reason: TLS_error:|268435581:SSL routines:OPENSSL_internal:"
       "CERTIFICATE_VERIFY_FAILED\n",
       "envoy-xds-untrusted", Writer::envoy},
      {"ERROR 11-28 09:00:00 [core.py:700] torch.OutOfMemoryError: CUDA out of memory. Tried to "
       "allocate 896.00 MiB.\n"
       "RuntimeError: Engine core initialization failed. See root cause above. Failed core "
       "proc(s): {}\n",
       "engine-gpu-memory"},
      {"ValueError: Free memory on device (3.2/22.0 GiB) on startup is less than desired GPU "
       "memory utilization (0.9, 19.8 GiB). Decrease GPU memory utilization or reduce GPU memory "
       "used by other processes.\n",
       "engine-free-memory"},
      {"ValueError: To serve at least one request with the models's max seq len (131072), (16.00 "
       "GiB KV cache is needed, which is larger than the available KV cache memory (5.1 GiB).\n",
       "engine-context-v1"},
      {"OSError: /models/lama is not a local folder and is not a valid model identifier listed on "
       "'https://huggingface.co/models'\n",
       "engine-model-missing"},
      {"huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1)\n\nCannot "
       "access gated repo for url https://huggingface.co/meta-llama/x/resolve/main/config.json.\n",
       "engine-gated"},
      {"ValueError: Model architectures ['Qwen9ForCausalLM'] are not supported for now. Supported "
       "architectures: dict_keys([])\n",
       "engine-architecture"},
      {"ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address "
       "already in use\n",
       "engine-port-taken"},
      {"torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:2027, unhandled "
       "system error\n",
       "engine-nccl"},
      {"api_server.py: error: unrecognized arguments: --enable-lora-x\n", "engine-flag"},
      {"ModuleNotFoundError: No module named 'kubernetes'\n", "python-module-missing"},
      {"1:M 12 Sep 2026 10:00:00.000 # Can't open or create append-only dir appendonlydir: "
       "Permission denied\n",
       "redis-not-writable"},
      {"listen tcp :8080: bind: address already in use\n", "listen-taken"},
      {"RuntimeError: Worker failed with error 'CUDA error: out of memory'\n"
       "FileNotFoundError: [Errno 2] No such file or directory: '/psm_9f2a'\n",
       "engine-gpu-memory-cuda"},
      {"FileNotFoundError: [Errno 2] No such file or directory: '/models/llama/config.json'\n"
       "RuntimeError: Engine core initialization failed. See root cause above.\n",
       "file-missing"},
      {"safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge\n",
       "engine-weights-broken"},
      {"botocore.exceptions.NoCredentialsError: Unable to locate credentials\n",
       "storage-no-login"},
      {"botocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject "
       "operation: Forbidden\n",
       "storage-denied"},
      {"vllm: error: argument --max-model-len: invalid int value: '8k'\n", "engine-flag-value"},
      {"ValueError: The quantization method fp8 is not supported for the current GPU. Minimum "
       "capability: 89. Current capability: 80.\n",
       "engine-quantization-gpu"},
  };
  for (const Example& example : examples) {
    CAPTURE(example.log);
    CHECK(id(example.log, example.writer) == example.id);
  }
}

TEST_CASE("what is logged as information tells no cause") {
  CHECK(id("INFO 11-28 09:00:00 [x.py:1] retry after CUDA out of memory was handled\n"
           "INFO 11-28 09:00:01 [x.py:1] ready\n") ==
        "unknown: INFO 11-28 09:00:01 [x.py:1] ready");
  CHECK(id("I0812 10:00:00.000000       1 a.go:1] \"flag provided but not defined: -x\"\n")
            .starts_with("unknown: I0812"));
  // Of a container that runs, such a line is no evidence at all.
  CHECK(reason_in_log("INFO 11-28 09:00:01 [x.py:1] ready\n", Writer::unknown, false).line.empty());
}

TEST_CASE("of a log that nobody knows the last line that looks like an error is given") {
  CHECK(
      id("starting\nTraceback (most recent call last):\n  File \"/app/x.py\", line 1, in <module>\n"
         "    raise Trouble()\nx.Trouble: the moon is wrong, which is an error\n\n") ==
      "unknown: x.Trouble: the moon is wrong, which is an error");
  CHECK(id("panic: runtime error: index out of range [3]\n\ngoroutine 1 [running]:\n"
           "main.main()\n\t/app/main.go:8 +0x1d\n") ==
        "unknown: panic: runtime error: index out of range [3]");
  CHECK(id("one\ntwo\n") == "unknown: two");
}

TEST_CASE("a line that names things has them in its cause") {
  const auto flag =
      reason_in_log("flag provided but not defined: -disable-webhook\n", Writer::controller, true);
  CHECK(flag.predicate() ==
        "does not start: it is started with -disable-webhook, a flag that its image does not know");
  CHECK(flag.advice().find("remove -disable-webhook") != std::string::npos);
}

TEST_CASE("of a program that runs, nothing is said that only one that ended can show") {
  CHECK_FALSE(aibrix::log_cause("listen-taken")->while_running());
  CHECK_FALSE(aibrix::log_cause("manager-cache-sync")->while_running());
  CHECK(aibrix::log_cause("envoy-xds-untrusted")->while_running());
}

TEST_CASE("every cause of a log is a row of the catalogue, and leaves no name open") {
  // By way of the pattern itself: what it needs in order to fit.
  std::size_t with_cause = 0;
  for (const aibrix::ResponsePattern* row : aibrix::all_responses()) {
    const aibrix::LogCause* cause = aibrix::log_cause(row->id);
    if (cause == nullptr) continue;
    ++with_cause;
    CAPTURE(row->id);
    CHECK_FALSE(row->log.empty());
    for (std::string_view text : {cause->predicate, cause->advice}) {
      for (std::size_t at = text.find('{'); at != std::string_view::npos;
           at = text.find('{', at + 1)) {
        const std::string_view name = text.substr(at, text.find('}', at) - at + 1);
        CHECK(row->log.find(name) != std::string_view::npos);
      }
    }
  }
  CHECK(with_cause == aibrix::log_cause_count());
}
