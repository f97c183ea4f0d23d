// Tables on a phone: each cell learns the heading of its column, which the style shows before it.

import { onEach } from "./dom";

export function startTables(): void {
  onEach<HTMLTableRowElement>(".sw-table-stack > tbody > tr", (row) => {
    const headings = row.closest("table")?.querySelectorAll<HTMLTableCellElement>("thead th") ?? [];
    let column = 0;
    for (const cell of row.cells) {
      cell.dataset.label ??= headings[column]?.textContent?.trim() ?? "";
      column += cell.colSpan;
    }
  });
}
