// A handful of signs that people use with customers.

import { el } from "./dom.ts";

const SIGNS = "😊 😄 😁 😂 🤣 😅 😉 😍 🥰 😘 🤔 😐 😳 😢 😭 😤 😡 😱 😴 🤒 👍 👎 👌 🙏 👏 💪 🤝 👋 ❤️ 💔 🎉 🌹 ☀️ 🌧️ 🔥 ✅ ❌ ❓ ❗ 📦".split(" ");

/** Opens and closes the panel by the button; a chosen sign goes to `insert`. */
export function startEmoji(button: HTMLElement, panel: HTMLElement, insert: (text: string) => void): void {
  const show = (open: boolean) => {
    if (open && !panel.firstChild) panel.append(...SIGNS.map((sign) => el("button", { type: "button", "aria-label": sign }, sign)));
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(panel.hidden === true));
  panel.addEventListener("click", (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    insert(event.target.textContent ?? "");
    show(false);
  });
  panel.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  button.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !panel.contains(event.target) && !button.contains(event.target)) show(false);
  });
}
