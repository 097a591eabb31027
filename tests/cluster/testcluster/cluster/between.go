package cluster

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// Between starts an HTTPS server that passes every request on to the API server, as the admin, after before has seen it.
// It returns its URL and how to stop it.
func (c *Cluster) Between(before func(*http.Request)) (string, func(), error) {
	made, err := c.authority.server()
	if err != nil {
		return "", nil, err
	}
	certificate, err := tls.X509KeyPair(made.certificate, made.key)
	if err != nil {
		return "", nil, err
	}
	target, err := url.Parse(c.Server)
	if err != nil {
		return "", nil, err
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = c.Admin.http.Transport
	proxy.ErrorLog = log.New(io.Discard, "", 0) // streams that end with a killed server
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}},
		Handler: http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
			before(request)
			proxy.ServeHTTP(answer, request)
		})}
	go func() { _ = server.ServeTLS(listener, "", "") }()
	return fmt.Sprintf("https://%s", listener.Addr()), func() { _ = server.Close() }, nil
}

// Wire starts a plain relay to the API server. It calls after each time it has passed more than so many bytes back to
// a client, once per connection; TLS stays between the two ends.
func (c *Cluster) Wire(bytes int64, after func()) (string, func(), error) {
	target, err := url.Parse(c.Server)
	if err != nil {
		return "", nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go relay(client, target.Host, bytes, after)
		}
	}()
	return fmt.Sprintf("https://%s", listener.Addr()), func() { _ = listener.Close() }, nil
}

func relay(client net.Conn, target string, bytes int64, after func()) {
	defer client.Close()
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	if _, err := io.CopyN(client, server, bytes); err != nil {
		return
	}
	after()
	_, _ = io.Copy(client, server)
}
