/**
 * What the figures of the two published audits of 2021 say together, and this audit beside them: the arithmetic is done
 * here, from what was published and the data sheets of machines, and only told by the catalogue.
 */
import type { Audit } from '../audit/audit.ts';
import {
  derivedFigures,
  ENERGY_FACTORS,
  type EnergyFactor,
  PUBLISHED_AUDITS,
  type PublishedAudit,
  sha256dDay,
} from '../energy/published.ts';
import { grouped } from '../statements/figures.ts';
import { percent, si, significant } from './figures.ts';
import type { Phrase } from './phrase.ts';
import { ownColumn, tonnes } from './published-own.ts';
import type { PlainTable } from './tables.ts';
import type { ReportText } from './text/en.ts';

/** Two machines of the time: a widespread old one and the best on sale. */
const OLD = { name: 'Antminer S9', joulesPerTerahash: 98, hashesPerSecond: 13.5e12, watts: 1323 } as const;
const NEW = { name: 'Antminer S19 Pro', joulesPerTerahash: 29.5, hashesPerSecond: 110e12 } as const;
/** Mean of the Bitcoin network in 2021, J/TH. */
const NETWORK_JOULES = 50;
/** Joules per hash of what else may have run, at the wall, and the power of one machine. */
const ETHASH = { joulesPerHash: 2.6e-6, rigWatts: 1100 } as const;
const RANDOMX = { joulesPerHash: 12e-3 } as const;
const SCRYPT = { joulesPerHash: 1.6e-6 } as const;
const SERVER_WATTS = 90;

/** A heading within the comparison, or a row of it: what it is, then one cell an audit. */
type ComparisonLine = string | readonly [title: string, cells: readonly Phrase[]];

/** All that is said of the audits of 2021; the sentences stand in the catalogue. */
interface PublishedPage {
  readonly heads: readonly string[];
  readonly lines: readonly ComparisonLine[];
  /** Why one algorithm cannot give both figures. */
  readonly one: string;
  /** Joules per terahash. */
  readonly bars: readonly { readonly name: string; readonly value: number; readonly label: string }[];
  readonly rest: string;
  readonly candidates: PlainTable;
  readonly readings: readonly string[];
}

/** What is to be said, this audit beside the others if somebody mines in it. */
export function publishedAudits(audit: Audit, text: ReportText): PublishedPage {
  const words = text.method.published;
  const jiangsu = publishedBy('jiangsu-2021');
  const zhejiang = publishedBy('zhejiang-2021');
  const rate = jiangsu.sha256dHashesPerSecond ?? 0;
  const joules = derivedFigures(jiangsu).joulesPerTerahash ?? 0;
  const old = sha256dDay(rate, OLD.joulesPerTerahash, OLD.hashesPerSecond);
  const recent = sha256dDay(rate, NEW.joulesPerTerahash, NEW.hashesPerSecond);
  const restWatts = ((jiangsu.kwhPerDay - old.kwhPerDay) * 1000) / 24;
  const one = words.one({
    rate: si(rate, 'H/s'),
    energy: energy(jiangsu.kwhPerDay),
    joules: `${grouped(joules)} J`,
    oldMachine: OLD.name,
    oldJoules: `${OLD.joulesPerTerahash} J`,
    oldCount: grouped(old.machines),
    oldEnergy: energy(old.kwhPerDay),
    newMachine: NEW.name,
    newCount: grouped(recent.machines),
    newEnergy: energy(recent.kwhPerDay),
    factorLow: grouped(joules / OLD.joulesPerTerahash),
    factorHigh: grouped(joules / NETWORK_JOULES),
    restLow: percent(1 - old.kwhPerDay / jiangsu.kwhPerDay),
    restHigh: percent(1 - recent.kwhPerDay / jiangsu.kwhPerDay),
  });
  const bars = [
    [`${words.chartImplied}`, joules],
    [`${OLD.name} (2016)`, OLD.joulesPerTerahash],
    [words.chartNetwork, NETWORK_JOULES],
    [`${NEW.name} (2020)`, NEW.joulesPerTerahash],
  ] as const;
  return {
    ...comparison(jiangsu, zhejiang, audit, text),
    one,
    bars: bars.map(([name, value]) => ({ name, value, label: `${significant(value)} J/TH` })),
    rest: words.rest(si(restWatts, 'W')),
    candidates: candidates(restWatts, jiangsu.addresses, text),
    readings: readings(jiangsu, zhejiang, text),
  };
}

function publishedBy(id: PublishedAudit['id']): PublishedAudit {
  const found = PUBLISHED_AUDITS.find((audit) => audit.id === id);
  if (found === undefined) throw new Error(`no published audit ${id}`);
  return found;
}

function energy(kwh: number): string {
  return si(kwh * 1000, 'Wh');
}

type Line = string | readonly [title: string, published: readonly Phrase[], own: Phrase | null];

function factorBy(id: string): EnergyFactor {
  const found = ENERGY_FACTORS.find((factor) => factor.id === id);
  if (found === undefined) throw new Error(`no energy factor ${id}`);
  return found;
}

function comparison(
  jiangsu: PublishedAudit,
  zhejiang: PublishedAudit,
  audit: Audit,
  text: ReportText,
): Pick<PublishedPage, 'heads' | 'lines'> {
  const words = text.method.published;
  const { rows } = words;
  const own = ownColumn(audit, text);
  const derived = [derivedFigures(jiangsu), derivedFigures(zhejiang)] as const;
  const each = (format: (audit: PublishedAudit) => string | null): Phrase[] =>
    [jiangsu, zhejiang].map((published) => [format(published) ?? words.notPublished]);
  const derivedRow = (format: (figures: (typeof derived)[number]) => string | null): Phrase[] =>
    derived.map((figures) => [format(figures) ?? '–']);
  const or = (value: number | null, format: (value: number) => string): string | null =>
    value === null ? null : format(value);
  const lines: readonly Line[] = [
    [rows.by, [[rows.jiangsuBy], [rows.zhejiangBy]], own?.by ?? null],
    [rows.addresses, each(({ addresses }) => grouped(addresses)), own?.addresses ?? null],
    [rows.traffic, each(({ mbps }) => or(mbps, (value) => `${value} Mbit/s`)), own?.traffic ?? null],
    [
      rows.hashrate,
      each(({ sha256dHashesPerSecond: rate }) => or(rate, (value) => rows.atLeast(si(value, 'H/s')))),
      own?.hashrate ?? null,
    ],
    [rows.energy, each(({ kwhPerDay }) => `${grouped(kwhPerDay)} kWh`), own?.energy ?? null],
    [
      rows.share,
      [
        [rows.jiangsuShare],
        [
          rows.zhejiangShare(
            grouped(derived[1].institutionalAddresses),
            percent(zhejiang.institutionalShare),
          ),
        ],
      ],
      own?.share ?? null,
    ],
    [rows.coins, [[rows.jiangsuCoins], [rows.zhejiangCoins]], own?.coins ?? null],
    rows.derived,
    [rows.power, derivedRow(({ meanWatts }) => si(meanWatts, 'W')), own?.power ?? null],
    [rows.perAddress, derivedRow(({ wattsPerAddress }) => si(wattsPerAddress, 'W')), own?.perAddress ?? null],
    [
      rows.energyPerAddress,
      derivedRow(({ kwhPerDayPerAddress }) => `${significant(kwhPerDayPerAddress)} kWh`),
      own?.energyPerAddress ?? null,
    ],
    [
      rows.trafficPerAddress,
      derivedRow(({ bpsPerAddress }) => or(bpsPerAddress, (value) => si(value, 'bit/s'))),
      own?.trafficPerAddress ?? null,
    ],
    [
      rows.hashratePerAddress,
      derivedRow(({ hashesPerSecondPerAddress }) =>
        or(hashesPerSecondPerAddress, (value) => si(value, 'H/s')),
      ),
      own?.hashratePerAddress ?? null,
    ],
    [
      rows.joules,
      derivedRow(({ joulesPerTerahash }) => or(joulesPerTerahash, (value) => `${grouped(value)} J/TH`)),
      own?.joules ?? null,
    ],
    ...(['coal-cn', 'co2-cn-old', 'co2-cn-grid'] as const).map((id): Line => {
      const { kgPerKwh, year } = factorBy(id);
      const published = each(({ kwhPerDay }) => tonnes(kwhPerDay, kgPerKwh));
      return [rows.factor[id](String(kgPerKwh), year), published, own?.mass(kgPerKwh) ?? null];
    }),
  ];
  return {
    heads: [words.figure, words.jiangsu, words.zhejiang, ...(own === null ? [] : [words.own])],
    lines: lines.map((line) =>
      typeof line === 'string' ? line : [line[0], line[2] === null ? line[1] : [...line[1], line[2]]],
    ),
  };
}

function candidates(restWatts: number, addresses: number, text: ReportText): PlainTable {
  const words = text.method.published;
  const { candidates: claims } = words;
  const rigs = restWatts / ETHASH.rigWatts;
  const servers = restWatts / SERVER_WATTS;
  const round = (value: number): string => grouped(Number(value.toPrecision(2)));
  const rows = [
    [
      claims.ethash('2.6 J/MH'),
      claims.ethashMeans(si(restWatts / ETHASH.joulesPerHash, 'H/s'), round(rigs), round(rigs / addresses)),
      claims.ethashPlausible,
    ],
    [
      claims.randomx('12 J/kH'),
      claims.randomxMeans(si(restWatts / RANDOMX.joulesPerHash, 'H/s')),
      claims.randomxPlausible,
    ],
    [
      claims.servers,
      claims.serversMeans(grouped(Math.round(servers / 1000) * 1000), round(servers / addresses)),
      claims.serversPlausible,
    ],
    [
      claims.scrypt('1.6 J/MH'),
      claims.scryptMeans(si(restWatts / SCRYPT.joulesPerHash, 'H/s')),
      claims.scryptPlausible,
    ],
  ] as const;
  return {
    columns: [{ title: words.restCandidate }, { title: words.restMeans }, { title: words.restPlausible }],
    rows: rows.map((cells) => cells.map((cell): Phrase => [cell])),
  };
}

function readings(jiangsu: PublishedAudit, zhejiang: PublishedAudit, text: ReportText): string[] {
  const words = text.method.published;
  const own = derivedFigures(jiangsu);
  const hijackedWatts = own.institutionalAddresses * SERVER_WATTS;
  return [
    ...words.read({
      flatJiangsu: `${grouped(jiangsu.addresses * 2.4 * 24)} kWh`,
      perJiangsu: si(own.wattsPerAddress, 'W'),
      perZhejiang: `${grouped(derivedFigures(zhejiang).wattsPerAddress)} W`,
      machine: OLD.name,
      watts: `${grouped(OLD.watts)} W`,
    }),
    words.traffic(si(own.bpsPerAddress ?? 0, 'bit/s')),
    words.share(
      grouped(own.institutionalAddresses),
      si(hijackedWatts, 'W'),
      energy((hijackedWatts * 24) / 1000),
      percent((hijackedWatts * 24) / 1000 / jiangsu.kwhPerDay),
    ),
  ];
}
