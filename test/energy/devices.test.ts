/** What makers state of their machines, against what the program makes of their rates (devices.ts). */
import { describe, expect, it } from 'vitest';
import { conventionFor, powerOf } from '../../src/energy/power.ts';
import { DEVICES, type Device } from './devices.ts';

/** A device with a thousand shares and more, whose owner nobody knows. */
function estimateOf({ algorithm, rate, year, agent }: Device) {
  const hashrate = { estimate: rate, low: rate * 0.95, high: rate * 1.05 };
  const input = {
    parts: [{ algorithm, hashrate, basis: 'shares' as const, duty: 1 }],
    atUs: Date.UTC(year, 6, 1) * 1000,
    agents: agent === '' ? [] : [agent],
    workers: ['w1'],
    rigs: { low: 1, high: 1 },
    isParsed: true,
    pue: { name: 'none', low: 1, central: 1, high: 1 },
  };
  const total = powerOf({ ...input, convention: 'total' });
  const estimate = powerOf({ ...input, convention: conventionFor('undetermined', total?.machine ?? null) });
  if (estimate === null) throw new Error('no estimate');
  return estimate;
}

const judged = DEVICES.map((device) => {
  const { wattsLow, watts, wattsHigh } = estimateOf(device);
  const ratio = watts / device.watts;
  return {
    ...device,
    isInside: wattsLow <= device.watts && device.watts <= wattsHigh,
    isClose: ratio <= 1.5 && ratio >= 1 / 1.5,
    width: wattsHigh / wattsLow,
  };
});

describe.each([
  ['all', judged],
  ['those that the table lacks', judged.filter(({ kept }) => kept)],
] as const)('device-years with figures of makers: %s', (_, devices) => {
  it('lie within the interval for nine of ten, and near its centre for eight of ten', () => {
    expect(devices.length).toBeGreaterThan(30);
    const outside = devices.filter(({ isInside }) => !isInside).map(({ name }) => name);
    expect(outside.length / devices.length, outside.join()).toBeLessThanOrEqual(0.1);
    const far = devices.filter(({ isClose }) => !isClose).map(({ name }) => name);
    expect(far.length / devices.length, far.join()).toBeLessThanOrEqual(0.2);
  });

  it('have intervals that say something', () => {
    expect(devices.reduce((sum, { width }) => sum + width, 0) / devices.length).toBeLessThan(4);
  });
});

describe('what a program is called', () => {
  const at = (algorithm: string, rate: number, agent: string) =>
    estimateOf({ name: '', algorithm, rate, watts: 0, year: 2023, agent });

  it('is no part of another name: cgminer and bfgminer drive ASICs', () => {
    for (const agent of ['cgminer/4.11.1', 'bfgminer/5.5.0', 'bmminer/1.0.0'])
      expect([agent, at('etchash', 2.4e9, agent).machine]).toEqual([agent, 'asic']);
    expect(at('etchash', 240e6, 'gminer/3.44').machine).toBe('gpu');
  });

  it('tells no more than the algorithm allows: SRBMiner at 8 kH/s of RandomX is a processor, as XMRig is', () => {
    const [one, other] = ['SRBMiner-MULTI/2.4.0', 'XMRig/6.21.0'].map((agent) => at('rx/0', 8e3, agent));
    expect([one.machine, other.machine]).toEqual(['cpu', 'cpu']);
    expect(one.watts).toBe(other.watts);
    expect(one.watts).toBeLessThan(300);
    expect(at('kawpow', 25e6, 'SRBMiner-MULTI/2.4.0').machine).toBe('gpu');
  });

  it('does not outrank a rate that no such machine has', () => {
    expect(at('sha256d', 200e12, 'XMRig/6.21.0').machine).toBe('asic');
    // A worker called S9 that has the rate of fifteen.
    const hashrate = { estimate: 200e12, low: 190e12, high: 210e12 };
    const named = powerOf({
      parts: [{ algorithm: 'sha256d', hashrate, basis: 'shares', duty: 1 }],
      atUs: Date.UTC(2024, 6, 1) * 1000,
      agents: [],
      workers: ['s9_01'],
      rigs: { low: 1, high: 1 },
      convention: 'total',
    });
    expect(named?.watts).toBeLessThan(6000);
  });
});
