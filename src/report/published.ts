/** This audit in the rows of published ones (data/published), so that each figure stands beside those it is held against. */
import { type Audit, type AuditHost, INSTITUTIONAL } from '../audit/audit.ts';
import { minersOf } from '../audit/miners.ts';
import { derivedFigures, ENERGY_FACTORS, type PublishedAudit, type Said } from '../energy/published.ts';
import { groupBy, totalOf } from '../order.ts';
import type { ReportText } from '../statements/codes.ts';
import { bitrate, digits, grouped, plain, si } from '../statements/figures.ts';
import { joined, type Phrase, wire } from './phrase.ts';
import { type Institutional, institutionalOf, tally } from './shares.ts';
import { type PlainTable, tableOf } from './tables.ts';

const COINS_SHOWN = 4;

/** A heading within the comparison, or a row of it: what it is, then one cell an audit. */
type ComparisonLine = string | readonly [title: string, cells: readonly Phrase[]];

interface PublishedPage {
  readonly heads: readonly string[];
  readonly lines: readonly ComparisonLine[];
  readonly notes: readonly {
    readonly title: string;
    readonly text: readonly string[];
    readonly table: PlainTable | null;
  }[];
  readonly sources: readonly string[];
}

/** What is to be said, this audit beside the others if somebody mines in it. */
export function publishedAudits(
  audit: Audit,
  others: readonly PublishedAudit[],
  text: ReportText,
): PublishedPage {
  const words = text.method.published;
  const inWords = ({ en, zh = en }: Said): string => (text.tag.startsWith('zh') ? zh : en);
  const columns = others.map((other) => publishedFigures(other, text, inWords));
  const own = audit.totals.minerAddresses === 0 ? [] : [ownFigures(audit, text)];
  const titles: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(
      ENERGY_FACTORS.map(({ id, kgPerKwh, year }) => [id, words.rows.factor[id](String(kgPerKwh), year)]),
    ),
    ...words.rows,
  };
  const lines = Object.entries(columns[0] ?? {}).map(([row, first]): ComparisonLine => {
    if (first === HEADING) return String(titles[row]);
    const cells = [...columns, ...own].map((each) => each[row] ?? words.notPublished);
    return [String(titles[row]), cells.map((cell) => (typeof cell === 'string' ? [cell] : cell))];
  });
  return {
    heads: [words.figure, ...others.map(({ name }) => inWords(name)), ...own.map(() => words.own)],
    lines,
    notes: others.flatMap(({ notes }) =>
      notes.map(({ title, text: paragraphs, table: [head, ...cells] = [] }) => ({
        title: inWords(title),
        text: paragraphs.map(inWords),
        table:
          head === undefined
            ? null
            : tableOf(
                cells,
                head.map((cell, i) => [inWords(cell), (row) => inWords(row[i])]),
              ),
      })),
    ),
    sources: others.flatMap(({ sources }) => sources.map(inWords)),
  };
}

/** By the names that the rows have in the catalogue, in their order; null if it is not published. */
type Figures = Readonly<Record<string, string | Phrase | null>>;

/** In place of a figure: a heading of the rows below it. */
const HEADING = '';

/** The text of a figure, if there is one. */
function or<T>(value: number | null | undefined, format: (value: number) => string, none: T): string | T {
  return value == null ? none : format(value);
}

function publishedFigures(other: PublishedAudit, text: ReportText, inWords: (said: Said) => string): Figures {
  const { rows } = text.method.published;
  const { funnel, addresses, mbps, kwhPerDay } = other;
  const derived = derivedFigures(other);
  const said = (words: Said | null | undefined): string | null => (words == null ? null : inWords(words));
  return {
    by: said(other.by),
    addresses: grouped(addresses),
    traffic: or(mbps, (value) => si(value * 1e6, 'bps', (each) => digits(each, 5)), null),
    hashrate: said(other.hashrate),
    energy: text.figures.statedEnergy(kwhPerDay),
    share: said(other.institutions.said),
    coins: said(other.coins),
    funnel: HEADING,
    institutional: grouped(derived.institutionalAddresses),
    units: or(funnel?.units, grouped, null),
    intents: funnel && rows.ofUnits(funnel.deliberate, funnel.hijacked, funnel.undetermined),
    machines: said(funnel?.machines),
    derived: HEADING,
    ...perAddress(kwhPerDay, addresses, '', text),
    trafficPerAddress: or(derived.bpsPerAddress, (bps) => bitrate(bps / 1e6), '–'),
    hashratePerAddress: or(derived.hashesPerSecondPerAddress, (value) => si(value, 'H/s'), '–'),
    joules: or(derived.joulesPerTerahash, (value) => plain(value, 'J/TH'), '–'),
    ...fuel(kwhPerDay, ''),
  };
}

/** What electricity a day means; `none` if it is not known. */
function perAddress(
  kwhPerDay: number | null,
  addresses: number,
  none: string,
  { figures }: ReportText,
): Figures {
  return {
    power: or(kwhPerDay, (kwh) => si((kwh * 1000) / 24, 'W'), none),
    perAddress: or(kwhPerDay, (kwh) => si((kwh * 1000) / 24 / addresses, 'W'), none),
    energyPerAddress: or(kwhPerDay, (kwh) => figures.energy(kwh / addresses), none),
  };
}

function fuel(kwhPerDay: number | null, none: string): Figures {
  const rows = ENERGY_FACTORS.map(({ id, kgPerKwh }) => {
    return [id, or(kwhPerDay, (kwh) => plain((kwh * kgPerKwh) / 1000, 't'), none)];
  });
  return Object.fromEntries(rows);
}

function ownFigures(audit: Audit, text: ReportText): Figures {
  const { totals } = audit;
  const { traffic, minerAddresses: addresses } = totals;
  const { rows } = text.method.published;
  const { notAssessed } = text.page;
  // What is only modelled says so in its own cell; both together are no figure.
  const power = totals.power ?? totals.modelledPower ?? null;
  const modelled = ` ${text.basis.modelled}`;
  const kwhPerDay = power?.kwhPerDay ?? null;
  const found = institutionalOf(audit);
  const miners = minersOf(audit);
  const inside = miners.filter(({ owner }) => INSTITUTIONAL.includes(owner.class));
  const units = [...groupBy(inside, ({ owner }) => owner.name)].filter(([name]) => name !== null);
  const intents = units.map(([, hosts]) => intentOfUnit(hosts));
  const having = (intent: string): number => intents.filter((each) => each === intent).length;
  const mbps = traffic.mbpsOut + traffic.mbpsIn;
  const rates = totals.hashrate.filter(({ headline }) => headline);
  const named = tally(miners, (host) => host.coins).slice(0, COINS_SHOWN);
  const machines = (end: 'low' | 'high'): number => totalOf(inside, ({ rigs }) => rigs[end]);
  const ifFound = (said: (found: Institutional) => string): string =>
    found === null ? notAssessed : said(found);
  return {
    by: `${audit.tool.name} ${audit.tool.version}`,
    addresses: grouped(addresses),
    traffic: rows.ownTraffic(bitrate(mbps)),
    hashrate:
      rates.length === 0
        ? rows.notObserved
        : joined(
            rates.map((rate) => [
              wire(rate.algorithm),
              ` ${text.figures.hashrate(rate)}${rate.basis === 'modelled' ? modelled : ''}`,
            ]),
            text.semicolon,
          ),
    energy:
      power === null
        ? notAssessed
        : `${text.figures.power(power)[1]}${totals.power === null ? modelled : ''}`,
    share: ifFound((all) =>
      rows.ownShare(text.count.addresses(all.addresses), text.figures.percent(all.share)),
    ),
    coins:
      named.length === 0
        ? '–'
        : joined(
            named.map((coin) => [wire(coin.name), text.bracketed(grouped(coin.addresses))]),
            text.comma,
          ),
    institutional: ifFound((all) => grouped(all.addresses)),
    units: ifFound(() => rows.namedUnits(units.length)),
    intents: ifFound(() => rows.ofUnits(having('deliberate'), having('hijacked'), having('undetermined'))),
    machines: text.figures.range(machines('low'), machines('high')),
    ...perAddress(kwhPerDay, addresses, notAssessed, text),
    trafficPerAddress: bitrate(mbps / addresses),
    hashratePerAddress: rates.length === 1 ? si(rates[0].estimate / addresses, rates[0].unit) : '–',
    joules: joulesOfSha256(audit),
    ...fuel(kwhPerDay, notAssessed),
  };
}

/** What all hosts of a unit are consistent with of which something is known. */
function intentOfUnit(hosts: readonly AuditHost[]): string {
  const known = new Set(hosts.map(({ owner }) => owner.intent).filter((intent) => intent !== 'undetermined'));
  const [only] = known;
  return known.size === 1 && only !== undefined ? only : 'undetermined';
}

/** Power of those that mine SHA-256 and nothing else, over their rate. */
function joulesOfSha256(audit: Audit): string {
  let watts = 0;
  let terahashes = 0;
  for (const { algorithms, power, hashrate } of minersOf(audit)) {
    const rate = hashrate.find(({ headline, algorithm }) => headline && algorithm === 'sha256d');
    if (algorithms.length !== 1 || power === null || rate === undefined || rate.basis === 'modelled')
      continue;
    watts += power.watts;
    terahashes += rate.estimate / 1e12;
  }
  return terahashes > 0 ? plain(watts / terahashes, 'J/TH') : '–';
}
