// Plays a recording.
import { call } from "./api.js";
import { h, show } from "./dom.js";
import { parseCast, sizeOf, squeezed } from "./cast.js";
import { terminal } from "./terminal.js";
import { clock } from "./words.js";

const LONGEST_PAUSE = 2;

export async function openPlayer(where, recording, name, back) {
  const text = await call("GET", `/v1/recordings/${encodeURIComponent(recording)}`, undefined, { text: true, wait: 120000 });
  new Player(where, squeezed(parseCast(text), LONGEST_PAUSE), name, back).start();
}

class Player {
  #where;
  #cast;
  #name;
  #back;
  #made;
  #position = 0;
  #next = 0;
  #speed = 1;
  #frame = 0;
  #before = 0;
  #screen = h("div", { class: "screen still", tabindex: "0", role: "img", "aria-label": "Recorded terminal" });
  #toggle = h("button", { type: "button", class: "primary" }, "Play");
  #seek;
  #time = h("span", { class: "muted time" });

  constructor(where, cast, name, back) {
    this.#where = where;
    this.#cast = cast;
    this.#name = name;
    this.#back = back;
    this.#seek = h("input", { type: "range", min: "0", max: String(Math.max(0.1, cast.length)), step: "0.1", value: "0", "aria-label": "Position" });
  }

  start() {
    const speeds = [0.5, 1, 2, 4, 8].map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`));
    const speed = h("select", { "aria-label": "Speed", onchange: (event) => (this.#speed = Number(event.target.value)) }, speeds);
    const view = h(
      "section",
      { class: "console player", "aria-labelledby": "player-name" },
      h(
        "header",
        { class: "bar" },
        h("h1", { id: "player-name", tabindex: "-1", class: "ellipsis" }, this.#name),
        h("span", { class: "grow" }),
        h("span", { class: "state", "data-kind": "ended" }, "Recording"),
        h("button", { type: "button", onclick: () => this.#close() }, "Close"),
      ),
      this.#screen,
      h("div", { class: "controls" }, this.#toggle, this.#seek, this.#time, speed),
    );
    show(this.#where, view, ".primary");
    this.#made = terminal({ readOnly: true, size: { cols: this.#cast.cols, rows: this.#cast.rows } });
    this.#made.term.open(this.#screen);
    this.#made.term.options.cursorInactiveStyle = "none";
    if (this.#made.term.textarea) {
      this.#made.term.textarea.tabIndex = -1;
    }
    this.#toggle.addEventListener("click", () => (this.#frame === 0 ? this.#play() : this.#pause()));
    this.#seek.addEventListener("input", () => this.#go(Number(this.#seek.value)));
    view.addEventListener("keydown", (event) => this.#key(event));
    this.#draw();
    this.#play();
  }

  #key(event) {
    const moves = { ArrowLeft: -5, ArrowRight: 5 };
    if (event.target === this.#seek || event.target.tagName === "SELECT") {
      return;
    }
    if (event.key in moves) {
      this.#go(this.#position + moves[event.key]);
      event.preventDefault();
    } else if (event.key === " " && event.target.tagName !== "BUTTON") {
      this.#toggle.click();
      event.preventDefault();
    }
  }

  #play() {
    if (this.#position >= this.#cast.length) {
      this.#go(0);
    }
    this.#before = performance.now();
    this.#toggle.textContent = "Pause";
    this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  #pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#toggle.textContent = "Play";
  }

  #step(now) {
    this.#position = Math.min(this.#cast.length, this.#position + ((now - this.#before) / 1000) * this.#speed);
    this.#before = now;
    this.#print();
    this.#draw();
    if (this.#position >= this.#cast.length) {
      this.#pause();
      return;
    }
    this.#frame = requestAnimationFrame((later) => this.#step(later));
  }

  #print() {
    const { term } = this.#made;
    while (this.#next < this.#cast.events.length && this.#cast.events[this.#next].time <= this.#position) {
      const event = this.#cast.events[this.#next++];
      if (event.code === "o") {
        term.write(event.data);
      } else if (event.code === "r") {
        const size = sizeOf(event.data);
        if (size !== null) {
          term.resize(size.cols, size.rows);
        }
      }
    }
  }

  #go(position) {
    this.#position = Math.min(this.#cast.length, Math.max(0, position));
    this.#made.term.reset();
    this.#made.term.resize(this.#cast.cols, this.#cast.rows);
    this.#next = 0;
    this.#print();
    this.#draw();
  }

  #draw() {
    this.#seek.value = String(this.#position);
    const text = `${clock(this.#position)} / ${clock(this.#cast.length)}`;
    this.#time.textContent = text;
    this.#seek.setAttribute("aria-valuetext", text);
  }

  #close() {
    this.#pause();
    this.#made.dispose();
    this.#back();
  }
}
