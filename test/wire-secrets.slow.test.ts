/** Each kind of secret that a client sends, planted in a session that is found: no output holds it, and no packet of --extract. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { writeBundle } from '../src/commands/bundle.ts';
import { extractHost } from '../src/extract.ts';
import { FORMATS, renderAudit } from '../src/report/index.ts';
import { type Conversation, conversation, type Said } from './support/conversation.ts';
import { scanInputs } from './support/scanning.ts';
import { writeCapture } from './support/split.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { frame } from './support/websocket.ts';

const folder = temporaryFolder();
const SECRET = 'Zq7-Kestrel9Orbit';
const bytes = (...parts: readonly (string | number)[]): Uint8Array =>
  Buffer.from(
    parts.map((part) => (typeof part === 'number' ? String.fromCharCode(part) : part)).join(''),
    'latin1',
  );
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The writings in which bytes hold it. */
function found(text: string): string[] {
  const forms = {
    plain: SECRET,
    hex: Buffer.from(SECRET).toString('hex'),
    utf16: [...SECRET].join('\0'),
    ...Object.fromEntries(
      [0, 1, 2].map((before) => {
        const whole = base64(`${'u'.repeat(before)}${SECRET}`).replace(/=+$/, '');
        return [`base64 at ${before}`, whole.slice(before === 0 ? 0 : before + 1, -1)];
      }),
    ),
  };
  return Object.entries(forms).flatMap(([name, form]) =>
    text.toLowerCase().includes(form.toLowerCase()) ? [name] : [],
  );
}

const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const job = {
  blob: `1010d7a1b2c306${H}00000000${H}05`,
  job_id: 'j1',
  target: 'b88d0600',
  algo: 'rx/0',
  height: 3_310_021,
  seed_hash: H,
};
const share = (id: number, more: object = {}) => ({
  ...{ id, method: 'submit' },
  params: {
    id: 's',
    job_id: 'j1',
    nonce: `0${id}0000aa`,
    result: `${'0'.repeat(6)}${H.slice(8)}00`,
    ...more,
  },
});

interface Planted {
  readonly name: string;
  /** What the client says before its login, each with an answer. */
  readonly before?: readonly (readonly [client: Said, server: Said])[];
  readonly login?: object;
  readonly share?: object;
  /** Beside the members of the login's message. */
  readonly message?: object;
  readonly reply?: object;
}

const head = (...fields: readonly string[]): string =>
  `GET /hello HTTP/1.1\r\nHost: pool.example\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`;
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const header = (...fields: readonly string[]): Pick<Planted, 'before'> => ({
  before: [[Buffer.from(head(...fields)), Buffer.from(ANSWER)]],
});
const agent = (text: string): Pick<Planted, 'login'> => ({ login: { agent: text } });
const form = (body: string): Pick<Planted, 'before'> => ({
  before: [
    [
      Buffer.from(
        `POST /login HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      ),
      Buffer.from(ANSWER),
    ],
  ],
});

const PLANTED: readonly Planted[] = [
  { name: 'password of a login', login: { pass: SECRET } },
  { name: 'password by its long name', login: { password: SECRET } },
  { name: 'password behind an account', login: { login: `acct:${SECRET}` } },
  { name: 'password behind a worker', login: { login: `acct.rig:${SECRET}` } },
  { name: 'password among the options of one', login: { pass: `c=XMR,pass=${SECRET}` } },
  { name: 'rig token', login: { token: SECRET } },
  { name: 'key of an interface', login: { api_key: SECRET } },
  { name: 'secret in an object', login: { extra: { secret: SECRET } } },
  { name: 'authorization in the message', message: { authorization: `Bearer ${SECRET}` } },
  { name: 'pin', login: { pin: SECRET } },
  { name: 'agent with --pass=', ...agent(`XMRig/6.22.2 --pass=${SECRET}`) },
  { name: 'agent with -p', ...agent(`xmrig -o pool.example:3333 -u acct -p ${SECRET}`) },
  { name: 'agent with -p and no blank', ...agent(`minerd -u acct -p${SECRET} -t 4`) },
  { name: 'agent with -O', ...agent(`minerd -O acct:${SECRET}`) },
  { name: 'agent with --userpass', ...agent(`minerd --userpass=acct:${SECRET}`) },
  { name: 'agent with a URL', ...agent(`xmrig stratum+tcp://acct:${SECRET}@pool.example:3333`) },
  { name: 'agent with a token', ...agent(`miner/1.0 token=${SECRET}`) },
  { name: 'agent with -epsw', ...agent(`PhoenixMiner -epsw ${SECRET} -ewal acct`) },
  { name: 'agent with --dpass', ...agent(`miner --dpass ${SECRET}`) },
  { name: 'agent with a token behind a blank', ...agent(`xmrig --api-access-token ${SECRET}`) },
  { name: 'agent with a proxy', ...agent(`xmrig --proxy=u:${SECRET}@10.0.0.1:1080`) },
  { name: 'token in one word', login: { accessToken: SECRET } },
  { name: 'key in one word', login: { privateKey: SECRET } },
  { name: 'password in one word', login: { loginPassword: SECRET } },
  { name: 'password behind a rig', login: { rigid: `rig1:${SECRET}` } },
  { name: 'ticket of a session', login: { jwt: SECRET } },
  { name: 'share that repeats a password', login: { pass: SECRET }, share: { result: SECRET } },
  { name: 'answer that repeats a password', login: { pass: SECRET }, reply: { message: `wrong ${SECRET}` } },
  { name: 'request with Basic', ...header(`Authorization: Basic ${base64(`u:${SECRET}`)}`) },
  { name: 'request with Bearer', ...header(`Authorization: Bearer ${SECRET}`) },
  {
    name: 'request with a proxy’s Basic',
    ...header(`Proxy-Authorization: Basic ${base64(`user:${SECRET}`)}`),
  },
  { name: 'request with a cookie', ...header(`Cookie: sid=${SECRET}; a=b`) },
  { name: 'request with a key in its head', ...header(`X-Api-Key: ${SECRET}`) },
  { name: 'request with an agent', ...header(`User-Agent: cpuminer --pass=${SECRET}`) },
  {
    name: 'request with a token in its query',
    before: [[Buffer.from(head().replace('/hello', `/hello?access_token=${SECRET}`)), Buffer.from(ANSWER)]],
  },
  {
    name: 'request with a password in its URL',
    before: [
      [Buffer.from(head().replace('/hello', `http://u:${SECRET}@pool.example/`)), Buffer.from(ANSWER)],
    ],
  },
  { name: 'form', ...form(`user=acct&pass=${SECRET}`) },
  { name: 'form with escapes', ...form(`user=acct&pass=${SECRET.replace('-', '%2D')}`) },
  {
    name: 'token as a subprotocol of WebSocket',
    ...header('Upgrade: websocket', `Sec-WebSocket-Protocol: stratum, ${SECRET}`),
  },
  {
    name: 'password of SOCKS 5',
    before: [
      [bytes(5, 2, 0, 2), bytes(5, 2)],
      [bytes(1, 4, 'user', SECRET.length, SECRET), bytes(1, 0)],
      [bytes(5, 1, 0, 1, 198, 51, 100, 7, 0x0d, 0x05), bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)],
    ],
  },
  {
    name: 'password of SOCKS 5, said at once',
    before: [
      [bytes(5, 1, 2, 1, 4, 'user', SECRET.length, SECRET), bytes(5, 2, 1, 0)],
      [bytes(5, 1, 0, 1, 198, 51, 100, 7, 0x0d, 0x05), bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)],
    ],
  },
  {
    name: 'password of SOCKS 5, in two packets',
    before: [
      [bytes(5, 1, 2), bytes(5, 2)],
      [bytes(1, 4, 'user', SECRET.length, SECRET.slice(0, 2)), ''],
      [bytes(SECRET.slice(2)), bytes(1, 0)],
      [bytes(5, 1, 0, 1, 198, 51, 100, 7, 0x0d, 0x05), bytes(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)],
    ],
  },
  {
    name: 'user of SOCKS 4',
    before: [[bytes(4, 1, 0x0d, 0x05, 198, 51, 100, 7, SECRET, 0), bytes(0, 0x5a, 0, 0, 0, 0, 0, 0)]],
  },
];

function talkOf({
  before = [],
  login = {},
  message = {},
  share: more = {},
  reply = {},
}: Planted): Conversation {
  const talk = conversation({ miner: '192.0.2.5:40000', pool: '203.0.113.80:3333' }).connect();
  for (const [client, server] of before) {
    talk.minerSays(client);
    if (server !== '') talk.poolSays(server);
  }
  return talk
    .minerSays({
      id: 1,
      method: 'login',
      params: { login: 'acct', pass: 'x', agent: 'XMRig/6.22.2', ...login },
      ...message,
    })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } })
    .after(5)
    .minerSays(share(2))
    .poolSays({ id: 2, jsonrpc: '2.0', error: null, result: { status: 'OK' } })
    .after(5)
    .minerSays(share(3, more))
    .poolSays({
      id: 3,
      jsonrpc: '2.0',
      error: Object.keys(reply).length > 0 ? { code: -1, ...reply } : null,
      result: null,
    });
}

const PAGE = { width: 120, color: false, zone: 'UTC', language: 'en' } as const;

const BUNDLE = {
  zone: 'UTC',
  language: 'en',
  withSecrets: false,
  captures: null,
  command: 'minesweep explain',
  nowMs: Date.UTC(2026, 11, 1),
} as const;

describe('no output holds a secret of the wire:', () => {
  it.each(PLANTED.map((planted, i) => ({ ...planted, i })))('$name', async ({ i, ...planted }) => {
    const capture = writeCapture(folder, `planted-${i}`, talkOf(planted).toPackets());
    // Split by an escape or a packet it is in no writing that this test looks for.
    if (!/escapes|two packets/.test(planted.name))
      expect(found(readFileSync(capture, 'latin1'))).not.toEqual([]);
    const audit = await scanInputs([capture]);
    expect(audit.sessions.map(({ verdict }) => verdict)).toEqual(['confirmed']);
    for (const format of FORMATS)
      expect([format, ...found([...(await renderAudit(format, audit, PAGE))].join(''))]).toEqual([format]);
    const packets = path.join(folder, `packets-${i}.pcap`);
    await extractHost(audit, '192.0.2.5', packets);
    const text = readFileSync(packets, 'latin1');
    expect(found(text)).toEqual([]);
    // Parts of it, as they stood.
    expect(text).not.toMatch(/Kestrel9|Orbit/);
    expect(text).toContain('"method":"submit"');
    const zip = path.join(folder, `bundle-${i}.zip`);
    const [host] = audit.hosts;
    expect(await writeBundle(audit, host, zip, BUNDLE)).toBeNull();
    for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zip))))
      expect([name, ...found(Buffer.from(bytes).toString('latin1'))]).toEqual([name]);
  });
});

it('nor do packets of a WebSocket, whose client masks its frames', async () => {
  const clear = JSON.stringify({
    id: 1,
    method: 'login',
    params: { login: 'acct', pass: SECRET, agent: 'xmrig/6' },
  });
  const again = JSON.stringify(share(3, { note: SECRET }));
  const talk = conversation({ miner: '192.0.2.5:40000', pool: '203.0.113.80:3333' })
    .connect()
    .minerSays(Buffer.from(head('Upgrade: websocket', 'Connection: Upgrade')))
    .poolSays(Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'))
    .minerSays(Buffer.from(frame(clear, { masked: true })))
    .poolSays(
      Buffer.from(frame(JSON.stringify({ id: 1, error: null, result: { id: 's', job, status: 'OK' } }))),
    )
    .after(5)
    .minerSays(Buffer.from(frame(again, { masked: true })))
    .poolSays(Buffer.from(frame(JSON.stringify({ id: 3, error: null, result: { status: 'OK' } }))));
  const capture = writeCapture(folder, 'masked', talk.toPackets());
  const maskedText = (text: string): string => Buffer.from(frame(text, { masked: true })).toString('latin1');
  expect(readFileSync(capture, 'latin1')).toContain(maskedText(clear));
  const audit = await scanInputs([capture]);
  const packets = path.join(folder, 'masked-packets.pcap');
  await extractHost(audit, '192.0.2.5', packets);
  const text = readFileSync(packets, 'latin1');
  const hidden = 'x'.repeat(SECRET.length);
  for (const said of [clear, again]) {
    expect(text).not.toContain(maskedText(said));
    expect(text).toContain(maskedText(said.replace(SECRET, hidden)));
  }
  // Nothing else was changed: the session is found again.
  expect((await scanInputs([packets])).sessions.map(({ shares }) => shares.accepted)).toEqual([1]);
});
