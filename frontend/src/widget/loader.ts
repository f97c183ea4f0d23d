// The script of the host page: a button and a frame in a shadow root. Touches nothing else of the page.
// The server puts `const shouwenSite = {...}` in front of it (conversations/widget_views.py).

interface Site {
  key: string;
  origin: string; // Where the widget lives.
  texts: { open: string; close: string; unread: string; title: string };
}
declare const shouwenSite: Site;

const site = shouwenSite;
const NAME = `shouwen_${site.key}`;
const KEPT = `shouwen:${site.key}:`;
const YEAR = 365 * 24 * 3600;
const registry = window as unknown as Record<symbol, Set<string> | undefined>;
const STYLE = `
:host{all:initial;position:fixed;z-index:2147483000;right:0;bottom:0;width:0;height:0}
button{position:fixed;right:20px;bottom:calc(20px + env(safe-area-inset-bottom,0px));width:56px;height:56px;padding:0;border:0;border-radius:50%;background:#0f766e;color:#fff;cursor:pointer;box-shadow:0 4px 16px rgba(16,48,47,.28)}
button:hover{background:#115e57}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #0f766e}
svg{width:28px;height:28px;display:block;margin:auto}
b{position:absolute;top:-4px;right:-4px;min-width:20px;height:20px;padding:0 5px;box-sizing:border-box;border-radius:10px;background:#c2341d;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
iframe{position:fixed;right:20px;bottom:88px;width:380px;height:min(640px,calc(100vh - 108px));border:0;border-radius:12px;background:#f4f6f7;box-shadow:0 8px 40px rgba(16,48,47,.3);color-scheme:normal}
[hidden]{display:none}
@media (max-width:639px){iframe{inset:0;width:100%;height:100%;border-radius:0}button[aria-expanded=true]{display:none}}
@media print{:host{display:none}}`;

/** The visitor's key lives with the host page: a cookie of its own domain, its storage as second. */
function readToken(): string {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${NAME}=`));
  if (cookie) return decodeURIComponent(cookie.slice(NAME.length + 1));
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

function keepToken(token: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${NAME}=${encodeURIComponent(token)}; Path=/; Max-Age=${token ? YEAR : 0}; SameSite=Lax${secure}`;
  try {
    if (token) localStorage.setItem(NAME, token);
    else localStorage.removeItem(NAME);
  } catch {
    // No storage on this page: the cookie is enough.
  }
}

/** What the widget may not keep itself (browsers that close storage to frames): lines on their way, drafts. */
function keep(key: unknown, value: unknown): void {
  if (typeof key !== "string" || !key.startsWith(KEPT)) return;
  try {
    if (typeof value === "string") localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Then a reload forgets what was not sent yet.
  }
}

function kept(): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(localStorage).filter(([key]) => key.startsWith(KEPT)) as [string, string][]);
  } catch {
    return {};
  }
}

function drawing(path: string): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  for (const [name, value] of [["viewBox", "0 0 24 24"], ["fill", "none"], ["stroke", "currentColor"], ["stroke-width", "1.8"], ["stroke-linecap", "round"], ["stroke-linejoin", "round"], ["aria-hidden", "true"]] as const) {
    svg.setAttribute(name, value);
  }
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

function dress(root: ShadowRoot): void {
  // A sheet made by script is no inline style: it passes a host page's strict policy.
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = STYLE;
    root.append(style);
  }
}

function start(): void {
  const host = document.createElement("div");
  host.id = `shouwen-widget-${site.key}`;
  const root = host.attachShadow({ mode: "open" });
  dress(root);
  const button = document.createElement("button");
  button.type = "button";
  const badge = document.createElement("b");
  badge.hidden = true;
  const [bubble, cross] = [drawing("M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5"), drawing("M6 6l12 12M18 6L6 18")];
  button.append(bubble, badge);
  root.append(button);
  let frame: HTMLIFrameElement | null = null;
  let isOpen = false;
  let isLoaded = false;

  const tell = (message: Record<string, unknown>) => {
    if (isLoaded) frame?.contentWindow?.postMessage({ shouwen: 1, ...message }, site.origin);
  };
  const page = () => ({ url: location.href.slice(0, 500), title: document.title.slice(0, 200) });
  const label = (unread: number) => {
    button.setAttribute("aria-label", isOpen ? site.texts.close : unread ? site.texts.unread.replace("{n}", String(unread)) : site.texts.open);
    button.setAttribute("aria-expanded", String(isOpen));
    badge.hidden = isOpen || unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
  };
  const load = () => {
    frame = document.createElement("iframe");
    frame.title = site.texts.title;
    frame.allow = "microphone; autoplay";
    frame.hidden = !isOpen;
    frame.src = `${site.origin}/widget/${site.key}/`;
    frame.addEventListener("load", () => {
      isLoaded = true;
      tell({ type: "hello", token: readToken(), kept: kept(), page: page(), isOpen });
    });
    root.append(frame);
  };
  const show = (open: boolean) => {
    isOpen = open;
    if (!frame) load();
    if (frame) frame.hidden = !open;
    button.replaceChildren(open ? cross : bubble, badge);
    label(0);
    tell({ type: open ? "open" : "close", page: page() });
    if (open) frame?.focus();
    else button.focus();
  };

  button.addEventListener("click", () => show(!isOpen));
  root.addEventListener("keydown", (event) => (event as KeyboardEvent).key === "Escape" && isOpen && show(false));
  // Any element of the host page may open the chat: <a data-shouwen-open>.
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-shouwen-open]")) {
      event.preventDefault();
      show(true);
    }
  });
  addEventListener("message", (event) => {
    if (event.origin !== site.origin || !frame || event.source !== frame.contentWindow) return;
    const message = event.data as { shouwen?: number; type?: string; token?: unknown; count?: unknown; key?: unknown; value?: unknown } | null;
    if (message?.shouwen !== 1) return;
    if (message.type === "token") keepToken(String(message.token ?? ""));
    else if (message.type === "keep") keep(message.key, message.value);
    else if (message.type === "unread") label(Number(message.count) || 0);
    else if (message.type === "close") show(false);
  });
  label(0);
  document.body.append(host);
  // Somebody who has talked to us before hears of answers; others load nothing until they open it.
  if (readToken()) load();
}

const loaded = (registry[Symbol.for("shouwen.widget")] ??= new Set());
if (!loaded.has(site.key) && window.top === window.self) {
  loaded.add(site.key);
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
}
