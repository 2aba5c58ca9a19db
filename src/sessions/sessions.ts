/** The sessions of a run, and which of them a request-per-connection dialect goes on with. */
import type { Dialect } from '../dialects/dialect.ts';
import { FOLDED } from '../dialects/index.ts';
import { limits } from '../limits.ts';
import { under } from '../order.ts';
import { BlockBook } from './block-book.ts';
import { EventFeeds } from './event-feeds.ts';
import { type Endpoint, FOLD_GAP_US, MOST_ALIKE, Session, type SessionWindow, type Via } from './session.ts';
import { ShareTable } from './share-table.ts';
import { Silences } from './silences.ts';

/** The first thing is said in a session. */
export interface SessionRequest {
  readonly dialect: Dialect;
  readonly certain: boolean;
  readonly transport: string;
  readonly miner: Endpoint;
  readonly pool: Endpoint;
  readonly via: readonly Via[];
  /** Account of the first login observed; '' if none was. */
  readonly account: string;
  /** The connection was seen from its first packet on. */
  readonly fromStart: boolean;
  /** Packets of the connection came through a tunnel. */
  readonly isTunnelled: boolean;
  readonly timeUs: number;
}

export class Sessions {
  all: Session[] = [];
  /** Sessions that were not kept as there were too many. */
  left = 0;
  readonly blocks = new BlockBook();
  /** Feeds of events that streams of the run read. */
  readonly feeds = new EventFeeds();
  readonly silences = new Silences();
  private readonly shares = new ShareTable();
  /** Of the sessions that are opened now. */
  private window: SessionWindow;
  private readonly folds = new Map<string, Session[]>();

  constructor(window: SessionWindow) {
    this.window = this.windowOf(window);
  }

  /** Sessions that are opened from now on count within these times. */
  useTimes({ sinceUs, untilUs }: SessionWindow): void {
    if (this.window.sinceUs !== sinceUs || this.window.untilUs !== untilUs)
      this.window = this.windowOf({ sinceUs, untilUs });
  }

  /**
   * A new session, or the one that the request goes on with; null if there are as many as there may be. What came through a
   * tunnel goes on with nothing that did not.
   */
  open(request: SessionRequest): Session | null {
    const { dialect, miner, pool, via, transport, certain, fromStart, isTunnelled } = request;
    const accounts = request.account === '' ? [] : [request.account];
    const last = this.folds
      .get(foldKey(dialect.id, miner, pool, isTunnelled))
      ?.findLast((session) => mayGoOn(session, request.timeUs) && session.claims.mayBeOf(accounts));
    if (last !== undefined) {
      last.observed.certain ||= certain;
      return last;
    }
    if (this.all.length >= limits.sessions) {
      this.left++;
      return null;
    }
    const origin = { dialect: dialect.id, miner, pool, via, transport, certain };
    const session = new Session(origin, this.window);
    // A request-per-connection dialect opens a connection in the middle of its session too.
    session.connections.fromStart = fromStart && !FOLDED.has(dialect.id);
    session.connections.isTunnelled = isTunnelled;
    this.add(session);
    return session;
  }

  /** Begins a period with the sessions that go on: those of connections that are open, and folded ones of late. */
  turn(open: ReadonlySet<Session | null>, sinceUs: number, untilUs: number): void {
    const kept = this.all.filter((session) => {
      const goesOn = open.has(session) || mayGoOn(session, sinceUs);
      if (!goesOn) session.shares.log = [];
      return goesOn;
    });
    this.all = [];
    this.folds.clear();
    this.window = this.windowOf({ sinceUs, untilUs });
    for (const session of kept) {
      session.turn(this.window);
      this.add(session);
    }
    this.blocks.clear();
  }

  /** Folded sessions that a later request may go on with are open. */
  markOpen(endUs: number): void {
    for (const session of this.all) if (mayGoOn(session, endUs)) session.connections.isOpen = true;
  }

  private windowOf({ sinceUs, untilUs }: SessionWindow): SessionWindow {
    const { blocks, shares } = this;
    return { sinceUs, untilUs, blocks, shares };
  }

  private add(session: Session): void {
    this.all.push(session);
    if (!FOLDED.has(session.dialect)) return;
    const key = foldKey(session.dialect, session.miner, session.pool, session.connections.isTunnelled);
    const folded = under(this.folds, key, () => []);
    if (folded.push(session) > MOST_ALIKE) folded.shift();
  }
}

/** True if a later request may be of the session. */
function mayGoOn({ dialect, observed }: Session, nowUs: number): boolean {
  return FOLDED.has(dialect) && nowUs - observed.lastUs <= FOLD_GAP_US;
}

function foldKey(
  dialect: string,
  miner: Endpoint,
  { ip, port, name = '' }: Endpoint,
  isTunnelled: boolean,
): string {
  return `${dialect} ${miner.ip} ${ip}${name} ${port} ${isTunnelled}`;
}
