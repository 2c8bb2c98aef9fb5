//go:build tools

// Package tools names the programs that the system tests build, so that go.mod and go.sum pin all that is in them.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
)
