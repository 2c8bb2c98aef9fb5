//go:build tools

// Package tools names the program that the system tests build, so that go.mod and go.sum pin all that is in it.
package tools

import _ "github.com/fluxcd/kustomize-controller"
