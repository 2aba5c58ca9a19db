/** The sentence of an alert for people: what is over is said to be over, not to be. */
import { describe, expect, it } from 'vitest';
import { alertDigest } from '../../src/report/alert-digest.ts';
import { SAMPLE } from './sample.ts';

const EVENT = { ...SAMPLE, pool: { ip: '198.51.100.68', port: 3333, name: 'SupportXMR' } };

describe('the sentence of an alert', () => {
  it.each([
    ['en', 'appeared', 'cryptocurrency mining appeared: 192.0.2.18 is confirmed at SupportXMR, rx/0'],
    ['en', 'ended', 'cryptocurrency mining ended: 192.0.2.18 (confirmed) at SupportXMR, rx/0'],
    ['zh', 'ended', '虚拟货币挖矿结束：192.0.2.18（确认），矿池 SupportXMR（rx/0）'],
  ] as const)('in %s of one that %s', (language, kind, expected) => {
    const { subject } = alertDigest([{ ...EVENT, kind }], true, { zone: 'UTC', language });
    expect(subject).toBe(expected);
  });
});
