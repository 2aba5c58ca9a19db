/** Look-ups over TCP count as those over UDP do; what hides behind port 53 is observed as what it is. */
import { describe, expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { concat } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const NAME = 'xmr-eu1.nanopool.org';

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const labels = (name: string): number[] => [
  ...name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]),
  0,
];
const framed = (body: readonly number[]): Uint8Array => Uint8Array.from([...u16(body.length), ...body]);

/** RFC 1035 4: header, one question, and for an answer an alias with its address. */
function query(name: string): Uint8Array {
  return framed([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels(name), 0, 1, 0, 1]);
}

function answer(name: string, alias: string): Uint8Array {
  const target = labels(alias);
  const record = (owner: readonly number[], type: number, data: readonly number[]): number[] => [
    ...owner,
    ...u16(type),
    ...u16(1),
    ...[0, 0, 1, 44],
    ...u16(data.length),
    ...data,
  ];
  return framed([
    ...[0, 7, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0],
    ...labels(name),
    ...[0, 1, 0, 1],
    ...record([0xc0, 12], 5, target),
    ...record(target, 1, [198, 51, 100, 9]),
  ]);
}

function verdicts(audit: Awaited<ReturnType<typeof scanInputs>>): unknown {
  return audit.hosts.map(({ ip, verdict, evidence }) => [ip, verdict, evidence.map(({ kind }) => kind)]);
}

describe('DNS over TCP', () => {
  const stream = concat(query('www.example.org'), query(NAME));
  it('has a pool’s name looked up, wherever its segments are cut', async () => {
    for (let cut = 1; cut < stream.length; cut++) {
      const talk = conversation({ miner: '192.0.2.5:40000', pool: '192.0.2.53:53' })
        .connect()
        .minerSays(stream.subarray(0, cut))
        .after(0.01)
        .minerSays(stream.subarray(cut))
        .after(0.01)
        .poolSays(answer(NAME, 'pool.shared.example'))
        .close();
      const capture = writeCapture(folder, `cut-${cut}`, talk.toPackets());
      expect(verdicts(await scanInputs([capture]))).toEqual([['192.0.2.5', 'listed', ['dns-lookup']]]);
    }
  });

  it('gives the answer’s address the pool’s name, through the alias', async () => {
    const look = conversation({ miner: '192.0.2.5:40000', pool: '192.0.2.53:53' })
      .connect()
      .minerSays(query(NAME))
      .after(0.01)
      .poolSays(answer(NAME, 'pool.shared.example'));
    const tries = conversation({
      miner: '192.0.2.5:40001',
      pool: '198.51.100.9:14444',
      startUs: 1_795_560_100_000_000,
    }).connect();
    const capture = writeCapture(folder, 'alias', [...look.toPackets(), ...tries.toPackets()]);
    const audit = await scanInputs([capture]);
    expect(audit.sessions.map(({ pool, verdict }) => [pool.names, verdict])).toEqual([[[NAME], 'listed']]);
  });

  it('has a pool’s name looked up under another name, and not where the other name is the pool’s web site', async () => {
    const asked = async (name: string) => {
      const talk = conversation({ miner: '192.0.2.5:40000', pool: '192.0.2.53:53' })
        .connect()
        .minerSays(query(name))
        .after(0.01)
        .poolSays(answer(name, NAME));
      const audit = await scanInputs([writeCapture(folder, name, talk.toPackets())]);
      return audit.hosts.map(({ verdict, evidence }) => [verdict, evidence.map(({ text }) => text)]);
    };
    expect(await asked('updates.office.example')).toEqual([
      ['listed', [`${NAME} (Nanopool): the name was looked up under its alias updates.office.example`]],
    ]);
    expect(await asked('nanopool.org')).toEqual([]);
  });

  it('is read however its answers are cut and repeated', async () => {
    const whole = answer(NAME, 'pool.shared.example');
    for (const cut of [2, 14, 60, whole.length]) {
      const talk = conversation({ miner: '192.0.2.5:40000', pool: '192.0.2.53:53' })
        .connect()
        .minerSays(query('www.example.org'))
        .after(0.01)
        .poolSays(answer('www.example.org', 'cdn.example.org'))
        .after(0.01)
        .minerSays(query(NAME))
        .after(0.01)
        .poolSays(whole.subarray(0, cut))
        .poolSays(whole.subarray(cut))
        .poolSays(whole);
      const tries = conversation({
        miner: '192.0.2.5:40001',
        pool: '198.51.100.9:14444',
        startUs: 1_795_560_100_000_000,
      }).connect();
      const capture = writeCapture(folder, `answer-${cut}`, [...talk.toPackets(), ...tries.toPackets()]);
      const audit = await scanInputs([capture]);
      expect(audit.sessions.map(({ pool, verdict }) => [pool.names, verdict])).toEqual([[[NAME], 'listed']]);
    }
  });

  it('hides no miner that asks for a name first', async () => {
    for (const asked of [query('www.example.org'), query(NAME)]) {
      const talk = conversation({ miner: '192.0.2.5:40000', pool: '198.51.100.9:53' })
        .connect()
        .minerSays(asked)
        .minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.12'] })
        .poolReplies({ result: [[['mining.notify', 'a']], '00112233', 4], error: null })
        .minerSays({ id: 2, method: 'mining.authorize', params: ['worker.1', 'x'] })
        .poolReplies({ result: true, error: null })
        .close();
      const capture = writeCapture(folder, `behind-${asked.length}`, talk.toPackets());
      const audit = await scanInputs([capture]);
      expect(audit.sessions.map(({ dialect, pool }) => [dialect, pool.port])).toEqual([['stratum-v1', 53]]);
    }
  });

  it('is not what a pool behind port 53 speaks', async () => {
    const talk = conversation({ miner: '192.0.2.5:40000', pool: '198.51.100.9:53' })
      .connect()
      .minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.12'] })
      .poolReplies({ result: [[['mining.notify', 'a']], '00112233', 4], error: null })
      .minerSays({ id: 2, method: 'mining.authorize', params: ['worker.1', 'x'] })
      .poolReplies({ result: true, error: null })
      .close();
    const capture = writeCapture(folder, 'behind-53', talk.toPackets());
    const audit = await scanInputs([capture]);
    expect(audit.sessions.map(({ dialect, pool }) => [dialect, pool.port])).toEqual([['stratum-v1', 53]]);
  });
});
