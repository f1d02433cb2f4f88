// Calls to the server. The token lives in this module and nowhere else: a reload forgets it.
let token = null;
let onEnd = () => {};

export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function whenLoggedOut(callback) {
  onEnd = callback;
}

export async function call(method, path, body, { text = false, wait = 30000 } = {}) {
  const headers = {};
  if (token !== null) {
    headers.Authorization = `Bearer ${token}`;
  }
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(wait),
    });
  } catch {
    throw new Refusal(0, "UNREACHABLE", "The server does not answer.");
  }
  if (response.ok) {
    return text ? response.text() : response.status === 204 ? null : response.json();
  }
  const answer = await response.json().catch(() => ({}));
  const code = answer.error?.code ?? `HTTP_${response.status}`;
  const message = answer.error?.message ?? `The server answered with status ${response.status}.`;
  if (response.status === 401 && token !== null) {
    token = null;
    onEnd("Your login has ended. Please log in again.");
  }
  throw new Refusal(response.status, code, message);
}

export async function login(username, password) {
  const answer = await call("POST", "/v1/login", { username, password });
  token = answer.token;
  return answer.identity?.name ?? username;
}

export async function logout() {
  try {
    await call("POST", "/v1/logout");
  } finally {
    token = null;
  }
}

// Lists come bare, or under their name.
export async function list(path, name) {
  const answer = await call("GET", path);
  return Array.isArray(answer) ? answer : (answer[name] ?? answer.data ?? []);
}

// Address of a WebSocket that one ticket opens once; always at the server that this page came from.
export async function door(wish, size) {
  const { url } = await call("POST", "/v1/tickets", wish, { wait: 15000 });
  const there = new URL(url);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const more = size === null ? "" : `&cols=${size.cols}&rows=${size.rows}`;
  return `${scheme}//${location.host}${there.pathname}${there.search}${more}`;
}
