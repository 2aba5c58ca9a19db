/**
 * One miner or many behind one address, slow ones, and those that mine now and then: found in flow logs, or said not to
 * be judged. Visits and chats of as many are not found. Logs of several exporters, drawn by a seed.
 */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { type FLOW_LOGS, type TalkedConnection, writeFlowLog } from '../support/flow-logs.ts';
import { drawnAsic } from '../support/flow-more-talk.ts';
import { LOOK_ALIKES, MINERS, mining, type Talk, talked, Wire } from '../support/flow-talk.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Form = keyof typeof FLOW_LOGS;
const folder = temporaryFolder();
const NAT = '203.0.113.9';
const POOL = '198.51.100.10';
const ASIC = mining('an ASIC behind NAT', {
  ...{ share: [125, 150], answer: 40, job: [1200, 1400] },
  ...{ shareEvery: [18, 22], jobEvery: [28, 32] },
});
const [XMRIG] = MINERS;

/** So many of one kind, each with a connection of an hour to one server. */
function farm(talk: Talk, count: number, serverPort = 3333, seconds = 3600): TalkedConnection[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ client: NAT, clientPort: 40_000 + i, server: POOL, serverPort },
    ...{ from: (i % 60) / 2, packets: talked(talk, 1000 + i, seconds) },
  }));
}

/** Visits to many web servers from the same address. */
function visits(count: number): TalkedConnection[] {
  const rng = random(7);
  return Array.from({ length: count }, (_, i) => {
    const wire = new Wire();
    wire.open(0);
    for (let at = 0.2; at < rng.between(3, 60); at += rng.between(1, 20))
      wire.ask(at, true, rng.between(300, 900), rng.between(500, 40_000));
    return {
      ...{ client: NAT, clientPort: 50_000 + i, server: `192.0.2.${1 + (i % 250)}`, serverPort: 443 },
      ...{ from: rng.between(0, 3500), packets: wire.sorted() },
    };
  });
}

async function scanned(form: Form, connections: readonly TalkedConnection[]): Promise<Audit> {
  return scanInputs([writeFlowLog(folder, form, connections)], { undecided: 100 });
}

const verdicts = ({ hosts }: Audit): string[] => hosts.map(({ ip, verdict }) => `${ip} ${verdict}`);
const CUT = 'an active timeout of 60 s';
const SUSPECTED = [`${NAT} suspected`];

describe('miners behind one address', () => {
  it.each([
    ...[1, 3, 30].map((count) => [count, 'XMRig', XMRIG, CUT] as const),
    ...[1, 3, 30, 200].map((count) => [count, 'ASICs', ASIC, CUT] as const),
    ...[1, 3, 30].map((count) => [count, 'XMRig', XMRIG, 'one record a connection'] as const),
    ...[1, 3, 30].map((count) => [count, 'XMRig', XMRIG, 'tuples of Azure'] as const),
  ])('are found as %i of %s, and counted', async (count, _, talk, form) => {
    const audit = await scanned(form, farm(talk, count));
    expect(verdicts(audit)).toEqual(SUSPECTED);
    const [{ rigs }] = audit.hosts;
    expect(rigs.low).toBeLessThanOrEqual(count);
    expect(rigs.high).toBe(count);
  });

  it('are found among visits to the web, to the same server too', async () => {
    const web = visits(1000);
    const same = visits(200).map((visit, i) => ({ ...visit, server: POOL, clientPort: 60_000 + i }));
    const mixed = await scanned(CUT, [...farm(ASIC, 20, 443), ...web, ...same]);
    expect(verdicts(mixed)).toEqual(SUSPECTED);
    expect((await scanned(CUT, [...web, ...same])).hosts).toEqual([]);
  });
});

describe('single ASICs', () => {
  it.each([CUT, 'one record a connection', 'tuples of Azure'] as const)(
    'are found in a log of %s, most of them, whatever the length of their submits',
    async (form) => {
      let found = 0;
      for (let bytes = 106; bytes < 170; bytes += 6) {
        const talk = mining('an ASIC', {
          ...{ share: [bytes, bytes + 2], answer: 40, job: [1200, 1400] },
          ...{ shareEvery: [19, 21], jobEvery: [29, 31] },
        });
        const { hosts } = await scanned(form, farm(talk, 1, 3333 + bytes));
        found += hosts.length;
      }
      expect(found).toBeGreaterThanOrEqual(9);
    },
  );
});

describe('a miner that mines now and then', () => {
  const turns = (talk: Talk, seeded: (turn: number) => number, seconds: (turn: number) => number) =>
    Array.from({ length: 16 }, (_, turn) => ({
      ...{ client: NAT, clientPort: 40_000 + turn, server: POOL, serverPort: 443, from: turn * 1500 },
      packets: talked(talk, seeded(turn), seconds(turn)),
    }));

  it('is judged by its turns, five of every 25 minutes', async () => {
    const steady = mining('XMRig', {
      ...{ share: [230, 231], answer: 66, job: [400, 401], shareEvery: [15, 16], jobEvery: [20, 21] },
    });
    const audit = await scanned(
      CUT,
      turns(
        steady,
        (turn) => turn + 1,
        () => 300,
      ),
    );
    expect(verdicts(audit)).toEqual(SUSPECTED);
  });

  it('is left open as intermittent where its turns differ as visits do', async () => {
    const [steady] = MINERS;
    const each = turns(
      steady,
      (turn) => turn + 1,
      (turn) => 120 + 40 * turn,
    );
    const visiting = each.map((visit, turn) => {
      const wire = new Wire();
      for (let more = 0; more < (turn % 4) * 40; more++) wire.ask(5 + more / 2, true, 230, 400);
      return { ...visit, packets: [...visit.packets, ...wire.packets].sort((a, b) => a.at - b.at) };
    });
    const { hosts, coverage } = await scanned(CUT, visiting);
    expect(hosts).toEqual([]);
    expect(coverage.undecided?.map(({ reason }) => reason)).toEqual(['intermittent']);
  });
});

describe('a miner of few shares', () => {
  const KINDS = [
    { share: [215, 260], answer: 66, job: [330, 480], jobEvery: [30, 130], keepAlive: 60 },
    { share: [215, 260], answer: 66, job: [330, 480], jobEvery: [60, 300] },
    { share: [110, 190], answer: 42, job: [900, 2200], jobEvery: [60, 600] },
  ] as const;

  it.each([CUT, 'one record a connection', 'tuples of Azure'] as const)(
    'is never called unlike mining in a log of %s',
    async (form) => {
      for (const anHour of [1, 4, 12])
        for (const [kind, pool] of KINDS.entries())
          for (const seconds of [1500, 7200]) {
            const talk = mining('slow', { ...pool, shareEvery: [3500 / anHour, 3700 / anHour] });
            const { coverage } = await scanned(form, farm(talk, 1, 3333, seconds));
            expect([form, anHour, kind, coverage.judged.unlike.conversations]).toEqual([
              form,
              anHour,
              kind,
              0,
            ]);
          }
    },
  );
});

describe('what others show', () => {
  /** So many clients of one server, an hour each. */
  const clients = (talk: Talk, count: number): TalkedConnection[] =>
    farm(talk, count).map((connection, i) => ({ ...connection, client: `192.0.2.${i + 1}` }));
  /** One client at as many servers, ten minutes each. */
  const inTurn = (talk: Talk, count: number): TalkedConnection[] =>
    Array.from({ length: count }, (_, i) => ({
      ...{
        client: NAT,
        clientPort: 40_000 + i,
        server: `198.51.100.${i + 1}`,
        serverPort: 3333,
        from: i * 620,
      },
      packets: talked(talk, 100 + i, 600),
    }));
  const FEW = drawnAsic(random(3));

  it('lifts machines that are open by themselves, where all of a farm are alike', async () => {
    const all = clients(FEW, 12);
    const alone = [];
    for (const one of all) alone.push(...(await scanned('one record a connection', [one])).hosts);
    expect(alone.length).toBeLessThan(12);
    expect((await scanned('one record a connection', all)).hosts.length).toBe(12);
  });

  it.each(MINERS)('finds $name that goes from pool to pool', async (talk) => {
    for (const form of [CUT, 'one record a connection'] as const)
      expect([form, ...verdicts(await scanned(form, inTurn(talk, 12)))]).toEqual([form, ...SUSPECTED]);
  });

  it('lifts what is open at a server where somebody was captured mining', async () => {
    const lifted: boolean[] = [];
    for (const one of clients(FEW, 12)) {
      const log = writeFlowLog(folder, 'one record a connection', [{ ...one, server: '198.51.100.80' }]);
      const found = async (...inputs: string[]) =>
        (await scanInputs([...inputs, log])).hosts.some(({ ip }) => ip === one.client);
      if (await found()) continue;
      lifted.push(await found('fixtures/stratum-v1/btc-minerd.pcap'));
      const ofCase = await scanInputs([log], { minersServers: new Map([['198.51.100.80', 'c-7']]) });
      expect(
        ofCase.hosts.map(({ verdict, evidence }) => [verdict, evidence.map(({ text }) => text).join()]),
      ).toEqual([['suspected', expect.stringContaining('a server at which case c-7 mined')]]);
    }
    expect(lifted.length).toBeGreaterThan(0);
    expect(new Set(lifted)).toEqual(new Set([true]));
  });

  it('lifts nobody who chats or reports beside others, or at one server after the other', async () => {
    const lifted: string[] = [];
    for (const talk of LOOK_ALIKES) {
      const beside = await scanned(CUT, clients(talk, 12));
      let alone = 0;
      if (beside.hosts.length > 0)
        for (const one of clients(talk, 12)) alone += (await scanned(CUT, [one])).hosts.length;
      if (beside.hosts.length > alone) lifted.push(`${talk.name}: beside others`);
      if ((await scanned(CUT, inTurn(talk, 12))).hosts.length > 0) lifted.push(`${talk.name}: in turn`);
    }
    // Pace and sizes are those of a miner (docs/reference/behaviour.md).
    expect(lifted).toEqual(['a busy group chat: in turn', 'MQTT commands by chance: in turn']);
  });
});

describe('what nobody can judge', () => {
  it('is sampled where Google Cloud does not tell its rate, and never unlike mining', async () => {
    const { coverage } = await scanned('Google Cloud, 1 packet in 10', farm(ASIC, 1));
    expect(coverage.judged.unlike.conversations).toBe(0);
    expect(coverage.undecided?.map(({ reason }) => reason)).toEqual(['sampled']);
  });
});

describe('many programs behind one address that do not mine', () => {
  it.each(['a chat', 'MQTT telemetry', 'a device that reports to its cloud', 'an idle remote shell'])(
    'are not found: %s',
    async (name) => {
      const talk = LOOK_ALIKES.find((each) => each.name === name);
      for (const form of [CUT, 'one record a connection'] as const)
        expect((await scanned(form, farm(talk ?? XMRIG, 20))).hosts).toEqual([]);
    },
  );
});
