/**
 * Allow-lists (`--allow FILE`): own nodes and permitted rigs that a report should not accuse. One per line,
 * `host-or-address-or-prefix[:port] [until YYYY-MM-DD] # reason`; with a port it holds for that service alone. An
 * expired exception is reported and not applied: otherwise exceptions outlive their reason.
 */
import { addressText, isV4, maskWords, parseWords } from '../address.ts';
import { readTextList } from '../given-file.ts';
import { type Network, networkParser } from '../networks.ts';
import { push, under } from '../order.ts';
import { type TellSlow, toldIfSlow } from '../slow-list.ts';
import { splitPort } from './feeds/feed.ts';
import { normaliseName, typedName } from './names.ts';

interface AllowRule {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** The host, '*.suffix', address or prefix as written, with its port. */
  readonly place: string;
  /** Last day on which it holds, 'YYYY-MM-DD'; null for ever. */
  readonly until: string | null;
  readonly reason: string;
}

interface PlacedRule extends AllowRule {
  /** Of a network, of 128 bits; null for a name or a single address. */
  readonly length: number | null;
  /** Null for all ports. */
  readonly port: number | null;
  /** Canonical address, of a network its first, or normalised name. */
  readonly key: string;
  /** Its place in the list. */
  readonly at: number;
}

/** The rules that hold at a time. */
export class AllowList {
  /** Rules that had run out at the time that the list is for, in file order. */
  readonly expired: readonly AllowRule[];
  /** Lines that are not rules, in words. */
  readonly unread: readonly { readonly file: string; readonly line: number }[];
  /** By key, and by key and port. */
  readonly #exact = new Map<string, AllowRule>();
  /** By length, and by first address: those of one network. */
  readonly #networks = new Map<number, Map<string, PlacedRule[]>>();

  constructor(
    rules: readonly PlacedRule[],
    unread: readonly { file: string; line: number }[],
    timeUs: number,
  ) {
    const day = new Date(timeUs / 1000).toISOString().slice(0, 10);
    const holds = (rule: AllowRule): boolean => rule.until === null || day <= rule.until;
    this.expired = rules.filter((rule) => !holds(rule));
    this.unread = unread;
    for (const rule of rules.filter(holds)) {
      const { length, key, port } = rule;
      const exact = withPort(key, port);
      if (length !== null)
        push(
          under(this.#networks, length, () => new Map()),
          key,
          rule,
        );
      else if (!this.#exact.has(exact)) this.#exact.set(exact, rule);
    }
  }

  get isEmpty(): boolean {
    return this.#exact.size + this.#networks.size === 0;
  }

  /** The rule that allows an address, or its service at a port, or null. */
  allowsAddress(ip: string, port: number | null = null): AllowRule | null {
    const words = parseWords(ip);
    if (words === null) return null;
    const exact = this.#exactly(addressText(words), port);
    if (exact !== null) return exact;
    let first: PlacedRule | null = null;
    for (const [length, rules] of this.#networks) {
      if (length < 96 && isV4(words)) continue;
      for (const rule of rules.get(addressText(maskWords(words, length))) ?? [])
        if ((rule.port === null || rule.port === port) && rule.at < (first?.at ?? Number.POSITIVE_INFINITY))
          first = rule;
    }
    return first;
  }

  /** The names of the rules, without their '*.'. */
  *domains(): Iterable<string> {
    for (const key of this.#exact.keys()) {
      const name = key.replace(/ .*$/, '').replace(/^\*\./, '');
      if (normaliseName(name) === name) yield name;
    }
  }

  /** The rule that allows a host name, or its service at a port, or null; '*.x' allows what is below x. */
  allowsName(text: string, port: number | null = null): AllowRule | null {
    const name = normaliseName(text);
    if (name === null) return null;
    let rule = this.#exactly(name, port);
    for (let dot = name.indexOf('.'); dot !== -1 && rule === null; dot = name.indexOf('.', dot + 1))
      rule = this.#exactly(`*${name.slice(dot)}`, port);
    return rule;
  }

  #exactly(key: string, port: number | null): AllowRule | null {
    return this.#exact.get(key) ?? (port === null ? null : (this.#exact.get(withPort(key, port)) ?? null));
  }
}

function withPort(key: string, port: number | null): string {
  return port === null ? key : `${key} ${port}`;
}

export const NOTHING_ALLOWED = new AllowList([], [], 0);

/** The ends of a conversation, and when it began, us since 1970. */
interface Ends {
  readonly client: { readonly ip: string; readonly port: number };
  readonly server: { readonly ip: string; readonly port: number };
  readonly startUs: number;
}

/** True if the list allows one of the ends of a conversation, at its time. */
export function allows(list: AllowList, { client, server, startUs }: Ends): boolean {
  if (list.isEmpty) return false;
  const day = new Date(startUs / 1000).toISOString().slice(0, 10);
  return [client, server].some(({ ip, port }) => {
    const rule = list.allowsAddress(ip, port);
    return rule !== null && (rule.until === null || day <= rule.until);
  });
}

/** Reads allow-lists; `timeUs` (us since 1970) is the time that expiry is judged at, normally the run's. */
export async function loadAllowList(
  files: readonly string[],
  timeUs: number,
  tell?: TellSlow,
): Promise<AllowList> {
  const rules: PlacedRule[] = [];
  const unread: { file: string; line: number }[] = [];
  const parse = files.length === 0 ? () => null : await networkParser();
  for (const file of files) {
    const lines = (await readTextList(file, 'the allow-list')).split(/\r\n|\n|\r/);
    let line = 0;
    for (const raw of toldIfSlow(lines, file, tell)) {
      const rule = parseAllowLine(raw, file, ++line, rules.length, parse);
      if (rule === null) unread.push({ file, line });
      else if (rule !== 'empty') rules.push(rule);
    }
  }
  return new AllowList(rules, unread, timeUs);
}

function parseAllowLine(
  raw: string,
  file: string,
  line: number,
  at: number,
  parse: (text: string) => Network | null,
): PlacedRule | 'empty' | null {
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
  const below = host.startsWith('*.');
  const name = parsed === null ? typedName(below ? host.slice(2) : host) : addressText(parsed.words);
  if (name === null) return null;
  // A spread would take five times the memory: lists have a million of them.
  return {
    file,
    line,
    place,
    until: day ?? null,
    reason,
    length: parsed === null || parsed.length === 128 ? null : parsed.length,
    port,
    key: below ? `*.${name}` : name,
    at,
  };
}

function isDay(text: string | undefined): boolean {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
