/**
 * The counter against the laboratory captures: the rate by their own last nonces and the true one, from the sidecars.
 * The machine was busy: the truth is a mean of the miner's 10 s samples, which moved by a third and more in a run.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { statement } from '../../../src/statements/index.ts';
import { REPO_ROOT } from '../../support/corpus.ts';
import { sessionsOf } from './recorded.ts';

interface Truth {
  readonly true_hashrate: number;
  readonly nonce_hashrate?: number;
}

function truthOf(file: string): Truth {
  const sidecar = path.join(REPO_ROOT, 'fixtures', file.replace(/\.pcap(ng|\.gz)?$/, '.truth.json'));
  return JSON.parse(readFileSync(sidecar, 'utf8'));
}

async function estimatesOf(file: string) {
  const sessions = await sessionsOf(path.join(REPO_ROOT, 'fixtures', file));
  return sessions.filter(({ counter }) => counter !== null).map(({ counter }) => counter?.estimate ?? null);
}

/** Sessions with a counter, and the true rate where it is not the sidecar's, with the reason. */
const CLOCKS: readonly { file: string; sessions: number; trueRate?: number; because?: string }[] = [
  { file: 'cryptonote/xmr-loopback-ipv6.pcap.gz', sessions: 1 },
  { file: 'cryptonote/xmr-many-shares.pcap', sessions: 1 },
  { file: 'cryptonote/xmr-nicehash-midsession.pcapng', sessions: 1 },
  {
    file: 'cryptonote/xmr-plain-vardiff.pcap',
    sessions: 1,
    // The mean of the samples 35.97 35.88 35.99 36.51 36.41 35.36 31.25 30.92 30.41 31.56 33.56 32.82 31.14 27.64.
    trueRate: 33.24,
    because: 'its last samples, 18.89 and 12.26, are of seconds after the last share',
  },
  { file: 'wrapped/xmr-socks5.pcap', sessions: 1 },
  { file: 'stratum-v1/btc-minerd.pcap', sessions: 1 },
  { file: 'stratum-v1/btc-v1-full.pcap', sessions: 2 },
];

describe('the counter of laboratory captures', () => {
  for (const { file, sessions, trueRate, because } of CLOCKS) {
    const reason = because === undefined ? '' : ` (${because})`;
    it(`${file}: the interval holds the rate of the last nonces and the true rate${reason}`, async () => {
      const truth = truthOf(file);
      const rates = [trueRate ?? truth.true_hashrate, truth.nonce_hashrate ?? null].filter(
        (rate) => rate !== null,
      );
      const estimates = await estimatesOf(file);
      expect(estimates).toHaveLength(sessions);
      for (const estimate of estimates) {
        if (estimate?.verdict !== 'clock') throw new Error(estimate?.words.map(({ text }) => text).join(' '));
        for (const rate of rates) {
          expect(estimate.low95).toBeLessThan(rate);
          expect(estimate.high95).toBeGreaterThan(rate);
        }
      }
    });
  }

  for (const file of ['ethereum/eth-nicehash.pcap', 'ethereum/eth-proxy.pcap', 'equihash/zec-zip301.pcap']) {
    it(`${file}: nonces with starts of their own are not read`, async () => {
      expect(await estimatesOf(file)).toEqual([]);
    });
  }

  it('cryptonote/xmr-quiet-keepalive.pcap: one share is too few, and that is told', async () => {
    const [estimate] = await estimatesOf('cryptonote/xmr-quiet-keepalive.pcap');
    expect(estimate).toMatchObject({
      verdict: 'no-clock',
      reason: 'too-few-shares',
      pValue: 1,
      sharesUsed: 1,
      words: [statement('no-clock-few', { shares: 1 })],
    });
  });
});
