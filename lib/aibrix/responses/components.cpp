// Lines of logs and events of what works beside the gateway plugin: AIBrix's controllers and
// services, Envoy Gateway, Envoy, KubeRay, engines, kubelet and scheduler, as `kubectl logs` and
// `kubectl describe` show them.
#include <algorithm>

#include "aibrix/responses/responses.hpp"
#include "aibrix/responses/sources.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using namespace codes;

constexpr ResponseCause crd_missing[] = {
    {"the CustomResourceDefinition of the kind named is missing, or may not be listed",
     {INS002, INS008}},
};
constexpr ResponseCause crd_missing_elsewhere[] = {
    {"the CustomResourceDefinition of the kind named is missing, or may not be listed",
     {},
     false,
     true},
};
constexpr ResponseCause flag_too_new[] = {
    {"the image is older than the manifests: it does not know this flag", INS012},
};
constexpr ResponseCause flag_not_known[] = {
    {"the program does not know this flag: another version than the manifests are for, or a typo",
     {}},
};
constexpr ResponseCause controllers_list[] = {
    {"--controllers of aibrix-controller-manager has a name that this release does not know",
     INS017},
};
constexpr ResponseCause adapter_refused[] = {
    {"the engine refuses the adapter; its answer stands in the text", LOR002},
};
constexpr ResponseCause role_lacks[] = {
    {"the service account named lacks this right: its role is of another release than its image",
     INS008},
};
constexpr ResponseCause lost_lease[] = {
    {"the API server was too slow or could not be reached, so the program ended itself and starts "
     "again",
     {}},
};
constexpr ResponseCause no_trace[] = {
    {"the gateway plugins run without AIBRIX_GPU_OPTIMIZER_TRACING_FLAG=true, so they write no "
     "request traces",
     ASC007},
    {"no request for this model was sent yet", {}},
};
constexpr ResponseCause redis_unreachable[] = {
    {"Redis is down or cannot be reached", {RED001, RED002}}};
constexpr ResponseCause gateway_api_old[] = {
    {"Gateway API's CustomResourceDefinitions are older than this Envoy Gateway: the kind named is "
     "missing in that version",
     VER001},
};
constexpr ResponseCause old_ca[] = {
    {"Envoy still trusts the old certificate authority: Envoy Gateway's certificates were re-created "
     "after Envoy's pod started. Restart Envoy's pod",
     VER005},
};
constexpr ResponseCause no_xds[] = {
    {"Envoy Gateway is down, or cannot be reached from Envoy's pod", GW001},
};
constexpr ResponseCause other_processor[] = {
    {"the image is for another processor architecture than the node's (amd64, arm64)", POD001},
};
constexpr ResponseCause image_gone[] = {
    {"the image's name or tag does not exist, or the registry cannot be reached or wants a login; "
     "the event says which",
     MDL006},
};
constexpr ResponseCause image_limit[] = {
    {"Docker Hub's limit on pulls is used up: log in, or use a mirror", {}},
};
constexpr ResponseCause no_gpu_left[] = {
    {"no node has that many free GPUs", {MDL006}},
};
constexpr ResponseCause no_node[] = {
    {"no node fits the pod; the text names what each node lacks", {MDL006}},
};
constexpr ResponseCause no_memory[] = {
    {"the container used more memory than its limit (resources.limits.memory)", {}, false, true},
};
constexpr ResponseCause not_listening[] = {
    {"the container does not listen on that port yet: it is still loading, or listens elsewhere",
     {MDL006}},
};
constexpr ResponseCause probe_refused[] = {
    {"the container answers its probe with an error: it is not ready yet, or the path is wrong",
     {MDL006}},
};
constexpr ResponseCause probe_late[] = {
    {"the container does not answer its probe in time: it is busy or still loading", {MDL006}},
};
constexpr ResponseCause config_missing[] = {
    {"a ConfigMap or Secret that the container refers to does not exist", {MDL006}},
};
constexpr ResponseCause mount_failed[] = {
    {"a volume of the pod cannot be mounted; the text says which and why", {MDL006}},
};
constexpr ResponseCause claim_unbound[] = {
    {"a PersistentVolumeClaim of the pod is not bound: no volume or StorageClass fits", {MDL006}},
};
constexpr ResponseCause it_ends[] = {
    {"the container ends again and again; its log of the run before says why (kubectl logs "
     "--previous -c CONTAINER)",
     {MDL006, INS005, INS010, GW001}},
};
constexpr ResponseCause no_grant[] = {
    {"no ReferenceGrant in the Service's namespace permits the reference: aibrixctl fix "
     "referencegrants -n NAMESPACE",
     {REF001, REF002, REF003, REF004}},
};
constexpr ResponseCause no_service[] = {
    {"the Service that the route refers to, or its port, does not exist", {MDL010, MDL009}},
};
constexpr ResponseCause gpu_memory[] = {
    {"the model, its context length or --gpu-memory-utilization need more GPU memory than there is",
     {}},
};
constexpr ResponseCause context_too_long[] = {
    {"--max-model-len is more than the KV cache holds: lower it, or give more GPU memory", {}},
};
constexpr ResponseCause engine_flag[] = {
    {"this version of the engine does not know the argument", {}},
};
constexpr ResponseCause gated[] = {
    {"the model needs a Hugging Face token with access to it (HF_TOKEN)", {}},
};
constexpr ResponseCause no_hub[] = {
    {"the engine's pod cannot reach the place the model is downloaded from", {}},
};
constexpr ResponseCause port_taken[] = {
    {"another process of the pod listens on that port", {}},
};
constexpr ResponseCause nccl[] = {
    {"the engine's processes cannot talk to each other: network interface, shared memory (/dev/shm) "
     "or GPU driver; NCCL_DEBUG=INFO shows which",
     {}},
};
constexpr ResponseCause ray_waits[] = {
    {"the workers of its Ray cluster have not joined: they are Pending, end, or listen on another address than VLLM_HOST_IP",
     {RAY001, MDL006}},
    {"the engine's --tensor-parallel-size times --pipeline-parallel-size is more than the GPUs of head and workers together",
     {}},
};
constexpr ResponseCause no_gpu[] = {
    {"the container sees no GPU: no nvidia.com/gpu in its resources, or no device plugin or driver "
     "on the node",
     {}},
};
constexpr ResponseCause hub_limit[] = {
    {"Hugging Face limits how often it is asked: give a token (HF_TOKEN), or keep the model on a volume",
     {}},
};
constexpr ResponseCause weights_broken[] = {
    {"a file of weights is not whole: its download was cut off, the disk was full, or it is a pointer of Git LFS and not the file",
     {}},
};
constexpr ResponseCause quantization[] = {
    {"the engine's version does not know this quantization, or --quantization is misspelled", {}},
};
constexpr ResponseCause flag_value[] = {
    {"an argument of the container has no value, or one that the engine does not take", {}},
};
constexpr ResponseCause slow_start[] = {
    {"loading takes longer than the engine waits, or one of its processes hangs; the lines above tell how far it came",
     {}},
};
constexpr ResponseCause chat_template[] = {
    {"the model's tokenizer has no chat template: give one with --chat-template, or ask /v1/completions",
     {}},
};
constexpr ResponseCause storage_login[] = {
    {"the container has no credentials for object storage: variables of a Secret, or a ServiceAccount with a role",
     {}},
};
constexpr ResponseCause storage_denied[] = {
    {"the credentials may not read this bucket or path", {}},
};
constexpr ResponseCause storage_missing[] = {
    {"the bucket or path is misspelled, or in another region or account", {}},
};
constexpr ResponseCause file_missing[] = {
    {"the path is misspelled, or the volume that holds it is not mounted there", {}},
};
constexpr ResponseCause file_denied[] = {
    {"the user that the container runs as may not use the path (securityContext: runAsUser, fsGroup, readOnlyRootFilesystem)",
     {}},
};
constexpr ResponseCause stands_above[] = {
    {"the error above it in the engine's log says why", {}},
};
constexpr ResponseCause gpu_taken[] = {
    {"other processes use the same GPU, or --gpu-memory-utilization is too high", {}},
};
constexpr ResponseCause model_not_there[] = {
    {"the model's name is misspelled, or its path does not exist in the container (a volume is not "
     "mounted there)",
     {}},
};
constexpr ResponseCause not_supported[] = {
    {"the engine's version is older than the model, or does not support it", {}},
};
constexpr ResponseCause does_not_divide[] = {
    {"--tensor-parallel-size does not divide the model's attention heads", {}},
};
constexpr ResponseCause old_gpu[] = {
    {"the GPU is of another generation than the image or the model's type of number needs", {}},
};
constexpr ResponseCause old_driver[] = {
    {"the node's GPU driver is older than the image's CUDA", {}},
};
constexpr ResponseCause no_files[] = {
    {"the Secret of the webhook's certificate is missing, or was not mounted", {WH004}},
};
constexpr ResponseCause redis_files[] = {
    {"the user that Redis runs as may not write to its volume, or the volume is full", {}},
};
constexpr ResponseCause redis_damaged[] = {
    {"Redis was killed while it wrote its append-only file", {}},
};
constexpr ResponseCause cannot_listen[] = {
    {"the port is taken, or is below 1024 and the container may not open it", {}},
};
constexpr ResponseCause other_command[] = {
    {"the command in the pod's spec is not in the image: a typo, or another image", {}},
};
constexpr ResponseCause module_missing[] = {
    {"the image does not hold what the command needs: another version, or another image", {}},
};
constexpr ResponseCause no_space[] = {
    {"a volume, /dev/shm or the node's disk is full", {}},
};
constexpr ResponseCause lora_rank[] = {
    {"the adapter's rank is larger than the engine's --max-lora-rank", {}},
};

bool is_log(const ResponseText& a) {
  return a.form == ResponseText::Form::log;
}

bool names_any(const ResponseText& a, std::initializer_list<std::string_view> words) {
  const std::string text = a.whole + ' ' + a.message + ' ' + a.error;
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool names_aibrix_kind(const ResponseText& a) {
  return names_any(a, {"aibrix", "PodSet", "RoleSet", "StormService", "ModelAdapter", "KVCache",
                       "PodAutoscaler", "RayClusterFleet", "RayClusterReplicaSet", "ModelClaim",
                       "ModelRoute", "podset", "roleset", "stormservice", "model-adapter"});
}

// Flags that the controller-manager has had, in any release up to v0.7 and main.
bool names_manager_flag(const ResponseText& a) {
  return names_any(a, {"-enable-runtime-sidecar", "-disable-webhook", "-debug-mode", "-controllers",
                       "-model-adapter-scheduler-policy", "-leader-elect", "-kube-api-qps",
                       "-kube-api-burst", "-health-probe-bind-address"});
}

bool names_manager_account(const ResponseText& a) {
  return names_any(a, {":aibrix-controller-manager", "aibrix-system:controller-manager"});
}
bool names_plugin_account(const ResponseText& a) {
  return names_any(a, {":aibrix-gateway-plugin"});
}

using namespace sources;

constexpr std::string_view not_started =
    "The controller does not start: the API server does not serve a kind that it watches.";
constexpr std::string_view unknown_flag =
    "The program ends at once: it was started with a flag it does not know.";
constexpr std::string_view may_not = "RBAC does not permit what the program asks for.";
constexpr std::string_view no_start = "The pod's container cannot start.";
constexpr std::string_view not_scheduled = "The pod is not scheduled.";
constexpr std::string_view not_ready = "A probe of the container failed.";
constexpr std::string_view engine_ends = "The engine does not start.";

constexpr ResponsePattern components_rows[] = {
    // clang-format off
    {.id = "manager-cache-sync", .source = M, .log = "*failed to wait for {controller} caches to sync: timed out waiting for cache to be synced for Kind {kind}", .when = names_aibrix_kind, .meaning = not_started, .causes = crd_missing},
    {.id = "cache-sync", .source = U, .log = "*timed out waiting for cache to be synced*", .meaning = not_started, .causes = crd_missing_elsewhere},
    {.id = "manager-kind-missing", .source = M, .log = "*no matches for kind \"{kind}\" in version \"{version}\"*", .when = is_log, .meaning = not_started, .causes = crd_missing},
    {.id = "manager-flag-unknown", .source = M, .log = "*flag provided but not defined: {flag}", .when = names_manager_flag, .meaning = unknown_flag, .causes = flag_too_new},
    {.id = "flag-unknown", .source = U, .log = "*flag provided but not defined: {flag}", .meaning = unknown_flag, .causes = flag_not_known},
    {.id = "flag-unknown-long", .source = U, .log = "*unknown flag: {flag}", .meaning = "A program was called with a flag it does not know.", .causes = flag_not_known},
    {.id = "manager-controllers", .source = M, .log = "*is not in the list of known controllers*", .meaning = "The manager ends at once: it does not know a controller that it is told to run.", .causes = controllers_list},
    {.id = "manager-controllers-invalid", .source = M, .log = "*invalid controller specified: {name}", .meaning = "The manager ends at once: it does not know a controller that it is told to run.", .causes = controllers_list},
    {.id = "manager-adapter-refused", .source = M, .log = "*failed to load LoRA adapter (status {code})*", .meaning = "The engine did not load the ModelAdapter's files.", .causes = adapter_refused},
    {.id = "manager-adapter-failed", .source = M, .log = "*failed to load adapter on any pods*", .meaning = "No engine loaded the ModelAdapter's files.", .causes = adapter_refused},
    {.id = "manager-forbidden", .source = M, .log = "*is forbidden: User \"{user}\" cannot {verb} resource \"{resource}\"*", .when = names_manager_account, .meaning = may_not, .causes = role_lacks},
    {.id = "plugin-forbidden", .source = ResponseSource::plugin, .log = "*is forbidden: User \"{user}\" cannot {verb} resource \"{resource}\"*", .when = names_plugin_account, .meaning = may_not, .causes = role_lacks},
    {.id = "leader-lost", .source = U, .log = "*leader election lost*", .meaning = "A controller ended because it could not renew its lease.", .causes = lost_lease},
    {.id = "optimizer-no-trace", .source = ResponseSource::optimizer, .log = "*No pre-existed load profile matching aibrix:{model}_request_trace_* found in Redis*", .meaning = "The GPU optimizer finds no record of requests, so it recommends nothing.", .causes = no_trace},
    {.id = "python-redis", .source = U, .log = "*redis.exceptions.ConnectionError*", .meaning = "A Python service of AIBrix's (metadata service, GPU optimizer) does not reach Redis.", .causes = redis_unreachable},

    {.id = "envoy-gateway-kind-missing", .source = G, .log = "*failed to create gatewayapi controller: no matches for kind \"{kind}\" in version \"{version}\"*", .meaning = "Envoy Gateway does not start: the API server does not serve a kind that it watches.", .causes = gateway_api_old},
    {.id = "envoy-gateway-kind-missing-log", .source = G, .log = "*no matches for kind \"{kind}\" in version \"gateway.networking.k8s.io/{version}\"*", .when = is_log, .meaning = "Envoy Gateway does not start: the API server does not serve a kind that it watches.", .causes = gateway_api_old},
    {.id = "envoy-xds-untrusted", .source = E, .log = "*config stream to xds_cluster closed*CERTIFICATE_VERIFY_FAILED*", .meaning = "Envoy does not trust Envoy Gateway's certificate, so it gets no new configuration.", .causes = old_ca},
    {.id = "envoy-xds-closed", .source = E, .log = "*config stream to xds_cluster closed*", .meaning = "Envoy gets no new configuration from Envoy Gateway; it goes on with the last one.", .causes = no_xds},
    {.id = "condition-ref-not-permitted", .source = G, .log = "*not permitted by any ReferenceGrant*", .meaning = "An HTTPRoute may not refer to a Service in another namespace.", .causes = no_grant},
    {.id = "condition-ref-reason", .source = G, .log = "*Reason: RefNotPermitted*", .meaning = "An HTTPRoute may not refer to a Service in another namespace.", .causes = no_grant},
    {.id = "condition-backend-reason", .source = G, .log = "*Reason: BackendNotFound*", .meaning = "An HTTPRoute refers to something that is not there.", .causes = no_service},
    {.id = "kuberay-kind-missing", .source = R, .log = "*no matches for kind \"{kind}\" in version \"{version}\"*", .when = is_log, .meaning = "KubeRay does not start: the API server does not serve a kind that it watches.", .causes = crd_missing_elsewhere},

    // controller-runtime pkg/certwatcher; Redis src/aof.c, src/rdb.c; Envoy
    // source/common/network/listen_socket_impl.cc; runc; Go's net; Python.
    {.id = "webhook-files-missing", .source = M, .log = "*open *serving-certs/tls.crt: no such file or directory*", .meaning = "The manager ends: its webhook server has no certificate.", .causes = no_files},
    {.id = "redis-not-writable", .source = U, .log = "*Can't open or create append-only *: Permission denied*", .meaning = "Redis ends: it may not write its files.", .causes = redis_files},
    {.id = "redis-file-denied", .source = U, .log = "*Failed opening the *RDB file *: Permission denied*", .meaning = "Redis may not write its files.", .causes = redis_files},
    {.id = "redis-file-bad", .source = U, .log = "*Bad file format reading the append only file*", .meaning = "Redis ends: it cannot read its append-only file.", .causes = redis_damaged},
    {.id = "envoy-bind-failed", .source = E, .log = "*cannot bind '{address}':*", .meaning = "Envoy cannot open one of its listeners.", .causes = cannot_listen},
    {.id = "executable-missing", .source = S, .log = "*executable file not found in $PATH*", .meaning = no_start, .causes = other_command},
    {.id = "listen-taken", .source = U, .log = "*bind: address already in use*", .meaning = "A program cannot listen on its port.", .causes = port_taken},
    {.id = "python-module-missing", .source = U, .log = "*ModuleNotFoundError: No module named '{module}'*", .meaning = "A Python program ends: a module it needs is not in the image.", .causes = module_missing},
    {.id = "disk-full", .source = U, .log = "*no space left on device*", .meaning = "A program cannot write: there is no space left.", .causes = no_space},
    {.id = "exec-format", .source = S, .log = "*exec format error*", .meaning = no_start, .causes = other_processor},
    {.id = "no-platform", .source = S, .log = "*no match for platform in manifest*", .meaning = "The image cannot be pulled for this node.", .causes = other_processor},
    {.id = "no-platform-list", .source = S, .log = "*no matching manifest for {platform} in the manifest list*", .meaning = "The image cannot be pulled for this node.", .causes = other_processor},
    {.id = "image-limit", .source = S, .log = "*reached your* pull rate limit*", .meaning = "The image was not pulled.", .causes = image_limit},
    {.id = "image-pull", .source = S, .log = "*ErrImagePull*", .meaning = "The image was not pulled.", .causes = image_gone},
    {.id = "image-back-off", .source = S, .log = "*ImagePullBackOff*", .meaning = "The image was not pulled, again and again.", .causes = image_gone},
    {.id = "image-failed", .source = S, .log = "*failed to pull image \"{image}\"*", .meaning = "The image was not pulled.", .causes = image_gone},
    {.id = "too-few-gpus", .source = S, .log = "*nodes are available:*Insufficient nvidia.com/gpu*", .meaning = not_scheduled, .causes = no_gpu_left},
    {.id = "claim-unbound", .source = S, .log = "*unbound immediate PersistentVolumeClaims*", .meaning = not_scheduled, .causes = claim_unbound},
    {.id = "unschedulable", .source = S, .log = "*nodes are available:*", .meaning = not_scheduled, .causes = no_node},
    {.id = "oom-killed", .source = S, .log = "*OOMKilled*", .meaning = "The kernel killed the container.", .causes = no_memory},
    {.id = "probe-refused", .source = S, .log = "*probe failed:*connection refused*", .meaning = not_ready, .causes = not_listening},
    {.id = "probe-status", .source = S, .log = "*probe failed: HTTP probe failed with statuscode: {code}", .meaning = not_ready, .causes = probe_refused},
    {.id = "probe-timeout", .source = S, .log = "*probe failed:*deadline exceeded*", .meaning = not_ready, .causes = probe_late},
    {.id = "container-config", .source = S, .log = "*CreateContainerConfigError*", .meaning = no_start, .causes = config_missing},
    {.id = "mount-failed", .source = S, .log = "*MountVolume.SetUp failed for volume \"{volume}\"*", .meaning = no_start, .causes = mount_failed},
    {.id = "crash-loop", .source = S, .log = "*CrashLoopBackOff*", .meaning = "A container ends again and again; this does not say why.", .causes = it_ends},
    {.id = "restarting", .source = S, .log = "*back-off* restarting failed container*", .meaning = "A container ends again and again; this does not say why.", .causes = it_ends},

    {.id = "engine-gpu-memory", .source = N, .log = "*CUDA out of memory*", .meaning = "The engine has not enough GPU memory.", .causes = gpu_memory},
    {.id = "engine-cache-memory", .source = N, .log = "*No available memory for the cache blocks*", .meaning = engine_ends, .causes = gpu_memory},
    {.id = "engine-static-memory", .source = N, .log = "*not enough memory*mem-fraction-static*", .meaning = engine_ends, .causes = gpu_memory},
    {.id = "engine-context", .source = N, .log = "*maximum number of tokens that can be stored in KV cache*", .meaning = engine_ends, .causes = context_too_long},
    {.id = "engine-flag", .source = N, .log = "*error: unrecognized arguments: {arguments}", .meaning = engine_ends, .causes = engine_flag},
    {.id = "engine-gated", .source = N, .log = "*gated repo*", .meaning = engine_ends, .causes = gated},
    {.id = "engine-gated-class", .source = N, .log = "*GatedRepoError*", .meaning = engine_ends, .causes = gated},
    {.id = "engine-no-hub", .source = N, .log = "*couldn't connect to 'https://huggingface.co' to load*", .meaning = engine_ends, .causes = no_hub},
    {.id = "engine-no-hub-pool", .source = N, .log = "*host='huggingface.co'*max retries exceeded*", .meaning = engine_ends, .causes = no_hub},
    {.id = "engine-port-taken", .source = N, .log = "*error while attempting to bind on address*", .meaning = engine_ends, .causes = port_taken},
    {.id = "engine-nccl", .source = N, .log = "*NCCL error*", .meaning = "The engine's processes on several GPUs failed to connect.", .causes = nccl},
    {.id = "engine-ray-waits", .source = N, .log = "*waiting for creating a placement group*", .meaning = "The engine waits for the GPUs of other nodes of its Ray cluster.", .causes = ray_waits},
    {.id = "engine-no-gpu", .source = N, .log = "*No CUDA GPUs are available*", .meaning = engine_ends, .causes = no_gpu},
    // vLLM v1/worker/gpu_worker.py, v1/core/kv_cache_utils.py, config; transformers utils/hub.py and
    // models/auto; huggingface_hub utils/_validators.py; sglang model_executor; torch; uvicorn.
    {.id = "engine-free-memory", .source = N, .log = "*free memory on device*is less than desired GPU memory utilization*", .meaning = engine_ends, .causes = gpu_taken},
    {.id = "engine-context-v1", .source = N, .log = "*to serve at least one request with the model*max seq len*KV cache is needed*", .meaning = engine_ends, .causes = context_too_long},
    {.id = "engine-context-model", .source = N, .log = "*user-specified max_model_len*is greater than the derived max_model_len*", .meaning = engine_ends, .causes = context_too_long},
    {.id = "engine-hub-login", .source = N, .log = "*401 Client Error*huggingface.co*", .meaning = engine_ends, .causes = gated},
    {.id = "engine-no-hub-name", .source = N, .log = "*failed to resolve 'huggingface.co'*", .meaning = engine_ends, .causes = no_hub},
    {.id = "engine-model-missing", .source = N, .log = "*is not a local folder and is not a valid model identifier*", .meaning = engine_ends, .causes = model_not_there},
    {.id = "engine-model-path", .source = N, .log = "*repo id must be in the form 'repo_name' or 'namespace/repo_name'*", .meaning = engine_ends, .causes = model_not_there},
    {.id = "engine-model-repository", .source = N, .log = "*RepositoryNotFoundError*", .meaning = engine_ends, .causes = model_not_there},
    {.id = "engine-no-weights", .source = N, .log = "*cannot find any model weights with*", .meaning = engine_ends, .causes = model_not_there},
    {.id = "engine-architecture", .source = N, .log = "*model architectures {architectures} are not supported for now*", .meaning = engine_ends, .causes = not_supported},
    {.id = "engine-architecture-sglang", .source = N, .log = "*unsupported architectures: {architectures}", .meaning = engine_ends, .causes = not_supported},
    {.id = "engine-architecture-transformers", .source = N, .log = "*has model type `{type}` but Transformers does not recognize this architecture*", .meaning = engine_ends, .causes = not_supported},
    {.id = "engine-heads", .source = N, .log = "*total number of attention heads ({heads}) must be divisible by tensor parallel size*", .meaning = engine_ends, .causes = does_not_divide},
    {.id = "engine-bfloat16", .source = N, .log = "*bfloat16 is only supported on GPUs with compute capability of at least*", .meaning = engine_ends, .causes = old_gpu},
    {.id = "engine-no-kernel", .source = N, .log = "*no kernel image is available for execution on the device*", .meaning = engine_ends, .causes = old_gpu},
    {.id = "engine-old-driver", .source = N, .log = "*The NVIDIA driver on your system is too old*", .meaning = engine_ends, .causes = old_driver},
    {.id = "engine-no-device", .source = N, .log = "*failed to infer device type*", .meaning = engine_ends, .causes = no_gpu},
    {.id = "engine-no-libcuda", .source = N, .log = "*libcuda.so.1: cannot open shared object file*", .meaning = engine_ends, .causes = no_gpu},
    {.id = "engine-port-taken-python", .source = N, .log = "*OSError: [Errno 98] Address already in use*", .meaning = engine_ends, .causes = port_taken},
    {.id = "engine-lora-rank", .source = N, .log = "*LoRA rank {rank} is greater than max_lora_rank*", .meaning = "The engine does not load the adapter.", .causes = lora_rank},
    // vLLM engine/arg_utils (argparse), v1/engine/utils.py, model_executor; huggingface_hub, safetensors, ray, botocore, Python.
    {.id = "engine-gpu-memory-cuda", .source = N, .log = "*CUDA error: out of memory*", .meaning = "The engine has not enough GPU memory.", .causes = gpu_memory},
    {.id = "engine-hub-offline", .source = N, .log = "*LocalEntryNotFoundError*", .meaning = engine_ends, .causes = no_hub},
    {.id = "engine-hub-forbidden", .source = N, .log = "*403 Client Error*huggingface.co*", .meaning = engine_ends, .causes = gated},
    {.id = "engine-hub-limit", .source = N, .log = "*429 Client Error*huggingface.co*", .meaning = engine_ends, .causes = hub_limit},
    {.id = "engine-hub-missing", .source = N, .log = "*404 Client Error*huggingface.co*", .meaning = engine_ends, .causes = model_not_there},
    {.id = "engine-weights-broken", .source = N, .log = "*error while deserializing header*", .meaning = engine_ends, .causes = weights_broken},
    {.id = "engine-no-config", .source = N, .log = "*no supported config format found in {path}", .meaning = engine_ends, .causes = model_not_there},
    {.id = "engine-quantization", .source = N, .log = "*unknown quantization method: {method}", .meaning = engine_ends, .causes = quantization},
    {.id = "engine-quantization-gpu", .source = N, .log = "*quantization method {method} is not supported for the current GPU*", .meaning = engine_ends, .causes = old_gpu},
    {.id = "engine-old-driver-cuda", .source = N, .log = "*CUDA driver version is insufficient for CUDA runtime version*", .meaning = engine_ends, .causes = old_driver},
    {.id = "engine-flag-value", .source = N, .log = "*: error: argument {flag}: {why}", .meaning = engine_ends, .causes = flag_value},
    {.id = "engine-start-timeout", .source = N, .log = "*timed out waiting for engine core processes to start*", .meaning = engine_ends, .causes = slow_start},
    {.id = "engine-ray-gpus", .source = N, .log = "*number of required GPUs exceeds the total number of available GPUs in the placement group*", .meaning = "The engine waits for the GPUs of other nodes of its Ray cluster.", .causes = ray_waits},
    {.id = "engine-ray-actor", .source = N, .log = "*ActorDiedError*", .meaning = "A worker of the engine's Ray cluster ended; this line does not say why.", .causes = stands_above},
    {.id = "engine-chat-template", .source = N, .log = "*default chat template is no longer allowed*", .meaning = "The engine cannot make a prompt of a chat.", .causes = chat_template},
    {.id = "storage-no-login", .source = U, .log = "*NoCredentialsError*", .meaning = "The model is not downloaded from object storage.", .causes = storage_login},
    {.id = "storage-denied", .source = U, .log = "*ClientError: an error occurred (403) when calling the {operation} operation*", .meaning = "Object storage refuses the model's files.", .causes = storage_denied},
    {.id = "storage-access-denied", .source = U, .log = "*ClientError: an error occurred (AccessDenied) when calling the {operation} operation*", .meaning = "Object storage refuses the model's files.", .causes = storage_denied},
    {.id = "storage-missing", .source = U, .log = "*ClientError: an error occurred (404) when calling the {operation} operation*", .meaning = "Object storage does not have the model's files.", .causes = storage_missing},
    {.id = "storage-no-bucket", .source = U, .log = "*ClientError: an error occurred (NoSuchBucket) when calling the {operation} operation*", .meaning = "Object storage does not have the model's files.", .causes = storage_missing},
    {.id = "storage-no-key", .source = U, .log = "*ClientError: an error occurred (NoSuchKey) when calling the {operation} operation*", .meaning = "Object storage does not have the model's files.", .causes = storage_missing},
    {.id = "file-missing", .source = U, .log = "*FileNotFoundError: [Errno 2] no such file or directory: '{path}'*", .meaning = "A program needs a file that is not there.", .causes = file_missing},
    {.id = "file-denied", .source = U, .log = "*PermissionError: [Errno 13] permission denied: '{path}'*", .meaning = "A program may not use a file.", .causes = file_denied},
    {.id = "engine-core-failed", .source = N, .log = "*engine core initialization failed*", .meaning = "The engine does not start; this line does not say why.", .causes = stands_above},
    {.id = "engine-shard-failed", .source = N, .log = "*ShardCannotStart*", .meaning = "The engine does not start; this line does not say why.", .causes = stands_above},
    // clang-format on
};

}  // namespace

std::span<const ResponsePattern> component_logs() {
  return components_rows;
}

}  // namespace aibrix
