/**
 * Texts that carry words of the wire (details of evidence, reasons, labels): every account, worker and host name that the
 * audit knows of is replaced where it stands as a whole word, and every address whether known or not.
 */
import { isIP } from 'node:net';
import { under } from '../order.ts';
import type { Pseudonymizer } from './pseudonymizer.ts';

/** What is to be replaced, and which addresses and names may stay. */
export interface Sensitive {
  readonly accounts: ReadonlySet<string>;
  readonly workers: ReadonlySet<string>;
  readonly hostNames: ReadonlySet<string>;
  readonly organisations: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
  /** Public addresses of known pools. */
  readonly publicAddresses: ReadonlySet<string>;
  /** Names of known pools. */
  readonly publicNames: ReadonlySet<string>;
}

/** Parts of an account, such as the user of an e-mail address, of fewer letters are words like any other. */
const SHORTEST_PART = 5;
/** A worker of fewer letters ('1', 'x') is not a secret, and is part of many words. */
const SHORTEST_WORKER = 3;
/**
 * A wallet of any coin as it stands in a text: long, letters and digits, nothing else. What JA3 made of a hello is
 * none.
 */
const WALLET =
  /(?<![A-Za-z0-9])(?!(?<=\bJA3 )[0-9a-f]{32}\b)(?:0x[0-9a-fA-F]{40}|(?=[A-Za-z0-9]*\d)(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{26,120})(?![A-Za-z0-9])/g;
/**
 * IPv6, or IPv4 also as part of a word ('ip-10-0-0-7', 'web10.0.0.7'), but not of a longer chain of numbers. One
 * pattern, for what was replaced must not be looked at again.
 */
const ADDRESS =
  /(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,8}(?:\.\d{1,3}){0,3}(?:\/\d{1,3}(?!\d))?(?![\w:])|(?<!\d|\d[._-])\d{1,3}([._-])\d{1,3}\1\d{1,3}\1\d{1,3}(?!\d|[._-]\d)(?:\/\d{1,2}(?!\d))?/g;
/** A host name with a port, as the wire names where it connects to. */
const HOST_AND_PORT = /(?<![\w.-])(?:[A-Za-z0-9_-]+\.)+[A-Za-z]{2,24}(?=:\d{1,5}(?!\d))/g;
/** Words so long are nobody's field of a fixed set of words ('miner', 'confirmed'), and are replaced anywhere. */
const LONG = 12;

/** Replaces in texts. Made once per audit, because it sorts what it looks for. */
export class Scrubber {
  /** Words to replace by their first part, letters and digits up to the first other sign. */
  readonly #words = new Map<string, Bucket>();

  constructor(
    private readonly names: Pseudonymizer,
    private readonly sensitive: Sensitive,
  ) {
    if (names.addresses) {
      for (const word of sensitive.organisations) this.#add(word, names.organisation(word));
      for (const word of sensitive.hostNames) this.#add(word, names.hostName(word));
      for (const word of sensitive.paths) this.#add(word, names.file(word));
    }
    if (names.accounts) {
      for (const word of sensitive.workers) {
        if (word.length >= SHORTEST_WORKER) this.#add(word, names.worker(word));
      }
      for (const word of sensitive.accounts) {
        this.#add(word, names.account(word));
        this.#add(encodeURIComponent(Buffer.from(word).toString()), names.account(word));
        for (const part of word.split(/[^\p{L}\p{N}]+/u)) {
          if (part.length >= SHORTEST_PART && part !== word) this.#add(part, names.account(part));
        }
      }
    }
    for (const bucket of this.#words.values()) bucket.lengths.sort((a, b) => b - a);
  }

  #add(word: string, replacement: string): void {
    if (word === '') return;
    const key = firstPart(word, 0).toLowerCase();
    const bucket = under(this.#words, key, () => ({ lengths: [], replacements: new Map() }));
    if (!bucket.lengths.includes(word.length)) bucket.lengths.push(word.length);
    bucket.replacements.set(word.toLowerCase(), replacement);
  }

  /** Whether an address may stay as it is: one of a known pool, on the public Internet. */
  keeps(ip: string): boolean {
    return this.sensitive.publicAddresses.has(ip);
  }

  address(ip: string): string {
    return this.keeps(ip) ? ip : this.names.address(ip);
  }

  /** A label such as an endpoint or a pool: known words and addresses. */
  label(text: string): string {
    return this.#addresses(this.#known(text, 1));
  }

  /** The name of a job: as it is if it is hex and no known word. */
  job(text: string): string {
    return /^[0-9a-f]*$/i.test(text) && this.#known(text, 1) === text ? text : this.names.job(text);
  }

  /** Any other text: known words that are too long to be anything else, and addresses. */
  other(text: string): string {
    return this.#addresses(this.#known(text, LONG));
  }

  /** A sentence with words of the wire in it: wallets and host names that nothing else knows are taken out as well. */
  prose(text: string): string {
    const known = this.#known(text, 1);
    const wallets = this.names.accounts ? known.replace(WALLET, (word) => this.names.account(word)) : known;
    const hosts = wallets.replace(HOST_AND_PORT, (name) =>
      this.sensitive.publicNames.has(name.toLowerCase()) ? name : this.names.hostName(name),
    );
    return this.#addresses(hosts);
  }

  /** Replaces known words of at least so many letters that are not part of a longer one. */
  #known(text: string, shortest: number): string {
    if (this.#words.size === 0 || text.length < shortest) return text;
    let out = '';
    let done = 0;
    let at = 0;
    while (at < text.length) {
      const part = firstPart(text, at);
      const word = this.#wordAt(text, at, part, shortest);
      if (word === null) {
        at += part.length;
        continue;
      }
      out += text.slice(done, at) + word.replacement;
      at += word.length;
      done = at;
    }
    return out + text.slice(done);
  }

  #wordAt(
    text: string,
    at: number,
    part: string,
    shortest: number,
  ): { length: number; replacement: string } | null {
    const bucket = this.#words.get(part.toLowerCase());
    if (bucket === undefined) return null;
    // Longest first: no word hides in a longer one.
    for (const length of bucket.lengths) {
      if (length < shortest || at + length > text.length) continue;
      const replacement = bucket.replacements.get(text.slice(at, at + length).toLowerCase());
      const endsInside = isWordCharacter(text, at + length - 1) && isWordCharacter(text, at + length);
      if (replacement !== undefined && !endsInside) return { length, replacement };
    }
    return null;
  }

  #addresses(text: string): string {
    if (!this.names.addresses) return text;
    return text.replace(ADDRESS, (found: string, separator: string | undefined, at: number) => {
      const [base = '', length] = found.split('/');
      // A network stands for no host, and neither does what is behind its slash.
      if (
        length !== undefined &&
        isIP(base.replaceAll(separator ?? ':', separator === undefined ? ':' : '.')) !== 0
      )
        return this.names.network(found);
      if (separator === undefined) return isIP(found) === 0 ? found : this.address(found);
      // An agent's version may have four parts: what follows a slash or a v is one.
      if (separator === '.' && /[/vV]/.test(text.charAt(at - 1))) return found;
      const ip = found.replaceAll(separator, '.');
      if (isIP(ip) === 0) return found;
      const mapped = this.address(ip);
      if (mapped === ip) return found;
      if (separator !== '.') return mapped.replaceAll(':', separator);
      const hasPort = /^:\d/.test(text.slice(at + found.length, at + found.length + 2));
      return hasPort ? `[${mapped}]` : mapped;
    });
  }
}

interface Bucket {
  readonly lengths: number[];
  readonly replacements: Map<string, string>;
}

const PART = /[\p{L}\p{N}]+|%[\da-f]{2}/iuy;

/** The letters and digits from a place on, or the one sign that stands there, which may be written %20. */
function firstPart(text: string, at: number): string {
  PART.lastIndex = at;
  return PART.exec(text)?.[0] ?? text.slice(at, at + 1);
}

function isWordCharacter(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{L}\p{N}]/u.test(text[at]);
}
