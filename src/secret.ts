/**
 * Passwords, tokens and keys of the operator: wrapped where they enter, by option, URL, file or environment, and taken out
 * only by what sends them. Printed, logged, inspected or written as JSON, one is `***`.
 */
import { inspect } from 'node:util';

/** What stands for a secret. */
export const HIDDEN = '***';
/** Shorter ones stand in ordinary words. */
const LEAST = 3;
/** A base64 text of fewer letters may be anything. */
const LEAST_CODED = 6;

export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** For what sends it, and for nothing else. */
  reveal(): string {
    return this.#text;
  }

  /** What others said, without it, in any writing and case. */
  without(text: string): string {
    return this.#text.length < LEAST ? text : withoutWritings(text, writingsOf(this.#text));
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** How others write a text: as it is, as URLs, JSON and UTF-16 do, in hex, and in base64 wherever that begins. */
export function writingsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  // Without the zero at its end, either order of bytes holds it.
  const wide = Buffer.from(text, 'utf16le').subarray(0, -1);
  const hex = bytes.toString('hex');
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replaceAll(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const url = [encodeURIComponent(bytes.toString()), hex.replaceAll(/../g, '%$&')];
  const parted = ['\0', ' '].map((between) => [...text].join(between));
  const coded = [...base64Of(bytes), ...base64Of(wide)];
  return [...new Set([text, json, ascii, ...url, ...parted, hex, wide.toString('hex'), ...coded])];
}

/** Base64 of the bytes behind 0, 1 or 2 others, in its alphabet and in that of URLs (RFC 4648 5). */
function base64Of(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Letters at the ends hold bits of what stands beside it.
    const own = whole
      .replace(/=+$/, '')
      .slice(before === 0 ? 0 : before + 1, whole.includes('=') ? -1 : undefined);
    return own.length < LEAST_CODED ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** The text without any of these, in any case. */
export function withoutWritings(text: string, writings: readonly string[]): string {
  const pattern = writings.map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|');
  return text.replaceAll(new RegExp(pattern, 'gi'), HIDDEN);
}

/** Of what may be a URL with secrets in it, in any part and of any scheme: scheme and host. */
export function schemeAndHost(text: string): string {
  const [, scheme = '', host = ''] = /^([a-z][a-z0-9+.-]{0,30}):\/\/(?:.*@)?([\w.:[\]-]*)/is.exec(text) ?? [];
  return scheme === '' ? HIDDEN : `${scheme}://${host === '' ? HIDDEN : host}`;
}

/** A part of a URL; as it stands if its escapes are wrong. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `//user:password@`, up to the last sign that may end it: a password may hold any. */
const BEFORE_HOST = /([a-z][a-z0-9+.-]*:\/\/)[^\s'"<>]*@/gi;
const IN_QUERY =
  /([?&;](?:[\w.-]*[_.-])?(?:pass(?:word|wd|phrase)?|pwd|token|secret|key|api_?key|sig(?:nature)?|auth|credentials?)=)[^\s&;'"<>]+/gi;

/** A message, without the credentials of URLs in it. */
export function withoutCredentials(text: string): string {
  if (!text.includes('://')) return text;
  return text.replace(BEFORE_HOST, `$1${HIDDEN}@`).replace(IN_QUERY, `$1${HIDDEN}`);
}
