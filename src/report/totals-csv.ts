/**
 * The totals as CSV, a figure a line: what it is a figure of, the figure with its unit, its low and high where it has
 * them, and the whole that a count is part of. The figures of table, Markdown and page.
 */
import { type Audit, INSTITUTIONAL, VERDICTS } from '../audit/audit.ts';
import { conversationsOf, reasonsOf, waysOf } from '../audit/judged.ts';
import { countedHosts, minersOf, minersOfAlgorithm } from '../audit/miners.ts';
import { marksOf } from '../audit/pseudonyms.ts';
import { COVERAGE_PARTS } from './coverage.ts';
import { renderRows, scalarCell } from './csv.ts';
import { supported, supportedPower } from './digits.ts';
import { institutionalLimits, institutionalOf, reasonTally, tally } from './shares.ts';
import { sessionsIn, trafficShares } from './traffic.ts';

interface Figure {
  readonly figure: string;
  /** Of whom or what: a class, an algorithm, a city. */
  readonly name?: string;
  readonly value: number | string | null;
  readonly unit: string;
  readonly low?: number | null;
  readonly high?: number | null;
  /** Of how many the value counts. */
  readonly whole?: number;
  /** How it is known: basis of a rate, tier of a power. */
  readonly basis?: string;
}

const HEADER = ['figure', 'name', 'value', 'unit', 'low', 'high', 'whole', 'basis'] as const;

/** totals.csv. */
export function renderTotalsCsv(audit: Audit): Generator<string> {
  const columns = HEADER.map((name) => ({ name, cell: (row: Figure) => scalarCell(row[name]) }));
  return renderRows([...figuresOf(audit)], columns, (row) => row);
}

function* figuresOf(audit: Audit): Iterable<Figure> {
  const { totals, window, coverage } = audit;
  const miners = minersOf(audit);
  const whole = miners.length;
  const hosts = countedHosts(audit).length;
  for (const [figure, value] of marksOf(audit)) yield { figure, value, unit: 'text' };
  yield { figure: 'window', name: 'start', value: window.start, unit: 'time' };
  yield { figure: 'window', name: 'end', value: window.end, unit: 'time' };
  yield { figure: 'window', name: 'length', value: window.seconds, unit: 's' };
  yield { figure: 'window', name: 'watched', value: window.observedSeconds, unit: 's' };
  for (const part of COVERAGE_PARTS) {
    yield { figure: 'coverage', name: `${part}, of bytes`, value: coverage[part].bytes, unit: 'share' };
    yield { figure: 'coverage', name: `${part}, of packets`, value: coverage[part].packets, unit: 'share' };
  }
  const all = conversationsOf(coverage.judged);
  for (const [name, value] of waysOf(coverage.judged))
    yield { figure: 'judged', name, value, unit: 'conversations', whole: all };
  for (const [name, value] of reasonsOf(coverage.judged))
    yield { figure: 'not judged', name, value, unit: 'conversations', whole: all };
  for (const verdict of VERDICTS) {
    const value = totals.hosts[verdict];
    yield { figure: 'hosts', name: verdict, value, unit: 'addresses', whole: hosts };
  }
  yield { figure: 'miner addresses', value: totals.minerAddresses, unit: 'addresses', whole: hosts };
  yield { figure: 'pool servers', value: audit.hosts.length - hosts, unit: 'addresses' };
  yield {
    figure: 'machines',
    value: null,
    unit: 'machines',
    low: totals.machines.low,
    high: totals.machines.high,
  };
  const { bytesOut, bytesIn, packetsOut, packetsIn, mbpsOut, mbpsIn } = totals.traffic;
  for (const [name, value, unit] of [
    ['out', bytesOut, 'B'],
    ['in', bytesIn, 'B'],
    ['out', packetsOut, 'packets'],
    ['in', packetsIn, 'packets'],
    ['out', mbpsOut, 'Mbit/s'],
    ['in', mbpsIn, 'Mbit/s'],
  ] as const) {
    yield { figure: 'traffic', name, value, unit };
  }
  const { minerSessions, others } = trafficShares(audit);
  const sessions = sessionsIn(audit.sessions);
  yield { figure: 'sessions', value: minerSessions, unit: 'sessions', whole: sessions };
  yield { figure: 'traffic of other hosts', value: others.bytes, unit: 'B' };
  yield { figure: 'sessions of other hosts', value: others.sessions, unit: 'sessions', whole: sessions };
  for (const row of totals.hashrate) {
    const { algorithm, estimate, low95, high95, unit, basis, hosts } = row;
    const figure = { figure: 'hashrate', name: algorithm, basis };
    yield { ...figure, unit, ...supported(estimate, low95, high95, basis) };
    yield { ...figure, value: hosts, unit: 'addresses', whole: minersOfAlgorithm(audit, algorithm) };
  }
  yield* powerFigures(audit);
  for (const { class: name, addresses } of totals.owners) {
    yield counted('owners', name, addresses, totals.minerAddresses);
  }
  const found = institutionalOf(audit);
  if (found !== null) {
    const { low, high } = institutionalLimits(audit) ?? {};
    yield { ...counted('institutional', INSTITUTIONAL.join(' and '), found.addresses, found.all), low, high };
  }
  const tallies = [
    ['intent', tally(miners, ({ owner }) => [owner.intent])],
    ['reasons', reasonTally(miners).map(({ reason, addresses }) => ({ name: reason.text, addresses }))],
    ['algorithms', tally(miners, ({ algorithms }) => algorithms)],
    ['coins', tally(miners, ({ coins }) => coins)],
  ] as const;
  for (const [figure, rows] of tallies) {
    for (const { name, addresses } of rows) yield counted(figure, name, addresses, whole);
  }
  for (const { city, region, country, addresses, kwhPerDay, modelledKwhPerDay } of totals.cities) {
    const name = [city, region, country].filter((part) => part !== null).join(', ');
    yield { figure: 'places', name, value: addresses, unit: 'addresses', whole: totals.minerAddresses };
    yield { figure: 'places', name, value: totals.power === null ? null : kwhPerDay, unit: 'kWh/day' };
    if (modelledKwhPerDay === undefined) continue;
    const modelled = { value: modelledKwhPerDay, unit: 'kWh/day', basis: 'C' };
    yield { figure: 'places, modelled, not included', name, ...modelled };
  }
}

function* powerFigures({ totals }: Audit): Iterable<Figure> {
  for (const [figure, power] of [
    ['power', totals.power],
    ['power modelled, not included', totals.modelledPower ?? null],
  ] as const) {
    if (power === null) continue;
    const { watts, wattsLow, wattsHigh, kwhPerDay, kwhPerDayLow, kwhPerDayHigh } = supportedPower(power);
    const basis = { basis: power.tier ?? 'A and B' };
    yield { figure, value: watts, unit: 'W', low: wattsLow, high: wattsHigh, ...basis };
    yield { figure, value: kwhPerDay, unit: 'kWh/day', low: kwhPerDayLow, high: kwhPerDayHigh, ...basis };
  }
}

/** A count of addresses of all of them. */
function counted(figure: string, name: string, addresses: number, whole: number): Figure {
  return { figure, name, value: addresses, unit: 'addresses', whole };
}
