// Makes elements. Text is text, never markup.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name in element && typeof value === "boolean") {
      element[name] = value;
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// Puts a view into the page; the focus goes to its heading, where a screen reader goes on reading.
export function show(where, view, focus = "h1") {
  where.replaceChildren(view);
  view.querySelector(focus)?.focus();
}

// Says something to whoever cannot see it.
export function announce(text) {
  const live = document.getElementById("announcer");
  live.textContent = "";
  setTimeout(() => {
    live.textContent = text;
  }, 50);
}

// Asks; the answer is what `read` gives for the form, or null.
export function ask(heading, body, { yes = "OK", read = () => true } = {}) {
  return new Promise((answer) => {
    const error = h("p", { class: "error", role: "alert", hidden: true });
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", { id: "dialog-heading" }, heading),
      body,
      error,
      h(
        "div",
        { class: "row end" },
        h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Cancel"),
        h("button", { type: "submit", class: "primary" }, yes),
      ),
    );
    const dialog = h("dialog", { "aria-labelledby": "dialog-heading" }, form);
    let result = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      try {
        result = read(form);
        dialog.close();
      } catch (failure) {
        error.textContent = failure.message;
        error.hidden = false;
      }
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(result);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
