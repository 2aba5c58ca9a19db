/**
 * Text measured and cut in columns of a terminal, where CJK and emoji take two. The text has been escaped before:
 * nothing in it is invisible except combining marks, whose number a cut bounds too.
 */
import stringWidth from 'fast-string-width';

const ELLIPSIS = '…';
const PLAIN = /^[\x20-\x7e–…×]*$/;
/** More code points than this per column are combining marks piled up. */
const POINTS_PER_COLUMN = 4;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** The text in at most `width` columns, its end replaced by '…' if it is longer. */
export function clipEnd(text: string, width: number): string {
  if (text.length <= width * POINTS_PER_COLUMN && widthOf(text) <= width) return text;
  return head(text, width - 1) + ELLIPSIS;
}

/** The same, cut behind a word where that leaves half of the columns filled, behind a part of a list a third. */
export function clipWords(text: string, width: number): string {
  const clipped = clipEnd(text, width);
  if (clipped === text) return text;
  const kept = clipped.slice(0, -ELLIPSIS.length);
  const isWhole = /^[\s,;]/.test(text.slice(kept.length));
  const words = isWhole ? kept : kept.slice(0, Math.max(0, kept.search(/\s+\S*$/)));
  const said = words.replace(/[\s,;:([（，；：、]+$/, '');
  const least = /^[,;，；]/.test(text.slice(said.length)) ? 3 : 2;
  return widthOf(said) * least >= width ? said + ELLIPSIS : clipped;
}

/** The text in at most `width` columns, its middle replaced: both ends of a wallet are what people compare. */
export function clipMiddle(text: string, width: number): string {
  if (text.length <= width * POINTS_PER_COLUMN && widthOf(text) <= width) return text;
  const right = Math.floor((width - 1) / 2);
  return head(text, width - 1 - right) + ELLIPSIS + tail(text, right);
}

/** The text followed by spaces up to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Where a line may end without a space: after a Chinese character or mark, but not before a mark. */
const BREAK = /(?<=[\p{Script=Han}\u3000-\u303f\uff01-\uff65])(?![\s\u3001\u3002\uff09\uff0c\uff1a\uff1b])/u;

/**
 * The text in lines of at most `width` columns, broken at spaces and between Chinese; words longer than a line (wallets,
 * paths, digests) are broken where the line ends, and nothing is left out.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [i, word] of text.split(' ').entries()) {
    let gap = i === 0 ? '' : ' ';
    for (const piece of word.split(BREAK)) {
      if (line !== '' && widthOf(line) + gap.length + widthOf(piece) <= width) {
        line += gap + piece;
      } else {
        if (line !== '') lines.push(line);
        const parts = broken(piece, width);
        lines.push(...parts.slice(0, -1));
        line = parts.at(-1) ?? '';
      }
      gap = '';
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** A word in parts of at most `width` columns. */
function broken(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const character of word) {
    const columns = widthOf(character);
    if (used + columns > width && part !== '') {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += columns;
  }
  return [...parts, part];
}

/** The text below and right of `lead`: lines of at most `width` columns, all but the first indented as `lead` is wide. */
export function hanging(lead: string, text: string, width: number): string[] {
  const indent = ' '.repeat(widthOf(lead));
  return wrap(text, Math.max(1, width - indent.length)).map((line, i) => (i === 0 ? lead : indent) + line);
}

/** How far a line that goes on is indented below its beginning. */
const FURTHER = 4;

/** Lines of text, indented or not, with what goes over the page set below, a little further in. */
export function fitLines(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const body = line.trimStart();
      const indent = ' '.repeat(line.length - body.length);
      if (widthOf(line) <= width) return line;
      const [first = '', ...rest] = wrap(body, width - indent.length - FURTHER);
      return [indent + first, ...rest.map((piece) => `${indent}${' '.repeat(FURTHER)}${piece}`)].join('\n');
    })
    .join('\n');
}

function head(text: string, width: number): string {
  let kept = '';
  let left = width;
  let points = width * POINTS_PER_COLUMN;
  for (const character of text) {
    left -= widthOf(character);
    if (left < 0 || points-- <= 0) break;
    kept += character;
  }
  return kept;
}

function tail(text: string, width: number): string {
  // Only the end can be kept, so only the end is taken apart, however long the text is.
  const characters = Array.from(text.slice(-2 * width * POINTS_PER_COLUMN));
  let kept = '';
  let left = width;
  for (let i = characters.length - 1; i >= 0; i--) {
    const character = characters[i] ?? '';
    left -= widthOf(character);
    if (left < 0 || characters.length - i > width * POINTS_PER_COLUMN) break;
    kept = character + kept;
  }
  return kept;
}
