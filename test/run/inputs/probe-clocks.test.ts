/** Two probes that saw the same packets by clocks that differ: what they saw counts once, at the time of the first. */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../../src/audit/audit.ts';
import { type CapturedPacket, readCapture } from '../../support/capture-reader.ts';
import { conversation } from '../../support/conversation.ts';
import { random } from '../../support/random.ts';
import { scanInputs } from '../../support/scanning.ts';
import { writeCapture } from '../../support/split.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { laboratoryCapture } from '../../support/truth.ts';

const folder = temporaryFolder();
const NOTE = 'clocks-differ';
let files = 0;
const write = (packets: readonly CapturedPacket[]): string =>
  writeCapture(folder, `${++files}.pcap`, packets);

/** As another probe sees them: by its clock, some time later or earlier each. */
function seenBy(packets: readonly CapturedPacket[], aheadUs: number): CapturedPacket[] {
  const draw = random(7);
  return packets.map((packet) => ({ ...packet, timeUs: packet.timeUs + aheadUs + draw.below(300) }));
}

/** Connections of a miner that are opened and closed, one after the other. */
function reconnecting(): CapturedPacket[] {
  return Array.from({ length: 4 }, (_, i) => {
    const talk = conversation({
      miner: `192.0.2.7:${4000 + i}`,
      pool: '198.51.100.7:3333',
      startUs: 1.76e15 + i * 90e6,
    });
    talk.connect().minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.12.1'] });
    talk.poolSays({ id: 1, result: [[['mining.notify', 'a6']], '5e0a11c7', 4], error: null });
    talk.minerSays({ id: 2, method: 'mining.authorize', params: ['account.rig', 'x'] });
    talk.poolSays({ id: 2, result: true, error: null });
    for (let share = 0; share < 6; share++) {
      const params = ['account.rig', `j${i}`, `0000000${share}`, '68a0a6f3', `5e0a1${i}${share}0`];
      talk.after(9).minerSays({ id: 3 + share, method: 'mining.submit', params });
      talk.poolSays({ id: 3 + share, result: true, error: null });
    }
    return talk.close().toPackets();
  }).flat();
}

/** What is found, without the fractions of a second that lie between two probes. */
const figures = ({ hosts, sessions, window }: Audit) => ({
  hosts: hosts.map(({ ip, verdict, traffic, hashrate }) => ({
    ...{ ip, verdict, packets: [traffic.packetsOut, traffic.packetsIn] },
    ...{ bytes: [traffic.bytesOut, traffic.bytesIn] },
    rates: hashrate.map(({ basis, headline, estimate }) => [basis, headline, estimate.toPrecision(3)]),
  })),
  sessions: sessions.map(({ shares, start }) => [shares, Math.round(Date.parse(start) / 1000)]),
  seconds: Math.round(window?.seconds ?? 0),
});

describe('a second probe', () => {
  const captures: readonly [string, readonly CapturedPacket[]][] = [
    ['of one long connection', readCapture(laboratoryCapture('xmr-many-shares').capture)],
    ['of connections that are closed', reconnecting()],
  ];
  for (const [name, packets] of captures) {
    it.each([
      ['an hour ahead', 3600e6],
      ['an hour behind', -3600e6],
      ['three seconds ahead', 3e6],
      ['a day ahead', 86_400e6],
    ])(`${name}, whose clock is %s, changes nothing`, async (_, aheadUs) => {
      const alone = await scanInputs([write(packets)]);
      const both = await scanInputs([write(packets), write(seenBy(packets, aheadUs))]);
      expect(figures(both)).toEqual(figures(alone));
      const seconds = both.notes.find(({ code }) => code === NOTE)?.params.seconds;
      expect(seconds).toBeCloseTo(aheadUs / 1e6, 0);
    });
  }

  it.each([
    ['in turn', 3600e6, true],
    ['in turn, behind', -3600e6, true],
    ['in the order of their times', 3600e6, false],
    ['in the order of their times, near', 5e6, false],
    ['in turn, as of a switch', 100, true],
  ])('whose packets are in the same file, %s, adds no traffic and no share', async (_, aheadUs, inTurn) => {
    for (const [, packets] of captures) {
      const alone = await scanInputs([write(packets)]);
      const seen = seenBy(packets, aheadUs);
      const mixed = packets.flatMap((packet, at) => [packet, seen[at]]);
      if (!inTurn) mixed.sort((a, b) => a.timeUs - b.timeUs);
      const both = await scanInputs([write(mixed)]);
      expect(figures(both).hosts).toEqual(figures(alone).hosts);
      expect(figures(both).sessions).toEqual(figures(alone).sessions);
      expect(both.notes.map(({ code }) => code)).toContain('packets-twice');
    }
  });

  it('that sees only some of the hosts, by a clock that is wrong, adds nothing', async () => {
    const hostsOf = (from: number, to: number): CapturedPacket[] =>
      reconnecting()
        .flatMap((packet) =>
          Array.from({ length: to - from }, (_, i) => {
            const bytes = packet.bytes.slice();
            bytes.set([10, 0, 0, from + i], packet.bytes[26] === 192 ? 26 : 30);
            return { ...packet, bytes, timeUs: packet.timeUs + (from + i) * 1000 };
          }),
        )
        .toSorted((one, other) => one.timeUs - other.timeUs);
    const all = hostsOf(1, 13);
    const [alone, both] = [
      await scanInputs([write(all)]),
      await scanInputs([write(all), write(seenBy(hostsOf(1, 4), 3600e6))]),
    ];
    expect(figures(both)).toEqual(figures(alone));
    expect(both.notes.map(({ code }) => code)).toContain(NOTE);
  });

  it('that sees more adds what it alone has seen', async () => {
    const [, [, packets] = []] = captures;
    const all = packets ?? [];
    const half = all.filter((_, at) => at < all.length / 2);
    const both = await scanInputs([write(half), write(seenBy(all, 3600e6))]);
    const alone = await scanInputs([write(all)]);
    expect(both.hosts.map(({ traffic }) => traffic.packetsOut)).toEqual(
      alone.hosts.map(({ traffic }) => traffic.packetsOut),
    );
  });
});

describe('clocks are left as they are', () => {
  it('where somebody plays a connection again beside other traffic', async () => {
    const [replayed, later] = [reconnecting(), reconnecting()];
    const others = later.map((packet, at) => {
      const bytes = packet.bytes.slice();
      bytes.set([10, 0, 0, 1 + (at % 7)], packet.bytes[26] === 192 ? 26 : 30);
      return { ...packet, bytes, timeUs: packet.timeUs + 3600e6 + 1 };
    });
    const second = [
      ...seenBy(replayed, 3600e6),
      ...others,
      ...others.map((each) => ({ ...each, bytes: turned(each) })),
    ];
    second.sort((a, b) => a.timeUs - b.timeUs);
    const { notes } = await scanInputs([write(replayed), write(second)]);
    expect(notes.map(({ code }) => code)).not.toContain(NOTE);
  });

  it('where captures of the same network follow each other', async () => {
    const packets = reconnecting();
    const half = packets.length >> 1;
    const { notes } = await scanInputs([write(packets.slice(0, half)), write(packets.slice(half))]);
    expect(notes.map(({ code }) => code)).not.toContain(NOTE);
  });
});

/** Of another host. */
function turned({ bytes }: CapturedPacket): Uint8Array {
  const other = bytes.slice();
  other[26] === 10 ? other.set([10, 9], 26) : other.set([10, 9], 30);
  return other;
}
