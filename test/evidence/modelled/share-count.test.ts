/** Counts of shares from bytes and packets: generated sessions whose shares are known lie within the range. */
import { describe, expect, it } from 'vitest';
import { shareCount, shareSize, type ThinTraffic } from '../../../src/evidence/modelled/share-count.ts';
import { random } from '../../support/random.ts';

const THIN: ThinTraffic = {
  bytesOut: 0,
  packetsOut: 0,
  packetsIn: 0,
  connections: 1,
  seconds: 3600,
  isIpv6: false,
  samplingInterval: 1,
  observedPackets: 1000,
};

describe('the number of shares', () => {
  it('is not told where nothing is', () => {
    const size = shareSize('rx/0');
    expect(shareCount({ ...THIN, seconds: 0 }, size)).toBeNull();
    expect(shareCount({ ...THIN, samplingInterval: 100, observedPackets: 9 }, size)).toBeNull();
    expect(shareCount(THIN, size)).toEqual({ low: 0, central: 0, high: expect.closeTo(3.689, 2) });
  });

  it('is never more than the packets of either direction allow', () => {
    const counted = shareCount(
      { ...THIN, bytesOut: 1e6, packetsOut: 2000, packetsIn: 22 },
      shareSize('rx/0'),
    );
    expect(counted?.central).toBe(20);
    expect(counted?.low).toBeLessThan(20);
    expect(counted?.high).toBeLessThan(32);
  });

  it('is what headers, opening and housekeeping leave of the bytes, whose headers are longer by 20 in IPv6', () => {
    const size = { low: 100, central: 150, high: 200 };
    // 1,000 packets with headers of 51 bytes, an opening of 400, half a byte a second: 42,000 bytes are of shares.
    const bytesOut = 1000 * 51 + 400 + 3600 / 2 + 42_000;
    const thin = { ...THIN, packetsOut: 1000, packetsIn: 1000 };
    expect(shareCount({ ...thin, bytesOut }, size)?.central).toBe(280);
    const six = { ...thin, bytesOut: bytesOut + 1000 * 20, isIpv6: true };
    expect(shareCount(six, size)).toEqual(shareCount({ ...thin, bytesOut }, size));
    // Headers of 40 bytes, a login of 60 and nothing else: 55,140 bytes in shares of 100, plus what a count may scatter.
    expect(shareCount(six, size)?.high).toBeCloseTo(551.4 + 1.96 * Math.sqrt(551.4), -1);
  });

  it('is told less well the fewer packets were looked at', () => {
    const traffic = { ...THIN, bytesOut: 200_000, packetsOut: 1400, packetsIn: 800 };
    const width = (samplingInterval: number, observedPackets: number): number => {
      const counted = shareCount({ ...traffic, samplingInterval, observedPackets }, shareSize('rx/0'));
      return counted === null ? 0 : counted.high / counted.low;
    };
    expect(width(10, 220)).toBeGreaterThan(width(1, 2200));
    expect(width(100, 22)).toBeGreaterThan(width(10, 220));
  });

  for (const algorithm of [
    'rx/0',
    'sha256d',
    'ethash',
    'kawpow',
    'kheavyhash',
    'equihash',
    'equihash125_4',
  ]) {
    it(`of ${algorithm} lies within the range in at least 95 of 100 sessions`, () => {
      const rng = random(7);
      const size = shareSize(algorithm);
      const runs = 400;
      let held = 0;
      for (let run = 0; run < runs; run++) {
        const headers = rng.pick([40, 52]);
        const tls = rng.chance(0.3) ? 22 : 0;
        const seconds = rng.between(120, 7200);
        const share = rng.between(Math.ceil(size.low), Math.floor(size.high) - 34) + tls;
        const mean = rng.between(5, 60);
        let shares = 0;
        for (let at = rng.exponential(mean); at < seconds; at += rng.exponential(mean)) shares++;
        const jobs = Math.round(seconds / rng.between(10, 60));
        const opening = rng.between(150, 450) + (tls > 0 ? rng.between(400, 900) : 0);
        const keepAlives = rng.chance(0.5) ? Math.floor(seconds / 60) : 0;
        const segments = Math.ceil(share / 1448);
        // Each share is acknowledged with its answer, each answer and job by the miner.
        const packetsOut = 3 + shares * (segments + 1) + jobs + keepAlives * 2;
        const payload = opening + shares * share + keepAlives * (100 + tls);
        const counted = shareCount(
          {
            ...THIN,
            bytesOut: payload + packetsOut * headers,
            packetsOut,
            packetsIn: 3 + shares + jobs + keepAlives,
            seconds,
          },
          size,
        );
        // The expected number is what a rate is made of.
        const expected = seconds / mean;
        if (counted !== null && counted.low <= expected && expected <= counted.high) held++;
      }
      expect(held / runs).toBeGreaterThanOrEqual(0.95);
    });
  }
});
