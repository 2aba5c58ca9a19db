/** What many connections say alike is one text in memory: the jobs that a pool sends to all its miners, names of programs. */

const texts = new Map<string, string>();
const MOST_TEXTS = 4096;
/** Longer ones are not kept: a stranger's text may be of any length. */
const LONGEST_TEXT = 1024;

/** The function with a memory for what it found in the last texts: many say the same. */
export function remembered<T>(find: (text: string) => T): (text: string) => T {
  const found = new Map<string, T>();
  return (text) => {
    if (text.length > LONGEST_TEXT) return find(text);
    const known = found.get(text);
    if (known !== undefined) return known;
    const result = find(text);
    if (found.size === MOST_TEXTS) found.clear();
    found.set(text, result);
    return result;
  };
}

/** What of a text from the wire may be shown: at most so many characters; control characters become blanks. */
export function printable(text: string, most: number): string {
  const shown = text.slice(0, most).replace(/[^ -~\u00a0-\u{10ffff}]+/gu, ' ');
  return shown.trim();
}

/** The text; a longer one is cut after so many characters, and ends in an ellipsis. */
export function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** The same text, in one piece for all that say it. */
export function sharedText(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size === MOST_TEXTS) texts.clear();
  texts.set(text, text);
  return text;
}
