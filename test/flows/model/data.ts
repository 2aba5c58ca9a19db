/**
 * What the model of behaviour is fitted to and tested with: relations out of flow records of recorded miners, generated
 * miners, generated harmless programs and harmless logs of others, each at several timeouts of exporters.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Conversations } from '../../../src/flows/conversations.ts';
import { countsToBehaviour } from '../../../src/flows/flow-behaviour.ts';
import { type FlowRelation, RelationSum } from '../../../src/flows/relation.ts';
import { sniffFlowFormat } from '../../../src/readers/index.ts';
import { readInto } from '../../support/binary-flows.ts';
import { DEVICES, drawnAsic, MORE_LOOK_ALIKES, MORE_MINERS } from '../../support/flow-more-talk.ts';
import { flowSink, giving } from '../../support/flow-rows.ts';
import {
  type Exporter,
  exportTalk,
  LOOK_ALIKES,
  MINERS,
  type Talk,
  talked,
} from '../../support/flow-talk.ts';
import { random } from '../../support/random.ts';

export interface Example {
  /** What talks: a session's name, a program, a log. */
  readonly name: string;
  readonly source: 'recorded' | 'generated';
  readonly timeouts: string;
  readonly isMining: boolean;
  readonly relation: FlowRelation;
}

/** Active and inactive timeouts that routers and collectors usually have; 0: one record a connection. */
export const TIMEOUTS: readonly Exporter[] = [
  { active: 60, inactive: 15 },
  { active: 120, inactive: 15 },
  { active: 300, inactive: 60 },
  { active: 1800, inactive: 15 },
  { active: 0, inactive: 0 },
];
/** Shorter relations are not judged. */
export const LEAST_SECONDS = 20 * 60;

export const nameOf = ({ active, inactive }: Exporter): string =>
  active === 0 ? 'one record' : `${active}/${inactive}`;

/** Relations of the longest kind in files, by the rule of what counts towards one. */
export async function relationsOf(files: readonly string[]): Promise<FlowRelation[]> {
  const conversations = new Conversations();
  for (const [ordinal, file] of files.entries()) {
    const packed = readFileSync(file);
    const bytes = file.endsWith('.gz') ? gunzipSync(packed) : packed;
    const format = sniffFlowFormat(bytes.subarray(0, 4096));
    if (format === null) continue;
    const exporters: string[] = [];
    conversations.beginInput(ordinal, format.id, exporters);
    let at = 0;
    const fill = (target: Uint8Array): Promise<number> => {
      const part = bytes.subarray(at, at + target.length);
      target.set(part);
      at += part.length;
      return Promise.resolve(part.length);
    };
    await readInto(format, { fill }, flowSink(giving(conversations)), {}, { exporters });
  }
  return summed(conversations);
}

function summed(conversations: Conversations): FlowRelation[] {
  const sums = new Map<string, RelationSum>();
  for (const conversation of conversations.conversations()) {
    if (countsToBehaviour(conversation) !== 'counts') continue;
    const { client, server } = conversation;
    const key = `${client.ip} ${server.ip} ${server.port}`;
    const sum = sums.get(key) ?? new RelationSum(conversation.client.ip, conversation.server);
    sums.set(key, sum);
    sum.add(conversation);
  }
  return [...sums.values()].map((sum) => sum.relation());
}

/** Recorded miners: the nfcapd files of the folder, and captures exported anew where nfpcapd is installed. */
export async function recordedMiners(flows: string, captures: string): Promise<Example[]> {
  const found: Example[] = [];
  const folder = path.join(flows, 'behaviour', 'mining');
  const files = new Map<string, string[]>();
  for (const file of readdirSync(folder).sort()) {
    const [name = '', timeouts = ''] = file.split('.');
    const key = `${name} ${timeouts.replace('-', '/')}`;
    files.set(key, [...(files.get(key) ?? []), path.join(folder, file)]);
  }
  for (const [key, each] of files) {
    const [name = '', timeouts = ''] = key.split(' ');
    found.push(...(await minersOf(name, timeouts, each)));
  }
  const real = path.join(captures, 'real');
  for (const exporter of TIMEOUTS.filter(({ active }) => active === 120 || active === 1800)) {
    for (const capture of readdirSync(real).filter((file) => /^cj-.*\.pcap$/.test(file))) {
      const name = capture.slice(3, -5);
      const exported = exportedBy(path.join(real, capture), exporter);
      found.push(...(await minersOf(name, nameOf(exporter), exported)));
    }
  }
  return found;
}

async function minersOf(name: string, timeouts: string, files: readonly string[]): Promise<Example[]> {
  const relations = await relationsOf(files);
  return relations
    .filter(({ activeSeconds }) => activeSeconds >= LEAST_SECONDS)
    .map((relation) => ({ name, source: 'recorded', timeouts, isMining: true, relation }));
}

/** nfpcapd's files of a capture; none where it is not installed or refuses. */
export function exportedBy(capture: string, { active, inactive }: Exporter): string[] {
  const folder = path.resolve('.cache/model', `${active}-${inactive}`, path.basename(capture));
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    const words = ['-r', capture, '-w', folder, '-e', `${active},${inactive}`];
    try {
      execFileSync('nfpcapd', words, { stdio: 'ignore', timeout: 60_000 });
    } catch {
      return [];
    }
  }
  const files = readdirSync(folder).filter((file) => /^nfcapd\.\d+$/.test(file));
  return files.sort().map((file) => path.join(folder, file));
}

/** Harmless logs and captures of others. */
export async function recordedHarmless(flows: string, captures: string): Promise<Example[]> {
  const found: Example[] = [];
  const add = async (name: string, timeouts: string, files: readonly string[]): Promise<void> => {
    for (const relation of await relationsOf(files))
      if (relation.activeSeconds >= 60)
        found.push({ name, source: 'recorded', timeouts, isMining: false, relation });
  };
  const folder = path.join(flows, 'behaviour', 'harmless');
  const logs = new Map<string, string[]>();
  for (const file of readdirSync(folder).sort()) {
    const name = file.startsWith('rita') ? (file.includes('open_conn') ? 'rita open' : 'rita') : file;
    logs.set(name, [...(logs.get(name) ?? []), path.join(folder, file)]);
  }
  for (const [name, files] of logs) await add(name, 'as recorded', files);
  for (const exporter of TIMEOUTS.filter(({ active }) => active > 0)) {
    for (const capture of readdirSync(path.join(captures, 'benign')).sort()) {
      await add(capture, nameOf(exporter), exportedBy(path.join(captures, 'benign', capture), exporter));
    }
  }
  return found;
}

const T0 = Date.UTC(2026, 2, 2) * 1000;

/** Talks that last from 25 minutes to 8 hours, `runs` of each kind and exporter. */
export function generated(runs: number, seed: number): Example[] {
  const found: Example[] = [];
  const talks = [...MINERS, ...MORE_MINERS, ...LOOK_ALIKES, ...MORE_LOOK_ALIKES];
  for (const [kind, talk] of talks.entries()) {
    for (const [which, exporter] of TIMEOUTS.entries()) {
      for (let run = 0; run < runs; run++) {
        const rng = random(((seed * 1009 + kind) * 101 + which) * 1009 + run);
        found.push(...talkedOnce(talk, exporter, rng.below(1 << 30), 1500 * 2 ** (4.3 * rng.next())));
      }
    }
  }
  return found;
}

/** Miners with the messages of their programs, `runs` of each for each exporter. */
export function devices(runs: number, seed: number): Example[] {
  return DEVICES.flatMap((talk, kind) =>
    TIMEOUTS.flatMap((exporter, which) =>
      Array.from({ length: runs }, (_, run) => {
        const rng = random(((seed * 1009 + kind) * 101 + which) * 1009 + run);
        return talkedOnce(talk, exporter, rng.below(1 << 30), 1500 * 2 ** (3 * rng.next()));
      }).flat(),
    ),
  ).filter(({ relation }) => relation.activeSeconds >= LEAST_SECONDS);
}

/** ASICs, and `others` draws of each look-alike, in one record a connection. */
export function uncut(seed: number, miners: number, others: number): Example[] {
  const exporter = { active: 0, inactive: 0 };
  const found: Example[] = [];
  for (let i = 0; i < miners; i++) {
    const rng = random(seed + i);
    found.push(...talkedOnce(drawnAsic(rng), exporter, seed * 3 + i * 7, 1500 * 2 ** (3 * rng.next())));
  }
  for (const [kind, talk] of [...LOOK_ALIKES, ...MORE_LOOK_ALIKES].entries()) {
    for (let i = 0; i < others; i++) {
      const rng = random(seed + i * 71 + kind * 1009);
      found.push(...talkedOnce(talk, exporter, rng.below(1 << 30), 1500 * 2 ** (4 * rng.next())));
    }
  }
  return found.filter(({ relation }) => relation.activeSeconds >= LEAST_SECONDS);
}

/** Look-alikes on so many days, one connection of two hours each day. */
export function overDays(days: number, seed: number): Example[] {
  const exporter = { active: 300, inactive: 60 };
  return [...LOOK_ALIKES, ...MORE_LOOK_ALIKES].flatMap((talk, kind) => {
    const conversations = new Conversations();
    conversations.beginInput(0, 'nfcapd', []);
    for (let day = 0; day < days; day++) {
      const ends = {
        client: '192.0.2.1',
        clientPort: 40_000 + day,
        server: '198.51.100.1',
        serverPort: 7777,
      };
      // Who holds it stays who it is: a program has one pace.
      const packets = talked(talk, seed * 1009 + kind, 2 * 3600);
      exportTalk(packets, exporter, { ...ends, startUs: T0 + day * 86_400e6 }, giving(conversations));
    }
    return summed(conversations).map((relation): Example => {
      const timeouts = `${days} days`;
      return { name: talk.name, source: 'generated', timeouts, isMining: false, relation };
    });
  });
}

function talkedOnce(talk: Talk, exporter: Exporter, seed: number, seconds: number): Example[] {
  const conversations = new Conversations();
  conversations.beginInput(0, 'nfcapd', []);
  const ends = {
    ...{ client: '192.0.2.1', clientPort: 40_000, server: '198.51.100.1', serverPort: 7777 },
    startUs: T0,
    headers: seed % 3 === 0 ? 40 : 52,
  };
  exportTalk(talked(talk, seed, seconds), exporter, ends, giving(conversations));
  return summed(conversations).map((relation) => ({
    ...{ name: talk.name, source: 'generated', timeouts: nameOf(exporter), isMining: talk.isMining },
    relation,
  }));
}
