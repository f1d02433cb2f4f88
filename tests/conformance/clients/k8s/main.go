// A stock remotecommand client: execs or attaches as kubectl does, over WebSocket only, and says in one line what happened.
//
//	client [flags] exec|attach SERVER NAMESPACE POD [COMMAND…]
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash"
	"io"
	"math/rand"
	"net/url"
	"os"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/util/exec"
)

type report struct {
	Exit  int    `json:"exit"`
	Out   string `json:"out"`
	Err   string `json:"err"`
	Bytes int64  `json:"bytes"`
	Sent  string `json:"sent"`
	Got   string `json:"got"`
	Error string `json:"error"`
}

// keeps the beginning of what it is given, and a hash of all, or of all behind a marker
type sink struct {
	head   bytes.Buffer
	sum    hash.Hash
	bytes  int64
	seen   chan string
	marker []byte
	begun  chan struct{}
}

func newSink() *sink {
	return &sink{sum: sha256.New(), seen: make(chan string, 1024), begun: make(chan struct{})}
}

func (s *sink) Write(p []byte) (int, error) {
	all := len(p)
	if len(s.marker) > 0 {
		s.head.Write(p)
		_, behind, found := bytes.Cut(s.head.Bytes(), s.marker)
		if !found {
			return all, nil
		}
		p = bytes.Clone(behind)
		s.head.Reset()
		s.marker = nil
		close(s.begun)
	}
	s.sum.Write(p)
	s.bytes += int64(len(p))
	if room := 4096 - s.head.Len(); room > 0 {
		s.head.Write(p[:min(room, len(p))])
		select {
		case s.seen <- s.head.String():
		default:
		}
	}
	return all, nil
}

// random bytes of which a terminal takes none for an order: the key that begins the detach sequence is left out
type plain struct{ from io.Reader }

func (t plain) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	for i := range p[:n] {
		if p[i] == 0x1e {
			p[i] = '-'
		}
	}
	return n, err
}

// yields nothing until a channel is closed, and then the end
type gate <-chan struct{}

func (g gate) Read([]byte) (int, error) {
	<-g
	return 0, io.EOF
}

// hands out sizes: one at first, then, when asked again, none until the end
type sizes struct {
	first *remotecommand.TerminalSize
	done  <-chan struct{}
}

func (s *sizes) Next() *remotecommand.TerminalSize {
	if size := s.first; size != nil {
		s.first = nil
		return size
	}
	<-s.done
	return nil
}

func main() {
	token := flag.String("token", "", "file of the bearer token")
	mebibytes := flag.Int64("mib", 0, "random input of this many MiB; on a terminal it stays open")
	input := flag.String("input", "", "input text; with -until it stays open")
	until := flag.String("until", "", "end when the output has this")
	after := flag.String("after", "", "send and count from where the output has this")
	tty := flag.Bool("tty", false, "a terminal of 101x33")
	flag.Parse()
	args := flag.Args()
	secret, err := os.ReadFile(*token)
	if err != nil || len(args) < 4 {
		fmt.Fprintln(os.Stderr, "client -token FILE exec|attach SERVER NAMESPACE POD [COMMAND…]", err)
		os.Exit(2)
	}
	address, err := url.Parse(args[1])
	if err != nil {
		panic(err)
	}
	hasInput := *mebibytes > 0 || *input != ""
	query := url.Values{"stdout": {"true"}}
	if hasInput {
		query.Set("stdin", "true")
	}
	if *tty {
		query.Set("tty", "true")
	} else {
		query.Set("stderr", "true")
	}
	for _, word := range args[4:] {
		query.Add("command", word)
	}
	address.Path = "/api/v1/namespaces/" + args[2] + "/pods/" + args[3] + "/" + args[0]
	address.RawQuery = query.Encode()

	config := &rest.Config{
		Host:            args[1],
		BearerToken:     strings.TrimSpace(string(secret)),
		TLSClientConfig: rest.TLSClientConfig{Insecure: true},
	}
	executor, err := remotecommand.NewWebSocketExecutor(config, "GET", address.String())
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Second)
	defer cancel()
	out, errs := newSink(), newSink()
	out.marker = []byte(*after)
	if *after == "" {
		close(out.begun)
	}
	options := remotecommand.StreamOptions{Stdout: out, Tty: *tty}
	if !*tty {
		options.Stderr = errs
	} else {
		options.TerminalSizeQueue = &sizes{first: &remotecommand.TerminalSize{Width: 101, Height: 33}, done: ctx.Done()}
	}
	sent := sha256.New()
	switch {
	case *mebibytes > 0:
		var random io.Reader = rand.New(rand.NewSource(time.Now().UnixNano()))
		if *tty {
			random = plain{random}
		}
		input := io.TeeReader(io.LimitReader(random, *mebibytes<<20), sent)
		options.Stdin = io.MultiReader(gate(out.begun), input)
		if *tty {
			options.Stdin = io.MultiReader(gate(out.begun), input, gate(ctx.Done()))
		}
	case *until != "":
		reader, writer := io.Pipe()
		defer writer.Close()
		options.Stdin = reader
		go func() { _, _ = writer.Write([]byte(*input)) }()
	case *input != "":
		options.Stdin = strings.NewReader(*input)
	}
	found := false
	if *until != "" {
		go func() {
			for text := range out.seen {
				if strings.Contains(text, *until) {
					found = true
					cancel()
					return
				}
			}
		}()
	}
	failure := executor.StreamWithContext(ctx, options)
	result := report{
		Out:   out.head.String(),
		Err:   errs.head.String(),
		Bytes: out.bytes,
		Sent:  hex.EncodeToString(sent.Sum(nil)),
		Got:   hex.EncodeToString(out.sum.Sum(nil)),
	}
	var code exec.CodeExitError
	switch {
	case failure == nil || found:
	case errors.As(failure, &code):
		result.Exit = code.Code
	default:
		result.Exit = -1
		result.Error = failure.Error()
	}
	line, err := json.Marshal(result)
	if err != nil {
		panic(err)
	}
	fmt.Println("RESULT " + string(line))
}
