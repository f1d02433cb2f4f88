// A terminal that treats what it prints as a stranger's.
import { Terminal } from "@xterm/xterm";
import { FitAddon } from "@xterm/addon-fit";
import { ask, h } from "./dom.js";
import { safeLink, title } from "./words.js";

const FONT = 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

const DARK = {
  background: "#10151c", foreground: "#d8dee6", cursor: "#7fd1c7", selectionBackground: "#2f4a5c",
  black: "#1c2530", red: "#ff8a80", green: "#8fd694", yellow: "#e6c674", blue: "#82b1ff", magenta: "#d8a4e8",
  cyan: "#76d5d0", white: "#c7d0da", brightBlack: "#75828f", brightRed: "#ffa69e", brightGreen: "#abe5ae",
  brightYellow: "#f2d995", brightBlue: "#a5c8ff", brightMagenta: "#e6c2f2", brightCyan: "#9be5e1", brightWhite: "#f4f7fa",
};
const LIGHT = {
  background: "#fbfcfd", foreground: "#1d2733", cursor: "#0f766e", selectionBackground: "#bcdedb",
  black: "#1d2733", red: "#b3261e", green: "#2e6b34", yellow: "#7a5900", blue: "#1d4fa3", magenta: "#7b2d8b",
  cyan: "#0b6b69", white: "#5b6774", brightBlack: "#5b6774", brightRed: "#c4453c", brightGreen: "#3b7f42",
  brightYellow: "#8a6a10", brightBlue: "#2f63bd", brightMagenta: "#8f429f", brightCyan: "#177f7c", brightWhite: "#1d2733",
};

const dark = window.matchMedia("(prefers-color-scheme: dark)");

// The policy of this page lets no script add style elements. xterm.js makes a few: each becomes a sheet of its own, which
// is what the policy is for, as no markup can reach it.
const createElement = document.createElement.bind(document);
document.createElement = (tag, options) => {
  if (String(tag).toLowerCase() !== "style") {
    return createElement(tag, options);
  }
  const stand = createElement("span");
  const sheet = new CSSStyleSheet();
  stand.hidden = true;
  Object.defineProperty(stand, "textContent", {
    get: () => "",
    set: (text) => sheet.replaceSync(text),
  });
  document.adoptedStyleSheets.push(sheet);
  const remove = stand.remove.bind(stand);
  stand.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    remove();
  };
  return stand;
};

export function terminal({ readOnly, convertEol = false, onTitle = () => {}, size = {} }) {
  const term = new Terminal({
    ...size,
    convertEol,
    disableStdin: readOnly,
    cursorBlink: false,
    fontFamily: FONT,
    fontSize: 14,
    scrollback: 10000,
    minimumContrastRatio: 4.5,
    theme: dark.matches ? DARK : LIGHT,
    linkHandler: { activate: (event, text) => follow(text), allowNonHttpProtocols: false },
  });
  // The clipboard is the user's: a program gets no hand on it.
  term.parser.registerOscHandler(52, () => true);
  term.onTitleChange((text) => onTitle(title(text)));
  const recolour = () => {
    term.options.theme = dark.matches ? DARK : LIGHT;
  };
  dark.addEventListener("change", recolour);
  const fit = new FitAddon();
  term.loadAddon(fit);
  return {
    term,
    fit,
    dispose() {
      dark.removeEventListener("change", recolour);
      term.dispose();
    },
  };
}

async function follow(text) {
  const address = safeLink(text);
  if (address === null) {
    return;
  }
  const body = h(
    "div",
    {},
    h("p", {}, "A program in the container printed this link. It leads to:"),
    h("p", {}, h("code", { class: "address" }, address)),
  );
  if (await ask("Open this link?", body, { yes: "Open in a new tab" })) {
    window.open(address, "_blank", "noopener,noreferrer");
  }
}
