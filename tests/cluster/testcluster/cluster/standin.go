package cluster

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// A standIn is a program that runs beside the cluster for a pod of a Deployment in it: it is started when such a pod is
// ready, and ended when none is. So scaling the Deployment in the API really stops and starts the program.
type standIn struct {
	name      string
	namespace string // "" looks everywhere
	selector  string
	start     func(pod Object) (*server, error)

	pod     string // whom server stands for
	server  *server
	log     string
	trouble string // why it could not be started
}

type standIns struct {
	cluster *Cluster
	all     []*standIn
	mutex   sync.Mutex
	done    chan struct{}
	group   sync.WaitGroup
}

func newStandIns(c *Cluster) *standIns { return &standIns{cluster: c, done: make(chan struct{})} }

func (s *standIns) add(one *standIn) { s.all = append(s.all, one) }

// follow goes on until stop.
func (s *standIns) follow() {
	s.group.Go(func() {
		for {
			for _, one := range s.all {
				s.follow1(one)
			}
			select {
			case <-s.done:
				return
			case <-time.After(250 * time.Millisecond):
			}
		}
	})
}

func (s *standIns) follow1(one *standIn) {
	pod, err := s.readyPod(one)
	if err != nil {
		return // the API server is away; what ran goes on
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	ended := one.server != nil && isClosed(one.server.ended)
	if name := textAt(pod, "metadata", "name"); one.server != nil && (ended || name != one.pod) {
		one.server.stop()
		one.server = nil
	}
	if pod == nil || one.server != nil {
		return
	}
	one.trouble = ""
	one.pod = textAt(pod, "metadata", "name")
	if one.server, err = one.start(pod); err != nil {
		one.trouble = err.Error() // tried again, as what it needs may not be there yet
		return
	}
	one.log = one.server.log
}

// readyPod prefers the pod that the program stands for already.
func (s *standIns) readyPod(one *standIn) (Object, error) {
	path := "/api/v1/pods"
	if one.namespace != "" {
		path = "/api/v1/namespaces/" + one.namespace + "/pods"
	}
	limit, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	pods, err := s.cluster.Admin.List(limit, path+"?labelSelector="+url.QueryEscape(one.selector))
	if err != nil {
		return nil, err
	}
	pods = slices.DeleteFunc(pods, func(pod Object) bool {
		return at(pod, "metadata", "deletionTimestamp") != nil || !HasCondition(pod, "Ready", "True")
	})
	if len(pods) == 0 {
		return nil, nil
	}
	for _, pod := range pods {
		if textAt(pod, "metadata", "name") == one.pod {
			return pod, nil
		}
	}
	return pods[0], nil
}

// Runs tells whether a program stands in for its pod now.
func (c *Cluster) Runs(name string) bool {
	c.standIns.mutex.Lock()
	defer c.standIns.mutex.Unlock()
	for _, one := range c.standIns.all {
		if one.name == name {
			return one.server != nil && !isClosed(one.server.ended)
		}
	}
	return false
}

func (s *standIns) stop() {
	close(s.done)
	s.group.Wait()
	for _, one := range s.all {
		if one.server != nil {
			one.server.stop()
		}
	}
}

// lastWords is the end of every stand-in's log, or why it does not run.
func (c *Cluster) lastWords() string {
	var words []string
	for _, s := range c.servers {
		if isClosed(s.ended) {
			words = append(words, fmt.Sprintf("%s ended (%v):\n%s", s.name, s.err, s.lastLines()))
		}
	}
	if c.standIns == nil {
		return strings.Join(words, "\n")
	}
	c.standIns.mutex.Lock()
	defer c.standIns.mutex.Unlock()
	for _, one := range c.standIns.all {
		switch {
		case one.trouble != "":
			words = append(words, one.name+" is not started: "+one.trouble)
		case one.server == nil:
			words = append(words, one.name+" is not started: no pod of "+one.selector+" is ready")
		default:
			words = append(words, one.name+":\n"+one.server.lastLines())
		}
	}
	return strings.Join(words, "\n")
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
