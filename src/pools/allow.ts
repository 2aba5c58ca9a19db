/**
 * Allow-lists (`--allow FILE`): own nodes and permitted rigs that a report should not accuse. One per line,
 * `host-or-address-or-prefix[:port] [until YYYY-MM-DD] # reason`; with a port it holds for that service alone. An
 * expired exception is reported and not applied: otherwise exceptions outlive their reason.
 */
import { addressText, isV4, maskWords, parseWords } from '../address.ts';
import { readTextList } from '../given-file.ts';
import { type Network, networkParser } from '../networks.ts';
import { type TellSlow, toldIfSlow } from '../slow-list.ts';
import { splitPort } from './feeds/feed.ts';
import { normaliseName, typedName } from './names.ts';

/** What a line says. */
interface Rule {
  /** The host, '*.suffix', address or prefix as written, with its port. */
  readonly place: string;
  /** Last day on which it holds, 'YYYY-MM-DD'; null for ever. */
  readonly until: string | null;
  readonly reason: string;
  /** Null for all ports. */
  readonly port: number | null;
  /** Canonical address, a network as `networkKey` has it, or normalised name. */
  readonly key: string;
  /** Of a network, of 128 bits; null for a name or a single address. */
  readonly length: number | null;
}

interface AllowRule extends Rule {
  /** 1-based. */
  readonly line: number;
}

type ParseNetwork = (text: string) => Network | null;

/** Days are 'YYYY-MM-DD'; '' is before all of them. */
export class AllowList {
  /** Lines that are not rules, from 1. */
  readonly unread: number[] = [];
  /**
   * Lines of rules, from 0, by key, and by key and port; of those of one key the one that holds longest. A list has a million
   * rules, and few are asked for: these are read again.
   */
  readonly #lines = new Map<string, number>();
  readonly #lengths = new Set<number>();
  /** Lines of rules with a last day. */
  readonly #dated: number[] = [];

  constructor(
    readonly file: string,
    readonly texts: readonly string[],
    private readonly parse: ParseNetwork,
    tell?: TellSlow,
  ) {
    let at = -1;
    for (const text of toldIfSlow(texts, file, tell)) {
      const rule = parseAllowLine(text, parse);
      at++;
      if (rule === null) this.unread.push(at + 1);
      else if (rule !== 'empty') this.#add(rule, at);
    }
  }

  #add({ key, port, length, until }: Rule, at: number): void {
    const exact = withPort(key, port);
    const held = this.#lines.get(exact);
    if (held === undefined || !holds(this.#ruleAt(held), until ?? FOR_EVER)) this.#lines.set(exact, at);
    if (length !== null) this.#lengths.add(length);
    if (until !== null) this.#dated.push(at);
  }

  #ruleAt(at: number): AllowRule {
    const rule = parseAllowLine(this.texts[at], this.parse);
    if (rule === null || rule === 'empty') throw new Error(`line ${at + 1} is no rule`);
    return { ...rule, line: at + 1 };
  }

  get isEmpty(): boolean {
    return this.#lines.size === 0;
  }

  /** Rules that had run out before that day, in file order. */
  expired(day: string): AllowRule[] {
    return this.#dated.map((at) => this.#ruleAt(at)).filter((rule) => !holds(rule, day));
  }

  /** The first rule that allows an address, or its service at a port, on that day, or null. */
  allowsAddress(ip: string, port: number | null = null, day = ''): AllowRule | null {
    const words = parseWords(ip);
    if (words === null) return null;
    const networks = [...this.#lengths]
      .filter((length) => length >= 96 || !isV4(words))
      .map((length) => networkKey({ words: maskWords(words, length), length }));
    return this.#first([addressText(words), ...networks], port, day);
  }

  /** The names of the rules, without their '*.'. */
  *domains(): Iterable<string> {
    for (const key of this.#lines.keys()) {
      const [, name] = NAME_KEY.exec(key) ?? [];
      if (name !== undefined) yield name;
    }
  }

  /** The first rule that allows a host name, or its service at a port, on that day, or null; '*.x' allows what is below x. */
  allowsName(text: string, port: number | null = null, day = ''): AllowRule | null {
    const name = normaliseName(text);
    if (name === null) return null;
    const keys = [name];
    for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1))
      keys.push(`*${name.slice(dot)}`);
    return this.#first(keys, port, day);
  }

  #first(keys: readonly string[], port: number | null, day: string): AllowRule | null {
    let first: AllowRule | null = null;
    for (const key of keys) {
      for (const at of [
        this.#lines.get(key),
        port === null ? undefined : this.#lines.get(withPort(key, port)),
      ]) {
        if (at === undefined || at + 1 >= (first?.line ?? Number.POSITIVE_INFINITY)) continue;
        const rule = this.#ruleAt(at);
        if (holds(rule, day)) first = rule;
      }
    }
    return first;
  }
}

/** A name has a letter, an address of IPv6 and a network another sign. */
const NAME_KEY = /^(?:\*\.)?([^ /:]*[a-z][^ /:]*)(?: |$)/;

/** After all days. */
const FOR_EVER = '~';

function holds({ until }: Rule, day: string): boolean {
  return until === null || day <= until;
}

function withPort(key: string, port: number | null): string {
  return port === null ? key : `${key} ${port}`;
}

function networkKey({ words, length }: Network): string {
  return `${addressText(words)}/${length}`;
}

export const NOTHING_ALLOWED = new AllowList('', [], () => null);

/** The ends of a conversation, and when it began, us since 1970. */
interface Ends {
  readonly client: { readonly ip: string; readonly port: number };
  readonly server: { readonly ip: string; readonly port: number };
  readonly startUs: number;
}

/** True if the list allows one of the ends of a conversation, at its time. */
export function allows(list: AllowList, { client, server, startUs }: Ends): boolean {
  if (list.isEmpty) return false;
  const day = dayOf(startUs);
  return [client, server].some(({ ip, port }) => list.allowsAddress(ip, port, day) !== null);
}

/** The day of a time, us since 1970. */
export function dayOf(timeUs: number): string {
  return new Date(timeUs / 1000).toISOString().slice(0, 10);
}

/** Throws FILE_UNREADABLE and FILE_INVALID. */
export async function loadAllowList(file: string | null, tell?: TellSlow): Promise<AllowList> {
  if (file === null) return NOTHING_ALLOWED;
  const text = await readTextList(
    file,
    'the allow-list',
    'Name a file of networks, endpoints and names, one a line, such as 192.0.2.10:443.',
  );
  return new AllowList(file, text.split(/\r\n|\n|\r/), await networkParser(), tell);
}

function parseAllowLine(raw: string, parse: ParseNetwork): Rule | 'empty' | null {
  const hash = raw.indexOf('#');
  const reason = hash === -1 ? '' : raw.slice(hash + 1).trim();
  const body = (hash === -1 ? raw : raw.slice(0, hash)).trim();
  if (body === '') return 'empty';
  const [place = '', keyword, day, ...rest] = body.split(/\s+/);
  if (rest.length > 0 || (keyword !== undefined && (keyword !== 'until' || !isDay(day)))) return null;
  const split = splitPort(place);
  if (split === null) return null;
  const { place: host, port } = split;
  const parsed = parse(host);
  const until = day ?? null;
  if (parsed !== null) {
    const isOne = parsed.length === 128;
    const key = isOne ? addressText(parsed.words) : networkKey(parsed);
    return { place, until, reason, port, key, length: isOne ? null : parsed.length };
  }
  const below = host.startsWith('*.');
  const name = typedName(below ? host.slice(2) : host);
  return name === null ? null : { place, until, reason, port, key: below ? `*.${name}` : name, length: null };
}

function isDay(text: string | undefined): boolean {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
