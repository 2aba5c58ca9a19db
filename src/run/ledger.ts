/**
 * Conversations that could not be judged, as they end: how many and why, of how many hosts, and the longest of them if they
 * are asked for. Those that say too little alone are judged beside others of the same client and server: a miner that connects anew
 * all the time has many, or spends much of an hour in them; a visit to a web server does neither.
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

/** Why a conversation is judged beside others between the same ends: alone each is too little to tell. */
export type RepeatedKind = 'short' | 'sparse' | 'visit' | 'monologue';

/** One of these. */
export interface Repeated extends Extent {
  readonly kind: RepeatedKind;
  /** Requests of a visit. */
  readonly requests?: number;
  /** The same for all that belong together: the client's port of datagrams, what a visit asks for, who spoke; 0 if nothing tells. */
  readonly mark?: number;
}

/** All of one kind of one client with one port of a server that began within an hour; of monologues, between two hosts. */
interface RepeatedOnes {
  readonly startUs: number;
  endUs: number;
  count: number;
  bytes: number;
  seconds: number;
  /** None lasted longer. */
  longestSeconds: number;
  requests: number;
  /** 0 once two of them differ. */
  mark: number;
  /** Minutes in which one began, or of visits was open; and the last of them, since 1970. */
  minutes: number;
  lastMinute: number;
  readonly why: NotJudged;
  readonly hostBit: number;
  /** Null if nobody asks for it. */
  readonly ends: Omit<LeftConversation, keyof Extent> | null;
}

const HOUR_US = 3_600_000_000;
const MINUTE_US = 60_000_000;
/** So many an hour of less than a minute each are connections of one who comes back. */
const MANY = 3;
/** If none lasts as long as this, it is not their number that counts but the time that they take of the hour. */
const VISIT_SECONDS = 30;
const MOST_VISIT_SECONDS = 120;
const MOST_VISITS = 30;
/** Sparse ones that begin in so many minutes of an hour: a browser opens several at a time, and comes back less often. */
const MANY_STARTS = 6;
/**
 * Who asks a web server for something else each time in so many minutes of an hour, and gets hardly more than an answer, may ask
 * for work: pages are longer, and a look at a state is the same request again.
 */
const MANY_MINUTES = 10;
const LEAST_PAGE_BYTES = 6000;
/** Two hosts that speak in turn over so long, each in connections of its own, may mine; a transfer of files carries more than that. */
const LEAST_EXCHANGE_US = 600_000_000;
const MOST_EXCHANGED_PER_SECOND = 6000;
/** Clients with a port of a server that are kept apart, of each kind. */
const MOST_PAIRS = 1 << 16;

export class Ledger {
  readonly sum = new JudgedSum();
  /** Bits of hosts whose conversations were judged beside others, and could not be. */
  readonly leftHosts = new Set<number>();
  private readonly pairs: Readonly<Record<RepeatedKind, Map<number | string, RepeatedOnes>>> = {
    short: new Map(),
    sparse: new Map(),
    visit: new Map(),
    monologue: new Map(),
  };
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

  /** The same of one that is judged beside others; `pair` is the same for all of one client and a port of a server. */
  addRepeated(pair: number | string, why: NotJudged, one: Repeated, describer: Describer, of: number): void {
    const { kind, startUs, endUs, bytes, requests = 0, mark = 0 } = one;
    const pairs = this.pairs[kind];
    const known = pairs.get(pair);
    const seconds = Math.max(0, endUs - startUs) / 1e6;
    const firstMinute = Math.floor(startUs / MINUTE_US);
    const lastMinute = kind === 'visit' ? Math.floor(endUs / MINUTE_US) : firstMinute;
    if (known !== undefined && Math.abs(startUs - known.startUs) < HOUR_US) {
      known.count++;
      known.bytes += bytes;
      known.seconds += seconds;
      known.requests += requests;
      known.endUs = Math.max(known.endUs, endUs);
      known.longestSeconds = Math.max(known.longestSeconds, seconds);
      if (known.mark !== mark) known.mark = 0;
      known.minutes += Math.max(0, lastMinute - Math.max(firstMinute - 1, known.lastMinute));
      known.lastMinute = Math.max(known.lastMinute, lastMinute);
      return;
    }
    if (known !== undefined) {
      pairs.delete(pair);
      this.finish(kind, known);
    } else if (pairs.size >= MOST_PAIRS) this.forget(kind, startUs);
    const ends = this.asksForEnds ? describer.ends(of) : null;
    pairs.set(pair, {
      startUs,
      endUs,
      count: 1,
      bytes,
      seconds,
      longestSeconds: seconds,
      requests,
      mark,
      minutes: lastMinute - firstMinute + 1,
      lastMinute,
      why,
      hostBit: describer.hostBit(of),
      ends,
    });
  }

  /** The pair that has waited longest goes. Whether it had come back within its hour nobody knows. */
  private forget(kind: RepeatedKind, nowUs: number): void {
    const [oldest] = this.pairs[kind];
    this.pairs[kind].delete(oldest[0]);
    this.finish(kind, oldest[1], nowUs - oldest[1].startUs < HOUR_US);
  }

  private finish(kind: RepeatedKind, ones: RepeatedOnes, isForgotten = false): void {
    const { startUs, endUs, count, bytes, why, hostBit, ends } = ones;
    if (!isForgotten && !MAY_BE_MINING[kind](ones)) {
      this.sum.add(kind === 'visit' ? 'read' : 'unlike', bytes, count);
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

  /** No more come: those that waited for others are judged. Answers the sum of all. */
  end(): JudgedSum {
    for (const kind of ['short', 'sparse', 'visit', 'monologue'] as const) {
      for (const each of this.pairs[kind].values()) this.finish(kind, each);
      this.pairs[kind].clear();
    }
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

/** True if conversations of the kind, between the same ends within an hour, are no few visits. */
const MAY_BE_MINING: Readonly<Record<RepeatedKind, (ones: RepeatedOnes) => boolean>> = {
  short: (ones) => {
    const { count, seconds, longestSeconds, why } = ones;
    if (count < MANY) return false;
    // In clear a connection for each message is a way to poll for work; a visit over TLS says more than one.
    const isOften = why === 'unread' && count > MOST_VISITS;
    return isOften || isOne(ones) || longestSeconds >= VISIT_SECONDS || seconds >= MOST_VISIT_SECONDS;
  },
  sparse: (ones) => ones.minutes >= MANY_STARTS || isOne(ones),
  visit: ({ minutes, requests, bytes, mark }) =>
    minutes >= MANY_MINUTES && requests >= MANY_MINUTES && mark === 0 && bytes < LEAST_PAGE_BYTES * requests,
  monologue: ({ startUs, endUs, bytes, mark }) =>
    mark === 0 &&
    endUs - startUs >= LEAST_EXCHANGE_US &&
    bytes < (MOST_EXCHANGED_PER_SECOND * (endUs - startUs)) / 1e6,
};

/** True of datagrams of one port of a client: one conversation with long silences. */
function isOne({ mark, count }: RepeatedOnes): boolean {
  return mark !== 0 && count >= MANY;
}
