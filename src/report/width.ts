/**
 * Text measured and cut in columns of a terminal, where CJK and emoji take two. The text has been escaped before:
 * nothing in it is invisible except combining marks, whose number a cut bounds too.
 */
import stringWidth from 'string-width';

const ELLIPSIS = '…';
const PLAIN = /^[\x20-\x7e–…×]*$/;
/** More code points than this per column are combining marks piled up. */
const POINTS_PER_COLUMN = 4;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** The text in at most `width` columns, its end replaced by '…' where it is longer. */
export function clipEnd(text: string, width: number): string {
  if (text.length <= width * POINTS_PER_COLUMN && widthOf(text) <= width) return text;
  return head(text, width - 1) + ELLIPSIS;
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

/** The text in lines of at most `width` columns, broken at spaces and between Chinese; a longer word overflows. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [i, word] of text.split(' ').entries()) {
    let gap = i === 0 ? '' : ' ';
    for (const piece of word.split(BREAK)) {
      if (line !== '' && widthOf(line) + gap.length + widthOf(piece) > width) {
        lines.push(line);
        line = piece;
      } else {
        line = line === '' ? piece : line + gap + piece;
      }
      gap = '';
    }
  }
  return line === '' ? lines : [...lines, line];
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
