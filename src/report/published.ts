/** This audit in the rows of published ones (data/published), so that each figure stands beside those it is held against. */
import { type Audit, type AuditHost, INSTITUTIONAL } from '../audit/audit.ts';
import { minersOf } from '../audit/miners.ts';
import { derivedFigures, ENERGY_FACTORS, type PublishedAudit, type Said } from '../energy/published.ts';
import { push } from '../order.ts';
import type { ReportText } from '../statements/en/report.ts';
import { grouped } from '../statements/figures.ts';
import { bitrate, hashrateWithInterval, percent, si, significant } from './figures.ts';
import { joined, type Phrase, wire } from './phrase.ts';
import { institutionalOf, tally } from './shares.ts';
import type { PlainTable } from './tables.ts';

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
  const own = audit.totals.minerAddresses === 0 ? null : audit;
  const lines = rowsOf(own, text).map(([title, ofOther, ofOwn]): ComparisonLine => {
    if (ofOther === null) return title;
    const cells = others.map((other): Phrase => {
      const cell = ofOther(other, derivedFigures(other));
      return [cell === null ? words.notPublished : typeof cell === 'string' ? cell : inWords(cell)];
    });
    return [title, [...cells, ...(own === null ? [] : [ofOwn])]];
  });
  return {
    heads: [words.figure, ...others.map(({ name }) => inWords(name)), ...(own === null ? [] : [words.own])],
    lines,
    notes: others.flatMap(({ notes }) =>
      notes.map(({ title, text: paragraphs, table }) => {
        const [head = [], ...rows] = table ?? [];
        return {
          title: inWords(title),
          text: paragraphs.map(inWords),
          table:
            table === undefined
              ? null
              : {
                  columns: head.map((cell) => ({ title: inWords(cell) })),
                  rows: rows.map((row) => row.map((cell): Phrase => [inWords(cell)])),
                },
        };
      }),
    ),
    sources: others.flatMap(({ sources }) => sources.map(inWords)),
  };
}

type Row = readonly [
  title: string,
  /** The cell of a published audit, null if it is not published. Null for a heading. */
  ofOther:
    | ((other: PublishedAudit, derived: ReturnType<typeof derivedFigures>) => string | Said | null)
    | null,
  ofOwn: Phrase,
];

function rowsOf(audit: Audit | null, text: ReportText): readonly Row[] {
  const { rows } = text.method.published;
  const own = audit === null ? NOTHING : ownFigures(audit, text);
  const or = (value: number | null, format: (value: number) => string): string | null =>
    value === null ? null : format(value);
  return [
    [rows.by, ({ by }) => by, own.by],
    [rows.addresses, ({ addresses }) => grouped(addresses), own.addresses],
    [rows.traffic, ({ mbps }) => or(mbps, (value) => `${value} Mbit/s`), own.traffic],
    [rows.hashrate, ({ hashrate }) => hashrate, own.hashrate],
    [rows.energy, ({ kwhPerDay }) => `${grouped(kwhPerDay)} kWh`, own.energy],
    [rows.share, ({ institutions }) => institutions.said, own.share],
    [rows.coins, ({ coins }) => coins, own.coins],
    [rows.funnel, null, []],
    [
      rows.institutional,
      (_, { institutionalAddresses }) => grouped(institutionalAddresses),
      own.institutional,
    ],
    [rows.units, ({ funnel }) => or(funnel?.units ?? null, grouped), own.units],
    [
      rows.intents,
      ({ funnel }) => funnel && rows.ofUnits(funnel.deliberate, funnel.hijacked, funnel.undetermined),
      own.intents,
    ],
    [rows.machines, ({ funnel }) => funnel?.machines ?? null, own.machines],
    [rows.derived, null, []],
    [rows.power, (_, { meanWatts }) => si(meanWatts, 'W'), own.energyAs((kwh) => si((kwh * 1000) / 24, 'W'))],
    [
      rows.perAddress,
      (_, { wattsPerAddress }) => si(wattsPerAddress, 'W'),
      own.energyAs((kwh, addresses) => si((kwh * 1000) / 24 / addresses, 'W')),
    ],
    [
      rows.energyPerAddress,
      (_, { kwhPerDayPerAddress }) => `${significant(kwhPerDayPerAddress)} kWh`,
      own.energyAs((kwh, addresses) => `${significant(kwh / addresses)} kWh`),
    ],
    [
      rows.trafficPerAddress,
      (_, { bpsPerAddress }) => or(bpsPerAddress, (value) => si(value, 'bit/s')) ?? '–',
      own.trafficPerAddress,
    ],
    [
      rows.hashratePerAddress,
      (_, { hashesPerSecondPerAddress }) => or(hashesPerSecondPerAddress, (value) => si(value, 'H/s')) ?? '–',
      own.hashratePerAddress,
    ],
    [
      rows.joules,
      (_, { joulesPerTerahash }) => or(joulesPerTerahash, (value) => `${grouped(value)} J/TH`) ?? '–',
      own.joules,
    ],
    ...ENERGY_FACTORS.map(({ id, kgPerKwh, year }): Row => {
      const tonnes = (kwh: number): string => `${significant((kwh * kgPerKwh) / 1000)} t`;
      return [
        rows.factor[id](String(kgPerKwh), year),
        ({ kwhPerDay }) => tonnes(kwhPerDay),
        own.energyAs(tonnes),
      ];
    }),
  ];
}

const NOTHING: ReturnType<typeof ownFigures> = {
  ...{ by: [], addresses: [], traffic: [], hashrate: [], energy: [], share: [], coins: [] },
  ...{ institutional: [], units: [], intents: [], machines: [] },
  ...{ trafficPerAddress: [], hashratePerAddress: [], joules: [] },
  energyAs: () => [],
};

function ownFigures(audit: Audit, text: ReportText) {
  const { totals } = audit;
  const { traffic, minerAddresses: addresses } = totals;
  const { rows } = text.method.published;
  const { notAssessed } = text.page;
  // What is only modelled says so in its own cell; both together are no figure.
  const power = totals.power ?? totals.modelledPower ?? null;
  const modelled = totals.power === null && power !== null ? ` ${text.basis.modelled}` : '';
  const found = institutionalOf(audit);
  const miners = minersOf(audit);
  const inside = miners.filter(({ owner }) => INSTITUTIONAL.includes(owner.class));
  const units = unitsOf(inside);
  const intents = [...units.values()].map(intentOfUnit);
  const having = (intent: string): number => intents.filter((each) => each === intent).length;
  const mbps = traffic.mbpsOut + traffic.mbpsIn;
  const rates = totals.hashrate.filter(({ headline }) => headline);
  const [only] = rates;
  const rateText = (rate: (typeof rates)[number]): Phrase => [
    wire(rate.algorithm),
    ` ${hashrateWithInterval(rate)}${rate.basis === 'modelled' ? ` ${text.basis.modelled}` : ''}`,
  ];
  const named = tally(miners, (host) => host.coins)
    .slice(0, COINS_SHOWN)
    .map(({ name, addresses: by }): Phrase => [wire(name), ` (${grouped(by)})`]);
  const sum = (of: (host: AuditHost) => number): number => inside.reduce((all, host) => all + of(host), 0);
  const [fewest, most] = [sum(({ rigs }) => rigs.low), sum(({ rigs }) => rigs.high)];
  return {
    by: [`${audit.tool.name} ${audit.tool.version}`],
    addresses: [grouped(addresses)],
    traffic: [rows.ownTraffic(bitrate(mbps))],
    hashrate: rates.length === 0 ? [rows.notObserved] : joined(rates.map(rateText), text.semicolon),
    energy:
      power === null
        ? [notAssessed]
        : [
            `${significant(power.kwhPerDay)} kWh (${significant(power.kwhPerDayLow)}–${significant(power.kwhPerDayHigh)})${modelled}`,
          ],
    share:
      found === null
        ? [notAssessed]
        : [rows.ownShare(text.count.addresses(found.addresses), percent(found.share))],
    coins: named.length === 0 ? ['–'] : joined(named, text.comma),
    institutional: [found === null ? notAssessed : grouped(found.addresses)],
    units: [found === null ? notAssessed : rows.namedUnits(units.size)],
    intents: [
      found === null
        ? notAssessed
        : rows.ofUnits(having('deliberate'), having('hijacked'), having('undetermined')),
    ],
    machines: [fewest === most ? grouped(most) : `${grouped(fewest)}–${grouped(most)}`],
    trafficPerAddress: [si((mbps * 1e6) / addresses, 'bit/s')],
    hashratePerAddress: [
      rates.length === 1 && only !== undefined ? si(only.estimate / addresses, only.unit) : '–',
    ],
    joules: [joulesOfSha256(audit)],
    energyAs: (format: (kwhPerDay: number, addresses: number) => string): Phrase => [
      power === null ? notAssessed : format(power.kwhPerDay, addresses),
    ],
  } satisfies Record<string, Phrase | ((format: (kwh: number, addresses: number) => string) => Phrase)>;
}

/** Hosts of each organisation that has a name. */
function unitsOf(hosts: readonly AuditHost[]): Map<string, AuditHost[]> {
  const units = new Map<string, AuditHost[]>();
  for (const host of hosts) if (host.owner.name !== null) push(units, host.owner.name, host);
  return units;
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
  return terahashes > 0 ? `${significant(watts / terahashes)} J/TH` : '–';
}
