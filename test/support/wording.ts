/** The same JSON value in other words: order of keys, white space and escapes are free (RFC 8259). */
import type { Random } from './random.ts';

export interface Wording {
  /** Shuffles the members of every object. */
  readonly shuffleKeys: boolean;
  /** White space around tokens: none, the blank after `:` and `,` of many libraries, or any at random. */
  readonly spacing: 'compact' | 'spaced' | 'random';
  /** Probability, 0 to 1, that a character of a string is written as `\uXXXX`. */
  readonly escapes: number;
}

export const PLAIN: Wording = { shuffleKeys: false, spacing: 'compact', escapes: 0 };

/** Draws a wording of its own for a whole conversation. */
export function drawWording(draw: Random): Wording {
  return {
    shuffleKeys: draw.chance(0.5),
    spacing: draw.pick(['compact', 'spaced', 'random'] as const),
    escapes: draw.pick([0, 0, 0.02, 0.3]),
  };
}

/** JSON text of a value. Members that are undefined are left out, as by JSON.stringify. */
export function jsonText(value: unknown, wording: Wording, draw: Random): string {
  const gap = (): string => {
    if (wording.spacing === 'compact') return '';
    return wording.spacing === 'spaced' ? ' ' : draw.pick(['', ' ', '  ', '\t']);
  };
  const loose = (): string => (wording.spacing === 'random' ? gap() : '');
  const write = (part: unknown): string => {
    if (typeof part === 'string') return quoted(part, wording, draw);
    if (Array.isArray(part)) return `[${loose()}${part.map(write).join(`${loose()},${gap()}`)}${loose()}]`;
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const members = Object.entries(part).filter(([, member]) => member !== undefined);
    const ordered = wording.shuffleKeys ? draw.shuffle(members) : members;
    const written = ordered.map(
      ([key, member]) => `${quoted(key, wording, draw)}${loose()}:${gap()}${write(member)}`,
    );
    return `{${loose()}${written.join(`${loose()},${gap()}`)}${loose()}}`;
  };
  return write(value);
}

function quoted(text: string, wording: Wording, draw: Random): string {
  if (wording.escapes === 0) return JSON.stringify(text);
  let written = '';
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (draw.chance(wording.escapes)) written += `\\u${unit.toString(16).padStart(4, '0')}`;
    else written += JSON.stringify(text.charAt(at)).slice(1, -1);
  }
  return `"${written}"`;
}
