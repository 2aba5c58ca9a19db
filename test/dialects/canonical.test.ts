/**
 * The registry of dialects against what is told of each: a canonical conversation, which says what it says from its beginning
 * and from the middle on. That each has a look-alike is said in test/lookalikes.
 */
import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../src/dialects/index.ts';
import { conversation } from '../support/conversation.ts';
import { hear } from '../support/hearing.ts';
import { CANONICAL, post, respond } from './canonical.ts';
import { RECENT } from './canonical-recent.ts';

/** A monitor asks a device, which answers: nobody logs in, so that it is no session of a pool. */
const DEVICE = conversation({ miner: '192.0.2.9:50000', pool: '192.0.2.77:4028' })
  .connect()
  .minerSays(Buffer.from('{"command":"summary"}'))
  .poolSays(
    Buffer.from(
      `${JSON.stringify({
        STATUS: [
          { STATUS: 'S', When: 1_760_000_000, Code: 11, Msg: 'Summary', Description: 'bmminer 2.0.0' },
        ],
        SUMMARY: [{ Elapsed: 9000, 'GHS av': 93_120.5, Accepted: 7 }],
        id: 1,
      })}\0`,
    ),
  );
const DEVICE_SAYS = {
  dialect: 'device-api',
  agent: 'bmminer 2.0.0',
  ...{ logins: [], admitted: null, jobs: 0, shares: 0, answers: {}, work: {}, algorithms: [], coins: [] },
};

/** A miner tells its manager: nobody hands out work. */
const TOLD = conversation({ miner: '192.0.2.77:50000', pool: '192.0.2.9:80' })
  .connect()
  .minerSays(
    post('/api', 'User-Agent: curl/8\r\n', {
      miner: 'XMRig/6.22.0',
      pool: 'pool.example:3333',
      hashrate: 4200,
      accepted: 7,
    }),
  )
  .poolSays(respond({ command: 'OK' }));
const TELEMETRY_SAYS = { ...DEVICE_SAYS, dialect: 'telemetry', agent: 'XMRig/6.22.0' };

const CONVERSATIONS = [
  ...CANONICAL,
  ...RECENT,
  { conversation: DEVICE, expected: DEVICE_SAYS, late: DEVICE_SAYS },
  { conversation: TOLD, expected: TELEMETRY_SAYS, late: TELEMETRY_SAYS },
];

describe('the canonical conversation', () => {
  it.each(DIALECTS.map(({ id }) => id))('exists for %s', (id) => {
    expect(CONVERSATIONS.filter(({ expected }) => expected.dialect === id)).not.toEqual([]);
  });

  for (const [at, { conversation, expected, late }] of CONVERSATIONS.entries()) {
    it(`of ${expected.dialect} (${at}) says what it says`, () => {
      expect(hear(conversation.toSegments())).toEqual(expected);
      expect(hear(conversation.toSegments({ fromTheMiddle: true }))).toEqual(late);
    });
  }
});
