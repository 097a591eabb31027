// Words of Kubernetes, AIBrix, Envoy Gateway, of clouds and of plain English that are not replaced.
#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

#include "kube/redact/common_words.hpp"

namespace kube {
namespace {

// Every word that a check compares or looks for in a text must be among these. One or two
// characters stay anyway.
constexpr std::string_view words =
    "a100 a10g about accepted access account accounts acl act activating active adapter "
    "adapters add address addresses admin affinity again age agent ago aibrix aibrixctl aks all "
    "allocatable allocate allow allowed alone also amazonaws amd amd64 amp ancestors ann "
    "annotate annotations answer any api api0 apiextensions apis apiservice apiservices app "
    "applicable application applied apply apps arch archive arg argoproj args arm64 arn "
    "artifact asked assigned attach auth authority authorization auto autoscaler autoscaling "
    "aws azure azurecr back backend backends backoff backup bad balance balancer bar bare base "
    "bash basic batch before being bind binding bit blob blocked body boolean both bound box "
    "broken buf build bus busy but bytes cache calico call can candidates cap causes central "
    "cert certificate certs cgroup chain changed chars chat check checks chunk chunked cilium "
    "claim classify clean cleanup client clientset clienttrafficpolicies clienttrafficpolicy "
    "clone cloud cls cluster cluster0 clusterip clusterrole cmd cni cod code codes col com "
    "command common completions component components compute conditions config configmap "
    "configuration configured connect connection consumer container containers content context "
    "control controlled controller controllers controlplane copy core coredns could count "
    "counted cpu crash crashloopbackoff crds create created credential cron crossplane csi cuda "
    "custom customresourcecleanup cut daemon daemonset dash data database date dead debug "
    "decode deepseek def default del delete deleting deletion demo denied dep dependency deploy "
    "deployment deployments der des describe desired detail details dev device devices did diff "
    "dim dir direct disable discovery disk distributed dkr dns docker domain dot down drain "
    "driver drop dry dst dtype dual due dummy each east ecr edge edit eks elb elect election "
    "embed embedding embeddings empty enable enabled encoding end endpoint endpoints "
    "endpointslices engine engines entry entrypoints env envoy envoyextensionpolicies "
    "envoyextensionpolicy envoypatchpolicies envoypatchpolicy envoyproxies envoyproxy ephemeral "
    "epp ept err error est etc etcd eth event events evict evicted example exceeded exec exists "
    "exit exited exp explain exporter exposure express ext extension external extproc facing "
    "facts fail failed fails failure fallback false family far fast fe8 fe9 fea feature feb "
    "fetch few file files fill filter filters finalizer finalizers finding finished fire first "
    "fit fix fixed flag flags flannel fleet fleets flow flux fluxcd fmt fold forbidden force "
    "forms forward found fp16 fp8 fqdn free fresh from fsx full function gates gateway "
    "gatewayclass gatewayclasses gateways gcr gcs gen generations generic get ghcr gib gid "
    "github gke global gone good googleapis got gpt gpu gpus grafana grant grants greedy grep "
    "group grp grpc guard h100 h200 had half handle has hash head header headers health healthy "
    "heap helm help her here hex hide high hit holder holds home hook hops host hostname hosts "
    "hot hour how hpa hpkv hpp html http httproute httproutes https hub huggingface identifier "
    "idle ids idx image images img imported inc include incorrect incr index inf inference "
    "infinistore info information infra infrastructure ing ingress ingressgateway init injector "
    "inner input inside inst install installed instance instances int integer internal into "
    "intranet invalid ip4 ipam ipv4 ipv6 iso issue istio isvc item items its itself jit job "
    "jobs join joined json jwt k8s karmada keda kept key keys kib kind kit kube kubeconfig "
    "kubectl kubelet kuberay kubernetes kubevela kueue kvcache kvcaches kvm kyverno l40s label "
    "labels lag lan lang large last late latency latest launch layer lazy lead leader leaders "
    "leaderworkerset leaderworkersets leaf least left len length lenient let level lfs lib "
    "library life light like lim limit limited limits line link linux list listed listener "
    "listeners lists lit lite live llama llm lms lmsysorg load loadbalancer loader loading loc "
    "local localhost lock log logged logs long lookup loop lora low lru lte mac mach machine "
    "made main managed manager manifest manual many map mark master matches max mem memo memory "
    "message messages meta metadata metal method metrics mgr mib min minio misc missing mix "
    "mixed mod mode model modeladapter modeladapters modelclaim modelclaims models modules mon "
    "monitor more most move msg mtu much multi multipart must mut mutate mutating mypy name "
    "names namespace namespaces nat nccl need needs net network networking new next nfs nic "
    "nightly nil node node0 nodepool nodeport nodes non none nor north not note nothing "
    "notready now nsq nth null num number nvcr nvidia obj object objects ock oct off oidc old "
    "one online oom oomkilled opa open openai operation operations operator ops opt optimizer "
    "options orchestration order org original orphan orphaned other our out outside over "
    "overflow overwrite own owned owner owning pac pack page paged pair param parent parents "
    "parse parsing part patch path paths pattern peer pending per permission permitted phase "
    "pid ping pip pkg plan plane plugin plugins png pod podautoscalers pods podset podsets "
    "point policy pool pools pop port ports pos post power prd pre preble preempted prefill "
    "prefix prepare present preserve previous private pro probe proc processing profiles prom "
    "prometheus property protection proto protocol provider proxy ptr pub public pulling put "
    "pvc pvcs pypi python pytorch qps quantity quay que queue quick quota rack ram ran random "
    "rank rate raw ray rayclusterfleets rayclusterreplicasets rayclusters rayjob rayjobs "
    "rayproject rayservice rayservices rbac rdma reached read reader ready real reason reboot "
    "rec recorded red redact redacted redis ref reference referencegrant referencegrants "
    "references refs refused region register registry rel related release releases rem remedies "
    "remote remove renewed rep replace replica replicas reply repo report req request requests "
    "required rerank res reserved reset resolved resource resources response responses rest "
    "restart result ret retry retrying rev review right role roles roleset rolesets rollout "
    "root round routable route router routes routing row rpm rps rsa rule rules run runner "
    "running runs runtime safe same scale scaled scaling scheduler scheduling scope score sdk "
    "search sec second secret secrets securitypolicies select selector selectors selects self "
    "send sent seq serve served server serverless service serviceaccount services ses session "
    "set seven sgl sglang sha256 shard shared she shell shm short show shown shut side sig sigs "
    "sim single site six skip skipped sky sleeping slo slot slow small smb smi snapshot sni "
    "some south spare spec spot sql src ssd ssh ssl stable stack staging start started starting "
    "state static status std step still stop storage storm stormservice stormservices str "
    "strategy stream streaming strict string sts stuck sub subjects success such suf sum "
    "supported svc svclb swap swp sync syntax sys system tab tag take tar target task tcp team "
    "tee temp template ten tensor term terminated terminating test text than them then there "
    "these they throughput time timeout timestamp timing tls tmp tok token too tool top torch "
    "tpm tpu trace tracking train transfer tries triton trouble trt true try ttl tty two type "
    "typed udp uid unauthorized undecidable under undetermined undo unit unknown unmarshal "
    "unreachable unreadable unschedulable until update upgrade upper upstream uri url usage use "
    "user users usr utc utf utf8 utilization uuid v1alpha1 v1beta1 val validate validating "
    "value var vcluster vector velero vendor ver verbs verify version versions very video view "
    "vineyard vip virtual vllm vol volume volumes vpa vpc vpn vtc wait waiting wal wan want "
    "warning was watch way web webhook webhooks weight well went were west what who why wide "
    "win windows wins wip with without words worker workers would wrong xds xml yaml yes yet "
    "yml you zero zip zone zsh ";

std::unordered_set<std::string_view> table() {
  std::unordered_set<std::string_view> out;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = words.find(' ', at);
    out.insert(words.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

bool common_word(std::string_view word) {
  static const std::unordered_set<std::string_view> all = table();
  return word.size() < 3 || all.contains(word);
}

bool own_name(std::string_view name) {
  constexpr auto prefixes =
      std::to_array<std::string_view>({"aibrix-", "envoy-gateway", "kube-", "system:"});
  return std::ranges::any_of(prefixes, [&](std::string_view p) { return name.starts_with(p); });
}

bool public_host(std::string_view host) {
  constexpr auto hosts = std::to_array<std::string_view>(
      {"docker.io", "ghcr.io", "quay.io", "gcr.io", "k8s.io", "nvcr.io", "mcr.microsoft.com",
       "public.ecr.aws", "kubernetes.io", "huggingface.co", "github.com", "githubusercontent.com",
       "metadata.google.internal", "aibrix-container-registry-cn-beijing.cr.volces.com",
       "cluster.local", "svc", "aibrix.ai", "envoyproxy.io"});
  return std::ranges::any_of(hosts, [&](std::string_view h) {
    return host.ends_with(h) &&
           (host.size() == h.size() || host[host.size() - h.size() - 1] == '.');
  });
}

}  // namespace kube
