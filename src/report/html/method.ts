/**
 * How the figures came about, and what the figures of the two published audits of 2021 say together: the arithmetic is
 * done here, from what was published and the data sheets of machines, and only told by the catalogue.
 */
import type { Audit } from '../../audit/audit.ts';
import { VERDICTS } from '../../audit/audit.ts';
import { derivedFigures, PUBLISHED_AUDITS, type PublishedAudit, sha256dDay } from '../../energy/published.ts';
import { grouped, percent, si, significant } from '../figures.ts';
import type { ReportText } from '../text/en.ts';
import { barChart } from './chart.ts';
import { foreign, html, type Markup, table } from './markup.ts';

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

/** Verdicts and rules of reckoning. */
export function method({ totals }: Audit, text: ReportText): Markup {
  const { method: words } = text;
  const hasPower = totals.power !== null || totals.modelledPower !== undefined;
  const assumptions = [...(totals.hashrateAssumptions ?? []), ...(hasPower ? totals.powerAssumptions : [])];
  const rests =
    assumptions.length === 0
      ? html`<p>${words.noAssumptions}</p>`
      : html`<ul class="prose">${assumptions.map((each) => html`<li>${foreign(each)}</li>`)}</ul>`;
  return html`<section id="method"><h2>${words.title}</h2>
<h3>${words.verdicts}</h3>
<dl class="terms">${VERDICTS.map(
    (verdict, i) =>
      html`<div><dt><span class="badge v${i}">${text.verdict[verdict]}</span></dt><dd>${words.verdictMeaning[verdict]}</dd></div>`,
  )}</dl>
<dl class="terms">${words.rules.map(([term, rule]) => html`<div><dt>${term}</dt><dd>${rule}</dd></div>`)}</dl>
<h3>${words.assumptions}</h3>
${rests}</section>
`;
}

/** The page about the audits of 2021. */
export function publishedAudits(text: ReportText): Markup {
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
${comparison(jiangsu, zhejiang, text)}<h3>${words.oneTitle}</h3>
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

function comparison(jiangsu: PublishedAudit, zhejiang: PublishedAudit, text: ReportText): Markup {
  const words = text.method.published;
  const { rows } = words;
  const absent = words.notPublished;
  const derived = [derivedFigures(jiangsu), derivedFigures(zhejiang)] as const;
  const each = (say: (audit: PublishedAudit) => string | null): [string, string] => [
    say(jiangsu) ?? absent,
    say(zhejiang) ?? absent,
  ];
  const reckoned = (say: (figures: (typeof derived)[number]) => string | null): [string, string] => [
    say(derived[0]) ?? '–',
    say(derived[1]) ?? '–',
  ];
  const or = (value: number | null, say: (value: number) => string): string | null =>
    value === null ? null : say(value);
  const lines: (readonly [string, string, string] | readonly [string])[] = [
    [rows.by, rows.jiangsuBy, rows.zhejiangBy],
    [rows.addresses, ...each((audit) => grouped(audit.addresses))],
    [rows.traffic, ...each(({ mbps }) => or(mbps, (value) => `${value} Mbit/s`))],
    [
      rows.hashrate,
      ...each((audit) => or(audit.sha256dHashesPerSecond, (value) => rows.atLeast(si(value, 'H/s')))),
    ],
    [rows.energy, ...each((audit) => `${grouped(audit.kwhPerDay)} kWh`)],
    [
      rows.share,
      rows.jiangsuShare,
      rows.zhejiangShare(grouped(derived[1].institutionalAddresses), percent(zhejiang.institutionalShare)),
    ],
    [rows.coins, rows.jiangsuCoins, rows.zhejiangCoins],
    [rows.derived],
    [rows.power, ...reckoned((figures) => si(figures.meanWatts, 'W'))],
    [rows.perAddress, ...reckoned((figures) => si(figures.wattsPerAddress, 'W'))],
    [
      rows.trafficPerAddress,
      ...reckoned((figures) => or(figures.bpsPerAddress, (value) => si(value, 'bit/s'))),
    ],
    [
      rows.hashratePerAddress,
      ...reckoned((figures) => or(figures.hashesPerSecondPerAddress, (value) => si(value, 'H/s'))),
    ],
    [
      rows.joules,
      ...reckoned((figures) => or(figures.joulesPerTerahash, (value) => `${grouped(value)} J/TH`)),
    ],
  ];
  return html`<div class="scroll"><table class="compare"><thead><tr><th scope="col">${words.figure}</th><th scope="col">${words.jiangsu}</th><th scope="col">${words.zhejiang}</th></tr></thead><tbody>${lines.map(
    ([title, left, right]) =>
      left === undefined
        ? html`<tr class="part"><th scope="rowgroup" colspan="3">${title}</th></tr>`
        : html`<tr><th scope="row">${title}</th><td>${left}</td><td>${right ?? ''}</td></tr>`,
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
