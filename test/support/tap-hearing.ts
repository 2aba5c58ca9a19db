/** What a tap says of a capture: everything that can be told apart. */

import { limits as inForce } from '../../src/limits.ts';
import type { CandidateListener, Opening } from '../../src/packets/candidate.ts';
import { BY_PROTOCOL } from '../../src/packets/flow-table.ts';
import { Tap, type TapLimits, type TapObserver } from '../../src/packets/tap.ts';
import type { WatchedFlow } from '../../src/packets/watched-flow.ts';
import { pumpCapture } from '../../src/readers/pcap/reader.ts';
import { bytesSource } from './capture-reading.ts';
import { type WrittenPacket, writePcap } from './capture-writer.ts';

export class Listening implements TapObserver {
  readonly polls: string[] = [];
  readonly anyAddress = true;
  readonly leastMessages = 0;
  readonly names: readonly string[];
  /** In order: what became of flows, messages of DNS, visits. */
  readonly said: string[] = [];
  readonly watches: WatchedFlow[] = [];
  /** Flows that were candidates, in order. */
  readonly candidates: number[] = [];
  readonly #standing: (payloads: number) => CandidateListener['standing'];

  /** @param standing Of a candidate, by the payloads that it has heard. */
  constructor(
    names: readonly string[] = [],
    standing: (payloads: number) => CandidateListener['standing'] = () => 'undecided',
  ) {
    this.names = names;
    this.#standing = standing;
  }

  candidate(flow: number, opening: Opening): CandidateListener {
    const { said } = this;
    const standingOf = this.#standing;
    this.candidates.push(flow);
    said.push(`flow ${flow} opens as ${opening}`);
    let payloads = 0;
    return {
      get standing() {
        return standingOf(payloads);
      },
      payload: (lane, bytes, from, to) => {
        payloads++;
        said.push(`flow ${flow} lane ${lane}: ${Buffer.from(bytes.slice(from, to)).toString('latin1')}`);
      },
      gap: (lane, missing) => said.push(`flow ${flow} lane ${lane} lacks ${missing}`),
      conflict: (lane, bytes, from, to) =>
        said.push(`flow ${flow} lane ${lane} or: ${Buffer.from(bytes.slice(from, to)).toString('latin1')}`),
      end: () => said.push(`flow ${flow} closes`),
    };
  }

  visit(flow: number, lane: 0 | 1, host: string): void {
    this.said.push(`flow ${flow} lane ${lane} visits ${host}`);
  }

  watched(_: number, watched: WatchedFlow): void {
    this.watches.push(watched);
  }

  filled(): void {}

  flowEnded(flow: number): number {
    this.said.push(`flow ${flow} ends`);
    return BY_PROTOCOL;
  }

  isNamed(): boolean {
    return false;
  }

  dns({ memory }: Tap['kernel']['packet'], from: number, to: number): void {
    this.said.push(`dns: ${Buffer.from(memory.u8.slice(from, to)).toString('latin1')}`);
  }

  exportDatagram(packet: Tap['kernel']['packet']): void {
    this.said.push(`export of ${packet.payloadEnd - packet.payloadStart} bytes`);
  }
}

/** Packets through a tap, which has not ended. */
export async function tapOf(
  packets: readonly WrittenPacket[],
  observer: Listening,
  limits: Partial<TapLimits> = {},
): Promise<Tap> {
  const tap = new Tap(observer, { ...inForce, ...limits });
  await pumpCapture(bytesSource(writePcap(packets)), 'pcap', tap.kernel);
  return tap;
}
