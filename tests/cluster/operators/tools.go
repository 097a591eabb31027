//go:build tools

// Package operators pins Envoy Gateway and kwok for tests/cluster/build. They share most of what they are made of, and
// neither agrees with the control plane about the versions of it.
package operators

import (
	_ "github.com/envoyproxy/gateway/cmd/envoy-gateway"
	_ "sigs.k8s.io/kwok/cmd/kwok"
)
