// Print buttons: data-print prints the page as it is.

import { onWithin } from "./dom";

export function startPrint(): void {
  onWithin("click", "[data-print]", () => window.print());
}
