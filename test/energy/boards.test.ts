/** Small machines take little, and a rate that no rig of cards has is refused. */
import { describe, expect, it } from 'vitest';
import { machineOf } from '../../src/energy/families.ts';
import { highestRate } from '../../src/energy/plausible.ts';
import { powerOf } from '../../src/energy/power.ts';

const AT_US = Date.UTC(2026, 5, 1) * 1000;
const watts = (algorithm: string, agent: string): number | undefined =>
  powerOf({
    parts: [{ algorithm, hashrate: { estimate: 50e3, low: 40e3, high: 60e3 }, basis: 'shares', duty: 1 }],
    atUs: AT_US,
    agents: [agent],
    workers: [],
    isParsed: true,
    rigs: { low: 1, high: 1 },
    convention: 'total',
  })?.watts;

describe('a microcontroller', () => {
  // An ESP32 at full load takes about 1 W (USB, 5 V and 0.2 A).
  it.each([
    ['sha256d', 'NerdMinerV2/1.6.3'],
    ['duco-s1', 'Official ESP32 Miner 4.3'],
    ['duco-s1', 'Official AVR Miner 4.3'],
  ])('takes a watt or so for %s by %s', (algorithm, agent) => {
    expect(machineOf({ algorithm, agents: [agent], ratePerWorker: null, year: 2026 }).machine).toBe('board');
    expect(watts(algorithm, agent)).toBeGreaterThan(0.2);
    expect(watts(algorithm, agent)).toBeLessThan(3.5);
  });

  it('is none for what no microcontroller can do', () => {
    const rate = { low: 100e12, high: 100e12 };
    expect(
      machineOf({ algorithm: 'sha256d', agents: ['NerdMinerV2'], ratePerWorker: rate, year: 2026 }).machine,
    ).toBe('asic');
  });
});

it('a program for PCs is no graphics card', () => {
  const { machine } = machineOf({
    ...{ algorithm: 'duco-s1', agents: ['Official PC Miner 4.3'], ratePerWorker: null, year: 2026 },
  });
  expect(machine).toBe('cpu');
});

it('one rig of cards has no 64 kSol/s: that would be 600 cards', () => {
  const one = { machine: 'gpu', count: 1, uncounted: 0 } as const;
  expect(highestRate('equihash144_5', one)).toBeLessThan(64e3);
  // Sixteen cards of 100 Sol/s.
  expect(highestRate('equihash144_5', one)).toBeGreaterThan(1.6e3);
});
