/**
 * Many audits as days: who mined, with how much traffic, energy and work, by owner. An audit of several days is parted by the
 * times in which its hosts were active. A day without an audit is absent, as nothing is known of it.
 */
import type { Audit, AuditHost, HashrateRow, Power, Verdict } from '../../audit/audit.ts';
import { isAtLeast, isCountedMiner, isPoolServer } from '../../audit/miners.ts';
import { pseudonymsIn } from '../../audit/pseudonyms.ts';
import { observedSecondsOf } from '../../audit/time.ts';
import { compareText, push, under } from '../../order.ts';
import { clock } from '../../statements/figures.ts';
import { unionSeconds } from '../../time-interval.ts';
import { sessionsByAddress } from '../rows.ts';

type Range = readonly [low: number, central: number, high: number];

/**
 * A sum whose errors are of two kinds: those of hardware and PUE are the same for all and add; those of counting are
 * independent and add in squares. Limits are without the counting.
 */
export interface Sum95 {
  readonly low: number;
  readonly central: number;
  readonly high: number;
  /** Of the counting: squares of the distances from the centre. */
  readonly below: number;
  readonly above: number;
}

/** The limits of all kinds of errors together. */
export function rangeOf({ low, central, high, below, above }: Sum95): Range {
  const part = (square: number): number => (central > 0 ? Math.sqrt(square) / central : 0);
  return [low * Math.max(0, 1 - part(below)), central, high * (1 + part(above))];
}

type Span = readonly [fromMs: number, toMs: number];

/** Work of one algorithm, by how it is known: hashes, or what the unit counts. */
export interface Work extends Readonly<Pick<HashrateRow, 'algorithm' | 'unit' | 'basis'>> {
  readonly hashes: number;
  /** Squares of the distances of its limits; null if a part has none. */
  readonly below: number | null;
  readonly above: number | null;
}

/** What an owner's hosts did on a day; traffic, energy and work of those confirmed or probable. */
export interface OwnerDay {
  /** Department, or else the name of the owner; '' if there is neither. */
  readonly owner: string;
  readonly class: string;
  /** The strongest verdict of the day, by address. */
  readonly hosts: ReadonlyMap<string, Verdict>;
  /** The same by machine. */
  readonly machines: ReadonlyMap<string, Verdict>;
  readonly bytesOut: number;
  readonly bytesIn: number;
  /** Null if nothing is known. */
  readonly kwh: Sum95 | null;
  /** By machines and assumptions alone: never in the sum of the others. */
  readonly modelledKwh: Sum95 | null;
  readonly work: readonly Work[];
}

export interface HistoryDay {
  readonly date: string;
  readonly startMs: number;
  /** Of which audits tell; two sites at the same time count once. */
  readonly seconds: number;
  /** False if some audit of the day could not judge all that it read. */
  readonly complete: boolean;
  readonly all: OwnerDay;
  /** By name. */
  readonly owners: readonly OwnerDay[];
}

type Sum = { -readonly [field in keyof OwnerDay]: OwnerDay[field] } & {
  hosts: Map<string, Verdict>;
  machines: Map<string, Verdict>;
  work: Work[];
};

interface Day {
  readonly startMs: number;
  readonly spans: Span[];
  complete: boolean;
  readonly owners: Map<string, Sum>;
}

/** A window longer than this comes from a wrong clock. */
const MOST_MS = 3660 * 86_400_000;
/** Windows that overlap by more than this part of the shorter one are of the same time. */
const SAME_TIME = 0.5;

export class History {
  /** Notes of audits with pseudonyms, by what these are of. */
  readonly pseudonyms = new Map<string, Pick<Audit, 'notes'>>();
  readonly #days = new Map<string, Day>();
  /** Days of quarters of an hour since 1970. */
  readonly #dates = new Map<number, string>();
  readonly #taken: { readonly span: Span; readonly inputs: ReadonlySet<string> }[] = [];

  constructor(private readonly zone: string) {}

  /** Adds an audit. Says why not, if it is not added. */
  add(audit: Audit): 'filtered' | 'no-window' | 'too-long' | 'counted-already' | null {
    const { window, inputs } = audit;
    if (audit.filter !== undefined) return 'filtered';
    if (window.start === null || window.end === null) return 'no-window';
    const span: Span = [Date.parse(window.start), Date.parse(window.end)];
    if (span[1] - span[0] > MOST_MS) return 'too-long';
    const keys = new Set(
      inputs.map(({ sha256, path, bytes, first }) => sha256 ?? `${path} ${bytes} ${first}`),
    );
    const isKnown = this.#taken.some(
      (other) => isSameTime(span, other.span) && [...keys].some((key) => other.inputs.has(key)),
    );
    if (isKnown) return 'counted-already';
    this.#taken.push({ span, inputs: keys });
    const pseudonyms = pseudonymsIn(audit);
    if (pseudonyms !== null) this.pseudonyms.set(pseudonyms, { notes: audit.notes });
    const observed = window.observed.map(({ start, end }): Span => [Date.parse(start), Date.parse(end)]);
    for (const [date, part] of observed.flatMap((each) => [...this.#partsOf(each)])) {
      const day = this.#day(date, part[0]);
      day.spans.push(part);
      day.complete &&= audit.coverage.complete && audit.partial !== true;
    }
    const sessions = sessionsByAddress(audit);
    const machines = machinesByAddress(audit);
    for (const host of audit.hosts) {
      if (isPoolServer(host)) continue;
      const spans = (sessions.get(host.ip) ?? [host]).map(
        (each): Span =>
          'start' in each
            ? [Date.parse(each.start), Date.parse(each.end)]
            : [Date.parse(each.firstSeen), Date.parse(each.lastSeen)],
      );
      this.#addHost(host, spans, span, observedSecondsOf(host, window), machines.get(host.ip) ?? []);
    }
    return null;
  }

  #addHost(
    host: AuditHost,
    spans: readonly Span[],
    window: Span,
    seconds: number,
    machines: readonly MachineAt[],
  ): void {
    // What was seen at the very end is of the day that ends then.
    const last = Math.max(window[0], window[1] - 1);
    const within = (ms: number, end: number): number => Math.min(Math.max(ms, window[0]), end);
    const active = new Map<string, number>();
    // A contact of no length was there all the same.
    for (const [from, to] of spans)
      for (const [date, part] of this.#partsOf([within(from, last), within(to, window[1])]))
        active.set(date, (active.get(date) ?? 0) + Math.max(1, part[1] - part[0]));
    const whole = [...active.values()].reduce((sum, ms) => sum + ms, 0);
    for (const [date, ms] of active) {
      const owner = ownerOf(host, this.#days.get(date)?.owners ?? new Map());
      addHost(owner.hosts, host.ip, host.verdict);
      for (const { id, verdict, span } of machines) {
        const [from, to] = [within(span[0], last), within(span[1], window[1])];
        if ([...this.#partsOf([from, to])].some(([day]) => day === date))
          addHost(owner.machines, id, verdict);
      }
      if (!isCountedMiner(host)) continue;
      const part = ms / whole;
      owner.bytesOut += host.traffic.bytesOut * part;
      owner.bytesIn += host.traffic.bytesIn * part;
      const { power } = host;
      if (power !== null) {
        const field = power.tier === 'C' ? 'modelledKwh' : 'kwh';
        const days = (seconds / 86_400) * part;
        owner[field] = plus(owner[field], energyOf(power, days));
      }
      const time = (host.duty ?? 1) * seconds * part;
      for (const { headline, algorithm, unit, basis, estimate, low95, high95 } of host.hashrate) {
        if (!headline) continue;
        const squared = (limit: number | null): number | null =>
          limit === null ? null : ((limit - estimate) * time) ** 2;
        const [below, above] = [squared(low95), squared(high95)];
        addWork(owner.work, { algorithm, unit, basis, hashes: estimate * time, below, above });
      }
    }
  }

  #day(date: string, startMs: number): Day {
    return under(this.#days, date, () => ({ startMs, spans: [], complete: true, owners: new Map() }));
  }

  /** A span parted at midnights of the zone. */
  *#partsOf([from, to]: Span): Generator<readonly [date: string, part: Span]> {
    const dateOf = (ms: number): string => this.#dateOf(Math.floor(ms / QUARTER_MS));
    for (let at = from; ; ) {
      const date = dateOf(at);
      // Zones differ from UTC by quarters of an hour; a day has 23 hours at least.
      let next = Math.ceil((at + 1) / QUARTER_MS) * QUARTER_MS;
      while (next < to && dateOf(next) === date)
        next += dateOf(next + 8 * 3_600_000) === date ? 8 * 3_600_000 : QUARTER_MS;
      yield [date, [at, Math.min(next, to)]];
      if (next >= to) return;
      at = next;
    }
  }

  #dateOf(quarter: number): string {
    const time = new Date(quarter * QUARTER_MS);
    return under(this.#dates, quarter, () => clock(time.toISOString(), this.zone).slice(0, 10));
  }

  /** The days in order. */
  days(): HistoryDay[] {
    return [...this.#days]
      .sort(([a], [b]) => compareText(a, b))
      .map(([date, { startMs, spans, complete, owners }]) => {
        const sorted = [...owners.values()].sort((a, b) =>
          `${a.owner} ${a.class}` < `${b.owner} ${b.class}` ? -1 : 1,
        );
        const seconds = unionSeconds(spans.map(([from, to]) => ({ startUs: from * 1000, endUs: to * 1000 })));
        const all = sorted.reduce(joined, noOwner('', ''));
        return { date, startMs, complete, seconds, owners: sorted, all };
      });
  }
}

const QUARTER_MS = 900_000;

function isSameTime(a: Span, b: Span): boolean {
  const shared = Math.min(a[1], b[1]) - Math.max(a[0], b[0]);
  return shared >= SAME_TIME * Math.min(a[1] - a[0], b[1] - b[0]);
}

function ownerOf({ owner }: AuditHost, owners: Map<string, Sum>): Sum {
  const none = noOwner(owner.department ?? owner.name ?? '', owner.class);
  return under(owners, ownerKey(none), () => none);
}

function noOwner(owner: string, ownerClass: string): Sum {
  const none = { bytesOut: 0, bytesIn: 0, kwh: null, modelledKwh: null };
  return { owner, class: ownerClass, hosts: new Map(), machines: new Map(), work: [], ...none };
}

/** By what owners are told apart. */
export function ownerKey({ owner, class: ownerClass }: OwnerDay): string {
  return JSON.stringify([owner, ownerClass]);
}

/** Addresses, or machines, with this verdict. */
export function countOf(verdicts: ReadonlyMap<string, Verdict>, verdict: Verdict): number {
  return [...verdicts.values()].filter((each) => each === verdict).length;
}

/** A machine while it had an address. */
interface MachineAt {
  readonly id: string;
  readonly verdict: Verdict;
  readonly span: Span;
}

function machinesByAddress({ machines }: Audit): Map<string, MachineAt[]> {
  const found = new Map<string, MachineAt[]>();
  for (const { id, verdict, addresses } of machines)
    for (const { ip, from, to } of addresses)
      push(found, ip, { id, verdict, span: [Date.parse(from), Date.parse(to)] });
  return found;
}

/** Of an address, or a machine, that is known already the stronger verdict stays. */
function addHost(hosts: Map<string, Verdict>, ip: string, verdict: Verdict): void {
  const known = hosts.get(ip);
  if (known === undefined || !isAtLeast(known, verdict)) hosts.set(ip, verdict);
}

/** Two owners, or two days of one, as one. */
export function joined(a: OwnerDay, b: OwnerDay): Sum {
  const hosts = new Map(a.hosts);
  for (const [ip, verdict] of b.hosts) addHost(hosts, ip, verdict);
  const machines = new Map(a.machines);
  for (const [id, verdict] of b.machines) addHost(machines, id, verdict);
  const work = [...a.work];
  for (const each of b.work) addWork(work, each);
  return {
    owner: a.owner,
    class: a.class,
    hosts,
    machines,
    work,
    bytesOut: a.bytesOut + b.bytesOut,
    bytesIn: a.bytesIn + b.bytesIn,
    kwh: plus(a.kwh, b.kwh),
    modelledKwh: plus(a.modelledKwh, b.modelledKwh),
  };
}

function energyOf({ countingLow = 1, countingHigh = 1, ...power }: Power, days: number): Sum95 {
  const central = power.kwhPerDay * days;
  return {
    low: countingLow > 0 ? (power.kwhPerDayLow * days) / countingLow : 0,
    central,
    high: (power.kwhPerDayHigh * days) / countingHigh,
    below: (central * (1 - countingLow)) ** 2,
    above: (central * (countingHigh - 1)) ** 2,
  };
}

function plus(a: Sum95 | null, b: Sum95 | null): Sum95 | null {
  if (a === null || b === null) return a ?? b;
  const sum = (field: keyof Sum95): number => a[field] + b[field];
  const [low, central, high] = [sum('low'), sum('central'), sum('high')];
  return { low, central, high, below: sum('below'), above: sum('above') };
}

function addWork(work: Work[], added: Work): void {
  const { algorithm, unit, basis, hashes } = added;
  const at = work.findIndex(
    (each) => each.algorithm === algorithm && each.unit === unit && each.basis === basis,
  );
  const known = work[at];
  const sum = (a: number | null, b: number | null): number | null =>
    a === null || b === null ? null : a + b;
  if (known === undefined) work.push(added);
  else
    work[at] = {
      ...known,
      hashes: known.hashes + hashes,
      below: sum(known.below, added.below),
      above: sum(known.above, added.above),
    };
}
