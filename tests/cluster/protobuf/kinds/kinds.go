// Package kinds names the lists that aibrixctl reads as protobuf.
package kinds

import (
	"reflect"

	admission "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	discovery "k8s.io/api/discovery/v1"
	rbac "k8s.io/api/rbac/v1"
	storage "k8s.io/api/storage/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Kind is one kind of object, and the list that the API server gives of it.
type Kind struct {
	APIVersion string
	Name       string // "Pod"
	List       runtime.Object
}

// Lists are what is read in bulk. Secrets are not among them: only their metadata is read.
var Lists = []Kind{
	{"v1", "ConfigMap", &core.ConfigMapList{}},
	{"v1", "Event", &core.EventList{}},
	{"v1", "Namespace", &core.NamespaceList{}},
	{"v1", "Node", &core.NodeList{}},
	{"v1", "PersistentVolumeClaim", &core.PersistentVolumeClaimList{}},
	{"v1", "Pod", &core.PodList{}},
	{"v1", "Service", &core.ServiceList{}},
	{"admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", &admission.MutatingWebhookConfigurationList{}},
	{"admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", &admission.ValidatingAdmissionPolicyList{}},
	{"admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", &admission.ValidatingWebhookConfigurationList{}},
	{"apps/v1", "Deployment", &apps.DeploymentList{}},
	{"apps/v1", "StatefulSet", &apps.StatefulSetList{}},
	{"autoscaling/v2", "HorizontalPodAutoscaler", &autoscaling.HorizontalPodAutoscalerList{}},
	{"coordination.k8s.io/v1", "Lease", &coordination.LeaseList{}},
	{"discovery.k8s.io/v1", "EndpointSlice", &discovery.EndpointSliceList{}},
	{"rbac.authorization.k8s.io/v1", "ClusterRole", &rbac.ClusterRoleList{}},
	{"rbac.authorization.k8s.io/v1", "ClusterRoleBinding", &rbac.ClusterRoleBindingList{}},
	{"storage.k8s.io/v1", "StorageClass", &storage.StorageClassList{}},
}

// Status is what the API server answers instead of a list.
var Status = Kind{"v1", "Status", &meta.Status{}}

// Item is the type of a list's objects.
func (k Kind) Item() reflect.Type {
	return reflect.TypeOf(k.List).Elem().Field(2).Type.Elem()
}
