/** The truth that tests compare with is read rightly, and the interval agrees with a published table. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CORPUS_ABSENT } from './corpus.ts';
import { cjTruth, exactInterval, laboratory, laboratoryCapture, realTruth } from './truth.ts';

describe('the laboratory truth', () => {
  it('has a capture for every truth file', () => {
    const truths = laboratory();
    expect(truths.filter((truth) => !existsSync(truth.capture))).toEqual([]);
    expect([
      truths.filter((truth) => truth.mining).length,
      truths.filter((truth) => !truth.mining).length,
    ]).toEqual([14, 6]);
  });

  it('speaks the words of the contract', () => {
    const { capture, ...truth } = laboratoryCapture('xmr-socks5');
    expect(truth).toEqual({
      name: 'xmr-socks5',
      mining: true,
      dialect: 'cryptonote',
      atMost: 'confirmed',
      miner: '192.0.2.14',
      pool: { ip: '203.0.113.41', port: 5555 },
      via: { ip: '198.51.100.40', port: 1080 },
      algorithm: 'cn-lite/1',
      account:
        '48FAKEWaLLetForTestsDoNotPayGL7oSXA652ScKtq4FabQJrCu7HE2vitHtJDBLKhxowwyQ6wfNjRZGCGXJ6uxcvL1Kdn',
      worker: 'lite-1',
      agent: 'XMRig/6.22.2 (Linux x86_64) libuv/1.48.0 gcc/14.2.0',
      shares: { submitted: 42, accepted: 40, rejected: 0, stale: 2, unanswered: 0 },
      difficulty: [{ timeUs: 1795558897.807202 * 1e6, hashesPerShare: 260 }],
      hashrate: 143.518,
      insideByChance: true,
      selfReported: [],
    });
    expect(capture.endsWith('xmr-socks5.pcap')).toBe(true);
  });

  it('knows the one capture whose truth lies outside its own interval by chance', () => {
    const outside = laboratory().filter((truth) => truth.hashrate !== null && !truth.insideByChance);
    expect(outside.map((truth) => truth.name)).toEqual(['xmr-plain-vardiff']);
  });
});

describe('the exact interval', () => {
  // Garwood 1936; the table in Ulm 1990, Am J Epidemiol 131, 373.
  const table = [
    { count: 0, low: 0, high: 3.689 },
    { count: 1, low: 0.0253, high: 5.572 },
    { count: 10, low: 4.795, high: 18.39 },
    { count: 100, low: 81.36, high: 121.63 },
  ];
  for (const { count, low, high } of table) {
    it(`of ${count} events is the published one`, () => {
      const interval = exactInterval(count);
      expect(interval.low).toBeCloseTo(low, 2);
      expect(interval.high).toBeCloseTo(high, 1);
    });
  }
});

describe('the labels of captures recorded by others', () => {
  it('are read with their quoted cells', ({ skip }) => {
    const rows = realTruth();
    const labels = cjTruth();
    if (rows === null || labels === null) return skip(CORPUS_ABSENT);
    expect(rows.length).toBe(9);
    expect(rows[3]).toEqual({
      capture: 'ndpi-mining-four-sessions.pcapng',
      miner: '147.229.13.222',
      verdict: 'confirmed',
      dialect: 'eth-proxy',
      coin: 'ETH',
      what: '185.71.66.39:9999, with eth_submitHashrate of about 30.4 MH/s',
    });
    expect(labels.length).toBe(8);
    expect(labels[4]?.hashrate_15m).toBe('2154.4');
  });
});
