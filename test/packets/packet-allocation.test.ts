/**
 * Decoding allocates nothing: garbage collections are counted, not timed, and do not grow with the packets.
 */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Packet } from '../../src/packets/packet.ts';
import { CaptureRecord } from '../../src/readers/pcap/record.ts';
import { SAMPLE_FRAMES } from '../support/sample-frames.ts';

let collections = 0;
const observer = new PerformanceObserver((list) => {
  collections += list.getEntries().filter(isScavenge).length;
});
observer.observe({ entryTypes: ['gc'] });
afterAll(() => observer.disconnect());

/** Only young-generation collections are caused by allocating; others may come with time. */
function isScavenge(entry: PerformanceEntry): boolean {
  return (
    'detail' in entry &&
    JSON.stringify(entry.detail).includes(`"kind":${constants.NODE_PERFORMANCE_GC_MINOR}`)
  );
}

async function collectionsDuring(work: () => void): Promise<number> {
  await sleep(50);
  collections = 0;
  work();
  await sleep(50); // The observer hears of collections only afterwards.
  return collections;
}

// Fragments are the one cold path that keeps objects.
const frames = SAMPLE_FRAMES.filter((sample) => !sample.name.startsWith('fragment'));

describe('Packet', () => {
  it('decodes a million packets of every layer without a garbage collection more than for 100,000', async () => {
    const packet = new Packet();
    const records = frames.map(({ frame, linkType }) => {
      const record = new CaptureRecord();
      record.useBlock(frame);
      record.captured = frame.length;
      record.wireBytes = frame.length;
      record.linkType = linkType;
      return record;
    });
    let decoded = 0;
    const decode = (packets: number): void => {
      for (let i = 0; i < packets; ) {
        for (const record of records) {
          record.timeUs = 1.7e15 + ++i;
          if (packet.decode(record) === 0) decoded++;
        }
      }
    };
    decode(200_000); // The optimising compiler allocates while it works.
    const few = await collectionsDuring(() => decode(100_000));
    const many = await collectionsDuring(() => decode(1_000_000));
    expect(decoded).toBeGreaterThan(1_300_000);
    expect({ few: few <= 1, many: many <= 1 }).toEqual({ few: true, many: true });
  });

  it('would notice a single small object a packet', async () => {
    let kept: object = {};
    const many = await collectionsDuring(() => {
      for (let i = 0; i < 1_000_000; i++) kept = { at: i, previous: i === 0 ? null : i - 1 };
    });
    expect(kept).toEqual({ at: 999_999, previous: 999_998 });
    expect(many).toBeGreaterThan(1);
  });
});
