import type { AlertEvent } from '../../src/alerts/event.ts';

/** One event with everything that may be in it, hostile text included. */
export const SAMPLE: AlertEvent = {
  id: '0123456789abcdef',
  kind: 'appeared',
  time: '2026-11-24T22:49:06.123456Z',
  ip: '192.0.2.18',
  port: 40123,
  verdict: 'confirmed',
  roles: ['miner'],
  pool: { ip: '198.51.100.68', port: 3333, name: 'Pool|of=\\ "mine"\nsecond line' },
  dialect: 'cryptonote',
  algorithm: 'rx/0',
  account: '4Example.worker',
  hashrate: { estimate: 30.8, unit: 'H/s', algorithm: 'rx/0' },
  owner: { class: 'education', name: 'Example University', intent: 'undetermined' },
  first: '2026-11-24T22:47:45.000Z',
  last: '2026-11-24T22:49:06.123456Z',
  pseudonyms: null,
  evidence: [{ code: 'session', text: 'a session' }],
};
