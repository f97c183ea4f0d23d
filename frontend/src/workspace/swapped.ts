// Words in which a taboo phrase is replaced by better ones.

const NOISE = "[\\s\\p{P}\\p{S}\\u200b-\\u200f\\u2060\\ufeff]";

/** The text with the phrase replaced, however it was spaced; where it is not found, the better words alone. */
export function swapped(text: string, phrase: string, instead: string): string {
  const plain = text.normalize("NFKC");
  const signs = [...phrase.normalize("NFKC")].filter((one) => !new RegExp(NOISE, "u").test(one));
  const found = new RegExp(signs.join(`${NOISE}*`), "iu").exec(plain);
  if (!found) return instead;
  const rest = plain.slice(found.index + found[0].length).replace(/^[，。！？,.!?\s]+/u, "");
  return plain.slice(0, found.index) + instead + rest;
}
