// What the page gives the open conversation (conversations/views/threadtexts.py).

export interface WorkspaceConfig {
  staff: { id: number; name: string; publicName: string };
  urls: { upload: string; phrases?: string; phraseUsed?: string; guard?: string; resendMail?: string; colleagues?: string };
  lineLimit: number;
  fileLimit: number;
  texts: Record<string, string>;
}

/** One open conversation on the page: `[data-thread]` and what its attributes say. */
export interface Place {
  root: HTMLElement;
  conversation: number;
  channel: string;
  customer: string;
  linesUrl: string;
  recallUrl: string;
  jump: number;
  department: number;
  isApprovedOnly: boolean;
}

export function placeOf(root: HTMLElement): Place {
  const { conversation, channel, customer, linesUrl, recallUrl, jump, department, approved } = root.dataset;
  return {
    root,
    conversation: Number(conversation),
    channel: channel ?? "",
    customer: customer ?? "",
    linesUrl: linesUrl ?? "",
    recallUrl: recallUrl ?? "",
    jump: Number(jump) || 0,
    department: Number(department) || 0,
    isApprovedOnly: approved !== undefined,
  };
}

/** The part of the conversation with this attribute. */
export function part<E extends HTMLElement>(place: Place, name: string): E {
  const found = place.root.querySelector<E>(`[data-${name}]`);
  if (!found) throw new Error(`the conversation has no [data-${name}]`);
  return found;
}

export function csrf(): Record<string, string> {
  return { "X-CSRFToken": document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "" };
}
