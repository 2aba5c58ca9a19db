/**
 * Any bytes, however mutated, end in records and counted reasons: never an exception, a hang, a record without end or
 * a number that is none. One seed a run, printed on failure; MINESWEEP_FUZZ_SEED and MINESWEEP_FUZZ_RUNS widen it.
 */
import { describe, expect, it } from 'vitest';
import { Conversations } from '../../src/flows/conversations.ts';
import { flowBehaviour } from '../../src/flows/flow-behaviour.ts';
import { ipfix } from '../../src/readers/netflow/ipfix.ts';
import { nfcapd } from '../../src/readers/nfcapd/nfcapd.ts';
import { bytesSource, exportCollector, exportPacket, readInto } from '../support/binary-flows.ts';
import type { FlowRecord } from '../support/flow-record.ts';
import { flowSink, giving } from '../support/flow-rows.ts';
import * as write from '../support/flow-writer.ts';
import { type Random, random } from '../support/random.ts';
import { relationOf } from '../support/relation-of.ts';
import { BINARY_LOGS, DATA, FIELDS, FLOW } from './seeds.ts';

const seed = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260803);
const runs = Number(process.env.MINESWEEP_FUZZ_RUNS ?? 2000);

const SFLOW = new write.Writer().u32(1, 3, 512, 5120, 0, 3, 4, 1).u32(3, 32, 240, 6, 1, 2, 3, 4, 5, 0).take();
const DATAGRAMS: readonly Uint8Array<ArrayBuffer>[] = [
  write.netflow5([{ ...FLOW, firstMs: 1, lastMs: 2 }]),
  write.netflow9([write.set(0, write.template(256, FIELDS.slice(0, 10))), write.set(256, DATA)]),
  write.netflow9([
    write.set(1, new write.Writer().u16(258, 4, 8, 1, 4, 48, 1, 50, 4).take()),
    write.set(258, new Uint8Array(9)),
  ]),
  write.ipfixMessage([write.set(2, write.template(256, FIELDS)), write.set(256, DATA)]),
  write.ipfixMessage([
    write.set(3, new write.Writer().u16(500, 2, 1, 149, 4, 160, 8).take()),
    write.set(500, new Uint8Array(12)),
  ]),
  write.sflowDatagram([{ format: 1, body: SFLOW }]),
];
const TELLING = [0x00, 0x01, 0x02, 0x03, 0x04, 0x0a, 0x10, 0x7f, 0x80, 0xfe, 0xff];

function mutated(rng: Random, sample: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(sample);
  for (let i = rng.below(6); i > 0; i--) {
    bytes[rng.below(bytes.length)] = rng.chance(0.6) ? rng.pick(TELLING) : rng.below(256);
  }
  return rng.chance(0.2) ? bytes.slice(0, rng.below(bytes.length)) : bytes;
}

function expectSound(record: FlowRecord): void {
  const { startUs, endUs, packets, bytes, reversePackets, reverseBytes, samplingInterval } = record;
  const isTimed = endUs >= startUs && startUs > 0;
  const isSound =
    (isTimed || (Number.isNaN(startUs) && Number.isNaN(endUs))) &&
    [packets, bytes].every((count) => count >= 0 && count <= Number.MAX_SAFE_INTEGER) &&
    [reversePackets, reverseBytes].every((count) => count >= -1 && count <= Number.MAX_SAFE_INTEGER) &&
    samplingInterval >= 0 &&
    record.sourcePort >= 0 &&
    record.sourcePort <= 65_535;
  if (!isSound) throw new Error(`seed ${seed}: ${JSON.stringify(record)}`);
}

describe('binary flow logs', () => {
  it('end in records and reasons, whatever the bytes of a file', async () => {
    const rng = random(seed);
    const conversations = new Conversations({ maximum: 64 });
    const give = giving(conversations);
    const sink = flowSink((record) => {
      expectSound(record);
      give(record);
    });
    let records = 0;
    for (let run = 0; run < runs; run++) {
      const bytes = mutated(rng, rng.pick(BINARY_LOGS));
      for (const format of [nfcapd, ipfix]) {
        records += (await readInto(format, bytesSource(bytes, 1 + rng.below(200)), sink)).records;
      }
    }
    expect(records).toBeGreaterThan(runs / 10);
    for (const each of conversations.conversations()) {
      flowBehaviour(relationOf(each));
      expect(each.duty > 0 && each.duty <= 1 && each.activeSeconds >= 0).toBe(true);
    }
  });

  it('end in records and reasons, whatever the bytes of an export', () => {
    const rng = random(seed + 1);
    for (let round = 0; round < runs / 100; round++) {
      const collector = exportCollector(expectSound);
      for (let i = 0; i < 100; i++) {
        const datagram = mutated(rng, rng.pick(DATAGRAMS));
        collector.datagram(exportPacket(datagram, rng.below(3), rng.below(3)), 1.7e15 + i, i + 1);
      }
      collector.finish();
      for (const { received, lost } of collector.told()) expect(received >= 0 && lost >= 0).toBe(true);
    }
  });
});
