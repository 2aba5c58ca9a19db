/** A connection counts as read only if what follows its login was understood as well: a login-shaped line opens no door. */
import { describe, expect, it } from 'vitest';
import { type Conversation, conversation, type Said } from '../support/conversation.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('understood');
const HASH = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const draw = random(47);

const login = { id: 1, method: 'login', params: { login: 'alice', pass: 'x' } };
const admitted = { id: 1, result: { id: 's1', status: 'OK' }, error: null };
const refused = { id: 1, jsonrpc: '2.0', error: { code: -1, message: 'Unauthenticated' } };
const blob = `1010d7a1b2c306${HASH}00000000${HASH}05`;
const job = (i: number) => ({ job_id: `j${i}`, blob, target: 'b88d0600' });
const share = (i: number) => ({
  id: i + 2,
  method: 'submit',
  params: { id: 's1', job_id: `j${i}`, nonce: '00c0ffee', result: HASH },
});
const accepted = (i: number) => ({ id: i + 2, jsonrpc: '2.0', error: null, result: { status: 'OK' } });
const pushed = (i: number) => ({ jsonrpc: '2.0', method: 'job', params: job(i) });

type Encoding = (message: object) => Said;
const text = (message: object): string => JSON.stringify(message);
const xored: Encoding = (message) => Uint8Array.from(Buffer.from(text(message)), (byte) => byte ^ 0xa5);
const base64: Encoding = (message) => `${Buffer.from(text(message)).toString('base64')}\n`;
const wrapped: Encoding = (message) => ({
  id: 9,
  method: 'call',
  params: [Buffer.from(text(message)).toString('base64')],
});
const renamed: Encoding = (message) =>
  JSON.parse(
    text(message)
      .replace('"submit"', '"share"')
      .replace('"job"', '"work"')
      .replaceAll('"job_id"', '"j"')
      .replace('"blob"', '"data"')
      .replace('"target"', '"t"')
      .replace('"nonce"', '"n"'),
  );
const noise: Encoding = () => Uint8Array.from({ length: 200 }, () => draw.below(256));
const plain: Encoding = (message) => message;

/** Twenty minutes of work in that encoding, behind what is said first. */
function session(encoded: Encoding, first: (talk: Conversation) => void): Conversation {
  const talk = conversation({ miner: '192.0.2.5:4000', pool: '198.51.100.5:7100' }).connect();
  first(talk);
  for (let i = 0; i < 40; i++)
    talk
      .poolSays(encoded(pushed(i)))
      .after(10)
      .minerSays(encoded(share(i)))
      .after(20)
      .poolSays(encoded(accepted(i)));
  return talk.close();
}

let files = 0;
async function judgedAs(talk: Conversation): Promise<string[]> {
  const audit = await scanInputs([writeCapture(folder, `${++files}`, talk.toPackets())]);
  const { notJudged, ...ways } = audit.coverage.judged;
  return Object.entries({ ...ways, ...notJudged }).flatMap(([way, { conversations }]) =>
    conversations > 0 ? [way] : [],
  );
}

const OPENINGS: readonly [string, (talk: Conversation) => void][] = [
  ['a login that is admitted', (talk) => talk.minerSays(login).poolSays(admitted)],
  ['a login that is refused', (talk) => talk.minerSays(login).poolSays(refused)],
  ['a login without an answer', (talk) => talk.minerSays(login)],
  [
    'a subscription that is refused',
    (talk) =>
      talk
        .minerSays({ id: 1, method: 'mining.subscribe', params: [] })
        .poolSays({ id: 1, result: null, error: [20, 'unknown method', null] }),
  ],
];
const ENCODINGS: readonly [string, Encoding][] = [
  ['XORed messages', xored],
  ['lines of base64', base64],
  ['base64 in calls', wrapped],
  ['messages with other keys', renamed],
  ['random bytes', noise],
];

describe('a connection is not read', () => {
  for (const [opening, first] of OPENINGS)
    it.each(ENCODINGS)(`if ${opening} is followed by %s`, async (_, encoded) => {
      expect(await judgedAs(session(encoded, first))).toEqual(['unread']);
    });

  it('if its shares have no fields that make them shares', async () => {
    const hidden: Encoding = (message) =>
      JSON.parse(text(message), (key, value) =>
        typeof value === 'string' && !['method', 'jsonrpc', 'status'].includes(key)
          ? Buffer.from(value).toString('base64')
          : value,
      );
    expect(await judgedAs(session(hidden, OPENINGS[0][1]))).toEqual(['unread']);
  });
});

describe('a connection is read', () => {
  it('if all of it is a session', async () => {
    expect(await judgedAs(session(plain, OPENINGS[0][1]))).toEqual(['read']);
  });

  it('if it keeps itself open with calls that its dialect knows', async () => {
    const talk = conversation({ miner: '192.0.2.5:4000', pool: '198.51.100.5:7100' }).connect();
    talk.minerSays(login).poolSays({ ...admitted, result: { id: 's1', job: job(0), status: 'OK' } });
    for (let i = 0; i < 60; i++)
      talk
        .after(60)
        .minerSays({ id: i + 2, jsonrpc: '2.0', method: 'keepalived', params: { id: 's1' } })
        .poolSays({ id: i + 2, jsonrpc: '2.0', error: null, result: { status: 'KEEPALIVED' } });
    expect(await judgedAs(talk.close())).toEqual(['read']);
  });
});
