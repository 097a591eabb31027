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
constexpr std::string_view common_word_list =
    "a100 a10g aarch64 about accept accepted accepts access accesskey account accounts acl act "
    "activating active acts adapter adapters add added adding address addresses adds admin "
    "admission advice affinity after afterwards again age agent aggregated ago aibrix aibrixctl "
    "aks alg algorithm align all allocatable allocate allow allowed allowedroutes alone alpha "
    "already also although always amazonaws amd amd64 among amp ancestors and anew ann annotate "
    "annotation annotations another answer answered answers any anyone anywhere apart api api0 "
    "apiextensions apikey apikeyauth apis apiserver apiservice apiservices apiversion app "
    "applicable application applied apply apps arch archive are area arg argoproj args arm64 arn "
    "arrives artifact artifacturl ask asked asks asleep assigned attach attached attaches "
    "audience audio auth authentic authenticated authentication authkey author authority "
    "authoriz authorization auto autoscaler autoscalers autoscaling available avg awake away aws "
    "azure azurecr back backend backendref backends backoff backup bad balance balancer "
    "balancers bar bare base bash basic basicauth batch batched batches bearer bearertoken "
    "because become been before behind being believes beside beta bind binding bit blob blocked "
    "body boolean booleans bootstrap both bound box branch bring brings broken brought bucket "
    "buckets budget buf buffer bufferlimit buffers build built bundle bus busy but bypass bytes "
    "cabundle cache cached caches calico call called calling came can candidate candidates "
    "cannot cap capitals carries carry case catch cattle cause causes central cer cert "
    "certificate certificates certs cfg cgroup chain change changed changes characters chars "
    "chart charts chat check checks checksum children choose chose chunk chunked cilium claim "
    "claimname claims class classify clean cleaned cleanup clears client clientconfig clients "
    "clientset clienttrafficpolicies clienttrafficpolicy clone closed cloud cls cluster cluster0 "
    "clusterip clusterrole clusterroles clusters cmd cni cod code codes col collector com come "
    "comes command commands common compare compares complains completion completions component "
    "components compute concerned concerns condition conditions conf config configmap configmaps "
    "configuration configurations configured conflict conflicted conflicts connect connection "
    "connections consumer container containercannotrun containercreating containerport "
    "containers contains content context control controlled controller controllername "
    "controllers controlplane conversion cookie cookies copied copy core coredns correct "
    "coschedulingschedulingstrategy costing costs could count counted counter counters counts "
    "cover covers cpp cpu cpus crash crashes crashloopbackoff crd crds create "
    "createcontainerconfigerror createcontainererror created creates creation cred credential "
    "credentials creds cron crossplane crt crypto csi csrf cuda custom customresourcecleanup cut "
    "daemon daemonset dash data database date days dead debug decide decides decisions decode "
    "decoding deepseek def default defaultprofile defaults definition del delete deleted deletes "
    "deleting deletion deletions demo denied dep dependencies dependency depends deploy deployed "
    "deployment deployments der des describe desired detail details detected dev device devices "
    "dial did diff differ different differently differs digest dim dir direct directory disable "
    "disabled discovery disk distributed dkr dns docker dockercfg documentation does "
    "doesnotexist domain done dot down download draft drain driver drop dry dsn dst dtype dual "
    "due dummy duration each early east ecr edge edit edited edits effect either eks elb elect "
    "election else elsewhere embed embedding embeddings empty enable enabled encoding end ended "
    "endpoint endpoints endpointslices ends engine engineconfig engines enough entry entrypoints "
    "env environ envoy envoyassidecar envoyextensionpolicies envoyextensionpolicy envoygateway "
    "envoypatchpolicies envoypatchpolicy envoyproxies envoyproxy envoyservice eof ephemeral epp "
    "ept err errimageneverpull errimagepull error est established etc etcd eth even event events "
    "ever every everyone everything evict evicted exact exactly example exceeded exec exist "
    "existent existing exists exit exitcode exited exits exp expected expects expiration expired "
    "expires expiry explain exporter exposure express ext extauth extension extensionapis "
    "external externalip externalname extproc extra facing facts fail failed failedattachvolume "
    "failedcreate failedcreatepodcontainer failedcreatepodsandbox failedget failedgetscale "
    "failedmapvolume failedmount failedtocreate failopen fails failure failurepolicy fall "
    "fallback false families family faq far fast fault fe8 fe9 fea feature feb fetch few fewer "
    "field file filename files fill fills filter filters finalize finalizer finalizers find "
    "finding findings finds fingerprint finish finished fire first fit fix fixed flag flags "
    "flannel fleet fleets flow flux fluxcd fmt fold folder follow followed followers follows for "
    "forbidden force foreign forgets format forms forth forward found fp16 fp8 fqdn fraction "
    "free frees fresh from front fsx full function gang gangschedulingerror garbage gate gates "
    "gateway gatewayclass gatewayclasses gatewayplugin gateways gcp gcr gcs gen generated "
    "generation generations generic get getenv gets getting ghcr gib gid github gitops give "
    "gives gke global godelschedulingstrategy goes going gone good google googleapis got gpt gpu "
    "gpus grace grafana grant grants greedy grep group groupname groups grows grp grpc guard "
    "guarded guide h100 h200 had half halves hand handle hangs harm has hash hashes have head "
    "header headers health healthy heap heard held helm helmrelease help helper her here hex "
    "hide hides high hit hmac hold holder holds home hook hops host hostname hosts hot hour "
    "hours how hpa hpkv hpp html htpasswd http httpget httproute httproutes https hub "
    "huggingface identifier idle ids idx ignore ignored ignores illegal image imagepullbackoff "
    "images img immediate imported impossible inc include incorrect incr index inf inference "
    "infinistore info information informers infra infrastructure ing ingress ingressgateway ini "
    "init injector inner input insecure inside insists inspectfailed inst install installation "
    "installations installed installs instance instances instead int integer internal internalip "
    "interval into intranet invalid invalidimagename invalidpergpu ip4 ipam ipfamilypolicy ipv4 "
    "ipv6 iso issue issuer istio isvc item items its itself jit jks job jobs join joined json "
    "just jwk jwks jwt k3s k8s karmada keda keep keeps kept key keys keystore keytab kib killing "
    "kind kinds kit knew know known knows kube kubeconfig kubectl kubelet kuberay kubernetes "
    "kubevela kueue kvcache kvcaches kvm kyverno l40s label labelled labels lacks lag lan lang "
    "large last late latency later latest launch layer lazy lead leader leaders leaderworkerset "
    "leaderworkersets leads leaf learn lease leases least leave leaves left len length lenient "
    "less let lets level lfs lib library licence license life light like lim limit limited "
    "limiter limits line link linux list listed listener listeners listening listens listing "
    "lists lit lite little live lived liveness llama llm lms lmsysorg load loadbalancer loaded "
    "loader loading loads loc local localhost lock log logged login logs long longer look looked "
    "looks lookup loop looping loops lora loras lost low lower lru lte mac mach machine made "
    "main make makes making malformed managed manager managers manifest manifests manual many "
    "map mark marked marks master match matches matching matchlabels matter max may mdl010 meant "
    "meet mem member memo memory mergegateways merges message messages messagetimeout meta "
    "metadata metal metallb method metric metrics metricssources mfa mgr mib min minikube minio "
    "minmember minreplicas mintaskmember minute minutes misc mismatch misses missing mistakes "
    "mix mixed mnemonic mod mode model modeladapter modeladapters modelclaim modelclaims models "
    "modes modules mon monitor monitoring more most mostly mount mounts move moved moves moving "
    "msg mtu much multi multipart must mut mutate mutating mypy name named names namespace "
    "namespaced namespaces nat nccl need needed needs neither net netrc network networking "
    "networknotready never new newer newest next nfs nic nightly nil nobody node node0 nodepool "
    "nodeport nodes noexecute non none nor noresources normal normally north noschedule nostatus "
    "not note nothing notice noticed notin notready now nsq nth null num number numbers nvcr "
    "nvidia oauth obj object objects objectselector ock oct odd off offer offers often oidc old "
    "older once one ones online only oom oomkilled opa open openai operation operations operator "
    "ops opt optimizer optional options orchestration order org original orphan orphaned other "
    "others otherwise otp our ours out outlived output outside over overdue overflow overrides "
    "overwrite own owned owner owning owns p12 pac pack page paged pair param parametersref "
    "parent parentrefs parents parse parsing part partial partition parts pass passcode passes "
    "passphrase passw passwd password passwrd past pat patch patches path pathprefix paths "
    "pattern peer pem pending per pergpu period permission permissions permit permits permitted "
    "persistentvolumeclaim pfx pgpass phase picked picks pid pin ping pings pip pkcs12 pkg place "
    "plain plan plane platform plays please plugin plugins png pod podautoscaler podautoscalers "
    "podgroup podgroups podinitializing podmonitor pods podsecurity podselector podset podsets "
    "point points policies policy pong pool pools pop port portnotfound ports pos post "
    "poststarthookerror power powered ppc64le prd pre preble preempted prefill prefix prefixes "
    "prepare present preserve prestarthookerror previous priorityclass private privatekey pro "
    "probe probewarning proc process processing profile profiles program programmed programs "
    "project prom prometheus prompt prompts properties property protection protects proto "
    "protocol provider proxy psk pswd ptr pub public pull pulled pulling put pvc pvcs pwd pypi "
    "python pytorch qps quantity quay que queryparams queue quick quickstart quota quotes rack "
    "raised ram ran rancher random range rank rate ratio raw ray raycluster rayclusterfleets "
    "rayclusterreplicasets rayclusters rayjob rayjobs rayproject rayservice rayservices rbac "
    "rdma reach reachable reached reaches read reader readiness reads ready readyz real reason "
    "reasoning reboot rec recorded recovery red redact redacted redis ref reference "
    "referencegrant referencegrants references refers refreshed refs refuse refused refuses "
    "region register registry registryunavailable rejected rel related release releases rem "
    "remedies remedy remote remove removed removes removing rename renewed renews rep repair "
    "repairs repeats replace replaced replaces replica replicafailure replicas replicaset reply "
    "repo report req request requests require required rerank res reserved reset resolved "
    "resolvedrefs resolves resort resource resources response responses rest restart restarted "
    "restartpolicy restore result ret retry retrying rev review revoked right rights riscv64 "
    "role roleref roles roleset rolesets rollout room root rotation round routable route routed "
    "router routes routing row rpc rpm rps rsa rule rules run runcontainererror runner running "
    "runs runtime s390x safe salt same sample samples sas save saved say says scale scaled "
    "scales scaletargetref scaling scheduled scheduler scheduling schedulinggated scheme scope "
    "scoped scopes score sdk search sec second seconds secret secrets secs securitypolicies "
    "securitypolicy see seed seeing seen sees select selecting selector selectors selects self "
    "send sends sensitive sent seq serve served server serverless serves service serviceaccount "
    "servicemonitor services serving ses sess session set sets seven several sgl sglang sha256 "
    "shard share shared she shell ship shipped shm short should show shown shows shut sid side "
    "sidecar sig signature signed sigs sim simply since single singlestack site six size skip "
    "skipped sky slash sleeping sleeps slip slo slot slow slower small smb smi snapshot sni sock "
    "some somebody something sort source south space spare speak spec special specified "
    "speculative spot sql src ssd ssh ssl stable stack stale stand standalone stands start "
    "started starterror starting starts startup stat state statefulset statesync static status "
    "statuses stay stays std step still stop storage store storm stormservice stormservices str "
    "straight strategies strategy stream streaming strict string strip stripped stripping sts "
    "stuck sub subjects submitted subnet succeeded success such suf suffix sum supported survive "
    "svc svccontroller svclb svcname svcnamespace swap swapped switch switched swp sync syntax "
    "sys system tab tag tags take taken takes tar target targetport targets task tcp tcpsocket "
    "team teams tee tells temp template ten tensor term terminated terminating test text texts "
    "than that the their theirs them themselves then there these they this those though through "
    "throughput time timed timeout times timestamp timing tls tmp together tok token tokeniz "
    "tokens told tolerance toml too took tool toomanyrequests top topology torch total totp "
    "touched tpm tpu trace tracking train transfer tries trimmed triton trouble trt true trust "
    "try ttl tty tunnel turn turns two txt type typed types udp uid unable unauthorized unbound "
    "undecidable undefined under undetermined undo unexpected unhealthy uninstall uninstalled "
    "uninstalling unit unknown unless unload unlock unmarshal unreachable unreadable "
    "unschedulable unseal unseen unset until update updating upgrade upgraded upgrades upper "
    "upstream uri url usable usage usages use used user username users uses using usr usual utc "
    "utf utf8 utilization uuid v1alpha1 v1beta1 val valid validate validating valkey value "
    "values vanish var variable vcluster vector velero vendor ver verbs verdict verify version "
    "versions very via video view vineyard violates vip virtual vllm vocab vol volcano "
    "volcanoschedulingstrategy volume volumes vpa vpc vpn vtc wait waiting waits wal wan want "
    "wanted wants warm warning was watch watches way web webhook webhooks weight weights well "
    "went were west what whatever when where wherever whether which while who whoever whole "
    "whose why wide wif wildcard will win windows wins wip with within without word words work "
    "worked worker workers workload workloads works would write writes written wrong www x509 "
    "x86 xds xml xprv xpyd xsrf yaml yes yet yml you your zero zip zone zsh ";

std::unordered_set<std::string_view> table() {
  std::unordered_set<std::string_view> out;
  for (std::size_t at = 0; at < common_word_list.size();) {
    const std::size_t end = common_word_list.find(' ', at);
    out.insert(common_word_list.substr(at, end - at));
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
  constexpr auto prefixes = std::to_array<std::string_view>(
      {"aibrix-", "envoy-gateway", "envoy-aibrix-", "kube-", "system:"});
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
