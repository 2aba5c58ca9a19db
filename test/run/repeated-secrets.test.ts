/** A password is shown nowhere, whoever repeats it: a rig by its name, a pool in its errors, an agent before the login. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { extractHost } from '../../src/extract.ts';
import { type Conversation, conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;
const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const JOB = {
  ...{ blob: `1010d7a1b2c306${H}00000000${H}05`, job_id: 'j1', target: 'b88d0600', algo: 'rx/0' },
  ...{ height: 3_310_021, seed_hash: H },
};
const ASCII = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const HEX = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

const talk = (): Conversation =>
  conversation({ miner: '192.0.2.5:40000', pool: '198.51.100.7:3333' }).connect();

async function audited(said: Conversation) {
  return scanInputs([writeCapture(folder, `talk-${++files}`, said.toPackets())]);
}

/** XMRig logs in, and a pool refuses its first share in such words. */
function xmrig(before: Conversation, params: Readonly<Record<string, unknown>>, words: string): Conversation {
  return before
    .minerSays({ id: 1, jsonrpc: '2.0', method: 'login', params: { agent: 'XMRig/6.22.2', ...params } })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job: JOB, status: 'OK' } })
    .after(9)
    .minerSays({ id: 2, method: 'submit', params: { id: 's', job_id: 'j1', nonce: '00000002', result: H } })
    .poolSays({ id: 2, jsonrpc: '2.0', error: { code: -1, message: words }, result: null });
}

describe('the name of a rig', () => {
  it('is hidden if it repeats the password', async () => {
    const params = { login: 'acct', pass: 'Hunter-22', rigid: 'Hunter-22' };
    const audit = await audited(xmrig(talk(), params, 'Low difficulty share'));
    expect(JSON.stringify(audit)).not.toContain('Hunter');
    expect(audit.sessions[0]?.logins).toEqual([{ account: 'acct', worker: '***' }]);
  });

  it('is hidden behind the account as well, in logins and shares', async () => {
    const audit = await audited(
      talk()
        .minerSays('{"id":1,"method":"mining.subscribe","params":["cgminer/4.12.1"]}\n')
        .poolSays('{"id":1,"result":[[["mining.notify","1"]],"f0000001",8],"error":null}\n')
        .minerSays('{"id":2,"method":"mining.authorize","params":["acct.Hunter-22","Hunter-22"]}\n')
        .poolSays('{"id":2,"result":true,"error":null}\n')
        .minerSays(
          '{"id":3,"method":"mining.submit","params":["acct.Hunter-22","1","00000001","66aabbcc","deadbeef"]}\n',
        )
        .poolSays('{"id":3,"result":null,"error":[24,"unknown worker acct.Hunter-22",null]}\n'),
    );
    expect(JSON.stringify(audit)).not.toContain('Hunter');
    expect(audit.sessions[0]?.logins).toEqual([{ account: 'acct', worker: '***' }]);
  });

  for (const pass of ['x', '123', '123456', 'd=1000', 'c=BTC,d=1000', 'rig07', 'worker1', 'password']) {
    it(`and words of pools are left alone with the password ${pass}`, async () => {
      const words = `rejected: ${pass} x 123456 d=1000`;
      const params = { login: 'acct', pass, rigid: pass === 'password' ? 'rig07' : pass };
      const { sessions, hosts } = await audited(xmrig(talk(), params, words));
      expect(sessions[0]?.logins).toEqual([{ account: 'acct', worker: params.rigid }]);
      expect(JSON.stringify(hosts)).toContain(JSON.stringify(words).slice(1, -1));
    });
  }
});

describe('a password in another writing is hidden', () => {
  const SECRET = 'Zq7-Kestrel+Orbit9';
  const letters = (each: (letter: string) => string, between = ''): string =>
    [...SECRET].map(each).join(between);
  it.each([
    ['hex', Buffer.from(SECRET).toString('hex')],
    ['hex in capitals', `0x${Buffer.from(SECRET).toString('hex').toUpperCase()}`],
    ['hex of UTF-16', Buffer.from(SECRET, 'utf16le').toString('hex')],
    ['base64', Buffer.from(SECRET).toString('base64')],
    ['base64 behind a user', Buffer.from(`user:${SECRET}`).toString('base64')],
    ['base64 of UTF-16', Buffer.from(SECRET, 'utf16le').toString('base64')],
    ['base64 of URLs', Buffer.from(`~?${SECRET}`).toString('base64url')],
    ['UTF-16', letters((letter) => letter, '\0')],
    ['a URL', letters((letter) => `%${letter.charCodeAt(0).toString(16)}`)],
    ['capitals', SECRET.toUpperCase()],
  ])('%s', async (_, written) => {
    const params = { login: 'acct', pass: SECRET, rigid: `rig-${written}`, agent: `XMRig/6.22.2 ${written}` };
    const said = xmrig(talk(), { ...params, note: written }, `no such user ${written}`);
    const [session] = (await audited(said)).sessions;
    expect(session?.agent).toMatch(/^XMRig\/6.22.2 \S*\*{3}=*$/);
    expect(session?.logins[0]?.worker).toMatch(/^rig-\S*\*{3}=*$/);
    const audit = await audited(said);
    expect(JSON.stringify(audit)).toMatch(/no such user \S*\*{3}/);
    const packets = path.join(folder, `packets-${++files}.pcap`);
    await extractHost(audit, '192.0.2.5', packets);
    const text = readFileSync(packets, 'latin1').toLowerCase();
    const core = JSON.stringify(written).slice(4, -4).toLowerCase();
    expect(text).toContain('xmrig/6.22.2');
    expect(text).not.toContain(core);
  });

  it('in letters that JSON escapes, in packets', async () => {
    const params = { login: 'acct', pass: 'ключ-Пароль-7' };
    const ascii = (text: string): string =>
      text.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const login = ascii(JSON.stringify({ id: 1, method: 'login', params }));
    const audit = await audited(xmrig(talk().minerSays(`${login}\n`), { login: 'acct', pass: 'x' }, 'no'));
    const packets = path.join(folder, `packets-${++files}.pcap`);
    await extractHost(audit, '192.0.2.5', packets);
    expect(readFileSync(packets, 'latin1')).not.toMatch(/043f0430|\\u043f/i);
  });

  it('among several users', async () => {
    const params = { login: 'acct', pass: 'x', users: ['acct:Hunter-22'] };
    const audit = await audited(xmrig(talk(), params, 'no such user of Hunter-22'));
    expect(JSON.stringify(audit)).not.toContain('Hunter');
  });
});

describe('a pool that repeats a password', () => {
  it('among the options in its place', async () => {
    const params = { login: 'acct', pass: 'd=1000,pass=Hunter-22' };
    const audit = await audited(xmrig(talk(), params, 'no such user of Hunter-22'));
    expect(JSON.stringify(audit)).not.toContain('Hunter');
    expect(JSON.stringify(audit)).toContain('no such user of ***');
  });

  it('of a login that the snap length cut behind it', async () => {
    const params = { login: 'acct', pass: 'Hunter-22', rigid: 'rig' };
    const packets = xmrig(talk(), params, 'no such user of Hunter-22').toPackets();
    const cut = packets.map((packet) => {
      const bytes = Buffer.from(packet.bytes);
      const end = bytes.indexOf('Hunter-22"') + 10;
      return bytes.includes('"login"') ? { ...packet, bytes: bytes.subarray(0, end) } : packet;
    });
    const audit = await scanInputs([writeCapture(folder, 'cut', cut)]);
    expect(JSON.stringify(audit)).not.toContain('Hunter');
    expect(JSON.stringify(audit)).toContain('no such user of ***');
  });

  it.each(['X-API-Key: Hunter-22', 'Authorization: Token Hunter-22', 'Cookie: session=Hunter-22'])(
    'of a head: %s',
    async (field) => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
      const asks = (body: string): Uint8Array =>
        Buffer.from(
          `POST / HTTP/1.1\r\nUser-Agent: cgminer 4.9\r\n${field}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      const answers = (body: string, more = ''): Uint8Array =>
        Buffer.from(`${head}${more}Content-Length: ${body.length}\r\n\r\n${body}`);
      const work = `00000002${'ab'.repeat(124)}`;
      const audit = await audited(
        talk()
          .minerSays(asks('{"method":"getwork","params":[],"id":1}'))
          .poolSays(
            answers(`{"id":1,"error":null,"result":{"data":"${work}","target":"${'ff'.repeat(32)}"}}`),
          )
          .minerSays(asks(`{"method":"getwork","params":["${work}"],"id":2}`))
          .poolSays(answers('{"id":2,"error":null,"result":false}', 'X-Reject-Reason: bad Hunter-22\r\n')),
      );
      expect(JSON.stringify(audit)).not.toContain('Hunter');
      expect(JSON.stringify(audit)).toContain('bad ***');
    },
  );

  it('of the SOCKS proxy before it', async () => {
    const before = talk()
      .minerSays(HEX('05 02 00 02'))
      .poolSays(HEX('05 02'))
      .minerSays(HEX(`01 04 ${ASCII('user')} 09 ${ASCII('Hunter-22')}`))
      .poolSays(HEX('01 00'))
      .minerSays(HEX('05 01 00 01 c6336409 0d05'))
      .poolSays(HEX('05 00 00 01 00000000 0000'));
    const audit = await audited(xmrig(before, { login: 'acct', pass: 'x' }, 'no such user of Hunter-22'));
    expect(audit.sessions[0]?.via).toHaveLength(1);
    expect(JSON.stringify(audit)).not.toContain('Hunter');
    expect(JSON.stringify(audit)).toContain('no such user of ***');
  });

  it('of the HTTP proxy before it', async () => {
    const credentials = Buffer.from('user:Hunter-22').toString('base64');
    const before = talk()
      .minerSays(
        Buffer.from(
          `CONNECT 198.51.100.9:3333 HTTP/1.1\r\nHost: 198.51.100.9:3333\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`,
        ),
      )
      .poolSays(Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n'));
    const words = `no such user of Hunter-22 (${credentials})`;
    const audit = await audited(xmrig(before, { login: 'acct', pass: 'x' }, words));
    expect(audit.sessions[0]?.via).toHaveLength(1);
    expect(JSON.stringify(audit)).not.toMatch(/Hunter|SHVudGVy/);
    expect(JSON.stringify(audit)).not.toContain(credentials);
  });
});

it('a share is no place for a password either', async () => {
  const audit = await audited(
    talk()
      .minerSays('{"id":1,"method":"mining.subscribe","params":["cgminer/4.12.1"]}\n')
      .poolSays('{"id":1,"result":[[["mining.notify","1"]],"f0000001",8],"error":null}\n')
      .minerSays(
        '{"id":3,"method":"mining.submit","params":["acct.rig:Hunter-22","1","00000001","66aabbcc","deadbeef"]}\n',
      )
      .poolSays('{"id":3,"result":null,"error":[24,"unknown worker acct.rig:Hunter-22",null]}\n'),
  );
  expect(JSON.stringify(audit)).not.toContain('Hunter');
});

it('an agent that says the password before it is sent as one shows it no longer', async () => {
  const audit = await audited(
    talk()
      .minerSays('{"id":1,"method":"mining.subscribe","params":["cgminer/4.12.1 Hunter-22"]}\n')
      .poolSays('{"id":1,"result":[[["mining.notify","1"]],"f0000001",8],"error":null}\n')
      .minerSays('{"id":2,"method":"mining.authorize","params":["acct.rig","Hunter-22"]}\n')
      .poolSays('{"id":2,"result":true,"error":null}\n'),
  );
  expect(audit.sessions[0]?.agent).toBe('cgminer/4.12.1 ***');
  expect(JSON.stringify(audit)).not.toContain('Hunter');
});
