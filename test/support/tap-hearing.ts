/** What reaches a tap, read in place and by way of the rows of the decoding thread: everything that can be told apart. */

import { type CandidateListener, Tap, type TapObserver } from '../../src/packets/tap.ts';
import { PacketRows } from '../../src/packets/thread/packet-rows.ts';
import { PacketWriter } from '../../src/packets/thread/packet-writer.ts';
import {
  CONTROL_WORDS,
  FREE,
  HEADROOM_BYTES,
  LAST,
  ROWS,
  STATE,
  shareSlots,
} from '../../src/packets/thread/slots.ts';
import { createReader, pumpCapture, sniffCapture } from '../../src/readers/pcap/reader.ts';
import { CaptureRecord } from '../../src/readers/pcap/record.ts';
import { bytesSource } from './capture-reading.ts';

/** All that a tap knows and says. */
interface Heard {
  readonly counts: unknown;
  readonly flows: unknown[];
  readonly said: string[];
}

class Listening implements TapObserver {
  readonly said: string[] = [];
  #candidates = 0;

  settles(): boolean {
    return false;
  }

  candidate(flow: number): CandidateListener {
    const name = `candidate ${this.#candidates++} of flow ${flow}`;
    const said = this.said;
    let heard = 0;
    return {
      // It is dismissed after a while, so that both ways of a flow are gone.
      get standing() {
        return heard > 4 ? ('foreign' as const) : ('undecided' as const);
      },
      payload: (lane, bytes, from, to, stamp) => {
        heard++;
        const text = Buffer.from(bytes.subarray(from, to)).toString('latin1');
        said.push(`${name} lane ${lane} at ${stamp.timeUs} in ${stamp.record}: ${text}`);
      },
      gap: (lane, bytes) => {
        said.push(`${name} lane ${lane} lacks ${bytes}`);
      },
      end: () => {
        said.push(`${name} ends`);
      },
    };
  }

  watched(flow: number): void {
    this.said.push(`flow ${flow} was watched`);
  }

  flowEnded(flow: number): void {
    this.said.push(`flow ${flow} ended`);
  }

  dns(packet: Tap['packet'], { timeUs, record }: { timeUs: number; record: number }): void {
    const { bytes, payloadStart, payloadEnd, source3, destinationPort } = packet;
    const text = Buffer.from(bytes.subarray(payloadStart, payloadEnd)).toString('latin1');
    this.said.push(`dns at ${timeUs} in ${record} from ${source3} to ${destinationPort}: ${text}`);
  }

  exportDatagram(packet: Tap['packet'], { record }: { record: number }): void {
    this.said.push(`export in ${record}: ${packet.payloadEnd - packet.payloadStart}`);
  }
}

const COLUMNS = [
  ...(['state', 'seen', 'strikes', 'slot', 'isn0', 'isn1', 'firstUs', 'lastUs'] as const),
  ...(['bytes0', 'bytes1', 'packets0', 'packets1', 'pushes0', 'pushes1'] as const),
] as const;

export function heardBy(tap: Tap, { said }: Listening): Heard {
  const { flows } = tap;
  const ends = new Int32Array(4);
  const rows = [];
  for (let flow = 0; flow < flows.end; flow++) {
    const ports = [0, 1].map((lane) => `${flows.endpoint(flow, lane, ends)} ${[...ends]}`);
    rows.push([ports, COLUMNS.map((column) => flows[column][flow])]);
  }
  tap.end();
  const { packets, bytes, truncatedPackets, truncatedBytes, cutBytes, reasonPackets, reasonBytes } = tap;
  const fragments = tap.packet.fragments.countsSoFar();
  return {
    counts: {
      ...{ packets, bytes, truncatedPackets, truncatedBytes, cutBytes, fragments },
      ...{ reasonPackets: [...reasonPackets], reasonBytes: [...reasonBytes] },
      ...{ firstUs: tap.firstUs, lastUs: tap.lastUs },
    },
    flows: rows,
    said,
  };
}

export interface Times {
  readonly sinceUs?: number;
  readonly untilUs?: number;
}

export function newTap({ sinceUs, untilUs }: Times): { tap: Tap; observer: Listening } {
  const observer = new Listening();
  const tap = new Tap(observer);
  if (sinceUs !== undefined) tap.sinceUs = sinceUs;
  if (untilUs !== undefined) tap.untilUs = untilUs;
  return { tap, observer };
}

/** Files one after another through one tap, in this thread. */
export async function readHere(files: readonly Uint8Array[], times: Times = {}) {
  const { tap, observer } = newTap(times);
  const inputs = [];
  for (const [ordinal, bytes] of files.entries()) {
    tap.input = ordinal;
    const record = new CaptureRecord();
    const reader = createReader(sniffCapture(bytes) ?? 'pcap', record, tap);
    await pumpCapture(bytesSource(bytes), reader, record, undefined, { blockBytes: 65_536 });
    const { packets, firstUs, lastUs, damage } = reader;
    inputs.push({ packets, firstUs, lastUs, damage: damage.rows() });
  }
  return { inputs, heard: heardBy(tap, observer) };
}

interface StepOptions {
  readonly mostKeys?: number;
  readonly times?: Times;
}

/**
 * Files one after another through a writer and the tap, a slot each. `share` of the packets the program for packets has
 * taken, `rowShare` of the rows that for flows.
 */
export function readInStep(captures: readonly Uint8Array[], { mostKeys, times = {} }: StepOptions = {}) {
  const slots = shareSlots();
  const control = new Int32Array(slots.control);
  const writer = new PacketWriter(slots, { mostKeys });
  const rows = new PacketRows(slots);
  const { tap, observer } = newTap(times);
  let given = 0;
  let rowsGiven = 0;
  let allRows = 0;
  const { segment, datagram } = tap;
  tap.segment = (...row) => {
    rowsGiven++;
    segment.apply(tap, row);
  };
  tap.datagram = (record) => {
    rowsGiven++;
    datagram.call(tap, record);
  };
  const sink = {
    common: writer.common,
    record: (record: CaptureRecord) => {
      given++;
      writer.record(record);
    },
  };
  writer.sinceUs = tap.sinceUs;
  writer.untilUs = tap.untilUs;
  const inputs = [];
  for (const [ordinal, bytes] of captures.entries()) {
    const slot = writer.next();
    const block = slots.blocks[slot] as Uint8Array;
    block.set(bytes, HEADROOM_BYTES);
    const record = new CaptureRecord();
    const reader = createReader(sniffCapture(bytes) ?? 'pcap', record, sink);
    writer.beginInput();
    const to = HEADROOM_BYTES + bytes.length;
    record.useBlock(block);
    reader.finish(block, reader.consume(block, HEADROOM_BYTES, to), to);
    writer.hand(LAST, bytes.length);
    tap.input = ordinal;
    allRows += control[slot * CONTROL_WORDS + ROWS];
    rows.give(slot, tap);
    Atomics.store(control, slot * CONTROL_WORDS + STATE, FREE);
    const { packets, firstUs, lastUs, damage } = reader;
    inputs.push({ packets, firstUs, lastUs, damage: damage.rows() });
  }
  const packets = inputs.reduce((sum, input) => sum + input.packets, 0);
  tap.packet.fragments.takeCounts(writer.packet.fragments.countsSoFar());
  return {
    inputs,
    heard: heardBy(tap, observer),
    share: 1 - given / packets,
    rowShare: 1 - rowsGiven / allRows,
  };
}
