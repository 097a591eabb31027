//go:build tools

// Package aibrix pins AIBrix's programs for tests/cluster/build: a module of its own, as its k8s.io versions are its own.
package aibrix

import (
	_ "github.com/vllm-project/aibrix/cmd/controllers"
	_ "github.com/vllm-project/aibrix/cmd/plugins"
)
