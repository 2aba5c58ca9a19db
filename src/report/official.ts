/**
 * The audit as a notice of a communications administration: one page with each figure and what it rests on, then the leads,
 * a line a unit. It names facts; what is to be done is for who has the power to order it.
 */
import { type Audit, type AuditHost, INSTITUTIONAL, type Intent, type Power } from '../audit/audit.ts';
import { conversationsOf, isNothingJudged, judgedParts } from '../audit/judged.ts';
import { minersOf } from '../audit/miners.ts';
import { plainSum } from '../energy/totals.ts';
import { distinct, groupBy, totalOf } from '../order.ts';
import { catalogueOf } from '../statements/catalogue.ts';
import type { ReportText } from '../statements/codes.ts';
import { clock, grouped, plain, si } from '../statements/figures.ts';
import type { ReportOptions } from './format.ts';
import { type Phrase, printable, wire } from './phrase.ts';
import { intentAssessed, tally } from './shares.ts';
import { coverageText, warningsOf, windowText } from './summary.ts';
import {
  classified,
  concentration,
  dayOf,
  expanded,
  isSample,
  isShort,
  type SampleOf,
  withMachines,
} from './survey.ts';
import { wrap } from './width.ts';

const WIDTH = 100;
const NAMED = 5;
const LEADS = 30;
const INTENTS: readonly Intent[] = ['deliberate', 'hijacked', 'undetermined'];

/** The notice, then the table of leads. */
export function* renderOfficial(audit: Audit, options: ReportOptions): Generator<string> {
  const text = catalogueOf(options.language);
  const { official: words } = text;
  yield `${words.title}\n\n`;
  const facts = isNothingJudged(audit.coverage.judged) ? [] : factsOf(audit, options, text);
  const doubts = [
    ...(audit.coverage.complete ? [] : [coverageText(audit, text)]),
    ...audit.notes.filter(({ code }) => code.startsWith('pseudonyms-')).map((note) => text.translate(note)),
  ];
  const period = words.period(windowText(audit, options.zone, text));
  for (const said of [...warningsOf(audit, text), ...doubts, period, ...facts]) {
    yield `${wrap(printable([wire(said)]), WIDTH).join('\n')}\n`;
  }
  yield* leads(audit, options, text);
}

function factsOf(audit: Audit, options: ReportOptions, text: ReportText): string[] {
  const { official: words, figures, comma, semicolon } = text;
  const { totals, window } = audit;
  const miners = minersOf(audit);
  const all = miners.length;
  if (all === 0) return [words.none];
  const asked = options.sampleOf ?? null;
  const sampleOf = asked !== null && isSample(miners, asked) ? asked : null;
  const ofAll = (part: number): string => figures.percent(part / all);
  const sampled = ofSample(miners, sampleOf, text);
  const mbps = (value: number): string => plain(value, 'Mbps');
  const trafficOf = ({ traffic }: AuditHost): number => traffic.mbpsOut + traffic.mbpsIn;
  const facts = [
    words.addresses(all, totals.hosts.confirmed, totals.hosts.probable),
    asked !== sampleOf
      ? words.noSample(grouped(all))
      : sampleOf === null
        ? words.census
        : words.sample(grouped(all)),
    words.traffic(
      mbps(totals.traffic.mbpsOut + totals.traffic.mbpsIn),
      figures.duration(window.observedSeconds),
    ) + sampled(trafficOf, mbps),
  ];
  const spread = concentration(miners);
  facts.push(words.concentration(mbps(spread.mean), mbps(spread.median), figures.percent(spread.topTenth)));
  const rates = totals.hashrate.filter(({ headline: isHeadline }) => isHeadline);
  for (const row of rates) {
    const rateOf = ({ hashrate }: AuditHost): number =>
      hashrate.find((each) => each.headline && each.algorithm === row.algorithm)?.estimate ?? 0;
    facts.push(
      words.hashrate(row.algorithm, figures.hashrate(row), text.basis[row.basis], row.hosts) +
        sampled(rateOf, (value) => si(value, row.unit)),
    );
  }
  if (rates.length === 0) facts.push(words.noHashrate);
  const power = totals.power ?? totals.modelledPower ?? null;
  if (power !== null) {
    const [watts, kwh] = figures.power(power);
    const isModelled = totals.power === null;
    const powerOf = ({ power: own }: AuditHost) =>
      own !== null && (own.tier === 'C') === isModelled ? own : null;
    const kwhOf = (host: AuditHost): number => powerOf(host)?.kwhPerDay ?? 0;
    const energy = (value: number): string => figures.energy(value, power.tier);
    facts.push(words.energy(kwh, watts, isModelled) + sampled(kwhOf, energy, power));
    if (isShort(audit)) {
      const { least, most } = dayOf(audit, miners, powerOf);
      facts.push(words.short(figures.duration(window.observedSeconds), energy(least), energy(most)));
    }
  }
  const listed = (names: readonly { name: string; addresses: number }[]): string =>
    names
      .slice(0, NAMED)
      .map(({ name, addresses }) => `${name} ${grouped(addresses)}${text.bracketed(ofAll(addresses))}`)
      .join(comma);
  const coins = tally(miners, (host) => host.coins);
  if (coins.length > 0) facts.push(words.coins(listed(coins)));
  const cities = totals.cities.map(({ city, addresses }) => ({ name: city, addresses }));
  if (cities.length > 0) facts.push(words.cities(listed(cities)));
  if (totals.institutionalShare !== null) {
    const classes = totals.owners.filter((row) => INSTITUTIONAL.includes(row.class));
    const inside = totalOf(classes, ({ addresses }) => addresses);
    const each = listed(
      classes.map((row) => ({ name: text.ownerClass[row.class], addresses: row.addresses })),
    );
    const isInside = ({ owner }: AuditHost): number => Number(INSTITUTIONAL.includes(owner.class));
    const { low, high } = classified(miners);
    const error = sampleOf === null ? words.classes(figures.percentRange(low / all, high / all)) : '';
    facts.push(words.institutions(inside, ofAll(inside), each) + error + sampled(isInside, grouped));
  }
  if (intentAssessed(audit)) {
    const count = (intent: Intent): string =>
      `${text.intent[intent]} ${grouped(miners.filter(({ owner }) => owner.intent === intent).length)}`;
    facts.push(words.intents(INTENTS.map(count).join(semicolon)));
  }
  const { judged } = audit.coverage;
  facts.push(words.judged(figures.percent(judgedParts(judged).conversations), conversationsOf(judged)));
  return facts.map((fact, i) => words.numbered(i + 1, fact));
}

/** Writes what all addresses are estimated to have, behind what the sample has; nothing if they are no sample. */
function ofSample(
  miners: readonly AuditHost[],
  sampleOf: SampleOf | null,
  { official: words, figures }: ReportText,
) {
  return (
    amountOf: (host: AuditHost) => number,
    write: (value: number) => string,
    power: Power | null = null,
  ): string => {
    if (sampleOf === null) return '';
    const found = expanded(miners, sampleOf, amountOf);
    if (found === null) return words.tooFew;
    const { estimate, low, high } = found;
    const drawn = figures.range(low, high, write);
    if (power === null) return words.expanded(write(estimate), drawn);
    const all = withMachines(found, power);
    return words.expandedEnergy(write(estimate), drawn, figures.range(all.low, all.high, write));
  };
}

/** Of private address space the department is the unit. */
function unitOf({ name, department, source }: AuditHost['owner'], text: ReportText): string {
  const words = [source === 'reserved' && department ? '' : text.word(name ?? ''), department ?? ''];
  return words.filter((word) => word !== '').join(' ');
}

/** A line a unit, those of most energy first; who has no name is counted below. */
function* leads(audit: Audit, { zone }: ReportOptions, text: ReportText): Generator<string> {
  const { official: words, figures, comma } = text;
  const named = minersOf(audit).filter(({ owner }) => owner.name !== null);
  const unnamed = minersOf(audit).length - named.length;
  const kwhOf = (hosts: readonly AuditHost[]): number => totalOf(hosts, ({ power }) => power?.kwhPerDay ?? 0);
  const units = [...groupBy(named, ({ owner }) => `${owner.name}\n${owner.department ?? ''}`).values()].sort(
    (a, b) => kwhOf(b) - kwhOf(a) || b.length - a.length,
  );
  if (units.length > 0) yield `\n${words.leads}\n`;
  for (const [i, hosts] of units.slice(0, LEADS).entries()) {
    const [{ owner }] = hosts as [AuditHost];
    const each = (of: (host: AuditHost) => readonly string[]): string =>
      distinct(hosts.flatMap(of)).join(comma);
    const known = hosts.flatMap(({ power }) => (power === null ? [] : [power]));
    const { kwhPerDay, kwhPerDayLow, kwhPerDayHigh } = plainSum(known);
    const tier = known.some((power) => power.tier === 'C') ? 'C' : '';
    const facts: Phrase = [
      wire(unitOf(owner, text)),
      owner.class === 'unknown' ? '' : text.bracketed(text.ownerClass[owner.class]),
      text.colon,
      [
        words.unitAddresses(
          hosts.length,
          hosts.slice(0, NAMED).map(({ ip }) => ip),
        ),
        plain(
          totalOf(hosts, ({ traffic }) => traffic.mbpsOut + traffic.mbpsIn),
          'Mbps',
        ),
        known.length === 0
          ? ''
          : text.ticket.aDay(figures.energyRange(kwhPerDay, kwhPerDayLow, kwhPerDayHigh, tier), null),
      ]
        .filter((fact) => fact !== '')
        .join(comma),
      text.semicolon,
      wire(each((host) => host.pools)),
      text.semicolon,
      each(({ owner: { intent } }) => [text.intent[intent]]),
      text.semicolon,
      words.seen(clock(hosts.map(({ firstSeen }) => firstSeen).sort()[0] ?? '', zone)),
      ...(owner.contact === null || owner.contact === undefined ? [] : [text.semicolon, wire(owner.contact)]),
    ];
    yield `${wrap(words.numbered(i + 1, printable(facts)), WIDTH).join('\n')}\n`;
  }
  if (units.length > LEADS) yield `${words.moreUnits(units.length - LEADS)}\n`;
  if (unnamed > 0) yield `${words.unnamed(unnamed)}\n`;
}
