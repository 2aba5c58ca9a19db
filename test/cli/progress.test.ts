import { describe, expect, it } from 'vitest';
import { progressLine } from '../../src/commands/progress.ts';

const ONE = { flows: 0, ordinal: 1, inputs: 1, heapBytes: 0 };

describe('the progress line', () => {
  it.each([
    {
      name: 'has a bar, throughput, packets and the time left',
      progress: {
        ...ONE,
        doneBytes: 250e6,
        totalBytes: 1000e6,
        packets: 320_000,
        input: '/captures/edge.pcap',
      },
      seconds: 0.5,
      expected: '[======                  ]  25 %  500 MB/s  320 k packets  2 s left  edge.pcap',
    },
    {
      name: 'has neither bar nor time left where the size is not known',
      progress: { ...ONE, doneBytes: 4.2e6, totalBytes: null, packets: 70, input: '-' },
      seconds: 2,
      expected: '4.20 MB  2.10 MB/s  70 packets  -',
    },
    {
      name: 'is finished at the end',
      progress: { ...ONE, doneBytes: 100, totalBytes: 100, packets: 1, input: 'x' },
      seconds: 1,
      expected: '[========================] 100 %  100 B/s  1 packet  x',
    },
    {
      name: 'counts flows, and says which input of many it is at',
      progress: {
        ...{ doneBytes: 500, totalBytes: 1000, packets: 0, flows: 12_345 },
        ...{ input: '/netflow/nfcapd.202611240005', ordinal: 2, inputs: 288, heapBytes: 0 },
      },
      seconds: 1,
      expected:
        '[============            ]  50 %  500 B/s  12.3 k flows  1 s left  nfcapd.202611240005 (2 of 288)',
    },
    {
      name: 'counts both where there are both',
      progress: { ...ONE, doneBytes: 100, totalBytes: 100, packets: 2, flows: 1, input: 'x' },
      seconds: 1,
      expected: '[========================] 100 %  100 B/s  2 packets  1 flow  x',
    },
    {
      name: 'shows no more of a name than fits, and nothing that acts',
      progress: { ...ONE, doneBytes: 0, totalBytes: 100, packets: 0, input: `\u001b${'a'.repeat(40)}` },
      seconds: 0,
      expected: '[                        ]   0 %  0 B/s  0 packets  \\u{1b}aaaaaaaaaaaaaaaaa…',
    },
  ])('$name', ({ progress, seconds, expected }) => {
    expect(progressLine(progress, seconds)).toBe(expected);
  });
});
