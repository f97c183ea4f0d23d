// The thin line at the top while a request takes longer than a moment.

const PATIENCE = 250;

export function startBar(): void {
  const bar = document.querySelector<HTMLElement>(".sw-bar");
  if (!bar) return;
  const waiting = new Set<unknown>();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
    waiting.add(xhr);
    setTimeout(() => (bar.hidden = waiting.size === 0), PATIENCE);
  });
  for (const kind of ["htmx:afterRequest", "htmx:sendAbort", "htmx:timeout"]) {
    document.addEventListener(kind, (event) => {
      waiting.delete((event as CustomEvent<{ xhr: XMLHttpRequest }>).detail.xhr);
      bar.hidden = waiting.size === 0;
    });
  }
}
