// The field where one writes: Enter sends (not while an input method composes), pasted and dropped files are taken.

export interface ComposerParts {
  field: HTMLTextAreaElement;
  dropArea: HTMLElement;
  submit(text: string): void;
  files(files: File[]): void;
  changed(text: string): void;
  /** Whether something else (a menu) takes this key. */
  takesKey?(event: KeyboardEvent): boolean;
}

const TALLEST = 140;

export function grow(field: HTMLTextAreaElement): void {
  field.rows = 1;
  const style = getComputedStyle(field);
  const line = Number.parseFloat(style.lineHeight) || 20;
  const padding = Number.parseFloat(style.paddingTop) + Number.parseFloat(style.paddingBottom);
  const tallest = Math.floor(TALLEST / line);
  field.rows = Math.max(Number(field.dataset.rows ?? 1), Math.min(tallest, Math.round((field.scrollHeight - padding) / line)));
}

export function startComposer(parts: ComposerParts): { submit(): void; insert(text: string): void; setText(text: string): void } {
  const { field } = parts;
  let endedAt = 0;
  const changed = () => {
    grow(field);
    parts.changed(field.value);
  };
  const submit = () => {
    if (field.value.trim()) parts.submit(field.value.trim());
  };
  const setText = (text: string) => {
    field.value = text;
    changed();
  };
  field.addEventListener("input", changed);
  // Safari ends the composition before the Enter that confirmed it; that Enter must not send.
  field.addEventListener("compositionend", (event) => (endedAt = event.timeStamp));
  field.addEventListener("keydown", (event) => {
    const isComposing = event.isComposing || event.keyCode === 229 || event.timeStamp - endedAt < 50;
    if (isComposing || parts.takesKey?.(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    parts.files(files);
  });
  takeDrops(parts);
  const insert = (text: string) => {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    changed();
    field.focus();
  };
  return { submit, insert, setText };
}

function takeDrops({ dropArea, files }: ComposerParts): void {
  let depth = 0;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
  dropArea.addEventListener("dragenter", (event) => {
    if (hasFiles(event)) dropArea.classList.toggle("is-dropping", ++depth > 0);
  });
  dropArea.addEventListener("dragleave", (event) => {
    if (hasFiles(event)) dropArea.classList.toggle("is-dropping", --depth > 0);
  });
  dropArea.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  dropArea.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    dropArea.classList.remove("is-dropping");
    files([...(event.dataTransfer?.files ?? [])]);
  });
}
