/**
 * Conversations that could not be judged, as they end: how many and why, of how many hosts, and the longest of them if they
 * are asked for. Short ones are judged beside others of the same client and server: a miner that connects anew all the time
 * has many, or spends much of an hour in them; a visit to a web server does neither.
 */
import type { AuditUndecided, NotJudged } from '../audit/audit.ts';
import { JudgedSum } from '../audit/judged.ts';
import { type AllowList, allows, NOTHING_ALLOWED } from '../pools/allow.ts';

/** Of a conversation that ended: its times in us since 1970, and its IP bytes. */
export interface Extent {
  readonly startUs: number;
  readonly endUs: number;
  readonly bytes: number;
}

/** The same with its ends. */
export interface LeftConversation extends Extent {
  readonly client: { readonly ip: string; readonly port: number };
  readonly server: { readonly ip: string; readonly port: number };
  /** That the client gave its server; '' if it gave none. */
  readonly name: string;
  readonly transport: string;
  /** Of how many between the same ends these are the times and bytes; one if absent. */
  readonly conversations?: number;
}

/** Who tells the ends of conversations, by their numbers. */
export interface Describer {
  ends(of: number): Omit<LeftConversation, keyof Extent>;
  /** By which the host that opened it is counted; -1 if it is counted nowhere. */
  hostBit(of: number): number;
}

/** Short conversations of one client with one port of one server that began within an hour. */
interface ShortOnes {
  readonly startUs: number;
  endUs: number;
  count: number;
  bytes: number;
  seconds: number;
  /** None lasted longer. */
  longestSeconds: number;
  readonly why: NotJudged;
  readonly hostBit: number;
  /** Null if nobody asks for it. */
  readonly ends: Omit<LeftConversation, keyof Extent> | null;
}

const HOUR_US = 3_600_000_000;
/** So many an hour of less than a minute each are connections of one who comes back. */
const MANY = 3;
/** If none lasts as long as this, it is not their number that counts but the time that they take of the hour. */
const VISIT_SECONDS = 30;
const MOST_VISIT_SECONDS = 120;
const MOST_VISITS = 30;
/** Clients with a port of a server that are kept apart. */
const MOST_PAIRS = 1 << 16;

export class Ledger {
  readonly sum = new JudgedSum();
  /** Bits of hosts whose short conversations could not be judged. */
  readonly leftHosts = new Set<number>();
  private readonly pairs = new Map<number | string, ShortOnes>();
  /** The longest so far, some more than are asked for. */
  private longest: { readonly left: LeftConversation; readonly why: NotJudged }[] = [];

  private most = 0;
  private allowList = NOTHING_ALLOWED;

  /** `undecided`: conversations that are listed. */
  useLists({ undecided, allowList }: { readonly undecided: number; readonly allowList: AllowList }): void {
    this.most = undecided;
    this.allowList = allowList;
  }

  get isListing(): boolean {
    return this.most > 0;
  }

  /** True if the ends of a conversation make a difference. */
  get asksForEnds(): boolean {
    return this.isListing || !this.allowList.isEmpty;
  }

  /** One could not be judged, for this reason; or several of the same two ends. */
  add(left: LeftConversation, why: NotJudged, conversations = 1): void {
    if (allows(this.allowList, left)) {
      this.sum.add('allowed', left.bytes, conversations);
      return;
    }
    this.sum.add(why, left.bytes, conversations);
    if (this.most === 0) return;
    this.longest.push({ left, why });
    if (this.longest.length > 4 * this.most) this.narrow();
  }

  /** The same of a short one; `pair` is the same for all of one client and a port of a server. */
  addShort(
    pair: number | string,
    why: NotJudged,
    { startUs, endUs, bytes }: Extent,
    describer: Describer,
    of: number,
  ): void {
    const known = this.pairs.get(pair);
    const seconds = Math.max(0, endUs - startUs) / 1e6;
    if (known !== undefined && Math.abs(startUs - known.startUs) < HOUR_US) {
      known.count++;
      known.bytes += bytes;
      known.seconds += seconds;
      known.endUs = Math.max(known.endUs, endUs);
      known.longestSeconds = Math.max(known.longestSeconds, seconds);
      return;
    }
    if (known !== undefined) {
      this.pairs.delete(pair);
      this.settle(known);
    } else if (this.pairs.size >= MOST_PAIRS) this.forget(startUs);
    const ends = this.asksForEnds ? describer.ends(of) : null;
    const hostBit = describer.hostBit(of);
    this.pairs.set(pair, {
      startUs,
      endUs,
      count: 1,
      bytes,
      seconds,
      longestSeconds: seconds,
      why,
      hostBit,
      ends,
    });
  }

  /** The pair that has waited longest goes. Whether it had come back within its hour nobody knows. */
  private forget(nowUs: number): void {
    const [oldest] = this.pairs;
    this.pairs.delete(oldest[0]);
    this.settle(oldest[1], nowUs - oldest[1].startUs < HOUR_US);
  }

  private settle(ones: ShortOnes, isForgotten = false): void {
    const { startUs, endUs, count, bytes, seconds, longestSeconds, why, hostBit, ends } = ones;
    const isFew = count < MANY && !isForgotten;
    // In clear a connection for each message is a way to poll for work; a visit over TLS says more than one.
    const isOften = why === 'unread' && count > MOST_VISITS;
    const isVisit =
      longestSeconds < VISIT_SECONDS && seconds < MOST_VISIT_SECONDS && !isOften && !isForgotten;
    if (isFew || isVisit) {
      this.sum.add('unlike', bytes, count);
      return;
    }
    if (hostBit >= 0) this.leftHosts.add(hostBit);
    const reason = isForgotten ? 'limit' : why;
    if (ends === null) this.sum.add(reason, bytes, count);
    else this.add({ ...ends, startUs, endUs, bytes, conversations: count }, reason, count);
  }

  private narrow(): void {
    const lasts = ({ startUs, endUs }: LeftConversation): number => endUs - startUs;
    this.longest.sort((a, b) => lasts(b.left) - lasts(a.left) || b.left.bytes - a.left.bytes);
    this.longest.length = Math.min(this.longest.length, this.most);
  }

  /** No more come: short ones are judged. Answers the sum of all. */
  end(): JudgedSum {
    for (const each of this.pairs.values()) this.settle(each);
    this.pairs.clear();
    return this.sum;
  }

  /** The longest, as the audit lists them. */
  undecided(): AuditUndecided[] {
    this.narrow();
    return this.longest.map(({ left, why }) => ({
      client: left.client.ip,
      server: left.server.ip,
      port: left.server.port,
      name: left.name,
      transport: left.transport,
      start: new Date(left.startUs / 1000).toISOString(),
      end: new Date(left.endUs / 1000).toISOString(),
      bytes: left.bytes,
      reason: why,
      ...(left.conversations === undefined || left.conversations === 1
        ? {}
        : { conversations: left.conversations }),
    }));
  }
}
