/**
 * One conversation of each dialect in other packets: cut, doubled, padded with what changes nothing, in other words, in VLANs
 * and tunnels, split into files. The session stays the same, and so does all else where a harmless conversation is put in.
 */
import type { Audit } from '../../../src/audit/audit.ts';
import { CANONICAL } from '../../dialects/canonical.ts';
import { RECENT } from '../../dialects/canonical-recent.ts';
import { LOOK_ALIKES } from '../../lookalikes/cases.ts';
import { RECENT_LOOK_ALIKES } from '../../lookalikes/recent-cases.ts';
import type { CapturedPacket } from '../../support/capture-reader.ts';
import { writePcap } from '../../support/capture-writer.ts';
import { conversation } from '../../support/conversation.ts';
import { scanInputs } from '../../support/scanning.ts';
import {
  duplicate,
  reorder,
  resegmentAtRandom,
  split,
  TUNNEL_SENDER,
  tagVlan,
  wrapGre,
  wrapVxlan,
} from '../../support/transform.ts';
import { Choices } from './choices.ts';
import { expectSame, fileOf } from './oracles.ts';

type Packets = readonly CapturedPacket[];
type Change = (packets: Packets, choices: Choices) => Packets;

const TALKS = [...CANONICAL, ...RECENT];
const HARMLESS = [...LOOK_ALIKES, ...RECENT_LOOK_ALIKES];
const MOST_CHANGES = 3;
/** Of the harmless conversation. */
const CLIENT = '10.250.0.9';

const CHANGES: readonly Change[] = [
  (packets, choices) => resegmentAtRandom(packets, choices.below(1 << 20), 2 + choices.byte()),
  (packets, choices) => duplicate(packets, 1 + (choices.byte() % 7), 1 + (choices.byte() % 3)),
  (packets, choices) => reorder(packets, { seed: choices.below(1 << 20), window: 1 + (choices.byte() % 4) }),
  (packets, choices) => tagVlan(packets, 1 + choices.byte()),
  wrapGre,
  wrapVxlan,
];

export async function fuzz(data: Buffer): Promise<void> {
  const choices = new Choices(data);
  const { conversation: talk } = choices.pick(TALKS);
  const plain = talk.toPackets();
  const expected = foundIn(await scanned([plain]));
  let changed: Packets = talk.toPackets({
    lineEnd: choices.byte() % 2 === 0 ? '\n' : '\r\n',
    noise: (choices.byte() % 4) / 8,
    batching: choices.byte() % 2 === 0,
    segmentBytes: 1 + choices.below(1448),
    seed: choices.below(1 << 20),
  });
  for (let left = choices.byte() % (MOST_CHANGES + 1); left > 0; left--)
    changed = choices.pick(CHANGES)(changed, choices);
  expectSame('in other packets', expected, foundIn(await scanned(split(changed, 1 + (choices.byte() % 3)))));
  const beside = harmless(plain, choices);
  const both = [...plain, ...beside].sort((a, b) => a.timeUs - b.timeUs);
  const [alone, together] = [await scanned([plain]), await scanned([both])];
  expectSame('beside something harmless', ownOf(alone), ownOf(together));
}

/** A harmless conversation somewhere in the time of the packets, between ends that they do not have. */
function harmless(packets: Packets, choices: Choices): CapturedPacket[] {
  const first = packets[0]?.timeUs ?? 0;
  const last = packets.at(-1)?.timeUs ?? 0;
  const startUs = first + ((last - first) * choices.byte()) / 256;
  const ends = { miner: `${CLIENT}:50000`, pool: `203.0.113.99:${1 + choices.below(65_000)}` };
  const talk = conversation({ ...ends, startUs }).connect();
  for (const { direction, bytes } of choices.pick(HARMLESS).said)
    direction === 0 ? talk.minerSays(bytes) : talk.poolSays(bytes);
  // What is longer would make the time longer in which the miner was watched.
  return talk
    .close()
    .toPackets()
    .filter(({ timeUs }) => timeUs <= last);
}

function scanned(parts: readonly Packets[]): Promise<Audit> {
  const files = parts.filter((part) => part.length > 0).map((part, at) => fileOf(`${at}`, writePcap(part)));
  return scanInputs(files, { thread: 'never', trustTunnels: [TUNNEL_SENDER] });
}

/** What a session is, however its packets looked. */
function foundIn({ sessions }: Pick<Audit, 'sessions'>): unknown {
  return sessions.map(({ miner, pool, verdict, dialect, algorithm, coin, logins, shares }) => {
    const ends = [miner.ip, miner.port, pool.ip, pool.port];
    return { ends, verdict, dialect, algorithm, coin, logins, shares };
  });
}

/** What is said of others than the harmless conversation; what depends on how long the capture lasts is left out. */
function ownOf({ hosts, sessions, pools, totals }: Audit): unknown {
  const isOwn = ({ ip }: { readonly ip: string }): boolean => ip !== CLIENT;
  return {
    hosts: hosts.filter(isOwn).map(({ ip, verdict, roles, coins, hashrate, power, traffic, evidence }) => ({
      ...{ ip, verdict, roles, coins, hashrate, watts: power?.watts },
      bytes: [traffic.bytesOut, traffic.bytesIn, traffic.packetsOut, traffic.packetsIn],
      evidence: evidence.map(({ kind, strength, code, params }) => ({ kind, strength, code, params })),
    })),
    sessions: foundIn({ sessions: sessions.filter(({ miner }) => isOwn(miner)) }),
    pools: pools.length,
    miners: totals.minerAddresses,
  };
}
