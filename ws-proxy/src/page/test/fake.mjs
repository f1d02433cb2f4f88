// A stand-in for ws-proxy to work on the page with: node test/fake.mjs [port]. Commands run on this machine; loopback only.
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const FILES = new URL("../../main/resources/page/", import.meta.url);
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
  + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const TYPES = { html: "text/html; charset=utf-8", js: "text/javascript", css: "text/css", svg: "image/svg+xml" };
const WINDOW = 512 * 1024;
const tickets = new Map();
const sessions = new Map();

const containers = [
  { host: "dock-1", id: "a".repeat(64), name: "web-1", image: "nginx:1.29", state: "running", tty: false, stdin: false, labels: {}, actions: ["observe", "attach", "exec", "execAsUser", "viewRecording"] },
  { host: "dock-1", id: "b".repeat(64), name: "worker", image: "registry/worker:2026.11", state: "running", tty: true, stdin: true, labels: {}, actions: ["observe"] },
  { host: "dock-2", id: "c".repeat(64), name: "postgres", image: "postgres:18", state: "paused", tty: false, stdin: false, labels: {}, actions: ["observe", "exec"] },
  { host: "dock-2", id: "d".repeat(64), name: "migrate-20261128", image: "registry/migrate:17", state: "exited", tty: false, stdin: false, labels: {}, actions: ["attach"] },
];
const cast = ['{"version":3,"term":{"cols":80,"rows":24},"timestamp":1795870000}', '[0.2,"o","$ "]', '[0.6,"o","ls -l\\r\\n"]',
  '[0.1,"o","total 0\\r\\ndrwxr-xr-x 2 root root  40 Nov 28 13:00 \\u001b[1;34mconf\\u001b[0m\\r\\n-rw-r--r-- 1 root root 612 Nov 28 13:00 index.html\\r\\n$ "]',
  '[1.5,"o","exit\\r\\n"]', '[0.1,"x","0"]'].join("\n");

function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

async function body(request) {
  let text = "";
  for await (const piece of request) {
    text += piece;
  }
  return text === "" ? {} : JSON.parse(text);
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (request.method === "GET" && (url.pathname === "/" || url.pathname.startsWith("/page/"))) {
    const name = url.pathname === "/" ? "index.html" : url.pathname.slice(6);
    const content = await readFile(new URL(name, FILES)).catch(() => null);
    response.writeHead(content === null ? 404 : 200, { "Content-Type": TYPES[name.split(".").at(-1)], "Content-Security-Policy": POLICY }).end(content);
    return;
  }
  if (url.pathname === "/v1/login") {
    const wish = await body(request);
    const good = wish.password === "open sesame";
    json(response, good ? 200 : 401, good ? { token: "fake", identity: { name: wish.username } } : { error: { code: "UNAUTHORIZED", message: "no" } });
  } else if (request.headers.authorization !== "Bearer fake") {
    json(response, 401, { error: { code: "UNAUTHORIZED", message: "Log in first." } });
  } else if (url.pathname === "/v1/containers") {
    json(response, 200, containers);
  } else if (url.pathname === "/v1/sessions") {
    json(response, 200, [...sessions.values()].map((one) => ({ id: one.id, kind: "exec", mine: true, user: "alice", container: containers[0], viewers: [{ name: "alice", observer: false }] })));
  } else if (url.pathname === "/v1/recordings") {
    json(response, 200, [{ id: "r1", container: containers[0], who: "alice", began: "2026-11-28T13:00:00Z", command: ["sh"], bytes: 4096 }]);
  } else if (url.pathname === "/v1/recordings/r1") {
    response.end(cast);
  } else if (url.pathname === "/v1/tickets") {
    const ticket = randomUUID();
    tickets.set(ticket, await body(request));
    json(response, 201, { ticket, url: `ws://elsewhere/v1/console?ticket=${ticket}` });
  } else if (url.pathname === "/v1/logout") {
    response.writeHead(204).end();
  } else {
    json(response, 404, { error: { code: "NOT_FOUND", message: "Nothing is here." } });
  }
});

server.on("upgrade", (request, socket) => {
  const ticket = new URL(request.url, "http://localhost").searchParams.get("ticket");
  const wish = tickets.get(ticket);
  tickets.delete(ticket);
  const session = wish?.action === "resume" ? sessions.get(wish.session) : wish && new Session(wish);
  if (!session) {
    socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  const key = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\nSec-WebSocket-Protocol: console.postern.v1\r\n\r\n`);
  session.join(socket, wish.from ?? 0, wish.action === "resume");
});

class Session {
  constructor(wish) {
    this.id = randomUUID();
    this.kept = Buffer.alloc(0);
    this.taken = 0;
    this.socket = null;
    sessions.set(this.id, this);
    const line = (wish.command ?? ["sh"]).map((word) => `'${word}'`).join(" ");
    this.process = spawn("script", ["-qfec", line, "/dev/null"], { env: { ...process.env, PS1: "/ # ", TERM: "xterm-256color" } });
    this.process.stdout.on("data", (data) => {
      this.kept = Buffer.concat([this.kept, data]);
      this.flush();
    });
    this.process.on("close", (code) => {
      this.say({ type: "exit", code });
      sessions.delete(this.id);
      this.socket?.end(frame(8, Buffer.from([3, 232])));
    });
  }

  join(socket, from, resumed) {
    this.socket?.destroy();
    this.socket = socket;
    this.sent = from;
    let rest = Buffer.alloc(0);
    socket.on("data", (data) => {
      rest = Buffer.concat([rest, data]);
      for (let message = unframed(rest); message !== null; message = unframed(rest)) {
        rest = message.rest;
        this.heard(message);
      }
    });
    socket.on("error", () => {});
    this.say({ type: "opened", session: this.id, kind: "exec", host: "dock-1", container: containers[0], tty: true, observer: false,
      cols: 80, rows: 24, position: from, input: this.taken, window: WINDOW, recording: true, resumed });
    this.say({ type: "viewers", list: [{ name: "alice", observer: false, you: true }, { name: "bob", observer: true, you: false }] });
    this.flush();
  }

  heard({ opcode, data }) {
    if (opcode === 2) {
      this.process.stdin.write(data.subarray(1));
      this.taken += data.length - 1;
      this.say({ type: "input", position: this.taken });
    } else if (opcode === 1 && JSON.parse(data).type === "detach") {
      this.process.kill("SIGHUP");
    }
  }

  flush() {
    if (this.socket !== null && this.sent < this.kept.length) {
      const piece = this.kept.subarray(this.sent, this.sent + 60000);
      this.sent += piece.length;
      this.socket.write(frame(2, Buffer.concat([Buffer.from([1]), piece])));
      this.flush();
    }
  }

  say(message) {
    this.socket?.write(frame(1, Buffer.from(JSON.stringify(message))));
  }
}

function frame(opcode, data) {
  const head = data.length < 126 ? Buffer.from([128 | opcode, data.length]) : Buffer.from([128 | opcode, 126, data.length >> 8, data.length & 255]);
  return Buffer.concat([head, data]);
}

function unframed(buffer) {
  if (buffer.length < 2) {
    return null;
  }
  const short = buffer[1] & 127;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (buffer.length < start + 4) {
    return null;
  }
  const length = short < 126 ? short : short === 126 ? buffer.readUInt16BE(2) : Number(buffer.readBigUInt64BE(2));
  if (buffer.length < start + 4 + length) {
    return null;
  }
  const data = Buffer.from(buffer.subarray(start + 4, start + 4 + length));
  for (let i = 0; i < length; i++) {
    data[i] ^= buffer[start + (i & 3)];
  }
  return { opcode: buffer[0] & 15, data, rest: buffer.subarray(start + 4 + length) };
}

server.listen(Number(process.argv[2] ?? 8090), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
