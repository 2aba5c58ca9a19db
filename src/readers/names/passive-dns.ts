/**
 * Passive DNS as JSON lines in the common output format (draft-dulaunoy-dnsop-passive-dns-cof), DNSDB's included: which
 * name had which address, and when it was seen last. Aliases (CNAME) have the addresses of their targets, in whichever
 * order the lines come. No client is named, so nothing here is a look-up.
 */
import { canonicalAddress } from '../../address.ts';
import { member, parseText } from '../../json.ts';
import { toldFormat } from '../format-table.ts';
import { headLines, LineReader } from '../tables/line-reader.ts';
import { cleanName, isNoServer } from '../tables/names.ts';
import { rowFormat } from '../tables/row-reader.ts';

/** Names of which addresses or aliases are kept. */
const MOST_NAMES = 1 << 16;
const MOST_EACH = 32;
/** Aliases of aliases that are followed. */
const DEEPEST = 8;

interface Row {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
  /** When it was seen last, as the line says it. */
  readonly seen: unknown;
}

class PassiveDnsReader extends LineReader {
  /** Addresses by name, and names that point to it. */
  readonly #addresses = new Map<string, string[]>();
  readonly #aliases = new Map<string, string[]>();

  protected line(text: string, at: number): void {
    if (text.trim() === '') return;
    const row = rowOf(text);
    if (row === null) {
      this.damage.add('bad-row', this.blockOffset + at);
      return;
    }
    const timeUs = this.time.ofText(`${row.seen}`);
    for (const value of row.values) {
      if (row.type === 'CNAME') this.#alias(row, value, timeUs);
      else if (row.type === 'A' || row.type === 'AAAA') this.#address(row, value, timeUs);
    }
  }

  #address({ name }: Row, value: string, timeUs: number): void {
    const server = canonicalAddress(value);
    if (server === null || isNoServer(server)) return;
    keep(this.#addresses, name, server);
    this.#report(name, server, timeUs, 0);
  }

  #alias({ name }: Row, value: string, timeUs: number): void {
    const target = cleanName(value);
    if (target === null || target === name || !keep(this.#aliases, target, name)) return;
    for (const server of this.#addresses.get(target) ?? []) {
      keep(this.#addresses, name, server);
      this.#report(name, server, timeUs, 1);
    }
  }

  #report(name: string, server: string, timeUs: number, depth: number): void {
    this.answer(name, server, timeUs);
    if (depth === DEEPEST) return;
    for (const alias of this.#aliases.get(name) ?? []) {
      if (keep(this.#addresses, alias, server)) this.#report(alias, server, timeUs, depth + 1);
    }
  }
}

/** Adds a value to a name's; false if it was there, or there is no room. */
function keep(map: Map<string, string[]>, name: string, value: string): boolean {
  const known = map.get(name);
  if (known === undefined) {
    if (map.size >= MOST_NAMES) return false;
    map.set(name, [value]);
    return true;
  }
  if (known.length >= MOST_EACH || known.includes(value)) return false;
  known.push(value);
  return true;
}

function rowOf(text: string): Row | null {
  const value = parseText(text);
  const found = member(value, 'obj') ?? value;
  const rrname = member(found, 'rrname');
  const type = member(found, 'rrtype');
  const name = typeof rrname === 'string' ? cleanName(rrname) : null;
  // Lines of DNSDB that begin or end a stream say nothing, and are not damage.
  if (member(value, 'cond') !== undefined && name === null)
    return { name: '', type: '', values: [], seen: 0 };
  if (name === null || typeof type !== 'string') return null;
  const rdata = member(found, 'rdata');
  const values = (Array.isArray(rdata) ? rdata : [rdata]).filter((each) => typeof each === 'string');
  const seen = member(found, 'time_last') ?? member(found, 'zone_time_last') ?? member(found, 'time_first');
  return { name, type: type.toUpperCase(), values, seen };
}

export const passiveDns = rowFormat(toldFormat('passive-dns'), PassiveDnsReader, {
  sniff: (head) => {
    const [first = '', second = ''] = headLines(head).filter((line) => line.trim() !== '');
    return [first, second].some((line) => /"rrname"/.test(line) && (rowOf(line)?.values.length ?? 0) > 0);
  },
  holdsNames: () => true,
});
