# What the sources of scripts/schema-data lack, or say otherwise than the API server acts; each with where it is known from.

OPEN = {"x-kubernetes-preserve-unknown-fields": True, "type": "object"}
SPECS = [["spec", "roles", "[]"]]
ROLES_OF_STORM = [["spec", "template", "spec", "roles", "[]"]]
# Fields that the release has and the CRDs at hand lack. Nothing below them is judged.
ADDITIONS = [
    # docs/source/features/autoscaling/predictive-autoscaling.rst at 06a08507
    {"release": "v0.8.0", "crd": "podautoscalers.autoscaling.aibrix.ai", "paths": [["spec"]], "field": "predictive", "schema": OPEN},
    # pkg/controller/drain/drain.go at 750c8b3c
    {"release": "v0.8.0", "crd": "podsets.orchestration.aibrix.ai", "paths": [["spec"]], "field": "drain", "schema": OPEN},
    {"release": "v0.8.0", "crd": "rolesets.orchestration.aibrix.ai", "paths": SPECS, "field": "drain", "schema": OPEN},
    {"release": "v0.8.0", "crd": "stormservices.orchestration.aibrix.ai", "paths": ROLES_OF_STORM, "field": "drain", "schema": OPEN},
    # pkg/controller/modelwarmup at the same commits reads both; the CRD has neither
    {"release": "v0.8.0", "crd": "modelwarmups.model.aibrix.ai", "paths": [["spec", "policies"]], "field": "continuousRetryLimit",
     "schema": {"x-kubernetes-preserve-unknown-fields": True}},
    {"release": "v0.8.0", "crd": "modelwarmups.model.aibrix.ai", "paths": [["spec", "policies"]],
     "field": "continuousRetryIntervalSeconds", "schema": {"x-kubernetes-preserve-unknown-fields": True}},
    # api/model/v1alpha1/modelwarmup_types.go at d0267aac: the older name of jobTimeoutSeconds
    {"release": "v0.8.0", "crd": "modelwarmups.model.aibrix.ai", "paths": [["spec", "policies"]], "field": "globalTimeoutSeconds",
     "schema": {"x-kubernetes-preserve-unknown-fields": True}},
]

# Kubernetes' kinds whose fields are judged; of the others, only that they are served is known.
CORE_KINDS = {
    ("", "ConfigMap"), ("", "Endpoints"), ("", "LimitRange"), ("", "Namespace"), ("", "PersistentVolume"),
    ("", "PersistentVolumeClaim"), ("", "Pod"), ("", "PodTemplate"), ("", "ReplicationController"), ("", "ResourceQuota"),
    ("", "Secret"), ("", "Service"), ("", "ServiceAccount"), ("apps", "DaemonSet"), ("apps", "Deployment"),
    ("apps", "ReplicaSet"), ("apps", "StatefulSet"), ("autoscaling", "HorizontalPodAutoscaler"), ("batch", "CronJob"),
    ("batch", "Job"), ("discovery.k8s.io", "EndpointSlice"), ("networking.k8s.io", "Ingress"),
    ("networking.k8s.io", "NetworkPolicy"), ("policy", "PodDisruptionBudget"), ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"), ("rbac.authorization.k8s.io", "Role"),
    ("rbac.authorization.k8s.io", "RoleBinding"), ("scheduling.k8s.io", "PriorityClass"), ("storage.k8s.io", "StorageClass"),
    ("coordination.k8s.io", "Lease"), ("resource.k8s.io", "ResourceClaim"), ("resource.k8s.io", "ResourceClaimTemplate"),
}

META = "io.k8s.apimachinery.pkg."
# Types that decode by code of their own (staging/src/k8s.io/apimachinery: MarshalJSON/UnmarshalJSON).
SPECIAL = {
    META + "util.intstr.IntOrString": "xu",
    META + "api.resource.Quantity": "qu",
    META + "runtime.RawExtension": "*",
    META + "apis.meta.v1.FieldsV1": "*",
    META + "apis.meta.v1.Time": "su",
    META + "apis.meta.v1.MicroTime": "su",
}
CORE_DEFINITIONS = {}

# Required by the OpenAPI, but the API server fills it in or takes the empty value.
NOT_REQUIRED = {
    "RoleRef.apiGroup",  # pkg/apis/rbac/v1/defaults.go
    "EndpointSlice.endpoints",  # pkg/apis/discovery/validation: none is right
    "ResourceClaimTemplate.spec", "ResourceClaimTemplateSpec.spec", "ResourceClaim.spec",  # an empty claim is right
    "LimitRangeSpec.limits",
    "NodeSelectorTerm.matchExpressions", "HTTPHeader.value", "EnvVar.value", "GRPCAction.service",
}
# Not required by the OpenAPI, but by validation (pkg/apis/*/validation), which finds nothing in what was left out.
REQUIRED = ["Container.image", "DaemonSet.spec", "Deployment.spec", "Job.spec", "Pod.spec", "PodTemplateSpec.spec", "Service.spec",
            "StatefulSet.spec", "HorizontalPodAutoscaler.spec", "CronJob.spec", "JobTemplateSpec.spec", "PersistentVolume.spec",
            "PersistentVolumeClaim.spec", "PersistentVolumeClaimSpec.accessModes", "PersistentVolumeSpec.accessModes", "Ingress.spec",
            "SecretKeySelector.name", "ConfigMapKeySelector.name", "SecretEnvSource.name", "ConfigMapEnvSource.name",
            "ConfigMapVolumeSource.name", "SecretVolumeSource.secretName"]

PORT = {"minimum": 1, "maximum": 65535}
NOT_NEGATIVE = {"minimum": 0}
DNS_LABEL = {"pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 63}
PROTOCOL = {"enum": ["SCTP", "TCP", "UDP"]}
PORT_NAME = {"pattern": "^([a-z0-9]+-)*[a-z0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$", "maxLength": 15}  # IANA_SVC_NAME
PORT_OR_NAME = {**PORT, **PORT_NAME}
ACCESS_MODES = {"minItems": 1, "items": {"type": "string", "enum": ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce",
                                                                   "ReadWriteOncePod"]}}
# What validation of Kubernetes refuses and the OpenAPI does not say: pkg/apis/core/validation/validation.go,
# pkg/apis/apps/validation/validation.go, pkg/apis/autoscaling/validation, pkg/apis/batch/validation at v1.36.
CORE_FIELDS = {
    "ServiceSpec.type": {"enum": ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]},
    "ServiceSpec.sessionAffinity": {"enum": ["ClientIP", "None"]},
    "ServiceSpec.externalTrafficPolicy": {"enum": ["Cluster", "Local"]},
    "ServiceSpec.internalTrafficPolicy": {"enum": ["Cluster", "Local"]},
    "ServicePort.protocol": PROTOCOL, "ServicePort.port": PORT, "ServicePort.name": {**DNS_LABEL, "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$"},
    "ServicePort.targetPort": {**PORT_OR_NAME, "minimum": 0}, "HTTPGetAction.port": PORT_OR_NAME, "TCPSocketAction.port": PORT_OR_NAME,
    "ContainerPort.name": PORT_NAME,
    "ContainerPort.protocol": PROTOCOL, "ContainerPort.containerPort": PORT, "ContainerPort.hostPort": {"minimum": 0, "maximum": 65535},
    "Container.imagePullPolicy": {"enum": ["Always", "IfNotPresent", "Never"]},
    "Container.name": DNS_LABEL, "Volume.name": DNS_LABEL,
    "PodSpec.restartPolicy": {"enum": ["Always", "OnFailure", "Never"]},
    "PodSpec.dnsPolicy": {"enum": ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]},
    "PodSpec.containers": {"minItems": 1},
    "HTTPGetAction.scheme": {"enum": ["HTTP", "HTTPS"]},
    "Probe.initialDelaySeconds": NOT_NEGATIVE, "Probe.periodSeconds": NOT_NEGATIVE, "Probe.timeoutSeconds": NOT_NEGATIVE,
    "Probe.failureThreshold": NOT_NEGATIVE, "Probe.successThreshold": NOT_NEGATIVE,
    "Toleration.operator": {"enum": ["Equal", "Exists", "Gt", "Lt"]},
    "Toleration.effect": {"enum": ["", "NoExecute", "NoSchedule", "PreferNoSchedule"]},
    "LabelSelectorRequirement.operator": {"enum": ["DoesNotExist", "Exists", "In", "NotIn"]},
    "NodeSelectorRequirement.operator": {"enum": ["DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn"]},
    "TopologySpreadConstraint.whenUnsatisfiable": {"enum": ["DoNotSchedule", "ScheduleAnyway"]},
    "TopologySpreadConstraint.maxSkew": {"minimum": 1},
    "PreferredSchedulingTerm.weight": {"minimum": 1, "maximum": 100},
    "WeightedPodAffinityTerm.weight": {"minimum": 1, "maximum": 100},
    "DeploymentSpec.replicas": NOT_NEGATIVE, "StatefulSetSpec.replicas": NOT_NEGATIVE, "ReplicaSetSpec.replicas": NOT_NEGATIVE,
    "DeploymentSpec.minReadySeconds": NOT_NEGATIVE, "DeploymentSpec.revisionHistoryLimit": NOT_NEGATIVE,
    "DeploymentStrategy.type": {"enum": ["Recreate", "RollingUpdate"]},
    "StatefulSetUpdateStrategy.type": {"enum": ["OnDelete", "RollingUpdate"]},
    "StatefulSetSpec.podManagementPolicy": {"enum": ["OrderedReady", "Parallel"]},
    "DaemonSetUpdateStrategy.type": {"enum": ["OnDelete", "RollingUpdate"]},
    "HorizontalPodAutoscalerSpec.maxReplicas": {"minimum": 1},
    "JobSpec.backoffLimit": NOT_NEGATIVE, "JobSpec.completions": NOT_NEGATIVE, "JobSpec.parallelism": NOT_NEGATIVE,
    "CronJobSpec.concurrencyPolicy": {"enum": ["Allow", "Forbid", "Replace"]},
    "HTTPIngressPath.pathType": {"enum": ["Exact", "ImplementationSpecific", "Prefix"]},
    "PolicyRule.verbs": {"minItems": 1},
    "RoleRef.apiGroup": {"enum": ["rbac.authorization.k8s.io"]}, "RoleRef.kind": {"enum": ["ClusterRole", "Role"]},
    "Subject.kind": {"enum": ["Group", "ServiceAccount", "User"]}, "Subject.apiGroup": {"enum": ["rbac.authorization.k8s.io"]},
    "PersistentVolumeClaimSpec.accessModes": ACCESS_MODES, "PersistentVolumeSpec.accessModes": ACCESS_MODES,
    "PersistentVolumeClaimSpec.volumeMode": {"enum": ["Block", "Filesystem"]},
    "PersistentVolumeSpec.volumeMode": {"enum": ["Block", "Filesystem"]},
    "PersistentVolumeSpec.persistentVolumeReclaimPolicy": {"enum": ["Delete", "Recycle", "Retain"]},
    "StorageClass.reclaimPolicy": {"enum": ["Delete", "Retain"]},
    "StorageClass.volumeBindingMode": {"enum": ["Immediate", "WaitForFirstConsumer"]},
    "PriorityClass.preemptionPolicy": {"enum": ["Never", "PreemptLowerPriority"]},
    "NetworkPolicyPort.protocol": PROTOCOL, "NetworkPolicyPort.port": PORT_OR_NAME,
    "NetworkPolicySpec.policyTypes": {"items": {"type": "string", "enum": ["Egress", "Ingress"]}},
    "JobSpec.ttlSecondsAfterFinished": NOT_NEGATIVE, "JobSpec.activeDeadlineSeconds": NOT_NEGATIVE,
    "JobSpec.completionMode": {"enum": ["Indexed", "NonIndexed"]},
    "CronJobSpec.successfulJobsHistoryLimit": NOT_NEGATIVE, "CronJobSpec.failedJobsHistoryLimit": NOT_NEGATIVE,
    "CronJobSpec.startingDeadlineSeconds": NOT_NEGATIVE,
    "DeploymentSpec.progressDeadlineSeconds": NOT_NEGATIVE,
    "StatefulSetSpec.minReadySeconds": NOT_NEGATIVE, "StatefulSetSpec.revisionHistoryLimit": NOT_NEGATIVE,
    "ServiceBackendPort.number": {"minimum": 0, "maximum": 65535},
    "MetricSpec.type": {"enum": ["ContainerResource", "External", "Object", "Pods", "Resource"]},
    "MetricTarget.type": {"enum": ["AverageValue", "Utilization", "Value"]}, "MetricTarget.averageUtilization": {"minimum": 1},
    "HPAScalingPolicy.type": {"enum": ["Percent", "Pods"]}, "HPAScalingPolicy.value": {"minimum": 1},
    "HPAScalingPolicy.periodSeconds": {"minimum": 1, "maximum": 1800},
    "HPAScalingRules.stabilizationWindowSeconds": {"minimum": 0, "maximum": 3600},
    "HPAScalingRules.selectPolicy": {"enum": ["Disabled", "Max", "Min"]},
    "PodDisruptionBudgetSpec.unhealthyPodEvictionPolicy": {"enum": ["AlwaysAllow", "IfHealthyBudget"]},
    "HostPathVolumeSource.type": {"enum": ["BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate",
                                           "Socket"]},
    "Container.terminationMessagePolicy": {"enum": ["FallbackToLogsOnError", "File"]},
    "PodSpec.activeDeadlineSeconds": {"minimum": 1},
    "PodSpec.preemptionPolicy": {"enum": ["Never", "PreemptLowerPriority"]},
    "PodSecurityContext.runAsUser": NOT_NEGATIVE, "PodSecurityContext.fsGroup": NOT_NEGATIVE,
    "PodSecurityContext.fsGroupChangePolicy": {"enum": ["Always", "OnRootMismatch"]},
    "SecurityContext.runAsUser": NOT_NEGATIVE, "SeccompProfile.type": {"enum": ["Localhost", "RuntimeDefault", "Unconfined"]},
    "SleepAction.seconds": NOT_NEGATIVE, "NodeSelector.nodeSelectorTerms": {"minItems": 1},
    "ResourceFieldSelector.resource": {"pattern": "^(limits|requests)\\.(cpu|memory|ephemeral-storage|hugepages-.+)$"},
    "HorizontalPodAutoscalerSpec.minReplicas": NOT_NEGATIVE,
}
