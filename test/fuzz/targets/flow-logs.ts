/** Every reader of flow logs: records are well formed, and the same however the bytes arrive. */

import { FLOW_FORMATS } from '../../../src/readers/index.ts';
import { bytesSource, readInto } from '../../support/binary-flows.ts';
import type { FlowRecord } from '../../support/flow-record.ts';
import { flowSink } from '../../support/flow-rows.ts';
import { comparable } from '../../support/scanning.ts';
import { BINARY_LOGS, TEXT_LOGS } from '../seeds.ts';
import { Choices, edited } from './choices.ts';
import { audit, expectSame, expectSound } from './oracles.ts';
import { samples } from './samples.ts';

const SAMPLES = [
  ...Object.values(TEXT_LOGS).map((text): Uint8Array => Buffer.from(text)),
  ...BINARY_LOGS,
  ...samples('flowlogs', /\.parquet$/),
];

export async function fuzz(data: Buffer): Promise<void> {
  const choices = new Choices(data);
  const step = 1 + choices.byte();
  const isRaw = choices.byte() % 4 === 0;
  const own = choices.pick(FLOW_FORMATS);
  const bytes = isRaw ? choices.rest() : edited(choices.pick(SAMPLES), choices);
  const format = FLOW_FORMATS.find(({ sniff }) => sniff(bytes.subarray(0, 4096))) ?? own;
  const whole = await read(bytes.length + 1);
  expectSame(`${format.id} in pieces of ${step}`, whole, await read(step));
  if (choices.byte() % 16 === 0) {
    const found = await audit(bytes, { inputFormat: format.id });
    expectSound(found);
    const again = await audit(bytes, { inputFormat: format.id, thread: 'always', jobs: 4 });
    expectSame('--jobs', comparable(found), comparable(again));
  }

  async function read(size: number): Promise<unknown> {
    const seen: unknown[] = [];
    const flow = (record: FlowRecord): void => {
      expectWellFormed(record);
      seen.push({ ...record });
    };
    return { result: await readInto(format, bytesSource(bytes, size), flowSink(flow)), seen };
  }
}

function expectWellFormed(record: FlowRecord): void {
  const counts = [record.packets, record.bytes, record.reversePackets, record.reverseBytes];
  const ports = [record.sourcePort, record.destinationPort];
  const isTimed = Number.isNaN(record.startUs)
    ? Number.isNaN(record.endUs)
    : record.startUs <= record.endUs && Number.isFinite(record.endUs);
  const isSound =
    isTimed &&
    counts.every((count) => Number.isSafeInteger(count) && count >= -1) &&
    ports.every((port) => Number.isInteger(port) && port >= 0 && port <= 0xffff) &&
    record.samplingInterval >= 0;
  if (!isSound) throw new Error(`ill formed: ${JSON.stringify(record)}`);
}
