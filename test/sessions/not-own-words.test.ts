/** Servers that are no pools, made to say what a pool says: who speaks to them has no session, and they are none. */
import { describe, expect, it } from 'vitest';
import { type Conversation, conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const HASH = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
const job = { job_id: 'a', blob: `1010f1d69ad606${HASH}00000000${HASH}1f`, target: 'b88d0600', algo: 'rx/0' };
const loggedIn = { id: 's', job, status: 'OK' };
const login = { id: 1, method: 'login', params: { login: XMR, pass: 'x', agent: 'XMRig/6.21.0' } };
const submit = (id: number): object => ({
  ...{ id, method: 'submit' },
  params: { id: 's', job_id: 'a', nonce: `0000000${id}`, result: HASH },
});

async function verdictsOf(name: string, talk: Conversation): Promise<unknown> {
  const audit = await scanInputs([writeCapture(folder, name, talk.toPackets())], { local: ['192.0.2.0/24'] });
  return audit.hosts.map(({ ip, verdict }) => `${ip} ${verdict}`);
}

const connected = (): Conversation =>
  conversation({ miner: '203.0.113.66:40000', pool: '192.0.2.77:3333' }).connect();

describe('a server that is no pool', () => {
  it('returns the parameters of each call: what it was sent is not its own word', async () => {
    let talk = connected();
    const call = (id: number, method: string, params: object, result: object): void => {
      const sent = { id, method, params: { ...params, ...result } };
      talk = talk.minerSays(sent).poolSays({ id, result: sent.params, error: null }).after(9);
    };
    call(1, 'login', login.params, loggedIn);
    for (let id = 2; id < 9; id++)
      call(id, 'submit', { id: 's', job_id: 'a', nonce: `0000000${id}`, result: HASH }, {});
    expect(await verdictsOf('echo', talk)).toEqual(['203.0.113.66 attempted']);
  });

  it('gives back what was stored, beside errors in plain text', async () => {
    const unknown = (): void => {
      talk = talk.poolSays('-ERR unknown command\r\n');
    };
    let talk = connected().minerSays(login);
    unknown();
    talk = talk.minerSays('GET r\r\n').poolSays({ id: 1, result: loggedIn, error: null });
    for (let id = 2; id < 9; id++) {
      talk = talk.after(9).minerSays(submit(id));
      unknown();
      talk = talk.minerSays('GET o\r\n').poolSays({ id, result: { status: 'OK' }, error: null });
    }
    expect(await verdictsOf('stored', talk)).toEqual(['203.0.113.66 attempted']);
  });

  it('knows no such method, and gives back what was put there', async () => {
    let talk = connected();
    const call = (id: number, method: string, params: object, result: object): void => {
      const [put, answer] = [
        { id: id + 100, method: 'put' },
        { id, result, error: null },
      ];
      talk = talk.minerSays({ id, method, params });
      talk = talk.poolSays({ id, result: null, error: { code: -32601, message: 'Method not found' } });
      talk = talk.minerSays({ ...put, params: [answer] }).poolSays({ id: put.id, result: true, error: null });
      talk = talk.minerSays({ id: id + 200, method: 'get', params: [] }).poolSays(answer);
      talk = talk.after(9);
    };
    call(1, 'login', login.params, loggedIn);
    for (let id = 2; id < 9; id++)
      call(id, 'submit', { id: 's', job_id: 'a', nonce: `0000000${id}`, result: HASH }, { status: 'OK' });
    expect(await verdictsOf('put', talk)).toEqual(['203.0.113.66 attempted']);
  });

  it('is a broker, which passes on what others publish', async () => {
    const passed = (id: number, result: object): string => {
      const text = JSON.stringify({ id, result, error: null });
      return `MSG to.miner 1 ${text.length}\r\n${text}\r\n`;
    };
    let talk = connected().minerSays(login).poolSays(passed(1, loggedIn));
    for (let id = 2; id < 9; id++)
      talk = talk
        .after(9)
        .minerSays(submit(id))
        .poolSays(passed(id, { status: 'OK' }));
    expect(await verdictsOf('broker', talk)).toEqual(
      ['192.0.2.77 suspected', '203.0.113.66 suspected'].slice(1),
    );
  });
});

it('a pool that is sent a form by a page of a browser has no session with who reads it', async () => {
  const lines = [login, ...[2, 3, 4, 5, 6, 7, 8].map(submit)]
    .map((each) => `${JSON.stringify(each)}\n`)
    .join('');
  const head = [
    ...[
      'POST / HTTP/1.1',
      'Host: 192.0.2.77:3333',
      'Origin: https://page.example',
      'Content-Type: text/plain',
    ],
    ...[`Content-Length: ${lines.length}`, 'User-Agent: Mozilla/5.0', '', ''],
  ].join('\r\n');
  let talk = connected().minerSays(`${head}${lines}`).poolSays({ id: 1, result: loggedIn, error: null });
  for (let id = 2; id < 9; id++)
    talk = talk.poolSays({ id, result: null, error: { code: -1, message: 'Low difficulty share' } });
  expect(await verdictsOf('form', talk)).toEqual(['203.0.113.66 suspected']);
  const next = (name: string): object => ({ method: 'job', params: { ...job, job_id: name } });
  talk = connected()
    .minerSays(`${head}${lines}`)
    .poolSays({ id: 1, result: loggedIn, error: null })
    .poolSays(next('b'), next('c'));
  expect(await verdictsOf('form-jobs', talk)).toEqual(['203.0.113.66 suspected']);
});
