// Command client drives the stock Go SDK for the conformance lanes.
//
//	client enroll JWT OUT
//	client list ID
//	client host ID SERVICE...
//	client dial ID SERVICE MODE BYTES
//	client renew ID SERVICE TIMES
//
// The three client programs (go, jvm, c) share this command line and the in-band protocol described in
// ../README.md. Exit codes: 0 as expected, 1 failed or mismatch, 2 usage, 3 every listener closed, 124 timed out.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/michaelquigley/pfxlog"
	edge_apis "github.com/openziti/sdk-golang/edge-apis"
	"github.com/openziti/sdk-golang/ziti"
	"github.com/openziti/sdk-golang/ziti/edge"
	"github.com/openziti/sdk-golang/ziti/enroll"
	"github.com/sirupsen/logrus"
)

func main() {
	level := logrus.WarnLevel
	if os.Getenv("LANE_DEBUG") != "" {
		level = logrus.DebugLevel
	}
	pfxlog.GlobalInit(level, pfxlog.DefaultOptions())
	args := os.Args[1:]
	switch {
	case len(args) == 3 && args[0] == "enroll":
		watchdog()
		enrollIdentity(args[1], args[2])
	case len(args) == 2 && args[0] == "list":
		watchdog()
		list(args[1])
	case len(args) >= 3 && args[0] == "host":
		host(args[1], args[2:])
	case len(args) == 5 && args[0] == "dial":
		watchdog()
		dial(args[1], args[2], args[3], args[4])
	case len(args) == 4 && args[0] == "renew":
		watchdog()
		renew(args[1], args[2], args[3])
	default:
		fmt.Fprintln(os.Stderr, "usage: client enroll JWT OUT | list ID | host ID SERVICE... | "+
			"dial ID SERVICE MODE BYTES | renew ID SERVICE TIMES")
		os.Exit(2)
	}
}

// watchdog ends the process when a one-shot command outlives LANE_TIMEOUT seconds.
func watchdog() {
	limit := envSeconds("LANE_TIMEOUT", 120)
	time.AfterFunc(limit, func() {
		fmt.Println("RESULT timeout after", limit)
		os.Exit(124)
	})
}

func envSeconds(name string, fallback int) time.Duration {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return time.Duration(n) * time.Second
	}
	return time.Duration(fallback) * time.Second
}

func fail(what string, err error) {
	fmt.Printf("RESULT %s failed %s\n", what, strings.ReplaceAll(err.Error(), "\n", " "))
	os.Exit(1)
}

func enrollIdentity(jwtFile, out string) {
	raw, err := os.ReadFile(jwtFile)
	if err != nil {
		fail("enroll", err)
	}
	text := strings.TrimSpace(string(raw))
	claims, token, err := enroll.ParseToken(text)
	if err != nil {
		fail("enroll", err)
	}
	flags := enroll.EnrollmentFlags{Token: claims, JwtToken: token, JwtString: text}
	if err = flags.KeyAlg.Set("EC"); err != nil {
		fail("enroll", err)
	}
	config, err := enroll.Enroll(flags)
	if err != nil {
		fail("enroll", err)
	}
	file, err := json.MarshalIndent(config, "", "  ")
	if err == nil {
		err = os.WriteFile(out, file, 0o600)
	}
	if err != nil {
		fail("enroll", err)
	}
	fmt.Println("RESULT enroll ok")
}

func open(what, idFile string) ziti.Context {
	config, err := ziti.NewConfigFromFile(idFile)
	if err != nil {
		fail(what, err)
	}
	options := *ziti.DefaultOptions
	ctx, err := ziti.NewContextWithOpts(config, &options)
	if err != nil {
		fail(what, err)
	}
	if os.Getenv("LANE_LEGACY") != "" {
		client := ctx.(*ziti.ContextImpl).CtrlClt
		client.SetAllowOidcDynamicallyEnabled(false)
		client.SetUseOidc(false)
	}
	if err = ctx.Authenticate(); err != nil {
		fail(what, err)
	}
	return ctx
}

func list(idFile string) {
	ctx := open("list", idFile)
	services, err := ctx.GetServices()
	if err != nil {
		fail("list", err)
	}
	for _, service := range services {
		fmt.Printf("SERVICE %s encrypted=%t\n", *service.Name, *service.EncryptionRequired)
	}
	fmt.Println("RESULT list ok", len(services))
}

// host serves every named service until standard input ends.
func host(idFile string, names []string) {
	ctx := open("host", idFile)
	closed := make(chan string, len(names))
	for _, name := range names {
		listener, err := ctx.ListenWithOptions(name, &ziti.ListenOptions{
			ConnectTimeout: 15 * time.Second, MaxTerminators: 1, WaitForNEstablishedListeners: 1,
		})
		if err != nil {
			fail("host", err)
		}
		fmt.Println("listening", name)
		go func() {
			for {
				conn, err := listener.AcceptEdge()
				if err != nil {
					fmt.Println("closed", name, err)
					closed <- name
					return
				}
				go serve(name, conn)
			}
		}()
	}
	fmt.Println("ready")
	go func() {
		for range names {
			<-closed
		}
		os.Exit(3)
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func dial(idFile, name, mode, length string) {
	size, err := strconv.ParseInt(length, 10, 64)
	if err != nil {
		fail("dial", err)
	}
	ctx := open("dial", idFile)
	fmt.Println("authenticated")
	began := time.Now()
	conn, err := ctx.DialWithOptions(name, &ziti.DialOptions{ConnectTimeout: 15 * time.Second})
	if err != nil {
		fail("dial", err)
	}
	dialled := time.Since(began)
	fmt.Println("connected")
	outcome, err := talk(conn, mode, size)
	if err != nil {
		fail("dial", err)
	}
	fmt.Printf("RESULT dial ok mode=%s bytes=%d %s dial=%.3f seconds=%.3f\n",
		mode, size, outcome, dialled.Seconds(), time.Since(began).Seconds())
	if mode == "R" { // bytes written just before a close may be lost: the runner ends us when the host has them
		lingered(10 * time.Second)
	}
	_ = conn.Close()
	ctx.Close()
}

// renew keeps one connection open while the API Session is renewed, as the SDK does in the middle of its token's life:
// the routers are told the new token, the connection goes on, and a new one opens.
func renew(idFile, name, times string) {
	count, err := strconv.Atoi(times)
	if err != nil {
		fail("renew", err)
	}
	ctx := open("renew", idFile)
	session := ctx.(*ziti.ContextImpl).CtrlClt.GetCurrentApiSession()
	kind := "legacy"
	if _, oidc := session.(*edge_apis.ApiSessionOidc); oidc {
		kind = "oidc"
	}
	conn, err := ctx.DialWithOptions(name, &ziti.DialOptions{ConnectTimeout: 15 * time.Second})
	if err != nil {
		fail("renew", err)
	}
	if _, err = fmt.Fprintf(conn, "E%15d", 1024*(count+1)); err != nil {
		fail("renew", err)
	}
	last := string(session.GetToken())
	for i := 0; i <= count; i++ {
		if _, err = send(conn, 1024); err != nil {
			fail("renew", err)
		}
		if _, err = io.ReadFull(conn, make([]byte, 1024)); err != nil {
			fail("renew", err)
		}
		if i == count {
			break
		}
		failed, told := ctx.(*ziti.ContextImpl).RefreshApiSession()
		if failed != nil {
			fail("renew", failed)
		}
		if told != nil {
			fail("renew", fmt.Errorf("a router refuses the new token: %w", told))
		}
		token := string(ctx.(*ziti.ContextImpl).CtrlClt.GetCurrentApiSession().GetToken())
		if kind == "oidc" && token == last {
			fail("renew", fmt.Errorf("the token is the same"))
		}
		last = token
	}
	again, err := ctx.DialWithOptions(name, &ziti.DialOptions{ConnectTimeout: 15 * time.Second})
	if err != nil {
		fail("renew", err)
	}
	if _, err = talk(again, "E", 1024); err != nil {
		fail("renew", err)
	}
	fmt.Printf("RESULT renew ok session=%s renewals=%d\n", kind, count)
	_ = again.Close()
	_ = conn.Close()
	ctx.Close()
}

// lingered waits until standard input ends, at most the limit.
func lingered(limit time.Duration) {
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(limit):
	}
}

func closeWrite(conn io.Writer) error {
	if half, ok := conn.(edge.CloseWriter); ok {
		return half.CloseWrite()
	}
	return fmt.Errorf("connection cannot close its write side")
}
