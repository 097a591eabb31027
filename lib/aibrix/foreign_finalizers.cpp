// The table of programs that put finalizers on objects, by finalizer or by the domain in its name.
#include "aibrix/foreign_finalizers.hpp"

#include <algorithm>
#include <array>

#include "aibrix/finalizers.hpp"

namespace aibrix {
namespace {

struct Row {
  // A whole finalizer ("redisFinalizer", "service.k8s.aws/resources"), the beginning of one
  // ("external-attacher/"), or a domain, which stands for those below it too: "argoproj.io" is that
  // of resources-finalizer.argocd.argoproj.io and of workflows.argoproj.io/artifact-gc. The first
  // that fits decides.
  std::string_view pattern;
  std::string_view owner;
  std::string_view finish;
  std::string_view left;
  Protects protects = Protects::something;
};

constexpr std::string_view money =
    "the cloud's load balancer remains, continues to cost money, and only its console deletes it";
constexpr std::string_view cloud_finish =
    "look at the Service's events, and let the controller delete it: it needs its permissions in "
    "the cloud, and to run";
constexpr std::string_view operator_finish = "start the operator again; it then finishes by itself";
constexpr std::string_view gitops_finish =
    "start it again, or let it finish: it deletes first what it has applied";
constexpr std::string_view gitops_left = "what it has applied remains in the cluster";
constexpr std::string_view data = "data may be lost, or a volume remains in the storage";
constexpr std::string_view database = "the database's volumes, users and backups remain";
constexpr std::string_view cloud_left = "resources remain in the cloud and continue to cost money";

// Names are those of the programs' sources (their constants called Finalizer), by project.
constexpr auto foreign_table = std::to_array<Row>({
    // ---- load balancers
    {"service.k8s.aws/resources", "the AWS Load Balancer Controller", cloud_finish, money,
     Protects::load_balancer},
    {"ingress.k8s.aws", "the AWS Load Balancer Controller", cloud_finish, money,
     Protects::load_balancer},
    {"elbv2.k8s.aws", "the AWS Load Balancer Controller", cloud_finish,
     "targets stay registered in the cloud", Protects::load_balancer},
    {"gateway.k8s.aws/resources", "the AWS Gateway API Controller (VPC Lattice)", operator_finish,
     cloud_left},
    {"gateway.k8s.aws", "the AWS Load Balancer Controller", cloud_finish, money,
     Protects::load_balancer},
    {"networking.gke.io/neg-finalizer", "GKE's NEG controller",
     "let it delete the network endpoint group: nothing may use it any more", cloud_left,
     Protects::load_balancer},
    {"networking.gke.io", "GKE's load balancer controller (ingress-gce)", cloud_finish, money,
     Protects::load_balancer},
    {"gke.networking.io", "GKE's load balancer controller (ingress-gce)", cloud_finish, money,
     Protects::load_balancer},
    {"k8s.alibaba", "Alibaba Cloud's cloud controller", cloud_finish, money,
     Protects::load_balancer},
    {"alb.networking.azure.io", "Azure's ALB Controller (Application Gateway for Containers)",
     cloud_finish, money, Protects::load_balancer},
    {"svccontroller.k3s.cattle.io/daemonset", "k3s (ServiceLB)",
     "let it run: the k3s server removes it with the svclb pods", "its svclb DaemonSet remains",
     Protects::load_balancer},
    // ---- volumes and devices
    {"provisioner.storage.kubernetes.io/cloning-protection", "the CSI external-provisioner",
     "wait until the claim that is cloned from it is bound, or delete that claim", data,
     Protects::volume},
    {"snapshot.storage.kubernetes.io/pvc-as-source-protection", "the CSI snapshot-controller",
     "wait until its snapshot is ready, or delete the VolumeSnapshot", "the snapshot is useless",
     Protects::volume},
    {"snapshot.storage.kubernetes.io", "the CSI snapshot-controller",
     "let the controller run, and delete what uses the snapshot (claims restored from it)",
     "the snapshot remains in the storage", Protects::volume},
    {"groupsnapshot.storage.kubernetes.io", "the CSI snapshot-controller",
     "let the controller run, and delete what uses the snapshot",
     "the snapshot remains in the storage", Protects::volume},
    {"external-attacher/", "the CSI driver's external-attacher",
     "let the CSI driver run: it detaches the volume first",
     "the volume stays attached, and its data may be damaged", Protects::volume},
    {"external-provisioner.volume.kubernetes.io", "the CSI external-provisioner",
     "let the CSI driver run: it deletes the volume in the storage first",
     "the volume remains in the storage", Protects::volume},
    {"kubernetes.io/pv-controller", "Kubernetes' volume controller",
     "let kube-controller-manager run: it deletes the volume in the storage first",
     "the volume remains in the storage", Protects::volume},
    {"longhorn.io", "Longhorn",
     "let longhorn-manager run on every node; after an uninstall only its own uninstall Job "
     "removes what is left",
     "replicas with their data remain on the nodes' disks", Protects::volume},
    {"ceph.rook.io", "Rook", "delete what depends on it first; the Rook operator must run",
     "pools and data remain in the Ceph cluster", Protects::volume},
    {"cns.vmware.com", "the vSphere CSI driver", operator_finish, data, Protects::volume},
    {"cdi.kubevirt.io", "KubeVirt's Containerized Data Importer", operator_finish, data,
     Protects::volume},
    {"resource.kubernetes.io/delete-protection", "Kubernetes (dynamic resource allocation)",
     "end the pods that the claim is reserved for (status.reservedFor); kube-controller-manager "
     "must run",
     "the device stays allocated"},
    {"resource.nvidia.com", "NVIDIA's DRA driver",
     "let the controller of nvidia-dra-driver-gpu run: it cleans up the nodes of the compute "
     "domain first",
     "nodes keep the labels and the daemons of the compute domain"},
    {"nvidia.com", "NVIDIA's operator (GPU, NIM or network)", operator_finish,
     "what it deployed remains"},
    // ---- Kubernetes itself
    {"networking.k8s.io/service-cidr-finalizer", "Kubernetes (ServiceCIDR)",
     "delete the Services with an address of this range first", "addresses are handed out twice"},
    {"foregroundDeleteVirtualMachine", "KubeVirt", operator_finish, "the virtual machine runs on",
     Protects::machine},
    // ---- serving and batch
    {"kueue.x-k8s.io/resource-in-use", "Kueue",
     "delete or finish the workloads that use this queue; Kueue's controller must run",
     "workloads keep quota that nobody counts"},
    {"kueue.x-k8s.io", "Kueue",
     "start kueue-controller-manager again; after an uninstall nobody removes it",
     "Kueue's count of used quota is wrong"},
    {"inferenceservice.finalizers", "KServe", operator_finish, "the model's services remain"},
    {"inferencegraph.finalizers", "KServe", operator_finish, "the graph's services remain"},
    {"trainedmodel.finalizer", "KServe", operator_finish, "the model stays loaded"},
    {"odh.inferenceservice.finalizers", "OpenDataHub's model controller", operator_finish,
     "routes and roles of the model remain"},
    {"kserve.io", "KServe", operator_finish, "what it deployed remains"},
    {"opendatahub.io", "OpenDataHub", operator_finish, "what it deployed remains"},
    {"kubeflow.org", "Kubeflow", operator_finish, "what it deployed remains"},
    {"profile-finalizer", "Kubeflow's profile controller", operator_finish,
     "access rights in the cloud remain"},
    {"knative.dev", "Knative", operator_finish, "what it deployed remains"},
    {"tekton.dev", "Tekton", operator_finish, "results of the run are not kept"},
    {"volcano.sh", "Volcano", operator_finish, "its pods remain"},
    {"ray.io", "the KubeRay operator", operator_finish, "what it deployed remains"},
    {"keda.sh", "KEDA", "start keda-operator again; after an uninstall nobody removes it",
     "the workload is left at the replicas that it has now"},
    // ---- nodes and clusters
    {"karpenter.sh", "Karpenter",
     "let Karpenter run, and look for pods that cannot be evicted (PodDisruptionBudgets)",
     "the machine remains and continues to cost money", Protects::machine},
    {"karpenter.k8s.aws", "Karpenter", "delete the NodePools that use it first", cloud_left,
     Protects::machine},
    {"karpenter.azure.com", "Karpenter", "delete the NodePools that use it first", cloud_left,
     Protects::machine},
    {"cluster.x-k8s.io", "Cluster API",
     "let the management cluster's providers run: they delete machines and networks first",
     cloud_left, Protects::machine},
    {"open-cluster-management.io", "Open Cluster Management", operator_finish,
     "what it has applied to the cluster remains"},
    {"karmada.io", "Karmada", operator_finish, "what it has applied to member clusters remains"},
    {"fleet.cattle.io", "Rancher Fleet", gitops_finish, gitops_left},
    {"wrangler.cattle.io", "Rancher",
     "let Rancher's agent run; after an uninstall only its cleanup script removes what is left",
     "Rancher's roles and bindings remain"},
    {"cattle.io", "Rancher",
     "let Rancher run; after an uninstall only its cleanup script removes what is left",
     "Rancher's roles and bindings remain"},
    {"kubevirt.io", "KubeVirt", operator_finish, "the virtual machine runs on", Protects::machine},
    // ---- delivery, policy, backup
    {"workflows.argoproj.io", "Argo Workflows",
     "let its controller run: it deletes the artifacts first", "artifacts remain in the storage"},
    {"argoproj.io", "Argo CD", gitops_finish, gitops_left},
    {"eventbus-controller", "Argo Events", "delete what uses the event bus first",
     "the event bus remains"},
    {"eventsource-controller", "Argo Events", operator_finish, "what it deployed remains"},
    {"sensor-controller", "Argo Events", operator_finish, "what it deployed remains"},
    {"fluxcd.io", "Flux", gitops_finish, gitops_left},
    {"oam.dev", "KubeVela", gitops_finish, gitops_left},
    {"kubevela.io", "KubeVela", gitops_finish, gitops_left},
    {"crossplane.io", "Crossplane",
     "let Crossplane and the provider run, with credentials for the cloud", cloud_left},
    {"upbound.io", "Crossplane (Upbound)",
     "let Crossplane and the provider run, with credentials for the cloud", cloud_left},
    {"services.k8s.aws", "AWS Controllers for Kubernetes (ACK)",
     "let the service's controller run, with its permissions in the cloud", cloud_left},
    {"serviceoperator.azure.com", "the Azure Service Operator",
     "let the operator run, with its permissions in the cloud", cloud_left},
    {"cnrm.cloud.google.com", "Google's Config Connector",
     "let the controller run, with its permissions in the cloud", cloud_left},
    {"azure.com", "an operator of Azure", operator_finish, cloud_left},
    {"velero.io", "Velero", "let Velero finish the backup or restore, or delete it in Velero",
     "parts of the backup remain in the storage"},
    {"kyverno.io", "Kyverno", operator_finish, "policies that it wrote remain"},
    {"gatekeeper.sh", "Gatekeeper",
     "let gatekeeper-controller-manager run; after an uninstall nobody removes it",
     "the policy may still be enforced by what is left"},
    {"operators.coreos.com", "the Operator Lifecycle Manager (OLM)", operator_finish,
     "the operator's webhooks and roles remain"},
    {"operatorframework.io", "the Operator Lifecycle Manager (OLM)", operator_finish,
     "what it installed remains"},
    {"metacontroller.io", "Metacontroller", operator_finish, "what it deployed remains"},
    {"external-secrets.io", "External Secrets", operator_finish,
     "secrets that it pushed remain at the provider"},
    {"externalsecrets.io", "External Secrets", operator_finish,
     "secrets that it pushed remain at the provider"},
    {"hashicorp.com", "HashiCorp's operator (Vault, Consul or Terraform)", operator_finish,
     "leases and resources outside the cluster remain"},
    // ---- certificates, network
    {"cert-manager.io", "cert-manager",
     "start cert-manager again: it clears the challenge (a DNS record, an Ingress) first",
     "DNS records or Ingresses of the challenge remain"},
    {"istio.io", "Istio",
     "start Istio's operator again; after an uninstall nobody removes it (istioctl uninstall "
     "--purge takes the rest away)",
     "what it installed remains"},
    {"sailoperator.io", "Istio's Sail operator", operator_finish, "what it installed remains"},
    {"projectcalico.org", "Calico", operator_finish, "addresses and policies remain"},
    {"calico.org", "Calico", operator_finish, "addresses and policies remain"},
    {"tigera.io", "Calico (Tigera operator)", operator_finish,
     "the cluster's network ends with it"},
    {"cilium.io", "Cilium", operator_finish, "addresses and policies remain"},
    {"k8s.ovn.org", "OVN-Kubernetes", operator_finish, "addresses and routes remain"},
    {"submariner.io", "Submariner", operator_finish, "tunnels and routes remain"},
    {"konghq.com", "Kong", operator_finish, "what it deployed remains"},
    // ---- monitoring
    {"monitoring.coreos.com", "the Prometheus operator",
     "start prometheus-operator again; after an uninstall nobody removes it",
     "nothing is known to be lost: it clears statuses only"},
    {"victoriametrics.com", "the VictoriaMetrics operator", operator_finish,
     "what it deployed remains"},
    {"grafana.com", "the Grafana operator", operator_finish, "dashboards remain in Grafana"},
    {"opentelemetry.io", "the OpenTelemetry operator", operator_finish,
     "roles that it made remain"},
    {"datadoghq.com", "the Datadog operator", operator_finish, "what it made at Datadog remains"},
    // ---- data
    {"strimzi.io", "Strimzi", "start the topic operator again: it deletes the topic in Kafka first",
     "the topic remains in Kafka"},
    {"k8s.elastic.co", "Elastic Cloud on Kubernetes (ECK)", operator_finish,
     "secrets and users remain"},
    {"redisFinalizer", "the Redis operator (OpsTree)", operator_finish, database},
    {"redisClusterFinalizer", "the Redis operator (OpsTree)", operator_finish, database},
    {"redisReplicationFinalizer", "the Redis operator (OpsTree)", operator_finish, database},
    {"redisSentinelFinalizer", "the Redis operator (OpsTree)", operator_finish, database},
    {"rabbitmq.com", "the RabbitMQ operator", operator_finish, database},
    {"percona.com", "Percona's operator", operator_finish, database},
    {"mongodb.com", "MongoDB's operator", operator_finish, database},
    {"cnpg.io", "CloudNativePG", operator_finish, database},
    {"zalan.do", "Zalando's Postgres operator", operator_finish, database},
    {"crunchydata.com", "Crunchy's Postgres operator", operator_finish, database},
    {"mysql.oracle.com", "the MySQL operator", operator_finish, database},
    {"min.io", "the MinIO operator", operator_finish, database},
});

bool in_domain(std::string_view domain, std::string_view of) {
  return domain == of || (domain.ends_with(of) && domain[domain.size() - of.size() - 1] == '.');
}

bool fits(std::string_view pattern, std::string_view name) {
  if (pattern == name) return true;
  if (pattern.ends_with('/')) return name.starts_with(pattern);
  const bool is_domain =
      pattern.find('.') != std::string_view::npos && pattern.find('/') == std::string_view::npos;
  return is_domain && in_domain(finalizer_domain(name), pattern);
}

// What this program's own rows say beside their owner.
FinalizerAdvice of_known(const Finalizer& known) {
  FinalizerAdvice advice{true, known.who, known.finish, known.left, Protects::something};
  if (known.owner == FinalizerOwner::cloud) advice.protects = Protects::load_balancer;
  if (known.name.ends_with("/pvc-protection") || known.name.ends_with("/pv-protection")) {
    advice.protects = Protects::volume;
  }
  return advice;
}

}  // namespace

FinalizerAdvice finalizer_advice(std::string_view name) {
  if (const Finalizer* known = find_finalizer(name)) return of_known(*known);
  const auto row = std::find_if(foreign_table.begin(), foreign_table.end(),
                                [&](const Row& r) { return fits(r.pattern, name); });
  if (row == foreign_table.end()) return {};
  return {true, row->owner, row->finish, row->left, row->protects};
}

std::string finalizer_owner(std::string_view name) {
  if (const Finalizer* known = find_finalizer(name)) return std::string(known->who);
  const FinalizerAdvice advice = finalizer_advice(name);
  const std::string_view domain = finalizer_domain(name);
  // "redisFinalizer" is no domain, and so nobody's.
  if (domain.find('.') == std::string_view::npos) {
    return advice.known ? std::string(advice.owner) : "the program that set " + std::string(name);
  }
  std::string owner = "the owner of " + std::string(domain);
  if (advice.known) owner += " (" + std::string(advice.owner) + ')';
  return owner;
}

}  // namespace aibrix
