/**
 * Flows that end with the run and without a word: seen from their start on, with a server that the client named and
 * that is no pool's, and with nothing kept of what they said. They are most of all flows, and only their coverage
 * counts, so that they end without the questions that a flow that may be a contact is asked.
 */

import type { Weight } from '../audit/edges.ts';
import { CANDIDATE, type FlowTable, NAMED, OPAQUE, SYN_SEEN } from '../packets/flow-table.ts';
import type { SurveyParts, Unseen } from './survey-parts.ts';

export class QuietFlows {
  /** Sums of the flows that were taken. */
  readonly encrypted: Weight = { packets: 0, bytes: 0 };
  readonly oneSided: Weight = { packets: 0, bytes: 0 };
  readonly #flows: FlowTable;
  /** 1 for flows of which more than numbers is known. */
  readonly #isKnown: Uint8Array;

  /** Of the flows as they stand after the run's last packet. */
  constructor(
    { flows, conversations, flowNames, opaque }: SurveyParts,
    more: readonly ReadonlyMap<number, unknown>[],
  ) {
    this.#flows = flows;
    this.#isKnown = new Uint8Array(flows.end);
    for (const known of [conversations, flowNames, ...more]) {
      for (const flow of known.keys()) this.#isKnown[flow] = 1;
    }
    for (const flow of opaque.flows()) this.#isKnown[flow] = 1;
  }

  /** Ends the flow where it is such a one; else false, and it lives on. */
  take(flow: number): boolean {
    const flows = this.#flows;
    const isNamed = (flows.seen[flow] & (SYN_SEEN | NAMED)) === (SYN_SEEN | NAMED);
    if (!isNamed || this.#isKnown[flow] === 1 || flows.slot[flow] > 0 || flows.state[flow] === CANDIDATE)
      return false;
    addUnseen(this, flows, flow);
    flows.retire(flow);
    return true;
  }

  /** Adds what was taken to other sums. */
  addTo(sums: Unseen): void {
    for (const kind of ['encrypted', 'oneSided'] as const) {
      sums[kind].packets += this[kind].packets;
      sums[kind].bytes += this[kind].bytes;
    }
  }
}

/** Adds a flow that has ended. */
export function addUnseen(sums: Unseen, flows: FlowTable, flow: number): void {
  const packets = flows.packets0[flow] + flows.packets1[flow];
  const bytes = flows.bytes0[flow] + flows.bytes1[flow];
  if ((flows.seen[flow] & OPAQUE) !== 0) {
    sums.encrypted.bytes += bytes;
    sums.encrypted.packets += packets;
  }
  const isOneSided = flows.packets0[flow] === 0 || flows.packets1[flow] === 0;
  if (isOneSided && flows.pushes0[flow] + flows.pushes1[flow] > 0) {
    sums.oneSided.bytes += bytes;
    sums.oneSided.packets += packets;
  }
}
