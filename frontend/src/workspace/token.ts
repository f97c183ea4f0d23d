// What is being typed just before the caret: a phrase after "/", a colleague after "@", pinyin initials. Pure.

export interface Token {
  sign: "/" | "@" | "";
  query: string;
  start: number; // Where the sign (or the initials) begins in the text.
}

/** The token that ends at the caret, or null. Initials count only while they are all that was written. */
export function tokenAt(text: string, caret: number): Token | null {
  const before = text.slice(0, caret);
  const signed = /(?:^|[\s，。！？：；])([/@])([^\s/@]{0,20})$/u.exec(before);
  if (signed) {
    const [, sign, query] = signed;
    return { sign: sign as "/" | "@", query: query ?? "", start: caret - (query?.length ?? 0) - 1 };
  }
  const isInitials = before === text && /^[a-z]{2,12}$/i.test(text);
  return isInitials ? { sign: "", query: text, start: 0 } : null;
}

/** The text with the token replaced, and where the caret stands then. */
export function withToken(text: string, token: Token, caret: number, words: string): { text: string; caret: number } {
  const made = text.slice(0, token.start) + words + text.slice(caret);
  return { text: made, caret: token.start + words.length };
}
