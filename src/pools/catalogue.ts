/**
 * The catalogue that ships: every pool once, from data/pools.tsv. The facts were gathered from public sources (see
 * sources.ts) and arranged by hand into rules about domains, since pools rename a tenth to a third of their hosts each year.
 */
import pools from '../../data/pools.tsv?raw';
import { list, note, oneOf, optional, table, text, words, yes } from '../schema/table.ts';
import { type Statement, statement } from '../statements/index.ts';
import { POOL_KINDS, type PortUse } from './entry.ts';
import { sourceIds } from './sources.ts';

/** Day on which the facts were last gathered. */
export const CATALOGUE_DATE = '2026-11-01';
/** A tenth to a third of pool hosts change in a year: what is older warns, and what is exported expires. */
export const CATALOGUE_VALID_DAYS = 365;

const rows = table('pools.tsv', pools, {
  name: text,
  kind: oneOf(...POOL_KINDS),
  names: words,
  rest: optional(oneOf('mining', 'web', 'unsure')),
  listed: optional(month),
  sources: sourceIds,
  mining: words,
  unsure: words,
  web: words,
  ports: (cell) => list('; ')(cell).map(portUse),
  coins: words,
  gone: optional(text),
  shared: yes,
  converts: yes,
  operator: optional(text),
  aliases: list('; '),
  renamed: optional(text),
  remark: note,
});

/** One pool. What its columns mean: data/pools.tsv. */
export type PoolEntry = Readonly<ReturnType<typeof entryOf>>;

function entryOf(row: ReturnType<typeof rows>[number]) {
  const { names, rest, shared, converts, remark: _, ...same } = row;
  return {
    ...same,
    /** Domains that the patterns are relative to; what lies above them is somebody else's. */
    domains: names.filter((name) => !/^[+=]/.test(name)),
    /** Full names, exactly these, that may serve miners: on somebody else's domain, or a domain's own name. */
    hosts: marked(names, '+'),
    /** Full names, exactly these, that are web sites. */
    sites: marked(names, '='),
    /** Use of names that no pattern matches; `grammar`: read the labels (see grammar.ts). */
    rest: rest ?? ('grammar' as const),
    /** True if a name that serves miners serves nothing else. */
    dedicated: !shared,
    /** True if miners are paid in a coin of their choice, whatever they mine: their accounts do not name the work. */
    paysInOther: converts,
  };
}

export const CATALOGUE: readonly PoolEntry[] = rows().map(entryOf);

function marked(names: readonly string[], mark: string): string[] {
  return names.filter((name) => name.startsWith(mark)).map((name) => name.slice(1));
}

function month(cell: string): string {
  if (!/^20\d\d-(?:0[1-9]|1[0-2])$/.test(cell)) throw new Error('is not a month such as 2026-08');
  return cell;
}

/** 'BTC BCH: 25 3333 tls 443', 'ethash: 3353', '*: 80'. */
function portUse(cell: string): PortUse {
  const [, who, numbers] = /^(\*|[a-z][\w/-]*|[A-Z0-9]+(?: [A-Z0-9]+)*): ([\d tls]+)$/.exec(cell) ?? [];
  if (who === undefined) throw new Error("is not like 'BTC BCH: 25 3333 tls 443'");
  const [plain = [], tls = []] = numbers.split('tls').map((part) => words(part.trim()).map(Number));
  for (const port of [...plain, ...tls]) if (!(port > 0 && port < 65536)) throw new Error('is not a port');
  const isAlgorithm = /^[a-z]/.test(who);
  return {
    coins: isAlgorithm || who === '*' ? [] : who.split(' '),
    algorithm: isAlgorithm ? who : null,
    plain,
    tls,
  };
}

/**
 * The note on a catalogue that is older than it is valid for at a time (us since 1970), normally the end of the capture: pools
 * come and go, and it misses new ones.
 */
export function catalogueWarning(timeUs: number): Statement | null {
  const days = Math.floor((timeUs / 1000 - Date.parse(CATALOGUE_DATE)) / 86_400_000);
  return days > CATALOGUE_VALID_DAYS ? statement('old-catalogue', { date: CATALOGUE_DATE, days }) : null;
}
