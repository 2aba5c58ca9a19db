/**
 * Flows that cannot be read, above the waterline: what their TLS openings said in clear, and the marks of mining that
 * their sizes and times show. Kept by flow until the flow ends, both bounded.
 */

import type { TlsFacts } from '../endpoints/pool-connection.ts';
import { addServer, tlsFactsOf } from '../endpoints/tls-facts.ts';
import { hasAllMarks, type MiningMark, mayHaveAllMarks, miningMarks } from '../evidence/mining-marks.ts';
import { mayHoldShares, measureOpaque, type OpaqueMeasures } from '../evidence/opaque-session.ts';
import type { ClientHello } from '../framing/client-hello.ts';
import type { ServerHandshake } from '../framing/server-handshake.ts';
import type { WatchedFlow } from '../packets/watched-flow.ts';

/** What the watch over a flow came to. */
interface OpaqueFinding {
  /** Direction of the client: the side whose messages look most like shares. */
  readonly clientDirection: 0 | 1;
  /** Where the watch began. */
  readonly packetRef: TlsFacts['packetRef'];
  readonly isTls: boolean;
  /** Every mark of mining holds. */
  readonly isMining: boolean;
  readonly marks: readonly MiningMark[];
  /** Minutes in which something was said, of the minutes that the watch lasted. */
  readonly activeMinutes: number;
  readonly minutes: number;
}

/** What is left of a flow that has ended. */
export interface TakenFlow {
  readonly tls: TlsFacts | null;
  /** True if it has every mark of mining. */
  readonly isMarked: boolean;
  /** What the watch over it came to: measured now, where that was put off. */
  readonly finding: () => OpaqueFinding | null;
  /** That watch, where it was put off. */
  readonly waiting: WatchedFlow | null;
}

const MAX_HELLOS = 1 << 15;
const MAX_FINDINGS = 1 << 16;
/** Watches that wait to be measured, some kB each. */
const MAX_WAITING = 256;
const MINUTE_US = 60_000_000;

export class OpaqueFlows {
  private readonly hellos = new Map<number, TlsFacts>();
  private readonly findings = new Map<number, OpaqueFinding>();
  /** Watches that are not miner's, to be measured if something else makes a pool connection of their flow. */
  private readonly waiting = new Map<number, WatchedFlow>();
  /** Openings and findings that did not fit. */
  overflow = 0;

  /** Keeps what a client offers; false if it does not fit. */
  hello(flow: number, hello: ClientHello, packetRef: TlsFacts['packetRef']): boolean {
    if (this.hellos.size >= MAX_HELLOS) {
      this.overflow++;
      return false;
    }
    this.hellos.set(flow, tlsFactsOf(hello, packetRef));
    return true;
  }

  /** Adds what the server of a kept hello says. */
  server(flow: number, server: ServerHandshake): void {
    const facts = this.hellos.get(flow);
    if (facts !== undefined) addServer(facts, server);
  }

  /** The server of a kept hello answered in the clear. */
  refused(flow: number): void {
    const facts = this.hellos.get(flow);
    // Who has said a hello of its own has not.
    if (facts !== undefined && facts.version === null) facts.isRefused = true;
  }

  /**
   * The watch over a flow has ended. `isNamed`: a pool's name was said, so that its figures count in any case. `longer`: with
   * messages before those, if it is fast.
   */
  watched(flow: number, watched: WatchedFlow, isNamed: boolean, longer = watched): void {
    if (!isNamed && !isWorthMeasuring(watched)) return;
    if (!isNamed && !mayBeMining(longer) && this.waiting.size < MAX_WAITING) {
      this.waiting.set(flow, watched);
      return;
    }
    const finding = findingOf(watched, isNamed, longer);
    if (finding === null) return;
    this.waiting.delete(flow);
    if (this.findings.size < MAX_FINDINGS) this.findings.set(flow, finding);
    else this.overflow++;
  }

  /** True if the flow has every mark of mining. */
  isMarked(flow: number): boolean {
    return this.findings.get(flow)?.isMining === true;
  }

  /** What is known of a flow that ends; it is forgotten here. */
  take(flow: number): TakenFlow {
    const tls = this.hellos.get(flow) ?? null;
    const known = this.findings.get(flow) ?? null;
    const waiting = this.waiting.get(flow) ?? null;
    if (tls !== null) this.hellos.delete(flow);
    if (known !== null) this.findings.delete(flow);
    if (waiting === null) return { tls, isMarked: known?.isMining === true, finding: () => known, waiting };
    this.waiting.delete(flow);
    return { tls, isMarked: false, finding: () => findingOf(waiting, false) ?? known, waiting };
  }
}

/** Fewer messages than this each way are not session, and what is not encrypted is read elsewhere. */
export const LEAST_MESSAGES = 10;
const LEAST_OPACITY = 0.5;
/** Pools make shares rarer than this for the fastest miner; typing and calls are not so slow. */
const MOST_PER_SECOND = 15;

function isWorthMeasuring(watched: WatchedFlow): boolean {
  const messages = Math.min(...watched.messages);
  if (messages < LEAST_MESSAGES || messages / (watched.spanUs / 1e6) > MOST_PER_SECOND) return false;
  return watched.tlsShare + watched.randomShare + watched.hiddenShare >= LEAST_OPACITY;
}

function mayBeMining({ timesUs, sizes }: WatchedFlow): boolean {
  return timesUs.length !== sizes.length || mayHaveAllMarks(timesUs);
}

/** In which a session is opened: the rest of TLS's handshake, logins and their answers are neither shares nor jobs. */
const OPENING_US = 1_000_000;

/** Measures both ways round: a capture that begins in mid-session does not tell who is the client. */
function findingOf(last: WatchedFlow, isNamed: boolean, longer = last): OpaqueFinding | null {
  const watched = withoutOpening(last);
  const whole = longer === last ? watched : withoutOpening(longer);
  const asClient = (sign: 1 | -1): readonly MiningMark[] | null =>
    isNamed || mayHoldShares(watched.sizes.map((size) => size * sign)) ? marksOf(watched, whole, sign) : null;
  const asClient0 = asClient(1);
  const asClient1 = asClient(-1);
  const held0 = heldCount(asClient0);
  const held1 = heldCount(asClient1);
  const marks = held1 > held0 ? asClient1 : asClient0;
  if (marks === null) return null;
  return {
    clientDirection: held1 > held0 ? 1 : 0,
    packetRef: { timeUs: watched.startUs, record: watched.record, input: watched.input },
    isTls: watched.tlsShare >= 0.5,
    isMining: hasAllMarks(marks),
    marks,
    activeMinutes: watched.activeMinutes,
    minutes:
      Math.floor((watched.startUs + watched.spanUs) / MINUTE_US) -
      Math.floor(watched.startUs / MINUTE_US) +
      1,
  };
}

function withoutOpening(watched: WatchedFlow): WatchedFlow {
  const { timesUs, sizes, startUs, isFromStart } = watched;
  if (!isFromStart) return watched;
  const opened = timesUs.findIndex((timeUs) => timeUs - startUs > OPENING_US);
  const first = opened < 0 ? timesUs.length : opened;
  return { ...watched, timesUs: timesUs.subarray(first), sizes: sizes.subarray(first) };
}

/** The last messages tell of shares; of a fast flow there are too few jobs among them. */
function marksOf(watched: WatchedFlow, whole: WatchedFlow, sign: 1 | -1): readonly MiningMark[] | null {
  const measured = ({ timesUs, sizes }: WatchedFlow): OpaqueMeasures | null =>
    measureOpaque({ timesUs, sizes: sizes.map((size) => size * sign) });
  const last = measured(watched);
  const all = whole === watched ? last : measured(whole);
  if (last === null || all === null) return null;
  if (all === last) return miningMarks(last, watched);
  // So much is said that chance alone replies to many of the few jobs.
  const heeded = Math.max(0, all.jobs.heeded - all.jobs.heededByChance);
  return miningMarks({ ...last, seconds: all.seconds, jobs: { ...all.jobs, heeded } }, watched);
}

function heldCount(marks: readonly MiningMark[] | null): number {
  return marks === null ? -1 : marks.filter((mark) => mark.holds).length;
}
