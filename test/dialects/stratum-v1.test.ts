import { describe, expect, it } from 'vitest';
import { stratumV1 } from '../../src/dialects/stratum-v1.ts';
import { client, dialogue, factsOf, server, type Utterance } from '../support/dialogue.ts';
import type { Fact } from '../support/recording-sink.ts';

const PREVIOUS = '22334455e8f90011a4b5c6d760718293e95b2d4f0001a7c30000000000000000';
const COINB1 = `01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff1c03a3cf0d2f6d696e6573776565702d746573742f`;
const COINB2 = 'ffffffff01205fa01200000000160014aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa00000000';
const BRANCHES = JSON.stringify(['1'.repeat(64), '2'.repeat(64)]);
const notify = (job: string, time = '68a1b2c3', bits = '17034219'): string =>
  `{"id":null,"method":"mining.notify","params":["${job}","${PREVIOUS}","${COINB1}","${COINB2}",${BRANCHES},"20000000","${bits}","${time}",true]}`;

const share = (
  token: number,
  jobId: string,
  extraNonce2: string,
  nonce = '0000148f',
  account = 'user',
  worker: string | null = 'rack7',
): Fact => ({
  kind: 'share',
  token,
  jobId,
  account,
  worker,
  nonce,
  extraNonce2,
});
/** The facts without those of algorithm and coin, which have tests of their own. */
const session = (said: readonly Utterance[]): Fact[] =>
  factsOf(stratumV1, said).filter(({ kind }) => kind !== 'algorithm' && kind !== 'coin');

describe('Stratum v1', () => {
  const cases: { name: string; said: string; expected: Fact[] }[] = [
    {
      name: 'reads a whole session, its difficulty from the pool, each answer for its share',
      said: `
        C {"id":1,"method":"mining.configure","params":[["version-rolling"],{"version-rolling.mask":"1fffe000"}]}
        S {"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000"},"error":null}
        C {"id":2,"method":"mining.subscribe","params":["cgminer/4.13.1",null,"pool.example","3333"]}
        S {"id":2,"result":[[["mining.set_difficulty","b4"],["mining.notify","a6"]],"5e0a11c7",4],"error":null}
        C {"id":3,"method":"mining.extranonce.subscribe","params":[]}
        C {"id":4,"method":"mining.authorize","params":["user.rack7","secret"]}
        S {"id":4,"result":true,"error":null}
        S {"id":null,"method":"mining.set_difficulty","params":[65536]}
        S ${notify('4f')}
        C {"params":["user.rack7","4f","00000007","68a1b2c3","0000148f","00c0e000"],"id":5,"method":"mining.submit"}
        C {"params":["user.rack7","4f","00000008","68a1b2c3","0000148f"],"id":5,"method":"mining.submit"}
        S {"id":5,"result":true,"error":null}
        S {"id":5,"result":null,"error":[21,"Job not found",null]}`,
      expected: [
        { kind: 'request', method: 'mining.configure' },
        { kind: 'service', method: 'mining.configure' },
        { kind: 'request', method: 'mining.subscribe' },
        { kind: 'agent', agent: 'cgminer/4.13.1' },
        { kind: 'target', host: 'pool.example', port: 3333 },
        { kind: 'service', method: 'mining.subscribe' },
        { kind: 'request', method: 'mining.extranonce.subscribe' },
        { kind: 'login', account: 'user', worker: 'rack7' },
        { kind: 'admission', admitted: true, reason: '' },
        { kind: 'difficulty', difficulty: { scale: 'units', value: 65536 } },
        { kind: 'job', jobId: '4f', difficulty: null },
        share(0, '4f', '00000007:68a1b2c3:00c0e000'),
        share(1, '4f', '00000008:68a1b2c3'),
        { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
        { kind: 'answer', token: 1, outcome: 'stale', text: 'Job not found' },
      ],
    },
    {
      name: 'reads why ckpool takes no share, which it says beside the result',
      said: `
        C {"params":["user.rack7","4f","00000000","68a1b2c3","0000148f"],"id":5,"method":"mining.submit"}
        S {"reject-reason":"Stale","result":false,"error":null,"id":5}
        C {"params":["user.rack7","4f","00000001","68a1b2c3","0000148f"],"id":6,"method":"mining.submit"}
        S {"reject-reason":"Invalid JobID","result":false,"error":null,"id":6}
        C {"params":["user.rack7","4f","00000002","68a1b2c3","0000148f"],"id":7,"method":"mining.submit"}
        S {"reject-reason":"Duplicate","result":false,"error":null,"id":7}
        C {"params":["user.rack7","4f","00000003","68a1b2c3","0000148f"],"id":8,"method":"mining.submit"}
        S {"reject-reason":"Above target","result":false,"error":null,"id":8}
        C {"params":["user.rack7","4f","00000004","68a1b2c3","0000148f"],"id":9,"method":"mining.submit"}
        S {"reject-reason":"Ntime out of range","result":false,"error":null,"id":9}`,
      expected: [
        share(0, '4f', '00000000:68a1b2c3'),
        { kind: 'answer', token: 0, outcome: 'stale', text: 'Stale' },
        share(1, '4f', '00000001:68a1b2c3'),
        { kind: 'answer', token: 1, outcome: 'stale', text: 'Invalid JobID' },
        share(2, '4f', '00000002:68a1b2c3'),
        { kind: 'answer', token: 2, outcome: 'duplicate', text: 'Duplicate' },
        share(3, '4f', '00000003:68a1b2c3'),
        { kind: 'answer', token: 3, outcome: 'low-difficulty', text: 'Above target' },
        share(4, '4f', '00000004:68a1b2c3'),
        { kind: 'answer', token: 4, outcome: 'malformed', text: 'Ntime out of range' },
      ],
    },
    {
      name: 'takes difficulty 1 where a whole session shows that none was set',
      said: `
        C {"id":1,"method":"mining.subscribe","params":[]}
        S {"id":1,"result":[[],"",4],"error":null}
        S ${notify('1')}`,
      expected: [
        { kind: 'request', method: 'mining.subscribe' },
        { kind: 'service', method: 'mining.subscribe' },
        { kind: 'difficulty', difficulty: { scale: 'units', value: 1 } },
        { kind: 'job', jobId: '1', difficulty: null },
      ],
    },
    ...['0', '-1', 'null', '"easy"'].map((value) => ({
      name: `takes none for granted where the one that was set is ${value}`,
      said: `
        C {"id":1,"method":"mining.subscribe","params":[]}
        S {"id":1,"result":[[],"",4],"error":null}
        S {"id":null,"method":"mining.set_difficulty","params":[${value}]}
        S ${notify('1')}`,
      expected: [
        { kind: 'request', method: 'mining.subscribe' },
        { kind: 'service', method: 'mining.subscribe' },
        { kind: 'job', jobId: '1', difficulty: null },
      ] as Fact[],
    })),
    {
      name: 'says nothing of the difficulty where the session was met in the middle',
      said: `
        S ${notify('1')}
        C {"id":9,"method":"mining.submit","params":["a.b","1","0000000000000000","68a1b2c3","00000001"]}
        S {"id":9,"result":true,"error":null}
        S {"id":null,"method":"mining.set_difficulty","params":["0.5"]}
        S ${notify('2')}`,
      expected: [
        { kind: 'job', jobId: '1', difficulty: null },
        share(0, '1', '0000000000000000:68a1b2c3', '00000001', 'a', 'b'),
        { kind: 'answer', token: 0, outcome: 'accepted', text: '' },
        { kind: 'difficulty', difficulty: { scale: 'units', value: 0.5 } },
        { kind: 'job', jobId: '2', difficulty: null },
      ],
    },
    {
      name: 'reads several logins, refusals, reconnects and housekeeping',
      said: `
        C {"id":"a","method":"mining.authorize","params":["one","x"]}
        C {"id":"b","method":"mining.authorize","params":["two.w","x"]}
        S {"id":"b","result":false,"error":[24,"Unauthorized worker",null]}
        S {"id":"a","result":true,"error":null}
        S {"id":null,"method":"mining.set_extranonce","params":["aabbccdd",4]}
        S {"id":7,"method":"client.get_version","params":[]}
        C {"id":7,"result":"cpuminer/2.5.1","error":null}
        S {"id":null,"method":"client.reconnect","params":["b.example","3334",0]}
        S {"id":null,"method":"client.reconnect","params":[]}`,
      expected: [
        { kind: 'login', account: 'one', worker: null },
        { kind: 'login', account: 'two', worker: 'w' },
        { kind: 'admission', admitted: false, reason: 'Unauthorized worker' },
        { kind: 'admission', admitted: true, reason: '' },
        { kind: 'service', method: 'mining.set_extranonce' },
        { kind: 'service', method: 'client.get_version' },
        { kind: 'agent', agent: 'cpuminer/2.5.1' },
        { kind: 'reconnect', host: 'b.example', port: 3334 },
        { kind: 'reconnect', host: '', port: 0 },
      ],
    },
    {
      name: 'counts a job that comes twice once, and one with a new time again',
      said: `
        S ${notify('1')}
        S ${notify('1')}
        S ${notify('1', '68a1b2c4')}`,
      expected: [
        { kind: 'job', jobId: '1', difficulty: null },
        { kind: 'job', jobId: '1', difficulty: null },
      ],
    },
    {
      name: 'reads a difficulty beyond every double as one that is larger than any',
      said: 'S {"id":null,"method":"mining.set_difficulty","params":[1e999]}',
      expected: [{ kind: 'difficulty', difficulty: { scale: 'units', value: Number.POSITIVE_INFINITY } }],
    },
    {
      name: 'ignores what is not typed as it must be',
      said: `
        S {"id":null,"method":"mining.set_difficulty","params":[-1]}
        S {"id":null,"method":"mining.set_difficulty","params":[null]}
        S {"id":null,"method":"mining.set_difficulty","params":{"__proto__":[5]}}
        S {"id":null,"method":"mining.notify","params":["1","zz"]}
        C {"id":1,"method":"mining.submit","params":["a","b","c","d","e"]}
        S {"id":1,"result":true}`,
      expected: [],
    },
  ];
  for (const { name, said, expected } of cases) {
    it(name, () => expect(session(dialogue(said))).toEqual(expected));
  }
});

describe('Stratum v1 in messages that the capture cut', () => {
  const submit = client('{"method":"mining.submit","p');
  const cutShare: Fact = { kind: 'share', token: 0, jobId: null, account: null, worker: null, nonce: null };
  const cases: { said: string; answers: Fact[] }[] = [
    {
      said: '{"id":4,"result":true,"error":',
      answers: [{ kind: 'answer', token: 0, outcome: 'accepted', text: '' }],
    },
    {
      said: '{"id":4,"result":false,"err',
      answers: [{ kind: 'answer', token: 0, outcome: 'other', text: '' }],
    },
    { said: '{"id":4,"result":null,"error":', answers: [] },
    { said: '{"error":null,"id":4,"resu', answers: [] },
  ];
  for (const { said, answers } of cases) {
    it(`takes ${said} for ${answers.length === 0 ? 'no answer' : 'what it says'}`, () =>
      expect(factsOf(stratumV1, [submit, server(said)])).toEqual([cutShare, ...answers]));
  }
});

describe('the algorithm of a Stratum v1 session', () => {
  it('comes from bits and coinbase of the job, and from shares hashed again', () => {
    // The test vector of docs/reference/protocols.md 1.5: share difficulty 2.0389e-5, here announced as 1/65536; its chance
    // of meeting that by accident is so large that one such share proves nothing.
    const said = dialogue(`
      C {"id":1,"method":"mining.subscribe","params":["x"]}
      S {"id":1,"result":[[],"5e0a11c7",4],"error":null}
      S {"id":null,"method":"mining.set_difficulty","params":[0.0000152587890625]}
      S ${notify('4f')}
      C {"params":["u","4f","00000007","68a1b2c3","0000148f"],"id":5,"method":"mining.submit"}`);
    expect(factsOf(stratumV1, said).filter(({ kind }) => kind === 'algorithm' || kind === 'coin')).toEqual([
      {
        kind: 'algorithm',
        algorithm: 'sha256d',
        source: 'job',
        detail: 'coinbase and network difficulty 86.39 T',
        side: 'pool',
      },
      { kind: 'coin', coin: 'BTC', source: 'job', side: 'pool' },
    ]);
  });

  it('is proven by the real genesis block of Bitcoin, played as a share of difficulty 1', () => {
    // Block 0: coinbase without extranonce, no branches; its hash has difficulty 2,536, so unit 1 is met with a
    // chance of 2^-32 and proves SHA256d at once. Previous hash zero, time 495fab29, bits 1d00ffff, nonce 7c2bac1d.
    const coinbase =
      '01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000';
    const cut = 100;
    const said = dialogue(`
      C {"id":1,"method":"mining.subscribe","params":[]}
      S {"id":1,"result":[[],"${coinbase.slice(cut, cut + 8)}",4],"error":null}
      S {"id":null,"method":"mining.set_difficulty","params":[1]}
      S {"id":null,"method":"mining.notify","params":["0","${'0'.repeat(64)}","${coinbase.slice(0, cut)}","${coinbase.slice(cut + 16)}",[],"00000001","1d00ffff","495fab29",true]}
      C {"id":2,"method":"mining.submit","params":["satoshi","0","${coinbase.slice(cut + 8, cut + 16)}","495fab29","7c2bac1d"]}`);
    expect(factsOf(stratumV1, said).filter(({ kind }) => kind === 'algorithm')).toContainEqual({
      kind: 'algorithm',
      algorithm: 'sha256d',
      source: 'share-hash',
      detail: 'shares hashed again',
      proof: { met: 1, tried: 1 },
      side: 'miner',
    });
  });
});
