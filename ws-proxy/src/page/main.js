import "@xterm/xterm/css/xterm.css";
import "./page.css";
import { login, logout, whenLoggedOut } from "./api.js";
import { announce, h, show } from "./dom.js";
import { containers, recordings, sessions } from "./lists.js";
import { openConsole } from "./consoleview.js";
import { openPlayer } from "./player.js";

const main = document.getElementById("main");
const top = document.getElementById("top");
let who = "";

const PLACES = {
  containers: { name: "Containers", intro: "Where you may look in, attach, or run something." },
  sessions: { name: "Open consoles", intro: "Consoles that are open now and that you may see. Yours can be resumed from here." },
  recordings: { name: "Recordings", intro: "What was printed in consoles before." },
};

function loginView(message = "") {
  document.body.dataset.view = "login";
  top.replaceChildren();
  who = "";
  const error = h("p", { class: "error", role: "alert", id: "login-error" }, message);
  error.hidden = message === "";
  const user = h("input", { id: "user", name: "username", autocomplete: "username", required: true, spellcheck: "false", autocapitalize: "off" });
  const password = h("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true });
  const button = h("button", { type: "submit", class: "primary wide" }, "Log in");
  const form = h(
    "form",
    { class: "card", "aria-labelledby": "login-heading" },
    h("div", { class: "mark", "aria-hidden": "true" }),
    h("h1", { id: "login-heading", tabindex: "-1" }, "Postern"),
    h("p", { class: "muted" }, "Consoles of containers that listen nowhere."),
    error,
    h("div", { class: "fields" }, h("label", { for: "user" }, "Name"), user, h("label", { for: "password" }, "Password"), password),
    button,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    error.hidden = true;
    try {
      who = await login(user.value, password.value);
      shell();
      go("containers");
    } catch (failure) {
      error.textContent = failure.status === 401 ? "Name or password is wrong." : failure.message;
      error.hidden = false;
      password.value = "";
      password.focus();
    } finally {
      button.disabled = false;
    }
  });
  show(main, form, "#user");
}

function shell() {
  document.body.dataset.view = "shell";
  const links = Object.entries(PLACES).map(([id, place]) =>
    h("button", { type: "button", class: "tab", "data-place": id, onclick: () => go(id) }, place.name));
  top.replaceChildren(
    h("span", { class: "brand" }, h("span", { class: "mark", "aria-hidden": "true" }), "Postern"),
    h("nav", { "aria-label": "Places" }, links),
    h("span", { class: "grow" }),
    h("span", { class: "muted ellipsis who" }, who),
    h("button", { type: "button", class: "quiet", id: "logout", onclick: leave }, "Log out"),
  );
}

async function leave() {
  try {
    await logout();
  } catch {
    // It ends by itself.
  }
  loginView();
  announce("You are logged out.");
}

async function go(place) {
  document.body.dataset.view = "shell";
  for (const tab of top.querySelectorAll(".tab")) {
    if (tab.dataset.place === place) {
      tab.setAttribute("aria-current", "page");
    } else {
      tab.removeAttribute("aria-current");
    }
  }
  const body = h("div", { class: "list", "aria-busy": "true" }, h("p", { class: "muted" }, "Loading…"));
  const again = h("button", { type: "button", onclick: () => go(place) }, "Refresh");
  const view = h(
    "section",
    { class: "page" },
    h("div", { class: "heading" },
      h("div", {}, h("h1", { tabindex: "-1" }, PLACES[place].name), h("p", { class: "muted" }, PLACES[place].intro)),
      again),
    body,
  );
  show(main, view);
  const fail = (failure) => body.replaceChildren(h("p", { class: "error", role: "alert" }, failure.message));
  const open = (wish, name) => {
    document.body.dataset.view = "console";
    openConsole(main, wish, name, () => go(place));
  };
  const play = async (id, name) => {
    try {
      document.body.dataset.view = "console";
      await openPlayer(main, id, name, () => go(place));
    } catch (failure) {
      document.body.dataset.view = "shell";
      fail(failure);
    }
  };
  try {
    const content =
      place === "containers" ? await containers(open)
      : place === "sessions" ? await sessions(open, () => go(place), fail)
      : await recordings(play);
    if (body.isConnected) {
      body.replaceChildren(...content);
      body.removeAttribute("aria-busy");
    }
  } catch (failure) {
    fail(failure);
  }
}

whenLoggedOut((message) => loginView(message));
loginView();
