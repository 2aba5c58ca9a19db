/** What the kernel of flow records needs of memory: there is room for all that is listed, or the operator hears of it. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { EndpointWatch } from '../../src/flows/endpoint-watch.ts';
import { ReadingThread } from '../../src/reading/reading-thread.ts';
import { RecordsKernel } from '../../src/rows/records-kernel.ts';
import { AT } from '../../src/schema/records-memory.ts';
import { threadProgram } from '../../src/thread-program.ts';
import { FlowRecord, writeRow } from '../support/flow-record.ts';

const PORTS = { ordinaryPorts: [22], webPorts: [443] };
const REFUSED = 'the system refuses the memory that the program needs';
/** Its types do not know it. */
const { WebAssembly: machine } = globalThis as unknown as { WebAssembly: { Memory: () => object } };
function none(): never {
  throw new RangeError('none');
}

afterEach(() => vi.restoreAllMocks());

describe('memory of the kernel of flow records', () => {
  it('that is refused is an error of the reading thread as well', async () => {
    vi.spyOn(machine, 'Memory').mockImplementation(none);
    await expect(ReadingThread.start(threadProgram())).rejects.toThrow(REFUSED);
  });

  it('that is refused for many listed addresses is an error', () => {
    const kernel = new RecordsKernel();
    vi.spyOn(kernel.memory, 'grow').mockImplementation(none);
    const listed = [{ masks: [-1, -1, -1], shift: 6, bits: new Int32Array(1 << 21) }] as const;
    expect(() => kernel.sieve({ ...PORTS, sinceUs: 0, untilUs: 1, listed })).toThrow(REFUSED);
  });

  it('has room for prefixes of every length', () => {
    const watch = new EndpointWatch();
    for (let length = 1; length <= 128; length++) watch.add([-1, length, 7 * length, -length], 0, length);
    const kernel = new RecordsKernel();
    kernel.sieve({ ...PORTS, sinceUs: 0, untilUs: Number.POSITIVE_INFINITY, listed: watch.fields() });
    const rowsAt = Math.ceil(AT.batches / 128) * 128;
    const first = rowsAt / 128;
    const record = new FlowRecord();
    // A visit to the web by 10.0.0.1: the one to 10.0.0.2 only counts, the one to what was listed last does not.
    Object.assign(record, { startUs: 1, endUs: 2, source2: 0xffff, source3: 0x0a000001, protocol: 6 });
    Object.assign(record, { sourcePort: 40_000, destinationPort: 443, tcpFlags: 0x1b, number: 1 });
    Object.assign(record, { destination2: 0xffff, destination3: 0x0a000002 });
    writeRow(kernel.memory.buffer, first, record);
    const listed = { destination0: -1, destination1: 128, destination2: 7 * 128, destination3: -128 };
    writeRow(kernel.memory.buffer, first + 1, Object.assign(record, listed, { number: 2 }));
    expect([0, 1].map((row) => kernel.calls.validateRow(rowsAt + 128 * row, Number.NaN, Number.NaN))).toEqual(
      [0, 1],
    );
  });
});
