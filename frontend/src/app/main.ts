// The script of every staff page: htmx, Alpine (CSP build) and our own small behaviours.

import Alpine from "@alpinejs/csp";
import htmx from "htmx.org";
import { startBar } from "./bar";
import { startBoard } from "./board";
import { startChoices } from "./choices";
import { startConfirm } from "./confirm";
import { startCopy } from "./copy";
import { startDialogs } from "./dialogs";
import { startDropdowns } from "./dropdowns";
import { startForms } from "./forms";
import { startLive } from "./live";
import { startPrint } from "./print";
import { startShortcuts } from "./shortcuts";
import { startTables } from "./tables";
import { startTheme } from "./theme";
import { startTimes } from "./times";
import { startToasts } from "./toasts";

declare global {
  interface Window {
    htmx: typeof htmx;
    Alpine: typeof Alpine;
  }
}

window.htmx = htmx;
window.Alpine = Alpine;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  const { headers, verb } = (event as CustomEvent<{ headers: Record<string, string>; verb: string }>).detail;
  if (token && verb !== "get") headers["X-CSRFToken"] = token;
});

startTheme();
startToasts();
startDialogs();
startConfirm();
startDropdowns();
startForms();
startPrint();
startChoices();
startCopy();
startShortcuts();
startTimes();
startTables();
startBar();
startBoard();
startLive();
Alpine.start();
