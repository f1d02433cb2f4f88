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

// keeps the beginning of what it is given, and a hash of all
type sink struct {
	head  bytes.Buffer
	sum   hash.Hash
	bytes int64
	seen  chan string
}

func newSink() *sink { return &sink{sum: sha256.New(), seen: make(chan string, 1024)} }

func (s *sink) Write(p []byte) (int, error) {
	s.sum.Write(p)
	s.bytes += int64(len(p))
	if room := 4096 - s.head.Len(); room > 0 {
		s.head.Write(p[:min(room, len(p))])
		select {
		case s.seen <- s.head.String():
		default:
		}
	}
	return len(p), nil
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
	mebibytes := flag.Int64("mib", 0, "random input of this many MiB")
	input := flag.String("input", "", "input text; with -until it stays open")
	until := flag.String("until", "", "end when the output has this")
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
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Second)
	defer cancel()
	out, errs := newSink(), newSink()
	options := remotecommand.StreamOptions{Stdout: out, Tty: *tty}
	if !*tty {
		options.Stderr = errs
	} else {
		options.TerminalSizeQueue = &sizes{first: &remotecommand.TerminalSize{Width: 101, Height: 33}, done: ctx.Done()}
	}
	sent := sha256.New()
	switch {
	case *mebibytes > 0:
		random := io.LimitReader(rand.New(rand.NewSource(time.Now().UnixNano())), *mebibytes<<20)
		options.Stdin = io.TeeReader(random, sent)
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
