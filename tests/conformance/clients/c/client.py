"""Drives the stock C SDK, through its Python wheel, for the conformance lanes.

    client.py enroll JWT OUT
    client.py list ID [SERVICE...]
    client.py host ID SERVICE...
    client.py dial ID SERVICE MODE BYTES

The protocol and the exit codes are those of ../README.md.
"""

import hashlib
import os
import socket
import sys
import threading
import time

import openziti
from openziti import zitilib

CHUNK = 32 * 1024  # one write: the 2021 JVM reader loses data behind larger messages
SPEAK = threading.Lock()


def say(line):
    with SPEAK:
        sys.stdout.write(line.replace("\n", " ") + "\n")
        sys.stdout.flush()


def leave(code):
    """Ends at once: the SDK's own threads must not hold back an exit code that is already decided."""
    sys.stdout.flush()
    os._exit(code)


def fail(what, error):
    say("RESULT %s failed %s %s" % (what, type(error).__name__, error))
    leave(1)


def seconds(name, fallback):
    return int(os.environ.get(name) or fallback)


def watchdog():
    limit = seconds("LANE_TIMEOUT", 120)

    def end():
        say("RESULT timeout after %ds" % limit)
        leave(124)

    timer = threading.Timer(limit, end)
    timer.daemon = True
    timer.start()


def enroll(token, out):
    try:
        text = openziti.enroll(token)
        with open(out, "w", encoding="utf-8") as file:
            file.write(text)
    except Exception as error:  # the wheel raises bare RuntimeError
        fail("enroll", error)
    say("RESULT enroll ok")
    leave(0)


def load(what, path):
    """The wheel's load answers a TypeError while the controller is away: asked again until LANE_LOGIN."""
    end = time.monotonic() + seconds("LANE_LOGIN", 60)
    while True:
        try:
            return openziti.load(path)
        except TypeError as error:
            if time.monotonic() > end:
                fail(what, error)
            time.sleep(0.5)


def listed(path, names):
    """Loading waits for the service list; the wheel cannot show it, so the names are only proved by dials."""
    load("list", path)
    say("RESULT list ok %d" % len(names))
    leave(0)


def host(path, names):
    context = load("host", path)
    threads = []
    for name in names:
        try:
            server = context.bind(name)
            server.listen(5)
        except Exception as error:
            fail("host", error)
        say("listening " + name)
        thread = threading.Thread(target=accept, args=(name, server), daemon=True)
        thread.start()
        threads.append(thread)
    say("ready")

    def all_closed():
        for thread in threads:
            thread.join()
        leave(3)

    threading.Thread(target=all_closed, daemon=True).start()
    sys.stdin.read()
    leave(0)


def accept(name, server):
    while True:
        try:
            line, _ = server.accept()
        except Exception as error:
            say("closed %s %s" % (name, error))
            return
        threading.Thread(target=serve, args=(name, line), daemon=True).start()


def serve(name, line):
    mode = "?"
    try:
        line.settimeout(120)
        header = fill(line, 16).decode("ascii")
        mode, size = header[0], int(header[1:])
        outcome = {"E": serve_echo, "H": serve_half_closed, "R": serve_source}[mode](line, size)
        say("RESULT host service=%s ok mode=%s bytes=%d %s" % (name, mode, size, outcome))
    except Exception as error:
        say("RESULT host service=%s failed mode=%s %s %s" % (name, mode, type(error).__name__, error))
    finally:
        line.close()


def serve_echo(line, size):
    total, done = hashlib.sha256(), 0
    while done < size:
        data = line.recv(min(CHUNK, size - done))
        if not data:
            raise EOFError("end of data after %d bytes" % done)
        total.update(data)
        line.sendall(data)
        done += len(data)
    return "sha256=%s eof=%s" % (total.hexdigest(), await_end(line, 20))


def serve_half_closed(line, _size):
    count, total = drain(line)
    line.sendall(b"%d %s\n" % (count, total.encode()))
    return "sha256=%s eof=yes" % total


def serve_source(line, size):
    total = send(line, size)
    line.shutdown(socket.SHUT_WR)
    want = b"%d %s\n" % (size, total.encode())
    expect(want, fill(line, len(want)))
    return "sha256=%s" % total


def dial(path, name, mode, size):
    context = load("dial", path)
    say("authenticated")
    began = time.monotonic()
    try:
        # one level below ZitiContext.connect, which is broken in 0.6.0
        number = zitilib.ziti_socket(socket.SOCK_STREAM)
        zitilib.check_error(zitilib._ziti_connect(number, context._ctx, name.encode(), None))
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, number)
        dialled = time.monotonic() - began
        say("connected")
        line.settimeout(60)
        line.sendall(b"%s%15d" % ((b"E" if mode == "S" else mode.encode()), size))
        talk = {"E": dial_echo, "S": dial_paced, "H": dial_half_closed, "R": dial_sink}[mode]
        outcome = talk(line, size)
        say("RESULT dial ok mode=%s bytes=%d %s dial=%.3f seconds=%.3f"
            % (mode, size, outcome, dialled, time.monotonic() - began))
        if mode == "R":  # bytes written just before a close may be lost: the runner ends us when the host has them
            lingered(10)
        line.close()
        time.sleep(0.2)  # the SDK's loop sends the close on its own thread
    except Exception as error:
        fail("dial", error)
    leave(0)


def lingered(limit):
    reader = threading.Thread(target=sys.stdin.read, daemon=True)
    reader.start()
    reader.join(limit)


def dial_echo(line, size):
    sent = {}

    def sender():
        try:
            sent["sum"] = send(line, size)
        except Exception as error:
            sent["error"] = error

    thread = threading.Thread(target=sender, daemon=True)
    thread.start()
    total, done = hashlib.sha256(), 0
    while done < size:
        data = line.recv(min(CHUNK, size - done))
        if not data:
            raise EOFError("echo ended after %d of %d bytes" % (done, size))
        total.update(data)
        done += len(data)
    thread.join(60)
    if "error" in sent:
        raise sent["error"]
    expect(sent["sum"], total.hexdigest())
    return "sha256=" + total.hexdigest()


def dial_paced(line, size):
    began, done, slowest = time.monotonic(), 0, 0.0
    while done < size:
        data = os.urandom(min(1024, size - done))
        round_began = time.monotonic()
        try:
            line.sendall(data)
            back = fill(line, len(data))
        except Exception as error:
            raise RuntimeError("after %d bytes %.1f s: %s" % (done, time.monotonic() - began, error))
        expect(data, back)
        slowest = max(slowest, time.monotonic() - round_began)
        done += len(data)
        say("TICK %d" % done)
        time.sleep(0.1)
    return "slowest=%.3f" % slowest


def dial_half_closed(line, size):
    total = send(line, size)
    line.shutdown(socket.SHUT_WR)
    want = b"%d %s\n" % (size, total.encode())
    expect(want, fill(line, len(want)))
    return "sha256=%s eof=%s" % (total, await_end(line, seconds("LANE_EOF_WAIT", 10)))


def dial_sink(line, size):
    count, total = drain(line)
    if count != size:
        raise EOFError("end of data after %d of %d bytes" % (count, size))
    line.sendall(b"%d %s\n" % (count, total.encode()))
    return "sha256=%s eof=yes" % total


def send(line, size):
    total, done = hashlib.sha256(), 0
    while done < size:
        data = os.urandom(min(CHUNK, size - done))
        total.update(data)
        line.sendall(data)
        done += len(data)
    return total.hexdigest()


def drain(line):
    total, count = hashlib.sha256(), 0
    while True:
        data = line.recv(CHUNK)
        if not data:
            return count, total.hexdigest()
        total.update(data)
        count += len(data)


def fill(line, size):
    data = b""
    while len(data) < size:
        more = line.recv(size - len(data))
        if not more:
            raise EOFError("end of data after %d of %d bytes" % (len(data), size))
        data += more
    return data


def await_end(line, limit):
    line.settimeout(limit)
    try:
        return "surplus" if line.recv(1) else "yes"
    except socket.timeout:
        return "no"
    except OSError:
        return "error"


def expect(want, got):
    if want != got:
        raise ValueError("expected %r, got %r" % (want[:100], got[:100]))


def main(args):
    verb = args[0] if args else ""
    if verb in ("enroll", "list", "dial"):
        watchdog()
    if verb == "enroll" and len(args) == 3:
        enroll(args[1], args[2])
    elif verb == "list" and len(args) >= 2:
        listed(args[1], args[2:])
    elif verb == "host" and len(args) >= 3:
        host(args[1], args[2:])
    elif verb == "dial" and len(args) == 5:
        dial(args[1], args[2], args[3], int(args[4]))
    sys.stderr.write("usage: enroll JWT OUT | list ID | host ID SERVICE... | dial ID SERVICE MODE BYTES\n")
    leave(2)


if __name__ == "__main__":
    main(sys.argv[1:])
