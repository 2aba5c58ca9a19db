/** What a packet engine tells of a capture: everything that can be told apart. */

import { limits as inForce } from '../../src/limits.ts';
import type { Judgement } from '../../src/packets/judgements.ts';
import {
  type EngineLimits,
  type Interests,
  PacketEngine,
  type PacketListener,
} from '../../src/packets/packet-engine.ts';
import type { Status, Stream } from '../../src/packets/stream.ts';
import type { WatchedFlow } from '../../src/packets/watched-flow.ts';
import { pumpCapture } from '../../src/readers/pcap/reader.ts';
import { bytesSource } from './capture-reading.ts';
import { type WrittenPacket, writePcap } from './capture-writer.ts';

const nothing = (): void => {};

/** A stream that takes bytes alone, and nothing unless it is told how. */
export function silentStream(own: Partial<Stream>): Stream {
  const silent: Stream = {
    status: 'undecided',
    hasFindings: false,
    payload: () => null,
    gap: nothing,
    end: nothing,
  };
  return Object.defineProperties(silent, Object.getOwnPropertyDescriptors(own));
}

export class Listening implements PacketListener {
  readonly interests: Interests;
  /** In order: what became of flows, messages of DNS, visits. */
  readonly said: string[] = [];
  readonly watches: WatchedFlow[] = [];
  /** Flows that were candidates, in order. */
  readonly candidates: number[] = [];
  readonly #status: (payloads: number) => Status;

  /** @param standing Of a candidate, by the payloads that it has observed. */
  constructor(
    names: readonly string[] = [],
    status: (payloads: number) => Status = () => 'undecided',
    polls: readonly string[] = [],
  ) {
    this.interests = { names, polls, anyAddress: true, leastMessages: 0 };
    this.#status = status;
  }

  candidate(flow: number, isDns: boolean): Stream {
    const { said } = this;
    const standingOf = this.#status;
    this.candidates.push(flow);
    said.push(`flow ${flow} opens as ${isDns ? 'dns' : 'plain'}`);
    let payloads = 0;
    return silentStream({
      get status() {
        return standingOf(payloads);
      },
      payload: (direction, bytes, from, to) => {
        payloads++;
        said.push(`flow ${flow} lane ${direction}: ${Buffer.from(bytes.slice(from, to)).toString('latin1')}`);
        return null;
      },
      gap: (direction, missing) => said.push(`flow ${flow} lane ${direction} lacks ${missing}`),
      end: () => said.push(`flow ${flow} closes`),
    });
  }

  flowEnded(flow: number): Judgement {
    this.said.push(`flow ${flow} ends`);
    return 'read';
  }

  readonly streams = {
    open: (flow: number, isDns: boolean) => this.candidate(flow, isDns),
    silence: nothing,
    clockSet: nothing,
    found: nothing,
    closed: nothing,
    ended: (flow: number) => this.flowEnded(flow),
  };

  readonly connections = {
    visit: (flow: number, direction: 0 | 1, host: string) => {
      this.said.push(`flow ${flow} lane ${direction} visits ${host}`);
    },
    watched: (_: number, watched: WatchedFlow) => {
      this.watches.push(watched);
    },
    filled: nothing,
  };

  readonly conversations = { left: nothing, repeated: nothing, opening: nothing };

  readonly lookups = {
    inPacket: ({ memory }: PacketEngine['kernel']['packet'], from: number, to: number) => {
      this.said.push(`dns: ${Buffer.from(memory.u8.slice(from, to)).toString('latin1')}`);
    },
  };

  readonly exports = {
    datagram: (packet: PacketEngine['kernel']['packet']) => {
      this.said.push(`export of ${packet.payloadEnd - packet.payloadStart} bytes`);
    },
  };
}

/** Packets through an engine, which has not ended. */
export async function engineOf(
  packets: readonly WrittenPacket[],
  listening: Listening,
  limits: Partial<EngineLimits> = {},
): Promise<PacketEngine> {
  const engine = new PacketEngine({ ...inForce, ...limits });
  engine.tell(listening);
  engine.useInterests(listening.interests);
  await pumpCapture(bytesSource(writePcap(packets)), 'pcap', engine.kernel);
  return engine;
}
