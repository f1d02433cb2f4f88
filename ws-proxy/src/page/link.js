// One console over any number of connections: console.postern.v1, with positions both ways. Knows no page.
import { Typed } from "./typed.js";
import { Refusal } from "./api.js";

const PIECE = 32 * 1024;
const PATIENCE = 90_000;
const SILENCE = 75_000;
const REPLY = /^\x1b(\[[?>=]?[\d;]*[cnRyx]|P[^\x1b]*\x1b\\|\][^\x07\x1b]*(\x07|\x1b\\))$/;

export class Link {
  #wish;
  #door;
  #on;
  #observer;
  #socket = null;
  #session = null;
  #typed = new Typed();
  #received = 0;
  #written = 0;
  #acked = 0;
  #window = 256 * 1024;
  #over = false;
  #lostAt = 0;
  #pause = 0;
  #timer = null;
  #ackTimer = null;
  #heard = 0;
  #watch = null;
  #size = null;
  #ready = false;
  #quietUntil = 0;

  // door(wish, size) gives an address; `on` has output(bytes, done), state(name, more), event(name, more), ended(words).
  constructor(wish, door, on) {
    this.#wish = wish;
    this.#door = door;
    this.#on = on;
    this.#observer = wish.action === "observe" || wish.observe === true;
    this.#session = wish.action === "resume" ? wish.session : null;
  }

  open(size) {
    this.#size = size;
    this.#on.state("connecting");
    this.#connect(this.#wish);
  }

  get over() {
    return this.#over;
  }

  async #connect(wish) {
    this.#timer = null;
    let address;
    try {
      address = await this.#door(wish, this.#size);
    } catch (failure) {
      const final = failure instanceof Refusal && failure.status !== 0 && failure.status < 500
        && failure.status !== 429 && failure.status !== 409;
      if (this.#lostAt === 0 || final) {
        this.#end("failed", failure.message);
      } else {
        this.#again();
      }
      return;
    }
    if (this.#over) {
      return;
    }
    const socket = new WebSocket(address, ["console.postern.v1"]);
    socket.binaryType = "arraybuffer";
    let opened = false;
    socket.onmessage = (message) => {
      if (socket !== this.#socket) {
        return;
      }
      this.#heard = performance.now();
      if (typeof message.data !== "string") {
        this.#output(new Uint8Array(message.data));
      } else {
        const event = JSON.parse(message.data);
        opened ||= event.type === "opened";
        this.#told(event);
      }
    };
    socket.onclose = (close) => {
      if (socket === this.#socket) {
        this.#lost(close, opened);
      }
    };
    this.#socket = socket;
    this.#heard = performance.now();
    clearInterval(this.#watch);
    this.#watch = setInterval(() => this.#listen(socket), 5000);
  }

  // A side that says nothing for long has gone, whatever the network thinks.
  #listen(socket) {
    if (socket === this.#socket && performance.now() - this.#heard > SILENCE) {
      socket.onclose = null;
      socket.close();
      this.#lost({ code: 1006, reason: "" }, true);
    }
  }

  #output(message) {
    const bytes = message.subarray(1);
    this.#received += bytes.length;
    this.#on.output(bytes, () => {
      this.#written += bytes.length;
      if (this.#written - this.#acked >= this.#window / 4) {
        this.#ack();
      } else {
        this.#ackTimer ??= setTimeout(() => this.#ack(), 100);
      }
    });
  }

  #ack() {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = null;
    if (this.#written > this.#acked && this.#say({ type: "ack", position: this.#written })) {
      this.#acked = this.#written;
    }
  }

  #told(event) {
    switch (event.type) {
      case "opened":
        this.#opened(event);
        break;
      case "input":
        this.#typed.taken(event.position);
        this.#sendTyped();
        break;
      case "ping":
        this.#say({ type: "pong" });
        break;
      case "skipped":
        this.#move(event.position);
        this.#on.event("skipped", event);
        break;
      case "exit":
        this.#end("exit", event);
        break;
      case "closing":
        if (event.resumable !== true) {
          this.#end("closed", event.message || event.reason);
        }
        break;
      default:
        this.#on.event(event.type, event);
    }
  }

  // The next byte has this position, whatever was there before.
  #move(position) {
    const ahead = this.#received - this.#written;
    this.#received = position;
    this.#written = position - ahead;
    this.#acked = Math.min(this.#acked, this.#written);
  }

  #opened(event) {
    const first = this.#session === null || this.#lostAt === 0;
    if (!first && event.position > this.#received) {
      this.#on.event("skipped", { bytes: event.position - this.#received });
    }
    this.#move(event.position);
    this.#session = event.session;
    this.#window = event.window ?? this.#window;
    this.#observer = event.observer === true;
    this.#lostAt = 0;
    this.#pause = 0;
    this.#quietUntil = first && (event.kind === "attach" || this.#wish.action === "resume") ? performance.now() + 1000 : 0;
    if (!this.#observer && !first) {
      if (!this.#typed.resume(event.input)) {
        this.#end("failed", "The server lost count of what was typed.");
        return;
      }
    } else if (!this.#observer) {
      // counted from where the server is; what was typed too early was not sent yet
      const early = this.#typed;
      this.#typed = new Counted(event.input);
      for (let bytes = early.next(Typed.MOST, Typed.MOST); bytes !== null; bytes = early.next(Typed.MOST, Typed.MOST)) {
        this.#typed.add(bytes);
      }
    }
    this.#ready = true;
    this.#sendTyped();
    this.#on.state("open", event);
    if (this.#size !== null) {
      this.resize(this.#size);
    }
  }

  #lost(close, opened) {
    this.#ready = false;
    clearInterval(this.#watch);
    this.#socket = null;
    if (this.#over) {
      return;
    }
    if (close.code === 1000) {
      this.#end("closed", close.reason);
    } else if (close.code === 1008) {
      this.#end("closed", close.reason || "This console is not allowed any more.");
    } else if (this.#session === null || (!opened && this.#lostAt === 0)) {
      this.#end("failed", "The connection could not be made.");
    } else {
      this.#lostAt ||= performance.now();
      this.#again();
    }
  }

  #again() {
    if (performance.now() - this.#lostAt > PATIENCE) {
      this.#end("failed", "The connection was lost and did not come back.");
      return;
    }
    this.#on.state("lost");
    this.#pause = Math.min(4000, this.#pause === 0 ? 100 : this.#pause * 2);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#resume(), this.#pause);
  }

  #resume() {
    this.#connect({ action: "resume", session: this.#session, from: this.#received, observe: this.#observer });
  }

  // Do not wait any longer.
  hurry() {
    if (this.#timer !== null && !this.#over) {
      clearTimeout(this.#timer);
      this.#resume();
    }
  }

  // Returns false when it is too much to hold.
  type(bytes) {
    if (this.#observer || this.#over) {
      return true;
    }
    if (bytes.length > this.#typed.room) {
      return false;
    }
    if (bytes.length > 0) {
      this.#typed.add(bytes);
      this.#sendTyped();
    }
    return true;
  }

  // What a terminal answers to old questions in a scrollback is not typed by anybody.
  isStaleReply(text) {
    return performance.now() < this.#quietUntil && REPLY.test(text);
  }

  // No more than the window is on its way: beyond it the other side would not read our acknowledgements either.
  #sendTyped() {
    while (this.#socket?.readyState === WebSocket.OPEN && this.#ready) {
      const bytes = this.#typed.next(this.#window, PIECE);
      if (bytes === null) {
        return;
      }
      const message = new Uint8Array(bytes.length + 1);
      message.set(bytes, 1);
      this.#socket.send(message);
    }
  }

  #say(message) {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  resize(size) {
    this.#size = size;
    if (!this.#observer && this.#session !== null) {
      this.#say({ type: "resize", cols: size.cols, rows: size.rows });
    }
  }

  // Leaves for good; an exec ends by it.
  leave() {
    if (!this.#over) {
      this.#say({ type: "detach" });
      this.#end("left", "");
    }
  }


  #end(how, more) {
    if (this.#over) {
      return;
    }
    this.#over = true;
    this.#ack();
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.onclose = null;
      socket.close(1000);
    }
    this.#on.ended(how, more);
  }
}

// Input of an owner who comes back from elsewhere begins where the server is.
class Counted extends Typed {
  #start;

  constructor(start) {
    super();
    this.#start = start;
  }

  taken(position) {
    super.taken(position - this.#start);
  }

  resume(position) {
    return super.resume(position - this.#start);
  }
}
