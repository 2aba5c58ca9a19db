/**
 * What behaviour in flow records is worth: generated miners are found, programs that keep one thin connection open are
 * not, whatever the timeouts of the exporter. A client that reconnects is judged by its day, not by each connection.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Conversations } from '../../src/flows/conversations.ts';
import {
  connectionFigures,
  countsToBehaviour,
  flowBehaviour,
  type JudgedBehaviour,
} from '../../src/flows/flow-behaviour.ts';
import { type FlowRelation, RelationSum } from '../../src/flows/relation.ts';
import { CORPUS_ABSENT, corpusFolder, flowsFolder } from '../support/corpus.ts';
import { absentPrograms } from '../support/flow-exporting.ts';
import { giving } from '../support/flow-rows.ts';
import { type Exporter, exportTalk, LOOK_ALIKES, MINERS, type Talk, talked } from '../support/flow-talk.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type FlowBehaviour = JudgedBehaviour['behaviour'];

const T0 = Date.UTC(2026, 2, 2) * 1000;
const HOURS = 4;
const RUNS = 12;
/** Timeouts of routers and collectors, and one record a connection. */
const EXPORTERS: readonly (Exporter & { readonly name: string })[] = [
  { name: 'active 60 s, inactive 15 s', active: 60, inactive: 15 },
  { name: 'active 300 s, inactive 30 s', active: 300, inactive: 30 },
  { name: 'active 60 s, inactive 60 s', active: 60, inactive: 60 },
  { name: 'active 1,800 s, inactive 15 s', active: 1800, inactive: 15 },
  { name: 'one record a connection', active: 0, inactive: 0 },
];
const ENDS = { client: '192.0.2.1', server: '198.51.100.1', serverPort: 7777 };

interface Held {
  /** Seconds after T0, and length. */
  readonly from: number;
  readonly seconds: number;
}

/** The relation of two ends that talked in these connections, by the rule of what counts towards it. */
function relation(
  talk: Talk,
  seed: number,
  exporter: Exporter,
  held: readonly Held[],
  serverPort = ENDS.serverPort,
): FlowRelation | null {
  const conversations = new Conversations();
  conversations.beginInput(0, 'nfcapd', []);
  held.forEach(({ from, seconds }, i) => {
    const ends = {
      ...ENDS,
      serverPort,
      clientPort: 40_000 + i,
      startUs: T0 + from * 1e6,
      headers: seed % 3 === 0 ? 40 : 52,
    };
    exportTalk(talked(talk, seed * 1000 + i, seconds), exporter, ends, giving(conversations));
  });
  let sum: RelationSum | null = null;
  for (const conversation of conversations.conversations()) {
    if (countsToBehaviour(conversation) !== 'counts') continue;
    sum ??= new RelationSum(conversation.client.ip, conversation.server);
    sum.add(conversation);
  }
  return sum?.relation() ?? null;
}

function behaviours(
  talk: Talk,
  exporter: Exporter,
  held: (seed: number) => readonly Held[],
): FlowBehaviour[] {
  return Array.from({ length: RUNS }, (_, run) => {
    const found = relation(talk, run + 1, exporter, held(run + 1));
    return found === null ? 'unlike' : flowBehaviour(found).behaviour;
  });
}

const mining = (found: readonly FlowBehaviour[]): number =>
  found.filter((each) => each === 'like-mining').length;
const atOnce = (): Held[] => [{ from: 0, seconds: HOURS * 3600 }];
/** Comes back every few minutes to half an hour, after a pause. */
const inTurns = (seed: number): Held[] => {
  const rng = random(seed);
  const held: Held[] = [];
  for (let at = 0; at < HOURS * 3600; ) {
    const seconds = rng.between(180, 1800);
    held.push({ from: at, seconds });
    at += seconds + rng.between(2, 40);
  }
  return held;
};

for (const exporter of EXPORTERS) {
  describe(`behaviour in records of an exporter with ${exporter.name}`, () => {
    it('is that of mining for most miners', () => {
      const found = MINERS.flatMap((talk) => behaviours(talk, exporter, atOnce));
      expect(mining(found) / found.length).toBeGreaterThan(0.7);
    });

    it('is that of mining for at most one in twenty of what keeps a connection open for other reasons', () => {
      const found = LOOK_ALIKES.map((talk) => ({
        name: talk.name,
        found: behaviours(talk, exporter, atOnce),
      }));
      const all = found.flatMap((each) => each.found);
      expect(mining(all) / all.length).toBeLessThanOrEqual(1 / 20);
      expect(found.filter((each) => mining(each.found) > RUNS / 4).map(({ name }) => name)).toEqual([]);
    });
  });
}

describe('behaviour on a port of the web', () => {
  const exporter = { active: 60, inactive: 15 };
  const found = (talks: readonly Talk[], port: number): FlowBehaviour[] =>
    talks.flatMap((talk) =>
      Array.from({ length: RUNS }, (_, run) => {
        const each = relation(talk, run + 1, exporter, atOnce(), port);
        return each === null ? 'unlike' : flowBehaviour(each).behaviour;
      }),
    );

  it('is judged, by a higher threshold', () => {
    for (const port of [80, 443]) {
      const miners = found(MINERS, port);
      expect(mining(miners) / miners.length).toBeGreaterThan(0.7);
      const others = found(LOOK_ALIKES, port);
      expect(mining(others) / others.length).toBeLessThanOrEqual(1 / 20);
    }
  });

  it('is not judged of sampled records, nor on ports of services that look alike', () => {
    const [miner] = MINERS;
    const one = miner === undefined ? null : relation(miner, 1, exporter, atOnce());
    if (one === null) throw new Error('nothing was said');
    expect(flowBehaviour(one).behaviour).toBe('like-mining');
    const sampled = {
      ...one,
      sampling: { interval: 100, isKnown: true, isUntold: false, observedPackets: 100 },
    };
    expect(flowBehaviour(sampled)).toMatchObject({ behaviour: 'unclear', score: null });
    // A score that says nothing of sampled records is not held against anybody.
    const unlike = { ...one, traffic: { ...one.traffic, bytesOut: 60 * one.traffic.packetsOut } };
    expect(flowBehaviour(unlike).behaviour).toBe('unlike');
    const few = { ...unlike, sampling: { ...one.sampling, interval: 8 } };
    expect(flowBehaviour(few)).toMatchObject({ behaviour: 'unclear', why: 'sampled' });
    expect(flowBehaviour({ ...one, server: { ...one.server, port: 22 } })).toMatchObject({
      behaviour: 'unclear',
      why: 'port',
    });
  });
});

describe('a client that comes back to one server all day', () => {
  const exporter = { active: 60, inactive: 15 };

  it('is judged by all of its connections where it mines', () => {
    const found = MINERS.flatMap((talk) => behaviours(talk, exporter, inTurns));
    expect(mining(found) / found.length).toBeGreaterThan(0.7);
  });

  it('stays unsuspected where it does other things', () => {
    const found = LOOK_ALIKES.flatMap((talk) => behaviours(talk, exporter, inTurns));
    expect(mining(found) / found.length).toBeLessThanOrEqual(1 / 20);
  });

  it('has its connections counted, and their time joined', () => {
    const [miner] = MINERS;
    const held = [
      { from: 0, seconds: 600 },
      { from: 620, seconds: 600 },
      { from: 900, seconds: 320 },
    ];
    const found = miner === undefined ? null : relation(miner, 1, exporter, held);
    const {
      connections = 0,
      activeSeconds = 0,
      activeMinutes = 0,
      minutes = 0,
      meanSeconds = 0,
    } = found ?? {};
    expect({ connections, minutes, activeMinutes }).toEqual({
      connections: 3,
      minutes: 21,
      activeMinutes: 21,
    });
    // Two connections at once are open once.
    expect(activeSeconds).toBeGreaterThan(1100);
    expect(activeSeconds).toBeLessThan(1220);
    expect(meanSeconds).toBeGreaterThan(450);
    expect(meanSeconds).toBeLessThan(507);
  });

  it('gives figures of a session at a listed endpoint only where connections last longer than a request', () => {
    const [miner] = MINERS;
    const figures = (seconds: number, count: number) => {
      const held = Array.from({ length: count }, (_, i) => ({ from: i * (seconds + 5), seconds }));
      const conversations = new Conversations();
      conversations.beginInput(0, 'nfcapd', []);
      held.forEach((each, i) => {
        const ends = { ...ENDS, clientPort: 40_000 + i, startUs: T0 + each.from * 1e6 };
        const packets = talked(miner ?? MINERS[0], i + 1, each.seconds);
        exportTalk(packets, exporter, ends, giving(conversations));
      });
      const [first, ...others] = [...conversations.conversations()];
      if (first === undefined) throw new Error('nothing was said');
      const sum = new RelationSum(first.client.ip, first.server);
      for (const each of [first, ...others]) sum.add(each);
      const { pushesOut, pushesIn } = connectionFigures(sum.relation());
      return pushesOut > 4 && pushesIn > 4;
    };
    expect([figures(120, 8), figures(2, 100)]).toEqual([true, false]);
  });
});

const flows = flowsFolder();
describe.skipIf(flows === null)(
  `logs of others with miners and without (${CORPUS_ABSENT} where skipped)`,
  () => {
    it('show at least nine in ten sessions of 20 minutes and more as suspected', async () => {
      const folder = path.join(flows ?? '', 'behaviour', 'mining');
      const sessions = new Map<string, string[]>();
      for (const file of readdirSync(folder)) {
        const [name = '', timeouts = ''] = file.split('.');
        const key = `${name} ${timeouts}`;
        sessions.set(key, [...(sessions.get(key) ?? []), path.join(folder, file)]);
      }
      const missed: string[] = [];
      for (const [session, files] of sessions) {
        const { hosts } = await scanInputs(files);
        if (!hosts.some(({ verdict }) => verdict === 'suspected')) missed.push(session);
      }
      expect(missed.length / sessions.size, missed.join()).toBeLessThanOrEqual(0.1);
    });

    it('show nobody in the others', async () => {
      const { hosts } = await scanInputs([path.join(flows ?? '', 'behaviour', 'harmless')]);
      expect(hosts.filter(({ verdict }) => verdict === 'suspected').map(({ ip }) => ip)).toEqual([]);
    });
  },
);

const corpus = corpusFolder();
const lacking = absentPrograms('nfpcapd');
describe.skipIf(corpus === null || lacking !== '')(
  `recorded sessions of XMRig at pools that nobody lists (${CORPUS_ABSENT} where skipped)${lacking}`,
  () => {
    it.each(['60,15', '120,15', '300,60', '1800,15'])(
      'are suspected from 20 minutes on, and are never more than that: timeouts %s',
      async (timeouts) => {
        const folder = path.join(corpus ?? '', 'real');
        const verdicts = new Map<string, string>();
        for (const capture of readdirSync(folder).filter((name) => /^cj-.*\.pcap$/.test(name))) {
          const work = temporaryFolder('unlisted');
          const words = ['-r', path.join(folder, capture), '-w', work, '-e', timeouts];
          execFileSync('nfpcapd', words, { stdio: 'ignore' });
          const { hosts } = await scanInputs([work]);
          verdicts.set(capture, hosts.map(({ verdict }) => verdict).join());
        }
        expect([...verdicts].filter(([, verdict]) => verdict !== 'suspected')).toEqual([]);
      },
    );
  },
);
