package cluster

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// startParts starts what Options asks for beyond the control plane, and waits until it works.
func (c *Cluster) startParts(ctx context.Context, options Options) error {
	if !options.Nodes {
		return nil
	}
	installed := make(chan error)
	go func() { installed <- c.installDefinitions(ctx, options) }()
	err := errors.Join(c.startNodes(ctx), <-installed)
	if err != nil || (!options.AIBrix && !options.Gateway) {
		return err
	}
	c.standIns = newStandIns(c)
	if options.Gateway {
		if err := c.installGateway(ctx); err != nil {
			return err
		}
	}
	if options.AIBrix {
		if err := c.installAIBrix(ctx, options); err != nil {
			return err
		}
	}
	c.standIns.follow()
	return c.awaitParts(ctx, options)
}

func (c *Cluster) installDefinitions(ctx context.Context, options Options) error {
	var files []string
	if options.Gateway || options.AIBrix {
		files = append(files, "gateway-definitions")
	}
	if options.AIBrix {
		files = append(files, "aibrix-definitions", "ray-definitions")
	}
	for _, file := range files {
		if err := c.Admin.ApplyFile(ctx, Program(file)); err != nil {
			return err
		}
	}
	return nil
}

// awaitParts waits for what a user would see: Leases, conditions and, with Envoy, an answer of the plugin.
func (c *Cluster) awaitParts(ctx context.Context, options Options) error {
	if options.AIBrix {
		err := c.Await(ctx, "AIBrix's controllers lead", func() bool { return c.aibrixLeads(ctx) })
		if err != nil {
			return err
		}
	}
	if options.Gateway {
		err := c.Await(ctx, "Envoy Gateway answers /readyz", gatewayReady)
		if err == nil && options.AIBrix {
			err = c.Await(ctx, "the Gateway has its Service and accepted policies", func() bool { return c.gatewayAccepted(ctx) })
		}
		if err != nil {
			return err
		}
	}
	if options.Envoy {
		return c.Await(ctx, "the gateway plugin answers through Envoy", pluginAnswers)
	}
	return nil
}

// Await polls until ready says so. After two minutes, or when one of the servers has ended, it gives up and tells what the
// stand-ins last said.
func (c *Cluster) Await(ctx context.Context, what string, ready func() bool) error {
	limit, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for !ready() {
		select {
		case <-limit.Done():
			return fmt.Errorf("not so in time: %s\n%s", what, c.lastWords())
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil
}
