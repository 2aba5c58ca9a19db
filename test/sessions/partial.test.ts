/** Sessions of which a part is missing, or comes in other words: whoever works is found all the same. */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { snap } from '../support/transform.ts';

const folder = temporaryFolder();
const draw = random(5);
const hex = (digits: number): string =>
  Array.from({ length: digits }, () => draw.below(16).toString(16)).join('');
const ETH = '0xed4465beb77a9122de24fa3ca844e062e727a98d';
const XMR = '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
const H = hex(64);

/** What a scan finds: verdict, and shares submitted and accepted, by session. */
async function found(name: string, packets: readonly CapturedPacket[]): Promise<unknown> {
  const audit = await scanInputs([writeCapture(folder, name, packets)]);
  return audit.sessions.map(({ dialect, verdict, shares }) => [
    dialect,
    verdict,
    shares.submitted,
    shares.accepted,
  ]);
}

/** A session of 12 shares, under a plain account unless told, whose hashes are what `result` makes. */
function cryptonote(result: () => string, login: object = { login: 'bob', pass: 'x' }) {
  const talk = conversation({ miner: '192.0.2.7:40001', pool: '198.51.100.7:3333' }).connect();
  talk.minerSays({ id: 1, jsonrpc: '2.0', method: 'login', params: login });
  talk.poolReplies({
    error: null,
    result: {
      id: '9c',
      job: { blob: `1010${hex(148)}`, job_id: 'j1', target: 'b88d0600', algo: 'rx/0', seed_hash: H },
      status: 'OK',
    },
  });
  for (let at = 0; at < 12; at++) {
    talk.after(7);
    talk.minerSays({
      id: 2 + at,
      jsonrpc: '2.0',
      method: 'submit',
      params: { id: '9c', job_id: 'j1', nonce: hex(8), result: result() },
    });
    talk.poolReplies({ error: null, result: { status: 'OK' } });
  }
  return talk.toPackets();
}

/** Without the packet in which the pool's answer to the login came. */
const withoutTheLoginsAnswer = (packets: readonly CapturedPacket[]): CapturedPacket[] =>
  packets.filter(({ bytes }) => !Buffer.from(bytes).includes('"blob"'));

describe('a session of CryptoNote without the answer to its login', () => {
  it('is found by shares whose hashes prove their work', async () => {
    // Read from its end, the last two bytes are the highest: 0 in one of 65,536 hashes.
    const packets = cryptonote(() => `${hex(60)}0000`);
    expect(await found('whole', packets)).toEqual([['cryptonote', 'confirmed', 12, 12]]);
    expect(await found('lost', withoutTheLoginsAnswer(packets))).toEqual([
      ['cryptonote', 'probable', 12, 12],
    ]);
  });

  it('is not made of numbers that anybody draws', async () => {
    expect(await found('drawn', withoutTheLoginsAnswer(cryptonote(() => hex(64))))).toEqual([]);
  });

  it('is not made where one of them is no hash of that work', async () => {
    let at = 0;
    const results = (): string => (at++ === 5 ? `${hex(62)}ff` : `${hex(60)}0000`);
    expect(await found('one', withoutTheLoginsAnswer(cryptonote(results)))).toEqual([]);
  });
});

describe('a session of CryptoNote in packets that were cut', () => {
  const login = { login: XMR, pass: 'x', agent: 'XMRig/6.26.0 (Linux x86_64)' };
  const cut = (params: object, length: number): CapturedPacket[] => snap(cryptonote(draws, params), length);
  const draws = (): string => hex(64);

  // Of a packet 54 bytes are headers. The login's parameters begin behind 60 more, a share's behind 61.
  it('is found by a login with an address: its 95 characters end at 211', async () => {
    expect(await found('cut-212', cut(login, 212))).toEqual([['cryptonote', 'probable', 12, 12]]);
    expect(await found('cut-208', cut(login, 208))).toEqual([]);
  });

  it('is found by an agent, whose name is enough where its end is lost', async () => {
    const named = { ...login, login: 'bob' };
    expect(await found('agent', cut(named, 160))).toEqual([['cryptonote', 'probable', 12, 12]]);
    const audit = await scanInputs([writeCapture(folder, 'agent-of', cut(named, 160))]);
    expect(audit.sessions[0]?.agent).toMatch(/^XMRig\/6.*…$/);
    expect(await found('other', cut({ ...named, agent: 'quizapp/2.3' }, 160))).toEqual([]);
  });

  it('is confirmed where the answer to the login shows that it was taken', async () => {
    // The share is whole with 250 bytes, the job is not.
    expect(await found('cut-250', cut(login, 250))).toEqual([['cryptonote', 'confirmed', 12, 12]]);
  });
});

describe('a session of ETHPROXY', () => {
  it('is found by its login where nobody can read its work', async () => {
    const talk = conversation({ miner: '192.0.2.8:40001', pool: '198.51.100.8:4444' }).connect();
    talk.minerSays({ id: 1, method: 'eth_submitLogin', params: [ETH, 'x'], worker: 'rig5' });
    talk.poolReplies({ result: true });
    talk.minerSays({ id: 5, method: 'eth_getWork', params: [] });
    talk.poolReplies({ result: [`0x${H}`, `0x${hex(64)}`, 'in another form'] });
    for (let at = 0; at < 4; at++) {
      talk.after(9);
      talk.minerSays({
        id: 40,
        method: 'eth_submitWork',
        params: [`0x${hex(16)}`, `0x${H}`, `0x${hex(64)}`],
      });
      talk.poolReplies({ result: true });
    }
    const packets = talk.toPackets();
    // Of a server that sends no work that anybody can read, nobody can say that it is a pool.
    expect(await found('eth', packets)).toEqual([['eth-proxy', 'suspected', 4, 4]]);
    // Met behind the login, in packets that show the method and not the work.
    const late = snap(packets.slice(10), 128);
    expect(await found('eth-late', late)).toEqual([['eth-proxy', 'probable', 4, 4]]);
  });
});

describe('a solo miner with a connection for each request and no known software', () => {
  const post = (body: object, fields: string): Uint8Array => {
    const text = JSON.stringify(body);
    return Buffer.from(`POST / HTTP/1.1\r\nContent-Length: ${text.length}\r\n${fields}\r\n${text}`);
  };
  const respond = (body: object): Uint8Array => {
    const text = JSON.stringify(body);
    return Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
  };
  const block = `00000020${H}${hex(64)}68a1b2c3ffff001d0000148f01${hex(160)}`;
  /** Eight templates, then one block, each on a connection of its own. */
  const solo = (fields: string, word: string | null): CapturedPacket[] =>
    Array.from({ length: 9 }, (_, at) => {
      const talk = conversation({
        miner: `192.0.2.9:${40_001 + at}`,
        pool: '198.51.100.9:8332',
        startUs: 1_795_560_000_000_000 + at * 20e6,
      }).connect();
      if (at < 8) {
        talk.minerSays(post({ id: 0, method: 'getblocktemplate', params: [{ rules: ['segwit'] }] }, fields));
        const previousblockhash = Buffer.from(H, 'hex').reverse().toString('hex');
        const result = { previousblockhash, bits: '1d00ffff', height: 905_123, transactions: [] };
        talk.poolSays(respond({ id: 0, result, error: null }));
      } else {
        talk.minerSays(post({ id: 1, method: 'submitblock', params: [block] }, fields));
        talk.poolSays(respond({ id: 1, result: word, error: null }));
      }
      return talk.close().toPackets();
    }).flat();

  it('is found by a block that the node takes', async () => {
    const fields = 'Authorization: Basic dXNlcjpwYXNz\r\n';
    expect(await found('named', solo(fields, null))).toEqual([['getblocktemplate', 'confirmed', 1, 1]]);
    expect(await found('nameless', solo('', null))).toEqual([['getblocktemplate', 'probable', 1, 1]]);
  });

  it('is nobody where the node takes none', async () => {
    expect(await found('refused', solo('', 'high-hash'))).toEqual([]);
  });
});
