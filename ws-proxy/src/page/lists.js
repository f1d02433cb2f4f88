// What one may reach: containers, open consoles, recordings.
import { call, list } from "./api.js";
import { ask, h } from "./dom.js";
import { bytes, words } from "./words.js";

const STATES = { running: "good", paused: "waiting", exited: "ended", created: "ended", dead: "bad", restarting: "waiting" };

function table(caption, heads, rows, empty) {
  if (rows.length === 0) {
    return h("div", { class: "empty" }, h("p", {}, empty));
  }
  return h(
    "table",
    {},
    h("caption", { class: "hidden" }, caption),
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows),
  );
}

function cell(label, ...content) {
  return h("td", { "data-label": label }, ...content);
}

function when(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? "" : date.toLocaleString();
}

export async function containers(open) {
  const all = await list("/v1/containers", "containers");
  const filter = h("input", { type: "search", placeholder: "Filter", "aria-label": "Filter containers", autocomplete: "off" });
  const body = h("div");
  const draw = () => {
    const wanted = filter.value.toLowerCase();
    const rows = all
      .filter((one) => `${one.host}/${one.name} ${one.image}`.toLowerCase().includes(wanted))
      .map((one) => containerRow(one, open));
    body.replaceChildren(table("Containers", ["Container", "Image", "State", "Actions"], rows,
      all.length === 0 ? "There is no container that you may reach. Whoever runs this network can grant you some." : "Nothing matches."));
  };
  filter.addEventListener("input", draw);
  draw();
  return [filter, body];
}

function containerRow(one, open) {
  const name = `${one.host}/${one.name}`;
  const state = String(one.state ?? "").toLowerCase();
  const running = state === "running";
  const may = (action) => (one.actions ?? []).includes(action);
  const act = (label, on, primary = false) =>
    h("button", { type: "button", class: primary ? "primary" : "", disabled: !running, "aria-label": `${label} ${name}`, onclick: on }, label);
  const wish = (action) => ({ action, host: one.host, container: one.id });
  return h(
    "tr",
    {},
    h("th", { scope: "row", "data-label": "Container" }, h("span", { class: "muted" }, `${one.host} / `), one.name),
    cell("Image", h("span", { class: "muted" }, one.image ?? "")),
    cell("State", h("span", { class: "state", "data-kind": STATES[state] ?? "ended" }, state)),
    cell(
      "Actions",
      h(
        "div",
        { class: "row" },
        may("exec") ? act("Shell", () => open({ ...wish("exec"), command: ["sh"], tty: true, stdin: true }, name), true) : null,
        may("exec") ? act("Run…", () => run(one, name, may("execAsUser"), open)) : null,
        may("attach") ? act("Attach", () => open(wish("attach"), name)) : null,
        may("observe") ? act("Observe", () => open(wish("observe"), name)) : null,
      ),
    ),
  );
}

async function run(one, name, asUser, open) {
  const command = h("input", { id: "run-command", name: "command", required: true, value: "sh", autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const user = h("input", { id: "run-user", name: "user", autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const body = h(
    "div",
    { class: "fields" },
    h("label", { for: "run-command" }, "Command"),
    command,
    asUser ? h("label", { for: "run-user" }, "User (empty for the container's own)") : null,
    asUser ? user : null,
  );
  const wish = await ask(`Run in ${name}`, body, {
    yes: "Run",
    read: () => {
      const line = words(command.value);
      if (line.length === 0) {
        throw new Error("Which command?");
      }
      const wished = { action: "exec", host: one.host, container: one.id, command: line, tty: true, stdin: true };
      return user.value === "" ? wished : { ...wished, user: user.value };
    },
  });
  if (wish !== null) {
    open(wish, name);
  }
}

export async function sessions(open, refresh, fail) {
  const all = await list("/v1/sessions", "sessions");
  const rows = all.map((one) => {
    const container = one.container ?? {};
    const name = `${container.host ?? ""}/${container.name ?? ""}`;
    const people = (one.viewers ?? []).map((viewer) => viewer.name + (viewer.observer ? " (observing)" : "")).join(", ");
    const end = async () => {
      try {
        await call("DELETE", `/v1/sessions/${encodeURIComponent(one.id)}`);
        refresh();
      } catch (failure) {
        fail(failure);
      }
    };
    return h(
      "tr",
      {},
      h("th", { scope: "row", "data-label": "Container" }, name),
      cell("Kind", one.kind === "exec" ? "Command" : "Attached"),
      cell("People", people),
      cell(
        "Actions",
        h(
          "div",
          { class: "row" },
          one.mine ? h("button", { type: "button", class: "primary", "aria-label": `Resume ${name}`, onclick: () => open({ action: "resume", session: one.id }, name) }, "Resume") : null,
          h("button", { type: "button", "aria-label": `Observe ${name}`, onclick: () => open({ action: "observe", session: one.id, observe: true }, name) }, "Observe"),
          one.mine ? h("button", { type: "button", class: "danger", "aria-label": `End ${name}`, onclick: end }, "End") : null,
        ),
      ),
    );
  });
  return [table("Open consoles", ["Container", "Kind", "People", "Actions"], rows, "No console is open now that you may see.")];
}

export async function recordings(play) {
  const all = await list("/v1/recordings", "recordings");
  const rows = all.map((one) => {
    const container = one.container ?? {};
    const name = typeof container === "string" ? `${one.host ?? ""}/${container}` : `${container.host ?? one.host ?? ""}/${container.name ?? ""}`;
    const words = Array.isArray(one.command) ? one.command.join(" ") : (one.kind ?? "");
    return h(
      "tr",
      {},
      h("th", { scope: "row", "data-label": "Container" }, name),
      cell("What", h("span", { class: "muted" }, words || "attached")),
      cell("Who", one.who ?? one.user ?? ""),
      cell("Began", when(one.began ?? one.startedAt)),
      cell("Size", one.bytes === undefined ? "" : bytes(one.bytes)),
      cell("Actions", h("div", { class: "row" },
        h("button", { type: "button", class: "primary", "aria-label": `Play ${name}`, onclick: () => play(one.id, name) }, "Play"))),
    );
  });
  return [table("Recordings", ["Container", "What", "Who", "Began", "Size", "Actions"], rows, "There is no recording that you may see.")];
}
