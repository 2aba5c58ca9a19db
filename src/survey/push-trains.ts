/**
 * Times of unsolicited messages of servers in unreadable flows, kept as long as the flow is watched; the kernel's ring
 * holds only the last messages. Kept for flows whose messages may be shares, within a total bound (docs/in-step.md).
 */

import type { PushTrain } from '../evidence/in-step.ts';
import { mayHoldShares, measureOpaque } from '../evidence/opaque-session.ts';
import { limits } from '../limits.ts';
import type { WatchedFlow } from '../packets/watched-flow.ts';

/** Of one flow, by the lane that would be the client. */
interface FlowPushes {
  /** When its watch began: another watch in the same slot is another flow. */
  readonly startUs: number;
  /** Up to where it was heard. */
  heardUs: number;
  readonly timesUs: readonly [number[], number[]];
}

export class PushTrains {
  /** Of flows that are watched, by slot. */
  readonly open = new Map<number, FlowPushes>();
  /** Of flows whose watch has ended, by flow. */
  readonly ended = new Map<number, FlowPushes>();
  /** Times that had no room. */
  overflow = 0;
  kept = 0;

  /** The ring of a slot is full, and its oldest messages are forgotten next. */
  filled(slot: number, watched: WatchedFlow): void {
    const known = this.open.get(slot);
    const isSame = known?.startUs === watched.startUs;
    if (known !== undefined && !isSame) this.forget(known);
    const pushes: FlowPushes = isSame
      ? known
      : { startUs: watched.startUs, heardUs: Number.NEGATIVE_INFINITY, timesUs: [[], []] };
    this.open.set(slot, pushes);
    for (const lane of [0, 1] as const) {
      const sizes = lane === 0 ? watched.sizes : watched.sizes.map((size) => -size);
      if (!mayHoldShares(sizes)) continue;
      for (const timeUs of measureOpaque({ timesUs: watched.timesUs, sizes })?.pushesUs ?? []) {
        if (timeUs <= pushes.heardUs) continue;
        if (this.kept === limits.pushes) this.overflow++;
        else {
          pushes.timesUs[lane].push(timeUs);
          this.kept++;
        }
      }
    }
    pushes.heardUs = watched.timesUs[watched.timesUs.length - 1];
  }

  /** The watch in a slot ends. `isWanted`: somebody may ask for the flow's pushes. */
  end(flow: number, slot: number, watched: WatchedFlow, isWanted: boolean): void {
    if (isWanted) this.filled(slot, watched);
    const pushes = this.open.get(slot);
    this.open.delete(slot);
    if (pushes === undefined) return;
    if (isWanted && pushes.startUs === watched.startUs) this.ended.set(flow, pushes);
    else this.forget(pushes);
  }

  /** The pushes of a flow that ends; they are forgotten here. */
  take(flow: number, clientLane: () => 0 | 1): PushTrain | null {
    const pushes = this.ended.get(flow);
    if (pushes === undefined) return null;
    this.ended.delete(flow);
    this.forget(pushes);
    return { fromUs: pushes.startUs, toUs: pushes.heardUs, timesUs: pushes.timesUs[clientLane()] };
  }

  private forget({ timesUs }: FlowPushes): void {
    this.kept -= timesUs[0].length + timesUs[1].length;
  }
}
