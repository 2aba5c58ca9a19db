/** What many connections say alike is one text in memory: the jobs that a pool sends to all its miners, names of programs. */

const texts = new Map<string, string>();
const MOST_TEXTS = 4096;

/** The same text, in one piece for all that say it. */
export function sharedText(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size === MOST_TEXTS) texts.clear();
  texts.set(text, text);
  return text;
}
