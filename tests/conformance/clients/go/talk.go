package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/openziti/sdk-golang/ziti/edge"
)

// chunk bounds one write: the 2021 JVM reader loses data behind larger messages.
const chunk = 32 * 1024

// serve answers one connection and reports it on a RESULT line.
func serve(name string, conn edge.Conn) {
	defer func() { _ = conn.Close() }()
	header := make([]byte, 16)
	if _, err := io.ReadFull(conn, header); err != nil {
		fmt.Printf("RESULT host service=%s failed header %v\n", name, err)
		return
	}
	size, err := strconv.ParseInt(strings.TrimSpace(string(header[1:])), 10, 64)
	if err != nil {
		fmt.Printf("RESULT host service=%s failed header unreadable\n", name)
		return
	}
	var outcome string
	switch header[0] {
	case 'E':
		outcome, err = serveEcho(conn, size)
	case 'H':
		outcome, err = serveHalfClosed(conn)
	case 'R':
		outcome, err = serveSource(conn, size)
	default:
		err = fmt.Errorf("mode %q unknown", header[0])
	}
	if err != nil {
		fmt.Printf("RESULT host service=%s failed mode=%c %v\n", name, header[0], err)
		return
	}
	fmt.Printf("RESULT host service=%s ok mode=%c bytes=%d %s\n", name, header[0], size, outcome)
}

func serveEcho(conn edge.Conn, size int64) (string, error) {
	sum := sha256.New()
	buffer := make([]byte, chunk)
	for done := int64(0); done < size; {
		n, err := conn.Read(buffer[:min(int64(chunk), size-done)])
		if err != nil {
			return "", fmt.Errorf("after %d bytes: %w", done, err)
		}
		sum.Write(buffer[:n])
		if _, err = conn.Write(buffer[:n]); err != nil {
			return "", fmt.Errorf("echo after %d bytes: %w", done, err)
		}
		done += int64(n)
	}
	return fmt.Sprintf("sha256=%x eof=%s", sum.Sum(nil), awaitEnd(conn, 20*time.Second)), nil
}

func serveHalfClosed(conn edge.Conn) (string, error) {
	sum := sha256.New()
	count, err := io.CopyBuffer(sum, onlyReader{conn}, make([]byte, chunk))
	if err != nil {
		return "", fmt.Errorf("after %d bytes: %w", count, err)
	}
	answer := fmt.Sprintf("%d %x\n", count, sum.Sum(nil))
	if _, err = conn.Write([]byte(answer)); err != nil {
		return "", fmt.Errorf("answer: %w", err)
	}
	return fmt.Sprintf("sha256=%x eof=yes", sum.Sum(nil)), nil
}

func serveSource(conn edge.Conn, size int64) (string, error) {
	sum, err := send(conn, size)
	if err != nil {
		return "", err
	}
	if err = closeWrite(conn); err != nil {
		return "", err
	}
	want := fmt.Sprintf("%d %s\n", size, sum)
	answer := make([]byte, len(want))
	if _, err = io.ReadFull(conn, answer); err != nil {
		return "", fmt.Errorf("reading the answer: %w", err)
	}
	if string(answer) != want {
		return "", fmt.Errorf("answer was %q, expected %q", answer, want)
	}
	return "sha256=" + sum, nil
}

// talk is the dialing side of one mode. S is E, paced: 1 KiB every 100 ms, each awaited.
func talk(conn edge.Conn, mode string, size int64) (string, error) {
	letter := mode
	if mode == "S" {
		letter = "E"
	}
	if _, err := fmt.Fprintf(conn, "%s%15d", letter, size); err != nil {
		return "", err
	}
	switch mode {
	case "E":
		return talkEcho(conn, size)
	case "S":
		return talkPaced(conn, size)
	case "H":
		return talkHalfClosed(conn, size)
	case "R":
		return talkSink(conn, size)
	}
	return "", fmt.Errorf("mode %q unknown", mode)
}

func talkEcho(conn edge.Conn, size int64) (string, error) {
	sent := make(chan error, 1)
	var sum string
	go func() {
		var err error
		sum, err = send(conn, size)
		sent <- err
	}()
	back := sha256.New()
	count, err := io.CopyBuffer(back, io.LimitReader(conn, size), make([]byte, chunk))
	if err != nil || count != size {
		return "", fmt.Errorf("echo ended after %d of %d bytes: %v", count, size, err)
	}
	if err = <-sent; err != nil {
		return "", err
	}
	if got := hex.EncodeToString(back.Sum(nil)); got != sum {
		return "", fmt.Errorf("sha256 sent %s, received %s", sum, got)
	}
	return "sha256=" + sum, nil
}

func talkPaced(conn edge.Conn, size int64) (string, error) {
	out, in := make([]byte, 1024), make([]byte, 1024)
	began := time.Now()
	var slowest time.Duration
	for done := int64(0); done < size; {
		n := min(int64(len(out)), size-done)
		_, _ = rand.Read(out[:n])
		round := time.Now()
		if _, err := conn.Write(out[:n]); err != nil {
			return "", fmt.Errorf("write after %d bytes %.1f s: %w", done, time.Since(began).Seconds(), err)
		}
		if _, err := io.ReadFull(conn, in[:n]); err != nil {
			return "", fmt.Errorf("read after %d bytes %.1f s: %w", done, time.Since(began).Seconds(), err)
		}
		if !bytes.Equal(out[:n], in[:n]) {
			return "", fmt.Errorf("echo differs after %d bytes", done)
		}
		slowest = max(slowest, time.Since(round))
		done += n
		fmt.Println("TICK", done)
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Sprintf("slowest=%.3f", slowest.Seconds()), nil
}

func talkHalfClosed(conn edge.Conn, size int64) (string, error) {
	sum, err := send(conn, size)
	if err != nil {
		return "", err
	}
	if err = closeWrite(conn); err != nil {
		return "", err
	}
	want := fmt.Sprintf("%d %s\n", size, sum)
	answer := make([]byte, len(want))
	if _, err = io.ReadFull(conn, answer); err != nil {
		return "", fmt.Errorf("reading the answer: %w", err)
	}
	if string(answer) != want {
		return "", fmt.Errorf("answer was %q, expected %q", answer, want)
	}
	return "sha256=" + sum + " eof=" + awaitEnd(conn, envSeconds("LANE_EOF_WAIT", 10)), nil
}

func talkSink(conn edge.Conn, size int64) (string, error) {
	sum := sha256.New()
	count, err := io.CopyBuffer(sum, onlyReader{conn}, make([]byte, chunk))
	if err != nil {
		return "", fmt.Errorf("after %d bytes: %w", count, err)
	}
	if count != size {
		return "", fmt.Errorf("end of data after %d of %d bytes", count, size)
	}
	if _, err = fmt.Fprintf(conn, "%d %x\n", count, sum.Sum(nil)); err != nil {
		return "", fmt.Errorf("writing after end of data: %w", err)
	}
	return fmt.Sprintf("sha256=%x eof=yes", sum.Sum(nil)), nil
}

func send(conn io.Writer, size int64) (string, error) {
	sum := sha256.New()
	buffer := make([]byte, chunk)
	for done := int64(0); done < size; {
		n := min(int64(chunk), size-done)
		_, _ = rand.Read(buffer[:n])
		sum.Write(buffer[:n])
		if _, err := conn.Write(buffer[:n]); err != nil {
			return "", fmt.Errorf("write after %d bytes: %w", done, err)
		}
		done += n
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// awaitEnd says whether the peer's end of data came within the limit.
func awaitEnd(conn io.Reader, limit time.Duration) string {
	ended := make(chan string, 1)
	go func() {
		n, err := conn.Read(make([]byte, 1))
		switch {
		case n > 0:
			ended <- "surplus"
		case err == nil || errors.Is(err, io.EOF):
			ended <- "yes"
		default:
			ended <- "error"
		}
	}()
	select {
	case how := <-ended:
		return how
	case <-time.After(limit):
		return "no"
	}
}

// onlyReader hides WriterTo, so that copies use our buffer size.
type onlyReader struct{ io.Reader }
