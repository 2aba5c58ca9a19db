/**
 * What the figures of the two published audits of 2021 say together, and this audit beside them: the arithmetic is done
 * here, from what was published and the data sheets of machines, and only told by the catalogue.
 */
import type { Audit } from '../../audit/audit.ts';
import {
  derivedFigures,
  ENERGY_FACTORS,
  type EnergyFactor,
  PUBLISHED_AUDITS,
  type PublishedAudit,
  sha256dDay,
} from '../../energy/published.ts';
import { grouped, percent, si, significant } from '../figures.ts';
import type { ReportText } from '../text/en.ts';
import { barChart } from './chart.ts';
import { type Content, html, type Markup, table } from './markup.ts';
import { ownColumn, tonnes } from './published-own.ts';

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

/** The page about the audits of 2021. */
export function publishedAudits(audit: Audit, text: ReportText): Markup {
  const words = text.method.published;
  const jiangsu = publishedBy('jiangsu-2021');
  const zhejiang = publishedBy('zhejiang-2021');
  const rate = jiangsu.sha256dHashesPerSecond ?? 0;
  const joules = derivedFigures(jiangsu).joulesPerTerahash ?? 0;
  const old = sha256dDay(rate, OLD.joulesPerTerahash, OLD.hashesPerSecond);
  const recent = sha256dDay(rate, NEW.joulesPerTerahash, NEW.hashesPerSecond);
  const restWatts = ((jiangsu.kwhPerDay - old.kwhPerDay) * 1000) / 24;
  const said = words.one({
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
  return html`<section id="published"><h2>${words.title}</h2>
<p class="prose">${words.lead}</p>
${comparison(jiangsu, zhejiang, audit, text)}<h3>${words.oneTitle}</h3>
<p class="prose">${said}</p>
<div class="card"><h3>${words.chart}</h3>${barChart(
    bars.map(([name, value]) => ({ name, value, said: `${significant(value)} J/TH` })),
    words.chart,
  )}</div>
<h3>${words.restTitle}</h3>
<p class="prose">${words.rest(si(restWatts, 'W'))}</p>
${candidates(restWatts, jiangsu.addresses, text)}<h3>${words.readTitle}</h3>
${readings(jiangsu, zhejiang, text).map((each) => html`<p class="prose">${each}</p>`)}
<h3>${words.sourcesTitle}</h3>
<ul class="prose">${words.sources.map((source) => html`<li>${source}</li>`)}</ul></section>
`;
}

function publishedBy(id: PublishedAudit['id']): PublishedAudit {
  const found = PUBLISHED_AUDITS.find((audit) => audit.id === id);
  if (found === undefined) throw new Error(`no published audit ${id}`);
  return found;
}

function energy(kwh: number): string {
  return si(kwh * 1000, 'Wh');
}

/** A heading, or a row: what it is, the published figures, this audit's. */
type Line = string | readonly [title: string, published: readonly Content[], own: Content];

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
): Markup {
  const words = text.method.published;
  const { rows } = words;
  const own = ownColumn(audit, text);
  const derived = [derivedFigures(jiangsu), derivedFigures(zhejiang)] as const;
  const each = (say: (audit: PublishedAudit) => string | null): Content[] =>
    [jiangsu, zhejiang].map((published) => say(published) ?? words.notPublished);
  const reckoned = (say: (figures: (typeof derived)[number]) => string | null): Content[] =>
    derived.map((figures) => say(figures) ?? '–');
  const or = (value: number | null, say: (value: number) => string): string | null =>
    value === null ? null : say(value);
  const lines: readonly Line[] = [
    [rows.by, [rows.jiangsuBy, rows.zhejiangBy], own?.by ?? null],
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
        rows.jiangsuShare,
        rows.zhejiangShare(grouped(derived[1].institutionalAddresses), percent(zhejiang.institutionalShare)),
      ],
      own?.share ?? null,
    ],
    [rows.coins, [rows.jiangsuCoins, rows.zhejiangCoins], own?.coins ?? null],
    rows.derived,
    [rows.power, reckoned(({ meanWatts }) => si(meanWatts, 'W')), own?.power ?? null],
    [rows.perAddress, reckoned(({ wattsPerAddress }) => si(wattsPerAddress, 'W')), own?.perAddress ?? null],
    [
      rows.energyPerAddress,
      reckoned(({ kwhPerDayPerAddress }) => `${significant(kwhPerDayPerAddress)} kWh`),
      own?.energyPerAddress ?? null,
    ],
    [
      rows.trafficPerAddress,
      reckoned(({ bpsPerAddress }) => or(bpsPerAddress, (value) => si(value, 'bit/s'))),
      own?.trafficPerAddress ?? null,
    ],
    [
      rows.hashratePerAddress,
      reckoned(({ hashesPerSecondPerAddress }) => or(hashesPerSecondPerAddress, (value) => si(value, 'H/s'))),
      own?.hashratePerAddress ?? null,
    ],
    [
      rows.joules,
      reckoned(({ joulesPerTerahash }) => or(joulesPerTerahash, (value) => `${grouped(value)} J/TH`)),
      own?.joules ?? null,
    ],
    ...(['coal-cn', 'co2-cn-old', 'co2-cn-grid'] as const).map((id): Line => {
      const { kgPerKwh, year } = factorBy(id);
      const published = each(({ kwhPerDay }) => tonnes(kwhPerDay, kgPerKwh));
      return [rows.factor[id](String(kgPerKwh), year), published, own?.mass(kgPerKwh) ?? null];
    }),
  ];
  const columns = own === null ? 3 : 4;
  const heads = [words.figure, words.jiangsu, words.zhejiang, ...(own === null ? [] : [words.own])];
  return html`<div class="scroll"><table class="compare${own === null ? '' : ' own'}"><thead><tr>${heads.map(
    (head) => html`<th scope="col">${head}</th>`,
  )}</tr></thead><tbody>${lines.map((line) =>
    typeof line === 'string'
      ? html`<tr class="part"><th scope="rowgroup" colspan="${columns}">${line}</th></tr>`
      : html`<tr><th scope="row">${line[0]}</th>${[...line[1], ...(own === null ? [] : [line[2]])].map(
          (cell) => html`<td>${cell}</td>`,
        )}</tr>`,
  )}</tbody></table></div>
`;
}

function candidates(restWatts: number, addresses: number, text: ReportText): Markup {
  const words = text.method.published;
  const { candidates: say } = words;
  const rigs = restWatts / ETHASH.rigWatts;
  const servers = restWatts / SERVER_WATTS;
  const round = (value: number): string => grouped(Number(value.toPrecision(2)));
  const rows = [
    [
      say.ethash('2.6 J/MH'),
      say.ethashMeans(si(restWatts / ETHASH.joulesPerHash, 'H/s'), round(rigs), round(rigs / addresses)),
      say.ethashPlausible,
    ],
    [
      say.randomx('12 J/kH'),
      say.randomxMeans(si(restWatts / RANDOMX.joulesPerHash, 'H/s')),
      say.randomxPlausible,
    ],
    [
      say.servers,
      say.serversMeans(grouped(Math.round(servers / 1000) * 1000), round(servers / addresses)),
      say.serversPlausible,
    ],
    [
      say.scrypt('1.6 J/MH'),
      say.scryptMeans(si(restWatts / SCRYPT.joulesPerHash, 'H/s')),
      say.scryptPlausible,
    ],
  ] as const;
  return table(
    [
      { title: words.restCandidate, cell: ([name]) => name },
      { title: words.restMeans, cell: ([, means]) => means },
      { title: words.restPlausible, cell: ([, , plausible]) => plausible },
    ],
    rows,
  );
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
