// The words of the conversation protocol, the same over socket and polling. No browser, no behaviour.

export interface ChatFile {
  url: string;
  name: string;
  kind: "picture" | "voice" | "video" | "other";
  size: number;
  content_type: string;
  width?: number | null;
  height?: number | null;
}

/** A file as the upload answered it: `file` is the token that a line carries. */
export interface UploadedFile extends ChatFile {
  file: string;
}

export type LineKind = "visitor" | "agent" | "note" | "system";

export interface Line {
  seq: number; // Order on the screen.
  rev: number; // Change number: the cursor resumes after it.
  kind: LineKind;
  author: { id: number | null; name: string };
  text: string;
  at: string;
  files: ChatFile[];
  recalled: boolean;
  client_id: string;
  id?: number; // Staff only.
  meta: Record<string, unknown>;
}

export interface LinesFrame<State> {
  lines: Line[];
  cursor?: number;
  state?: State | null;
}

/** What every state says: which conversation this is (its lines count from one) and how far it has come. */
export interface CommonState {
  number?: string;
  last_seq?: number;
  last_rev?: number;
}

export interface VisitorState extends CommonState {
  status: "new" | "queued" | "open" | "offline" | "closed";
  position: number | null;
  expected_wait_s: number | null;
  handler: { name: string } | null;
  read_seq: number; // The last own line that staff have read.
  my_read_seq?: number;
  can_write: boolean;
  closed_reason: string;
  is_open?: boolean; // Before the first word: within service hours.
}

export interface StaffState extends CommonState {
  status: string;
  channel?: string;
  handler: { id: number; name: string } | null;
  first_responder: { id: number; name: string } | null;
  read_seq: number;
  waiting_since: string | null;
  slow_after_s: number;
  my_read_seq?: number;
}

/** What goes out with a line besides its words: a note or an answer, the last line seen. */
export type SendExtra = Record<string, string | number | boolean | number[]>;
