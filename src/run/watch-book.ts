/**
 * What is kept of unreadable flows whose messages may be shares: when their servers pushed (docs/reference/in-step.md), and the shares that
 * were counted (docs/reference/sealed.md). The kernel's ring holds only the last messages of a flow; this is kept for as long as the flow is
 * watched. All flows together have one limit, `pushes`.
 */

import { type SharesSeen, ShareTimeline } from '../endpoints/shares-seen.ts';
import type { PushTrain } from '../evidence/in-step.ts';
import { mayHoldShares, measureOpaque } from '../evidence/opaque-session.ts';
import { SealedShares } from '../evidence/sealed-shares.ts';
import { limits } from '../limits.ts';
import { totalOf } from '../order.ts';
import type { WatchedFlow } from '../packets/watched-flow.ts';

/** Of one flow, by the direction that would be the client. */
interface WatchedDirection {
  readonly pushesUs: number[];
  readonly count: SealedShares;
  readonly timeline: ShareTimeline;
  /** What its tables take of the limit; each push takes 1 more. */
  room: number;
}

interface Page {
  /** When its watch began: another watch in the same slot is another flow. */
  readonly startUs: number;
  /** Its last message that was read here. */
  lastMessageUs: number;
  readonly directions: readonly [WatchedDirection, WatchedDirection];
  /** Full rings of a fast flow: one alone has too few jobs. */
  rings: Messages[];
  /** Number of messages when its ring was last full. */
  filled: number;
}

type Messages = Pick<WatchedFlow, 'timesUs' | 'sizes'>;

/** What was kept of a flow that has ended. */
interface KeptWatch {
  readonly pushes: PushTrain;
  readonly shares: SharesSeen;
}

/** What a size in a table, and a window, take of the limit, in which a time takes 1. */
const SIZE_ROOM = 12;
const WINDOW_ROOM = 6;
/** A flow is fast if its ring is full within this time. Its last rings are kept. */
const FAST_US = 300_000_000;
const MOST_RINGS = 16;

export class WatchBook {
  /** Of flows that are watched, by slot. */
  private readonly open = new Map<number, Page>();
  /** Of flows whose watch has ended, by flow. */
  private readonly ended = new Map<number, Page>();
  /** Pushes, and rings whose shares were not counted, that had no room. */
  overflow = 0;
  /** What all that is kept takes of the limit. */
  private kept = 0;

  /** Begins a period, in which nothing was watched yet. */
  turn(): void {
    this.open.clear();
    this.ended.clear();
    this.overflow = 0;
    this.kept = 0;
  }

  /** The ring of a slot is full, and its oldest messages are forgotten next. */
  filled(slot: number, watched: WatchedFlow): void {
    const page = this.openPage(slot, watched) ?? pageOf(watched);
    this.open.set(slot, page);
    const mayHold = this.hear(page, watched, false);
    const { timesUs, sizes, messages } = watched;
    page.filled = messages[0] + messages[1];
    const isFast = timesUs[timesUs.length - 1] - timesUs[0] < FAST_US;
    const dropped =
      isFast && mayHold ? page.rings.splice(0, page.rings.length + 1 - MOST_RINGS) : page.rings.splice(0);
    this.kept -= roomOf(dropped);
    if (!isFast || !mayHold || this.kept >= limits.pushes) return;
    page.rings.push({ timesUs, sizes });
    this.kept += roomOf([{ timesUs, sizes }]);
  }

  /** What is kept of the flow that is watched in a slot; what is of another one before is forgotten. */
  private openPage(slot: number, { startUs }: WatchedFlow): Page | undefined {
    const page = this.open.get(slot);
    if (page === undefined || page.startUs === startUs) return page;
    this.forget(page);
    return undefined;
  }

  /** The flow that is watched in a slot, with the full rings before; unchanged if none are kept. */
  longer(slot: number, watched: WatchedFlow): WatchedFlow {
    const page = this.open.get(slot);
    if (page === undefined || page.startUs !== watched.startUs || page.rings.length === 0) return watched;
    const { length } = watched.sizes;
    const first = Math.max(0, length - (watched.messages[0] + watched.messages[1] - page.filled));
    const parts = [
      ...page.rings,
      { timesUs: watched.timesUs.subarray(first), sizes: watched.sizes.subarray(first) },
    ];
    return {
      ...watched,
      timesUs: Float64Array.from(parts.flatMap(({ timesUs }) => [...timesUs])),
      sizes: Int16Array.from(parts.flatMap(({ sizes }) => [...sizes])),
    };
  }

  /** True if what a side says may be shares. */
  private hear(page: Page, watched: WatchedFlow, isLast: boolean): boolean {
    let mayHoldAny = false;
    for (const direction of [0, 1] as const) {
      const sizes = direction === 0 ? watched.sizes : watched.sizes.map((size) => -size);
      const own = page.directions[direction];
      const mayHold = mayHoldShares(sizes);
      this.count(own, watched, isLast);
      if (!mayHold) continue;
      mayHoldAny = true;
      for (const timeUs of measureOpaque({ timesUs: watched.timesUs, sizes })?.pushesUs ?? []) {
        if (timeUs <= page.lastMessageUs) continue;
        if (this.kept >= limits.pushes) this.overflow++;
        else {
          own.pushesUs.push(timeUs);
          this.kept++;
        }
      }
    }
    page.lastMessageUs = watched.timesUs.at(-1) ?? page.lastMessageUs;
    return mayHoldAny;
  }

  private count(direction: WatchedDirection, watched: WatchedFlow, isLast: boolean): void {
    if (this.kept >= limits.pushes) {
      this.overflow++;
      return;
    }
    countShares(direction, watched, isLast);
    const room = direction.count.sizes * SIZE_ROOM + direction.timeline.windows.shares.size * WINDOW_ROOM;
    this.kept += room - direction.room;
    direction.room = room;
  }

  /** The watch in a slot ends. `isWanted`: somebody may ask for what is known of it. */
  end(flow: number, slot: number, watched: WatchedFlow, isWanted: boolean): void {
    const known = this.openPage(slot, watched);
    this.open.delete(slot);
    // A watch that observed nothing has no times.
    if (known === undefined && (!isWanted || watched.timesUs.length === 0)) return;
    const page = known ?? pageOf(watched);
    this.hear(page, watched, true);
    // A flow that fell silent may have been watched before.
    const earlier = this.ended.get(flow);
    if (earlier !== undefined) this.forget(earlier);
    this.ended.set(flow, page);
  }

  /** What is known of a flow that ends, by the direction of its client; it is forgotten here. */
  take(flow: number): ((clientDirection: 0 | 1) => KeptWatch) | null {
    const page = this.ended.get(flow);
    if (page === undefined) return null;
    this.ended.delete(flow);
    this.forget(page);
    const { startUs, directions } = page;
    const endUs = Math.max(startUs, page.lastMessageUs);
    return (clientDirection) => ({
      pushes: { fromUs: startUs, toUs: endUs, timesUs: directions[clientDirection].pushesUs },
      shares: directions[clientDirection].timeline.seen(directions[clientDirection].count.counts, {
        startUs,
        endUs,
      }),
    });
  }

  private forget({ directions, rings }: Page): void {
    this.kept -= roomOf(rings);
    for (const { pushesUs, room } of directions) this.kept -= pushesUs.length + room;
  }
}

function roomOf(rings: readonly Messages[]): number {
  return totalOf(rings, ({ sizes }) => Math.ceil(sizes.length * 1.25));
}

function pageOf({ startUs, tlsShare, isFromStart }: WatchedFlow): Page {
  const directionOf = (clientDirection: 0 | 1): WatchedDirection => ({
    pushesUs: [],
    count: new SealedShares(clientDirection, tlsShare >= 0.5, isFromStart),
    timeline: new ShareTimeline(),
    room: 0,
  });
  return {
    startUs,
    lastMessageUs: Number.NEGATIVE_INFINITY,
    directions: [directionOf(0), directionOf(1)],
    rings: [],
    filled: 0,
  };
}

function countShares(direction: WatchedDirection, watched: WatchedFlow, isLast: boolean): void {
  const total = watched.messages[0] + watched.messages[1];
  for (const timeUs of direction.count.hear(watched, total, isLast)) direction.timeline.add(timeUs);
}

/** The shares in the last ring of a flow of which nothing was kept. */
export function sharesIn(watched: WatchedFlow, clientDirection: 0 | 1): SharesSeen {
  const direction = pageOf(watched).directions[clientDirection];
  countShares(direction, watched, true);
  const { startUs, spanUs } = watched;
  return direction.timeline.seen(direction.count.counts, { startUs, endUs: startUs + spanUs });
}
