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

  /** What others said, without it, in any case: as it is, as URLs and UTF-16 write it, in hex, in base64 wherever that begins. */
  without(text: string): string {
    if (this.#text.length < LEAST) return text;
    const bytes = Buffer.from(this.#text);
    const hex = bytes.toString('hex');
    const coded = [0, 1, 2].flatMap((before) => {
      const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
      // Letters at the ends hold bits of what stands beside it.
      const own = whole
        .replace(/=+$/, '')
        .slice(before === 0 ? 0 : before + 1, whole.includes('=') ? -1 : undefined);
      return own.length < LEAST_CODED ? [] : [own];
    });
    const wide = [...this.#text].join('\0');
    const forms = [this.#text, encodeURIComponent(this.#text), wide, hex, ...coded];
    const pattern = forms.map((form) => form.replaceAll(/[^\w\0]/g, String.raw`\$&`)).join('|');
    return text.replaceAll(new RegExp(pattern, 'gi'), HIDDEN);
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
