import { keccak_256 } from '@noble/hashes/sha3';
import { describe, expect, it } from 'vitest';
import { beam } from '../../src/dialects/beam.ts';
import { chia } from '../../src/dialects/chia.ts';
import { cryptonote } from '../../src/dialects/cryptonote.ts';
import { dero } from '../../src/dialects/dero.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { duinoCoin } from '../../src/dialects/duino-coin.ts';
import { epic } from '../../src/dialects/epic.ts';
import { ergo } from '../../src/dialects/ergo.ts';
import { grin } from '../../src/dialects/grin.ts';
import { DIALECTS } from '../../src/dialects/index.ts';
import { ironFish } from '../../src/dialects/iron-fish.ts';
import { kaspa } from '../../src/dialects/kaspa.ts';
import { kawpow } from '../../src/dialects/kawpow.ts';
import { nervos } from '../../src/dialects/nervos.ts';
import { stratumV1 } from '../../src/dialects/stratum-v1.ts';
import { stratumV2 } from '../../src/dialects/stratum-v2.ts';
import { websocketMiner } from '../../src/dialects/websocket-miner.ts';
import { xelis } from '../../src/dialects/xelis.ts';
import {
  client,
  dialogue,
  factsOf,
  post,
  recognitionOf,
  respond,
  server,
  type Utterance,
} from '../support/dialogue.ts';
import { fold } from '../support/hearing.ts';
import { random } from '../support/random.ts';
import type { Fact } from '../support/recording-sink.ts';
import { browser, opening, site } from '../support/websocket.ts';

const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const I = '9ac1d4f0772b1e35c8a06b9d21e4f7088356fa1db2c9e0473f16588ad07b2c94';
const BLOB = `1010d7a1b2c306${H}00000000${I}05`;
const TARGET = `000000007fff8${'0'.repeat(51)}`;
const UNIT = 2 ** 32;

/** Seed of an epoch: so many Keccak hashes of 32 zero bytes. */
function seedOf(epoch: number): string {
  let seed = new Uint8Array(32);
  for (let at = 0; at < epoch; at++) seed = Uint8Array.from(keccak_256(seed));
  return Buffer.from(seed).toString('hex');
}

const job = (jobId: string, hashes: number | null): Fact => ({
  kind: 'job',
  jobId,
  difficulty: hashes === null ? null : { scale: 'hashes', value: hashes },
});
const algorithm = (
  name: string,
  detail: string,
  source: 'dialect' | 'job' | 'family' = 'dialect',
  side: 'pool' | 'miner' = 'pool',
): Fact => ({ kind: 'algorithm', algorithm: name, source, detail, side });
const coin = (name: string): Fact => ({ kind: 'coin', coin: name, source: 'dialect', side: 'pool' });

describe('KawPow and its family', () => {
  const notify = (seed: string, height: unknown): string =>
    `S {"id":null,"method":"mining.notify","params":["2c","${H}","${seed}","${TARGET}",true,${height},"1b00b1e3"]}`;
  const PROOF = 'seed and height of the job: length of an epoch';
  const cases: { name: string; height: number; epoch: number; expected: Fact }[] = [
    {
      name: 'KawPow by epochs of 7500',
      height: 3_421_900,
      epoch: 456,
      expected: algorithm('kawpow', PROOF, 'job'),
    },
    {
      name: 'FiroPow by epochs of 1300',
      height: 905_123,
      epoch: 696,
      expected: algorithm('firopow', PROOF, 'job'),
    },
    {
      name: 'EvrProgPow by epochs of 12000',
      height: 1_204_000,
      epoch: 100,
      expected: algorithm('evrprogpow', PROOF, 'job'),
    },
    {
      name: 'ProgPow by epochs of 30000',
      height: 15_000_001,
      epoch: 500,
      expected: algorithm('progpow', PROOF, 'job'),
    },
    {
      name: 'the family where no length fits',
      height: 3_421_900,
      epoch: 3,
      expected: algorithm('progpow', 'jobs of the ProgPow family', 'family'),
    },
  ];
  for (const { name, height, epoch, expected } of cases) {
    it(`names ${name}`, () =>
      expect(factsOf(kawpow, dialogue(notify(seedOf(epoch), height)))).toEqual([
        expected,
        // 2^33/(1 − 2^-16), docs/reference/protocols.md 5.5.
        job('2c', 8_590_065_666.000031),
      ]));
  }

  it('does not take six parts, or a height in quotes', () => {
    const said = dialogue(`
      ${notify(I, '"3421900"')}
      S {"id":null,"method":"mining.notify","params":["2c","${H}","${I}","${TARGET}",true,3421900]}`);
    expect(recognitionOf([kawpow], said)).toEqual({ certain: [], possible: [] });
    expect(factsOf(kawpow, said)).toEqual([]);
  });
});

describe('Kaspa', () => {
  it('takes both forms of set_extranonce, both forms of the job and any number of nonce digits', () => {
    const said = dialogue(`
      S {"method":"set_extranonce","params":["0029"]}
      S {"method":"mining.set_extranonce","params":["0029",6]}
      S {"jsonrpc":"2.0","method":"mining.set_difficulty","params":[64]}
      S {"method":"mining.notify","params":["8",[13200419938410021373,9117771100235511873,70011220033004411,1532990011227788],1755427523101]}
      S {"method":"mining.notify","params":["9","${H}1d5c9fbe98010000"]}
      C {"id":3,"method":"mining.submit","params":["kaspa:qx.rig5","9","a1b2c3d4"]}
      S {"id":3,"result":null,"error":[23,"Invalid difficulty",null]}`);
    expect(factsOf(kaspa, said)).toEqual([
      { kind: 'service', method: 'set_extranonce' },
      { kind: 'service', method: 'mining.set_extranonce' },
      { kind: 'difficulty', difficulty: { scale: 'hashes', value: 64 * UNIT } },
      algorithm('kaspa-family', 'jobs of Kaspa', 'family'),
      job('8', null),
      job('9', null),
      { ...algorithm('kheavyhash', 'jobs of Kaspa, account of this coin'), side: 'miner' },
      { kind: 'share', token: 0, jobId: '9', account: 'kaspa:qx', worker: 'rig5', nonce: 'a1b2c3d4' },
      { kind: 'answer', token: 0, outcome: 'low-difficulty', text: 'Invalid difficulty' },
    ]);
  });
});

describe('Ergo', () => {
  it('takes the target as a string or a number, and the older job with its set_target', () => {
    const said = dialogue(`
      S {"id":null,"method":"mining.set_difficulty","params":[4000000000]}
      S {"id":null,"method":"mining.notify","params":["a",1204511,"${H}","","","3","${2n ** 224n}","",true]}
      S {"id":null,"method":"mining.notify","params":["b",1204512,"${H}","","",3,${2 ** 224},"",false]}
      S {"id":null,"method":"mining.set_target","params":["${'0'.repeat(8)}${'f'.repeat(56)}"]}
      S {"id":null,"method":"mining.notify","params":["c","${H}",1204513,true]}
      C {"id":7,"method":"mining.submit","params":["u.w","c","00a1b2c3"]}
      S {"id":7,"result":false,"error":[21,"low difficulty",null]}`);
    expect(factsOf(ergo, said)).toEqual([
      { kind: 'service', method: 'mining.set_difficulty' },
      algorithm('autolykos2', 'jobs of Ergo'),
      coin('ERG'),
      job('a', UNIT),
      job('b', UNIT),
      { kind: 'difficulty', difficulty: { scale: 'hashes', value: UNIT } },
      job('c', null),
      { kind: 'share', token: 0, jobId: 'c', account: 'u', worker: 'w', nonce: '00a1b2c3' },
      { kind: 'answer', token: 0, outcome: 'low-difficulty', text: 'low difficulty' },
    ]);
  });
});

describe('Grin', () => {
  const CYCLE = JSON.stringify(Array.from({ length: 42 }, (_, at) => at * 3 + 1));
  const notify = (id: number, difficulty: number): string =>
    `S {"id":"Stratum","jsonrpc":"2.0","method":"job","params":{"difficulty":${difficulty},"height":9,"job_id":${id},"pre_pow":"${H.repeat(7)}"}}`;
  const submit = (edgeBits: number, pow = CYCLE): string =>
    `C {"id":"2","jsonrpc":"2.0","method":"submit","params":{"edge_bits":${edgeBits},"height":9,"job_id":0,"nonce":88123900411277190000,"pow":${pow}}}`;

  it('prices what the size of the graph leaves no doubt about, in graphs', () => {
    const said = dialogue(`${notify(0, 1)}
      ${notify(1, 32_768)}
      ${submit(32)}
      ${notify(2, 32_768)}
      ${submit(29)}
      ${notify(3, 2)}
      ${notify(4, 1)}`);
    const jobs = factsOf(grin, said).filter(({ kind }) => kind === 'job');
    expect(jobs).toEqual([
      // A cycle in 42 graphs; difficulty 32768 is one cycle of two with 32 bits (weight 16384), unknown before.
      job('9/0', 42),
      job('9/1', null),
      job('9/2', 84),
      job('9/3', null),
      job('9/4', 42),
    ]);
  });

  it('wants a cycle of 42 ascending edges', () => {
    for (const pow of ['[]', '[1,2,3]', CYCLE.replace('[1,', '[5,'), CYCLE.replace('4,', '"4",')]) {
      expect(recognitionOf([grin], dialogue(submit(32, pow))).certain).toEqual([]);
    }
    expect(recognitionOf([grin], dialogue(submit(32))).certain).toEqual(['grin']);
  });
});

describe('BEAM', () => {
  it('reads refusals of logins and shares from code and words', () => {
    const said = dialogue(`
      C {"method":"login","api_key":"key","id":"login","jsonrpc":"2.0"}
      S {"id":"login","code":-32003,"description":"Login failed: unauthorized","jsonrpc":"2.0"}
      C {"method":"solution","id":"7","nonce":"0011223344556677","output":"${'5a'.repeat(104)}","jsonrpc":"2.0"}
      C {"method":"solution","id":"7","nonce":"0011223344556678","output":"${'5b'.repeat(104)}","jsonrpc":"2.0"}
      S {"id":"7","code":1,"description":"accepted","jsonrpc":"2.0"}
      S {"id":"7","method":"result","code":2,"description":"rejected: duplicate share","jsonrpc":"2.0"}`);
    expect(factsOf(beam, said).filter(({ kind }) => kind !== 'share')).toEqual([
      { kind: 'login', account: 'key', worker: null },
      { kind: 'admission', admitted: false, reason: 'Login failed: unauthorized' },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
      { kind: 'answer', token: 1, outcome: 'duplicate', text: 'rejected: duplicate share' },
    ]);
  });
});

describe('Iron Fish', () => {
  it('reads why a miner is sent away', () => {
    const said = dialogue(`
      C {"id":0,"method":"mining.subscribe","body":{"version":2,"publicAddress":"${H}"}}
      S {"id":1,"method":"mining.wait_for_work"}
      S {"id":2,"method":"mining.disconnect","body":{"reason":"bad_version","versionExpected":3}}`);
    expect(factsOf(ironFish, said)).toEqual([
      { kind: 'login', account: H, worker: null },
      { kind: 'service', method: 'mining.wait_for_work' },
      { kind: 'admission', admitted: false, reason: 'bad_version' },
    ]);
  });
});

describe('Nervos in SparkPool’s form', () => {
  it('is read with its rate, pushes and codes in quotes', () => {
    const work = (hash: string): string =>
      `{"pow_hash":"0x${hash}","target":"0x${'0'.repeat(8)}${'f'.repeat(56)}"}`;
    const said = dialogue(`
      C {"id":1,"method":"ckb_submitLogin","params":{"login":"ckb1qyqabc","agent":"NBMiner/39.6","worker":"rig5"}}
      S {"id":1,"result":true}
      C {"id":2,"method":"ckb_getWork","params":null}
      S {"id":2,"result":${work(H)}}
      S {"id":0,"result":${work(I)}}
      C {"id":3,"method":"ckb_submitWork","params":{"pow_hash":"0x${I}","nonce":"0x9a93e9597317c7a"}}
      S {"id":3,"error":{"code":"23","message":"low difficulty"}}
      C {"id":4,"method":"ckb_submitHashrate","params":"0x3e8"}
      S {"id":4,"result":true}`);
    expect(recognitionOf(DIALECTS, said).certain).toEqual(['nervos']);
    expect(factsOf(nervos, said)).toEqual([
      { kind: 'login', account: 'ckb1qyqabc', worker: 'rig5' },
      { kind: 'agent', agent: 'NBMiner/39.6' },
      { kind: 'admission', admitted: true, reason: '' },
      { kind: 'request', method: 'ckb_getWork' },
      algorithm('eaglesong', 'jobs of Nervos'),
      coin('CKB'),
      job(H, UNIT),
      job(I, UNIT),
      { kind: 'share', token: 0, jobId: I, account: null, worker: null, nonce: '9a93e9597317c7a' },
      { kind: 'answer', token: 0, outcome: 'low-difficulty', text: 'low difficulty' },
      { kind: 'self-reported', hashrate: 1000 },
    ]);
  });
});

describe('browser miners', () => {
  const JOB = { job_id: 'j1', blob: BLOB, target: 'ffffff00' };

  it('are read in webminerpool’s envelope', () => {
    const said = [
      ...opening('/', { Origin: 'https://news.example' }),
      browser({
        identifier: 'handshake',
        pool: 'minexmr',
        login: 'wallet.page',
        password: 'hunter2',
        userid: '',
        version: 7,
      }),
      site({ identifier: 'job', ...JOB, algo: 'cn/r', height: 5 }),
      browser({ identifier: 'solved', job_id: 'j1', nonce: '1f000002', result: H }),
      site('{"identifier":"hashsolved"}'),
      browser({ identifier: 'solved', job_id: 'j1', nonce: '1f000003', result: H }),
      site('{"identifier":"error","param":"Invalid job id"}'),
    ];
    expect(recognitionOf(DIALECTS, said).certain).toEqual(['websocket-miner']);
    const facts = factsOf(websocketMiner, said);
    expect(JSON.stringify(facts)).not.toContain('hunter2');
    expect(facts).toEqual([
      { kind: 'login', account: 'wallet', worker: 'page' },
      { kind: 'target', host: 'site.example', port: 0 },
      algorithm('cn/r', 'algo of the job', 'job'),
      job('j1', 256),
      { kind: 'share', token: 0, jobId: 'j1', account: null, worker: null, nonce: '1f000002', reaches: 4 },
      { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
      { kind: 'share', token: 1, jobId: 'j1', account: null, worker: null, nonce: '1f000003', reaches: 4 },
      { kind: 'answer', token: 1, outcome: 'stale', text: 'Invalid job id' },
    ]);
  });

  it('are refused a site key that is wrong', () => {
    const said = [
      ...opening(),
      browser(
        '{"type":"auth","params":{"site_key":"Lq7TtExampleKey00000000000000000","type":"user","user":"bob"}}',
      ),
      site('{"type":"error","params":{"error":"invalid_site_key"}}'),
    ];
    expect(factsOf(websocketMiner, said)).toEqual([
      { kind: 'login', account: 'Lq7TtExampleKey00000000000000000', worker: 'bob' },
      { kind: 'target', host: 'site.example', port: 0 },
      { kind: 'admission', admitted: false, reason: 'invalid_site_key' },
    ]);
  });

  const envelopes: { name: string; said: Utterance[]; expected: ReturnType<typeof recognitionOf> }[] = [
    {
      name: 'two objects deep',
      said: [...opening(), site({ op: 1, data: { work: JOB } })],
      expected: { certain: [], possible: ['websocket-miner'] },
    },
    {
      name: 'an event of Socket.IO',
      said: [...opening(), site(`42${JSON.stringify(['j', JOB])}`)],
      expected: { certain: [], possible: ['websocket-miner'] },
    },
    {
      name: 'with work on it',
      said: [
        ...opening(),
        site({ op: 1, data: { work: JOB } }),
        browser({ op: 2, data: { job_id: 'j', nonce: '0000000a', result: H } }),
      ],
      expected: { certain: ['websocket-miner'], possible: ['websocket-miner'] },
    },
    {
      name: 'four objects deep',
      said: [...opening(), site({ a: { b: { c: JOB } } })],
      expected: { certain: [], possible: [] },
    },
    {
      name: 'with a target of 16 digits',
      said: [...opening(), site({ v: { ...JOB, target: 'ffffffffffffff00' } })],
      expected: { certain: [], possible: ['websocket-miner'] },
    },
    {
      name: 'over HTTP',
      said: [post('/work', { v: 1 }), respond({ v: JOB })],
      expected: { certain: [], possible: ['polled-work', 'websocket-miner'] },
    },
    {
      name: 'a short blob',
      said: [...opening(), site({ v: { ...JOB, blob: BLOB.slice(0, 140) } })],
      expected: { certain: [], possible: [] },
    },
    {
      name: 'a target of other length',
      said: [...opening(), site({ v: { ...JOB, target: 'ffffff' } })],
      expected: { certain: [], possible: [] },
    },
  ];
  for (const { name, said, expected } of envelopes) {
    it(`are looked for in other envelopes: ${name}`, () =>
      expect(recognitionOf(DIALECTS, said)).toEqual(expected));
  }

  it('that speak a stratum over WebSocket are read by its own dialect', () => {
    const login = { id: 1, method: 'login', params: { login: 'w', pass: 'x', agent: 'web' } };
    const said = [...opening(), browser(login), site({ id: 1, result: { id: 's', job: JOB, status: 'OK' } })];
    expect(recognitionOf([cryptonote], said).certain).toEqual(['cryptonote']);
    const plain = [
      ...opening(),
      browser('{"id":1,"method":"mining.subscribe","params":["x"]}'),
      site('{"id":1,"result":[[],"0000",4],"error":null}'),
    ];
    expect(recognitionOf(DIALECTS, plain)).toEqual({ certain: [], possible: ['stratum-v1'] });
  });
});

describe('DERO', () => {
  it('submits a mini block of 48 bytes, whose last 12 are the nonce', () => {
    const block = `${H}${I}`.slice(0, 72);
    const said = [
      ...opening('/ws/dero1q.rig5'),
      site({
        jobid: 'j',
        difficultyuint64: 9000,
        blockhashing_blob: `${block}${'0'.repeat(24)}`,
      }),
      browser({ jobid: 'j', mbl_blob: `${block}00112233445566778899aabb` }),
      browser({ jobid: 'j', mbl_blob: `${block}00112233445566778899aa` }),
    ];
    expect(factsOf(dero, said).filter(({ kind }) => kind === 'job' || kind === 'share')).toEqual([
      job('j', 9000),
      expect.objectContaining({ kind: 'share', jobId: 'j', nonce: '00112233445566778899aabb' }),
    ]);
  });
});

describe('Nimiq', () => {
  const BLOCK = 'QUJD'.repeat(30);
  it.each([
    ['a block and its proof', { block: BLOCK, minerAddrProof: 'x' }, ['nimiq']],
    ['the header of a block and its proof', { blockHeader: BLOCK, minerAddrProof: 'x' }, ['nimiq']],
    ['a block without its proof', { block: BLOCK }, []],
    ['a block of 99 digits', { block: BLOCK.slice(0, 99), minerAddrProof: 'x' }, []],
    ['another part of it', { body: BLOCK, minerAddrProof: 'x' }, []],
  ])('takes for a share %s', (_, parts, certain) => {
    const said = [...opening(), browser({ message: 'share', ...parts })];
    expect(recognitionOf(DIALECTS, said).certain).toEqual(certain);
  });
});

describe('Xelis', () => {
  const wallet = 'xel:ys4peuzztwl67rzhsdu0yxfzwcfmgt85uu53hycpeeary7n8qvysqmxznt0';
  // 2025-08-17 10:45:23 UTC, 1755427523000 ms since 1970, in hex as it stands: eleven digits.
  const time = '198b7a249b8';
  const shares = (user: string): string => `
    S {"id":null,"method":"mining.notify","params":["1","${time}","${H}",true]}
    C {"id":4,"method":"mining.submit","params":["${user}","1","${time}","0000000000000001"]}
    S {"id":4,"result":true}`;
  const opened = `
    C {"id":1,"method":"mining.subscribe","params":["Rigel/1.19.3"]}
    S {"id":1,"result":["s","${I}",32,"${H}"]}
    C {"id":2,"method":"mining.authorize","params":["${wallet}","rig5","x"]}
    S {"id":2,"result":true}`;
  const users = (said: string): unknown =>
    factsOf(xelis, dialogue(said)).flatMap((fact) =>
      fact.kind === 'login' || fact.kind === 'share' ? [[fact.kind, fact.account, fact.worker]] : [],
    );

  it('takes the name in a share for the worker of the wallet that logged in', () => {
    expect(users(opened + shares('rig5'))).toEqual([
      ['login', wallet, 'rig5'],
      ['share', wallet, 'rig5'],
    ]);
    expect(users(shares('rig5'))).toEqual([['share', null, 'rig5']]);
    expect(users(opened + shares(`${wallet}.rig5`))).toEqual([
      ['login', wallet, 'rig5'],
      ['share', wallet, 'rig5'],
    ]);
  });

  it('reads a time without leading zeros', () => {
    expect(factsOf(xelis, dialogue(shares('rig5')))).toContainEqual({
      kind: 'job',
      jobId: '1',
      difficulty: null,
    });
  });
});

describe('Duino-Coin', () => {
  it('never reads the key, counts no number that answers no job, and takes lines without end', () => {
    const said = [
      server('3.0'),
      client('JOB,amira,LOW,hunter2'),
      server('23,invalid\n'),
      client('1,2,3'),
      server(`${H.slice(0, 40)},${I.slice(0, 40)},8\n`),
      client('17,55,ESP32 Miner 4.3,None,DUCOID1'),
      server('BAD'),
    ];
    const facts = factsOf(duinoCoin, said);
    expect(JSON.stringify(facts)).not.toContain('hunter2');
    expect(facts).toEqual([
      { kind: 'service', method: 'version' },
      { kind: 'request', method: 'JOB' },
      algorithm('duco-s1', 'jobs of Duino-Coin'),
      coin('DUCO'),
      job(I.slice(0, 40), 400),
      { kind: 'agent', agent: 'ESP32 Miner 4.3' },
      { kind: 'login', account: 'amira', worker: null },
      { kind: 'share', token: 0, jobId: I.slice(0, 40), account: 'amira', worker: null, nonce: null },
      { kind: 'self-reported', hashrate: 55 },
      { kind: 'answer', token: 0, outcome: 'other', text: '' },
    ]);
  });
});

describe('Chia', () => {
  it('knows a farmer by its look at its own difficulty, and makes no work of partials', () => {
    const said = [
      client(
        `GET /farmer?launcher_id=${H}&authentication_token=5201771&signature=${'cd'.repeat(96)} HTTP/1.1\r\nHost: pool.example\r\n\r\n`,
      ),
      respond({
        authentication_public_key: 'ab',
        payout_instructions: I,
        current_difficulty: 10,
        current_points: 5000,
      }),
    ];
    expect(recognitionOf(DIALECTS, said)).toEqual({ certain: ['chia'], possible: ['chia'] });
    expect(factsOf(chia, said)).toEqual([
      { kind: 'login', account: H, worker: null },
      algorithm('proof-of-space', 'partials of Chia: space is proven, nothing is hashed', 'dialect', 'miner'),
      { kind: 'coin', coin: 'XCH', source: 'dialect', side: 'miner' },
      { kind: 'admission', admitted: true, reason: '' },
    ]);
  });

  it('is not every page named like that', () => {
    const said = [
      client('GET /farmer?id=7 HTTP/1.1\r\n\r\n'),
      respond({ name: 'bob' }),
      post('/login', { user: 'a' }),
      respond({ error_code: 'x' }),
    ];
    expect(recognitionOf(DIALECTS, said)).toEqual({ certain: [], possible: [] });
  });
});

describe('Stratum V2', () => {
  const bytes = (text: string): Uint8Array => Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex');
  const target = (zeros: number): string => `${'ff'.repeat(32 - zeros)}${'00'.repeat(zeros)}`;
  const text = (value: string): string =>
    `${value.length.toString(16).padStart(2, '0')}${Buffer.from(value).toString('hex')}`;
  const frame = (type: string, payload: string, isChannel = false): Uint8Array => {
    const body = bytes(payload);
    const size = Buffer.alloc(3);
    size.writeUIntLE(body.length, 0, 3);
    return Buffer.concat([bytes(isChannel ? '0080' : '0000'), bytes(type), size, body]);
  };

  it('prices jobs of a group by the target of each channel', () => {
    const said = [
      server(frame('11', `01000000 02000000 ${target(4)} 00 09000000`)),
      server(frame('11', `02000000 03000000 ${target(5)} 00 09000000`)),
      server(frame('15', `09000000 05000000 01 c3b2a168 00000020 ${H}`, true)),
      server(frame('21', `03000000 ${target(6)}`, true)),
      server(frame('15', `09000000 06000000 01 c3b2a168 00000020 ${H}`, true)),
    ];
    const facts = factsOf(stratumV2, said).filter(({ kind }) => kind === 'job');
    expect(facts).toEqual([
      job('2/5', 2 ** 32),
      job('3/5', 2 ** 40),
      job('2/6', 2 ** 32),
      job('3/6', 2 ** 48),
    ]);
  });

  it('reads extended channels, refusals and reconnects', () => {
    const said = [
      client(frame('13', `01000000 ${text('farm.r1')} 00000000 ${target(4)} 0800`)),
      server(frame('14', `01000000 07000000 ${target(4)} 0400 02abcd`)),
      server(frame('1f', `07000000 05000000 01 c3b2a168 00000020 01 01 ${H} 0200 abcd 0200 abcd`, true)),
      client(frame('1b', '07000000 01000000 05000000 8f140000 c3b2a168 00000020 0400000001', true)),
      client(frame('1b', '07000000 02000000 05000000 90140000 c3b2a168 00000020 0400000002', true)),
      server(frame('1d', `07000000 01000000 ${text('difficulty-too-low')}`, true)),
      server(frame('1c', '07000000 02000000 01000000 0000000100000000', true)),
      server(frame('04', `${text('b.pool.example')} 050d`)),
      server(frame('12', `09000000 ${text('unknown-user')}`)),
    ];
    expect(factsOf(stratumV2, said)).toEqual([
      { kind: 'login', account: 'farm', worker: 'r1' },
      { kind: 'admission', admitted: true, reason: '' },
      { kind: 'difficulty', difficulty: { scale: 'hashes', value: UNIT } },
      algorithm('sha256d', 'jobs of Stratum V2, which serves Bitcoin’s header'),
      job('7/5', UNIT),
      { kind: 'share', token: 0, jobId: '7/5', account: 'farm', worker: 'r1', nonce: '0000148f' },
      { kind: 'share', token: 1, jobId: '7/5', account: 'farm', worker: 'r1', nonce: '00001490' },
      { kind: 'answer', token: 0, outcome: 'low-difficulty', text: 'difficulty-too-low' },
      { kind: 'answer', token: 1, outcome: 'accepted', text: '' },
      { kind: 'reconnect', host: 'b.pool.example', port: 3333 },
      { kind: 'admission', admitted: false, reason: 'unknown-user' },
    ]);
  });

  describe('encrypted', () => {
    const draw = random(11);
    const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => draw.below(256));
    const OPENING = [client(noise(64)), server(noise(234)), client(noise(118)), server(noise(44))];
    const opened: Fact[] = [
      { kind: 'request', method: 'noise act 1' },
      { kind: 'service', method: 'noise act 2' },
      { kind: 'service', method: 'noise setup answered' },
    ];
    const share = (token: number): Fact => ({
      kind: 'share',
      token,
      jobId: null,
      account: null,
      worker: null,
      nonce: null,
    });

    it('is possible and never certain, with shares by their size and no difficulty', () => {
      const said = [
        ...OPENING,
        client(noise(91)),
        server(noise(95)),
        client(noise(62)),
        server(noise(58)),
        client(noise(124)),
        client(noise(78)),
      ];
      expect(recognitionOf(DIALECTS, said)).toEqual({ certain: [], possible: ['stratum-v2'] });
      expect(factsOf(stratumV2, said)).toEqual([...opened, share(0), share(1), share(2)]);
    });

    it('takes another size for a share from its third time on', () => {
      const said = [
        ...OPENING,
        client(noise(91)),
        client(noise(71)),
        client(noise(71)),
        client(noise(71)),
        client(noise(142)),
        client(noise(78)),
      ];
      expect(factsOf(stratumV2, said)).toEqual([...opened, share(0), share(1), share(2)]);
    });
  });
});

describe('proxies and markets', () => {
  const summary = (dialect: Dialect, said: readonly Utterance[]): ReturnType<typeof fold> =>
    fold(dialect.id, factsOf(dialect, said));
  const notify = `S {"id":null,"method":"mining.notify","params":["1","${H}","01","02",[],"20000000","17034219","68a1b2c3",true]}`;

  it('NiceHash names itself, with its time and signature behind', () => {
    const said = dialogue(`
      C {"id":1,"method":"mining.subscribe","params":["NiceHash/1.0.0","1755427523101","${H}"]}
      S {"id":1,"result":[[],"81000001",4],"error":null}
      C {"id":2,"method":"mining.extranonce.subscribe","params":[]}
      C {"id":3,"method":"mining.authorize","params":["acct","x"]}
      S {"id":3,"result":true,"error":null}
      ${notify}`);
    expect(recognitionOf(DIALECTS, said).certain).toEqual(['stratum-v1']);
    expect(summary(stratumV1, said)).toMatchObject({
      agent: 'NiceHash/1.0.0',
      logins: ['acct'],
      admitted: true,
      jobs: 1,
    });
  });

  it('a farm proxy submits for many workers on one connection', () => {
    const said = dialogue(`
      C {"id":1,"method":"mining.subscribe","params":["farm-proxy/24.06"]}
      S {"id":1,"result":[[],"81000001",4],"error":null}
      C {"id":2,"method":"mining.authorize","params":["farm","x"]}
      S {"id":2,"result":true,"error":null}
      ${notify}
      C {"id":3,"method":"mining.submit","params":["farm.r1","1","00000001","68a1b2c3","00000001"]}
      C {"id":4,"method":"mining.submit","params":["farm.r2","1","00000002","68a1b2c3","00000002"]}
      S {"id":3,"result":true,"error":null}
      S {"id":4,"result":true,"error":null}`);
    expect(summary(stratumV1, said)).toMatchObject({
      logins: ['farm', 'farm/r1', 'farm/r2'],
      answers: { accepted: 2 },
    });
  });

  it('P2Pool’s miners log in with a difficulty, XMRig’s proxy with its name', () => {
    const said = dialogue(`
      C {"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"x+1000","pass":"x","agent":"xmrig-proxy/6.26.0 (Linux x86_64) libuv/1.48.0","algo":["rx/0"]}}
      S {"id":1,"jsonrpc":"2.0","error":null,"result":{"id":"s","job":{"blob":"${BLOB}","job_id":"1","target":"375a4100","height":3310021,"seed_hash":"${H}"},"extensions":["algo","nicehash","connect"],"status":"OK"}}`);
    expect(summary(cryptonote, said)).toMatchObject({
      agent: 'xmrig-proxy/6.26.0 (Linux x86_64) libuv/1.48.0',
      logins: ['x'],
      admitted: true,
      jobs: 1,
    });
  });
});

describe('all dialects together', () => {
  it('never say a password', () => {
    const said = [
      ...dialogue(`
        C {"id":1,"method":"mining.authorize","params":["xel:abc","rig","hunter2"]}
        C {"id":2,"method":"ckb_submitLogin","params":{"login":"w","pass":"hunter2"}}
        C {"method":"login","api_key":"w","pass":"hunter2","id":"login"}
        C {"id":3,"method":"login","params":{"login":"w","pass":"hunter2"}}
        C {"id":4,"method":"mining.subscribe","body":{"publicAddress":"w","password":"hunter2"}}`),
    ];
    for (const dialect of DIALECTS) expect(JSON.stringify(factsOf(dialect, said))).not.toContain('hunter2');
  });
});

describe('Epic Cash', () => {
  it('takes a cycle alone, under a name, and behind the size of its graph', () => {
    const cycle = Array.from({ length: 42 }, (_, i) => i * 7 + 1);
    for (const pow of [{ Cuckatoo: cycle }, { Cuckoo: { nonces: cycle } }, { Cuckoo: [31, cycle] }]) {
      const params = { height: 7, job_id: 3, nonce: 10, pow };
      const said = `C ${JSON.stringify({ id: '1', jsonrpc: '2.0', method: 'submit', params })}`;
      expect(factsOf(epic, dialogue(said))).toMatchObject([{ kind: 'share', jobId: '7/3', nonce: 'a' }]);
    }
  });
});
