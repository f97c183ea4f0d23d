// Finds web addresses in what people write. Pure: the caller puts the pieces on the page as text.

export interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"'`\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+/giu;
const TRAILING = /[.,;:!?)\]}]+$/u;

function target(found: string): string | null {
  try {
    const url = new URL(found.toLowerCase().startsWith("www.") ? `https://${found}` : found);
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    return isWeb && url.hostname.includes(".") && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

/** The text in pieces; those with `href` are addresses. Joined, the pieces are the text again. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    const href = target(address);
    if (!href) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: address, href });
    from = match.index + address.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}
