/** Other packets that say the same give the same sessions, shares, difficulties, verdicts and hashrates. */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { differences, essence, scanInputs, type Tolerance } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  dropHandshake,
  duplicate,
  ipv6Of,
  reorder,
  resegmentAtEveryByte,
  resegmentAtRandom,
  TUNNEL_SENDER,
  tagVlan,
  toIpv6,
  wrapGre,
  wrapVxlan,
} from '../support/transform.ts';
import { laboratory } from '../support/truth.ts';

type Packets = readonly CapturedPacket[];

const folder = temporaryFolder();

interface Transform {
  readonly name: string;
  readonly apply: (packets: Packets) => CapturedPacket[];
  /** Packets that come at another time move what they say by as much, and rates with it. */
  readonly movesTimes?: true;
}

const TRANSFORMS: readonly Transform[] = [
  { name: 'cutting each payload at every byte', apply: resegmentAtEveryByte },
  { name: 'cutting each payload at random', apply: (packets) => resegmentAtRandom(packets, 11) },
  {
    name: 'repeating every third packet at once',
    apply: (packets) => duplicate(packets, 3),
    movesTimes: true,
  },
  {
    name: 'repeating every packet a little later',
    apply: (packets) => duplicate(packets, 1, 4),
    movesTimes: true,
  },
  {
    name: 'swapping packets of one direction',
    apply: (packets) => reorder(packets, { seed: 12, window: 3, among: 'direction' }),
  },
  {
    name: 'cutting, repeating and swapping segments',
    apply: (packets) => reorder(duplicate(resegmentAtRandom(packets, 13, 60), 4, 2), { seed: 14, window: 4 }),
    movesTimes: true,
  },
  {
    name: 'cutting, repeating and swapping segments, times in order',
    apply: (packets) =>
      reorder(duplicate(resegmentAtRandom(packets, 15, 200), 3), { seed: 16, window: 4, times: 'stay' }),
    movesTimes: true,
  },
  { name: 'adding a VLAN tag', apply: (packets) => tagVlan(packets, 204) },
  { name: 'adding two VLAN tags', apply: (packets) => tagVlan(packets, 10, 204) },
  { name: 'a GRE tunnel', apply: wrapGre },
  { name: 'a VXLAN tunnel', apply: wrapVxlan },
];

/** A swap stays within 20 ms. */
// Times move by milliseconds; what nonces say per second moves with them.
const MOVED: Tolerance = { timeMs: 25, relative: 1e-2 };
// The round trip is the least that was seen: swapped packets show another, by microseconds, and counters are read
// with it. A sealed session is watched from its first message on, which is another one then.
const EXACT: Tolerance = { timeMs: 5, relative: 1e-4 };

/** Captures whose payloads are whole; a cut packet cannot be cut again. */
const captures = laboratory().filter((truth) => truth.mining && truth.name !== 'ltc-cpuminer-multi');

async function essenceOf(name: string, packets: Packets): Promise<unknown> {
  return essence(await scanInputs([writeCapture(folder, name, packets)], { trustTunnels: [TUNNEL_SENDER] }));
}

/** The pool that the miner asks its SOCKS proxy for: an address in the payload, which moves nowhere. */
const ASKED_FOR = '203.0.113.41';

/** The findings with the addresses of `toIpv6`: as addresses and in endpoints, not in what the miner said. */
function onIpv6(findings: unknown): unknown {
  return JSON.parse(JSON.stringify(findings), (key, value: unknown) => {
    if (key === 'ip' && value === ASKED_FOR) return value;
    if (key === 'ip' && typeof value === 'string' && !value.includes(':')) return ipv6Of(value);
    if (key !== 'pools' || !Array.isArray(value)) return value;
    return value.map((pool: unknown) => {
      const match = /^(\d+\.\d+\.\d+\.\d+)(:\d+)?$/.exec(String(pool));
      if (match === null || match[1] === ASKED_FOR) return pool;
      const address = ipv6Of(match[1] ?? '');
      return match[2] === undefined ? address : `[${address}]${match[2]}`;
    });
  });
}

describe('the findings stay the same after', () => {
  for (const { name, capture } of captures) {
    const packets = readCapture(capture).map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) }));
    for (const [index, transform] of TRANSFORMS.entries()) {
      it(`${transform.name} (${name})`, async () => {
        const expected = await essenceOf(`${name}-plain`, packets);
        const found = await essenceOf(`${name}-${index}`, transform.apply(packets));
        expect(differences(expected, found, transform.movesTimes ? MOVED : EXACT)).toEqual([]);
      });
    }

    it(`moving miner and pool to IPv6 (${name})`, async () => {
      const expected = onIpv6(await essenceOf(`${name}-plain`, packets));
      expect(differences(expected, await essenceOf(`${name}-v6`, toIpv6(packets)), EXACT)).toEqual([]);
    });
  }
});

describe('without its handshake', () => {
  // Without SYN a port that the miner uses again cannot be told from the connection before; one capture does that.
  for (const { name, capture } of captures.filter((truth) => truth.name !== 'xmr-daemon-solo')) {
    it(`${name} has the same sessions, logins, shares and difficulties`, async () => {
      const packets = readCapture(capture);
      const whole = await scanInputs([writeCapture(folder, `${name}-whole`, packets)]);
      const bare = await scanInputs([writeCapture(folder, `${name}-bare`, dropHandshake(packets))]);
      expect(toldBy(bare)).toEqual(toldBy(whole));
    });
  }
});

function toldBy(audit: Audit): unknown {
  return audit.sessions.map(({ miner, pool, dialect, logins, shares, difficulty }) => ({
    miner,
    pool: pool.ip,
    dialect,
    logins,
    shares,
    difficulty,
  }));
}
