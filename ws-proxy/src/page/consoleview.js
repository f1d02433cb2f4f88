// A console: terminal, who is there, how it stands.
import { door } from "./api.js";
import { announce, h, show } from "./dom.js";
import { Link } from "./link.js";
import { terminal } from "./terminal.js";
import { bytes, exitWords } from "./words.js";

const encoder = new TextEncoder();

// Opens what is wished for; `back` is called when the user goes.
export function openConsole(where, wish, name, back) {
  new ConsoleView(where, wish, name, back).start();
}

class ConsoleView {
  #where;
  #wish;
  #back;
  #name;
  #kind;
  #terminal = null;
  #link;
  #observer = new ResizeObserver(() => this.#refit());
  #fitTimer = null;
  #status = h("span", { class: "state", role: "status" });
  #viewers = h("ul", { class: "viewers", "aria-label": "Who looks at this console" });
  #title = h("span", { class: "muted ellipsis" });
  #screen = h("div", { class: "screen" });
  #banner = h("div", { class: "banner", hidden: true, role: "alert" });
  #reader = h("button", { type: "button", class: "quiet", "aria-pressed": "false" }, "Screen reader");
  #leave = h("button", { type: "button" }, "Leave");
  #countdown = null;

  constructor(where, wish, name, back) {
    this.#where = where;
    this.#wish = wish;
    this.#name = name;
    this.#back = back;
    this.#kind = wish.action === "exec" ? "exec" : "attach";
    this.#link = new Link(wish, door, {
      output: (data, done) => this.#terminal?.term.write(data, done) ?? done(),
      state: (state, more) => this.#state(state, more),
      event: (event, more) => this.#event(event, more),
      ended: (how, more) => this.#ended(how, more),
    });
    this.#reader.addEventListener("click", () => this.#toggleReader());
    this.#leave.addEventListener("click", () => this.#leaving());
  }

  start() {
    const view = h(
      "section",
      { class: "console", "aria-labelledby": "console-name" },
      h(
        "header",
        { class: "bar" },
        h("h1", { id: "console-name", tabindex: "-1", class: "ellipsis" }, this.#name),
        this.#title,
        h("span", { class: "grow" }),
        this.#viewers,
        this.#status,
        this.#reader,
        this.#leave,
      ),
      this.#screen,
      this.#banner,
      h(
        "p",
        { class: "hint", id: "console-help" },
        h("kbd", {}, "Shift"), " + ", h("kbd", {}, "F6"), " leaves the terminal by keyboard. ",
        this.#kind === "exec" ? "Leaving ends the command." : "Leaving does not end the container.",
      ),
    );
    show(this.#where, view);
    this.#build({ tty: true, observer: this.#wish.action === "observe" || this.#wish.observe === true });
    this.#link.open(this.#fitted());
    this.#observer.observe(this.#screen);
    window.addEventListener("online", this.#online);
    window.addEventListener("beforeunload", this.#unload);
  }

  #online = () => this.#link.hurry();

  #unload = (event) => {
    if (!this.#link.over && this.#wish.action !== "observe") {
      event.preventDefault();
    }
  };

  #build({ tty, observer }) {
    this.#terminal?.dispose();
    this.#screen.replaceChildren();
    const made = terminal({
      readOnly: observer,
      convertEol: !tty,
      onTitle: (text) => {
        this.#title.textContent = text;
      },
    });
    this.#terminal = made;
    made.term.open(this.#screen);
    made.term.textarea?.setAttribute("aria-describedby", "console-help");
    made.term.options.screenReaderMode = this.#reader.getAttribute("aria-pressed") === "true";
    made.term.attachCustomKeyEventHandler((key) => {
      if (key.key === "F6" && key.shiftKey) {
        if (key.type === "keydown") {
          this.#leave.focus();
        }
        return false;
      }
      return true;
    });
    if (!observer) {
      made.term.onData((text) => {
        if (!this.#link.isStaleReply(text)) {
          this.#type(encoder.encode(text));
        }
      });
      made.term.onBinary((text) => this.#type(Uint8Array.from(text, (c) => c.charCodeAt(0))));
    }
    this.#refit();
  }

  #type(data) {
    if (!this.#link.type(data)) {
      this.#tell(`That is too much to type at once: ${bytes(data.length)} were not sent.`);
    }
  }

  #fitted() {
    this.#terminal.fit.fit();
    const { cols, rows } = this.#terminal.term;
    return { cols, rows };
  }

  #refit() {
    clearTimeout(this.#fitTimer);
    this.#fitTimer = setTimeout(() => {
      if (this.#terminal !== null && !this.#link.over && this.#screen.isConnected && !this.#watching) {
        this.#link.resize(this.#fitted());
      }
    }, 100);
  }

  #watching = false;

  #state(state, more) {
    clearInterval(this.#countdown);
    if (state === "connecting") {
      this.#mark("Connecting…", "waiting");
    } else if (state === "open") {
      this.#opened(more);
    } else if (state === "lost") {
      this.#lost();
    }
  }

  #opened(facts) {
    const again = this.#banner.dataset.kind === "lost";
    this.#kind = facts.kind;
    if (!again) {
      this.#watching = facts.observer === true;
      if (!facts.tty || this.#watching) {
        this.#build({ tty: facts.tty, observer: this.#watching });
      }
      if (this.#watching && facts.cols > 0) {
        this.#terminal.term.resize(facts.cols, facts.rows);
      }
      this.#terminal.term.focus();
    }
    this.#quiet();
    const recorded = facts.recording === true ? ", recorded" : "";
    this.#mark(again ? `Connected again${recorded}` : this.#watching ? `Observing${recorded}` : `Connected${recorded}`, "good");
  }

  #lost() {
    this.#mark("Connection lost, trying again…", "bad");
    if (this.#banner.dataset.kind === "lost") {
      return;
    }
    this.#show("lost",
      h("p", {}, "The connection is lost. What runs goes on; this page comes back to it by itself."),
      h("button", { type: "button", onclick: () => this.#link.hurry() }, "Try now"));
  }

  #event(event, more) {
    if (event === "viewers") {
      const others = more.list.map((viewer) =>
        h("li", { class: viewer.you ? "you" : "" }, viewer.name + (viewer.you ? " (you)" : "") + (viewer.observer ? ", observing" : "")));
      this.#viewers.replaceChildren(...others);
    } else if (event === "resized" && this.#watching) {
      this.#terminal.term.resize(more.cols, more.rows);
    } else if (event === "skipped") {
      this.#tell(`${bytes(more.bytes)} of output were skipped: this page was too slow for it.`);
    } else if (event === "paused") {
      this.#mark("Container paused", "waiting");
      announce("The container is paused.");
    } else if (event === "unpaused") {
      this.#mark("Connected", "good");
    }
  }

  #ended(how, more) {
    clearInterval(this.#countdown);
    if (how === "left") {
      this.#close();
      return;
    }
    const words = how === "exit" ? exitWords(more.code, this.#kind) : more || "This console has ended.";
    this.#mark("Ended", how === "failed" ? "bad" : "ended");
    if (this.#terminal !== null) {
      this.#terminal.term.options.disableStdin = true;
      this.#terminal.term.options.cursorInactiveStyle = "none";
      this.#terminal.term.blur();
    }
    this.#leave.textContent = "Close";
    const again = h("button", { type: "button", onclick: () => this.#again() }, this.#kind === "exec" ? "Run again" : "Attach again");
    const close = h("button", { type: "button", class: "primary", onclick: () => this.#close() }, "Back");
    this.#show(how === "failed" ? "failed" : "ended", h("p", {}, words), this.#wish.action === "resume" ? null : again, close);
    close.focus();
  }

  #again() {
    this.#dispose();
    openConsole(this.#where, this.#wish, this.#name, this.#back);
  }

  #leaving() {
    if (this.#link.over) {
      this.#close();
    } else {
      this.#link.leave();
    }
  }

  #close() {
    this.#dispose();
    this.#back();
  }

  #dispose() {
    this.#observer.disconnect();
    window.removeEventListener("online", this.#online);
    window.removeEventListener("beforeunload", this.#unload);
    this.#terminal?.dispose();
    this.#terminal = null;
  }

  #toggleReader() {
    const on = this.#reader.getAttribute("aria-pressed") !== "true";
    this.#reader.setAttribute("aria-pressed", String(on));
    this.#terminal.term.options.screenReaderMode = on;
    announce(on ? "The terminal is read aloud." : "The terminal is not read aloud.");
    this.#terminal.term.focus();
  }

  #mark(text, kind) {
    this.#status.textContent = text;
    this.#status.dataset.kind = kind;
  }

  #show(kind, ...content) {
    this.#banner.dataset.kind = kind;
    this.#banner.replaceChildren(...content.filter((child) => child !== null));
    this.#banner.hidden = false;
    this.#refit();
  }

  // A sentence that goes away by itself.
  #tell(text) {
    if (this.#banner.hidden || this.#banner.dataset.kind === "note") {
      this.#show("note", h("p", {}, text), h("button", { type: "button", class: "quiet", onclick: () => this.#quiet() }, "Dismiss"));
    }
  }

  #quiet() {
    this.#banner.hidden = true;
    this.#banner.dataset.kind = "";
    this.#refit();
  }
}
