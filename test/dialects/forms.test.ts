/**
 * Forms of known dialects that their canonical conversations do not show, each as packets and scanned as a whole: who mines,
 * the verdict, what is mined. Written from the sources that the dialects name; hashes and accounts are made up.
 */
import { keccak_256 } from '@noble/hashes/sha3';
import { base58xmr } from '@scure/base';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { identifyAddress } from '../../src/evidence/address.ts';
import { type Conversation, conversation } from '../support/conversation.ts';
import { scanPackets } from '../support/scanning.ts';
import {
  authorize,
  browserSays,
  ENDS,
  family,
  H,
  I,
  nonce,
  ok,
  overWebSocket,
  post,
  respond,
  says,
  siteSays,
  submit,
  subscribe,
} from './canonical.ts';

async function audited(talk: Conversation): Promise<Audit> {
  return scanPackets(talk.toPackets());
}

/** Role, verdict and what is mined, as a scan tells it. */
async function found(talk: Conversation): Promise<unknown> {
  const { hosts, sessions } = await audited(talk);
  return {
    hosts: hosts.map(({ ip, verdict, roles }) => `${ip} ${verdict} ${roles.join()}`),
    sessions: sessions.map(({ dialect, algorithm, coin, shares }) => [
      dialect,
      algorithm,
      coin,
      shares.accepted,
    ]),
  };
}

const BYTES = (text: string): Uint8Array => Buffer.from(text.replace(/[^0-9a-f]/g, ''), 'hex');
const SHARE = (id: number, job: string): object => ({
  id,
  jsonrpc: '2.0',
  method: 'submit',
  params: { id: 's', job_id: job, nonce: nonce(id, 8), result: `${'f'.repeat(56)}01000000` },
});
const cryptonote = (algo: readonly string[], job: object, share: (id: number) => object): Conversation =>
  conversation(ENDS)
    .connect()
    .minerSays({ id: 1, method: 'login', params: { login: 'rig', pass: 'x', agent: 'XMRig/6.22.2', algo } })
    .poolSays({ id: 1, error: null, result: { id: 's', status: 'OK', job: { ...job, job_id: '1' } } })
    .after(9)
    .minerSays(share(2))
    .poolSays({ id: 2, error: null, result: { status: 'OK' } })
    .poolSays({ method: 'job', params: { ...job, job_id: '2' } });

describe('a form of a known dialect, scanned', () => {
  it('of a custom job in Stratum V2', async () => {
    const TARGET = `${'ff'.repeat(26)}${'00'.repeat(6)}`;
    const token = '04 01020304';
    const custom = `02000000 01000000 ${token} 00000020 ${H} c3b2a168 19420317 02000000 02 0101 ffffffff 0000 00000000 00`;
    const size = (BYTES(custom).length % 256).toString(16).padStart(2, '0');
    const talk = conversation(ENDS)
      .connect()
      .minerSays(
        BYTES(
          '000000300000 00020002000400 00000c706f6f6c2e6578616d706c65080d0c4d696e6573776565704c6162027631066677 2d302e3100',
        ),
      )
      .poolSays(BYTES('000001060000 0200 00000000'))
      .minerSays(
        BYTES(`000013320000 01000000 07 ${Buffer.from('acct.r1').toString('hex')} be16c856 ${TARGET} 0400`),
      )
      .poolSays(BYTES(`0000142f0000 01000000 02000000 ${TARGET} 0400 04 0a0b0c0d`))
      .minerSays(BYTES(`000022${size}0000 ${custom}`))
      .poolSays(BYTES('0000230c0000 02000000 01000000 07000000'))
      .after(9)
      .minerSays(BYTES('00801b1d0000 02000000 01000000 07000000 8f140000 c3b2a168 00000020 04 00000001'))
      .poolSays(BYTES('00801c140000 02000000 01000000 01000000 0000000000000100'));
    expect(await found(talk)).toEqual({
      hosts: ['10.7.0.21 confirmed miner'],
      sessions: [['stratum-v2', 'sha256d', null, 1]],
    });
  });

  it('of webminerpool, whose algorithm is a family and a variant', async () => {
    const blob = `0c0c${'d7a1b2c306'}${H}00000000${I}05`;
    const job = (id: string): object => ({
      identifier: 'job',
      job_id: id,
      algo: 'cn',
      variant: 4,
      blob,
      target: 'ffffff00',
    });
    const talk = overWebSocket('/')
      .minerSays(browserSays({ identifier: 'handshake', pool: 'pool.example', login: 'me', version: 7 }))
      .poolSays(siteSays(job('1')))
      .after(9)
      .minerSays(browserSays({ identifier: 'solved', job_id: '1', nonce: 'a1b2c3d4', result: H }))
      .poolSays(siteSays({ identifier: 'hashsolved' }), siteSays(job('2')));
    expect(await found(talk)).toEqual({
      hosts: ['10.7.0.21 confirmed browser-miner'],
      sessions: [['websocket-miner', 'cn/r', null, 1]],
    });
  });

  it('of Tari’s SHA3x, which only the login names', async () => {
    const job = { blob: H, target: 'ffffffffffff0000', height: 7 };
    expect(await found(cryptonote(['sha3x'], job, (id) => SHARE(id, '1')))).toEqual({
      hosts: ['10.7.0.21 confirmed miner'],
      sessions: [['cryptonote', 'sha3x', 'XTM', 1]],
    });
  });

  it('of a coin that numbers its blocks as Monero does: the one algorithm that the miner offers counts', async () => {
    // Version 16 and a time of 2025, and no height.
    const job = { blob: `1010d7c1b2c306${H}00000000${I}05`, target: 'b88d0600' };
    const algorithmOf = async (algo: readonly string[]): Promise<unknown> =>
      (await audited(cryptonote(algo, job, (id) => SHARE(id, '1')))).sessions.map(
        ({ algorithm }) => algorithm,
      );
    expect(await algorithmOf(['rx/arq'])).toEqual(['rx/arq']);
    expect(await algorithmOf(['cn/1', 'rx/arq'])).toEqual(['randomx']);
    expect(await algorithmOf(['rx/2'])).toEqual(['rx/2']);
  });

  it('of a Warthog pool that names jobs as it likes', async () => {
    const talk = family({
      agent: 'janusminer/0.2.0',
      subscribed: [['mining.notify', ''], '00000000', 6],
      login: ['acct.rig5', ''],
      before: [says('mining.set_difficulty', [4_398_046_511.104])],
      job: (id) => [id, H, 'ab'.repeat(36), '00000003', '2a1f4b3c', '692ab1c0', true],
      share: (job, at) => [job, nonce(at, 12), '692ab1c1', nonce(at, 8)],
    });
    expect(await found(talk)).toEqual({
      hosts: ['10.7.0.21 confirmed miner'],
      sessions: [['warthog', 'warthog', 'WART', 3]],
    });
  });

  it('of a ckpool that passes its miners through', async () => {
    const of = (client: number, message: object): object => ({ ...message, client_id: client });
    const job = ['1a', H, '01', '02', [H], '20000000', '17034219', '68a1b2c3', true];
    const talk = conversation(ENDS)
      .connect()
      .minerSays({ method: 'mining.passthrough', params: ['ckpool/0.9.9'] })
      .poolSays({ result: true, error: null })
      .minerSays(of(1, subscribe('cgminer/4.13.1')), of(2, subscribe('bmminer/2.0.0')))
      .poolSays(of(1, { id: 1, result: [[['mining.notify', 'a']], 'aa', 8], error: null }))
      .poolSays(of(2, { id: 1, result: [[['mining.notify', 'b']], 'bb', 8], error: null }))
      .minerSays(of(1, authorize('farm.a', 'x')), of(2, authorize('farm.b', 'x')))
      .poolSays(of(1, ok(2)), of(2, ok(2)))
      .poolSays(of(1, says('mining.set_difficulty', [512])), of(1, says('mining.notify', job)))
      .poolSays(of(2, says('mining.set_difficulty', [512])), of(2, says('mining.notify', job)))
      .after(9)
      .minerSays(of(1, submit(4, ['farm.a', '1a', '00000001', '68a1b2c3', 'a1b2c3d4'])))
      .poolSays(of(1, ok(4)))
      .captureMayStartHere()
      .after(9)
      .minerSays(of(2, submit(5, ['farm.b', '1a', '00000002', '68a1b2c3', 'a1b2c3d5'])))
      .poolSays(of(2, ok(5)));
    for (const [fromTheMiddle, verdict, workers] of [
      [false, 'confirmed', 2],
      [true, 'probable', 1],
    ] as const) {
      const { hosts } = await scanPackets(talk.toPackets({ fromTheMiddle }));
      expect(hosts.map((host) => [host.ip, host.verdict, host.roles, host.workers.length])).toEqual([
        ['10.7.0.21', verdict, ['proxy'], workers],
      ]);
    }
  });
});

describe('a job over HTTP', () => {
  it('in a request is none: who answers an agent is no miner', async () => {
    const work = { blob: 'ab'.repeat(76), target: 'ffffff00' };
    const talk = [1, 2, 3].reduce(
      (so, id) =>
        so
          .minerSays(post('/agent/jobs', '', { ...work, job_id: `build-${id}` }))
          .poolSays(respond({ accepted: true, job_id: `build-${id}` }))
          .after(5),
      conversation(ENDS).connect(),
    );
    expect((await audited(talk)).hosts).toEqual([]);
  });
});

/** Of a tag as a varint, two keys, and the checksum, by cryptonote's rule. */
function addressOf(tag: number): string {
  const digits: number[] = [];
  for (let rest = tag; ; rest = Math.floor(rest / 128)) {
    digits.push(rest >= 128 ? (rest % 128) | 0x80 : rest);
    if (rest < 128) break;
  }
  const body = Buffer.concat([Buffer.from(digits), Buffer.alloc(64, 0x5a)]);
  return base58xmr.encode(Buffer.concat([body, Buffer.from(keccak_256(body)).subarray(0, 4)]));
}

describe('jobs that tell a group of algorithms', () => {
  const XMR =
    '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';
  const KAS = 'kaspa:qru0mxrzd39q5g7m2wcehh4swm9n0sv5plavfhtr0c34kjrcqgzlwr4ujpjs8';
  const ETH = '0xed4465beb77a9122de24fa3ca844e062e727a98d';
  const kaspa = (login: string, agent: string): Conversation =>
    family({
      agent,
      subscribed: [true, 'EthereumStratum/1.0.0'],
      login: [`${login}.rig`],
      job: (job) => [job, [1, 2, 3, 4], 1_700_000_000_000],
      share: (job, count) => [`${login}.rig`, job, nonce(count, 16)],
    });
  const ethash = (login: string, agent: string): Conversation =>
    family({
      agent,
      handshake: ['EthereumStratum/1.0.0'],
      subscribed: [['mining.notify', 'ab', 'EthereumStratum/1.0.0'], 'ab12'],
      login: [`${login}.rig`, 'x'],
      job: (job) => [job, H, I, true],
      share: (job, count) => [`${login}.rig`, job, nonce(count, 12)],
    });

  it.each([
    ['the account', kaspa(KAS, 'x/1'), 'kheavyhash'],
    ['nothing, if the account is only to be paid', kaspa(`KAS:${KAS}`, 'x/1'), 'kaspa-family'],
    ['nothing, if the account is of another group', kaspa(XMR, 'x/1'), 'kaspa-family'],
    ['nothing, if the program is', kaspa('someone', 'nerdminer'), 'kaspa-family'],
    ['nothing, as all coins of the group have such accounts', ethash(ETH, 'x/1'), 'ethash-family'],
    ['nothing, if the account is only to be paid', ethash(`ETC:${ETH}`, 'x/1'), 'ethash-family'],
    ['nothing, if the account is of another group', ethash(XMR, 'x/1'), 'ethash-family'],
    ['the program', ethash('someone', 'etcminer/1.0'), 'etchash'],
  ])('are told apart by %s', async (_, talk, algorithm) => {
    const { sessions } = await audited(talk);
    expect(sessions.map((session) => session.algorithm)).toEqual([algorithm]);
  });
});

describe('an address', () => {
  it.each([
    [0x3ef318, 'SaLv', 'SAL'],
    [0x180c96, 'SC1', 'SAL'],
    [0x7ad4, 'ccx7', 'CCX'],
  ])('of tag %i begins with %s and is %s', (tag, beginning, coin) => {
    const address = addressOf(tag);
    expect(address.startsWith(beginning)).toBe(true);
    expect(identifyAddress(address)).toEqual({ coins: [coin], checksum: 'valid' });
  });
});
