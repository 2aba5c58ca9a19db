/**
 * The look-alikes as packets, scanned as a whole: nobody is accused, on whatever port and however slowly it is said, with
 * the beginning of the connection or without, also if the packets are cut. The quick tier has the first of these.
 */
import { describe, expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { runs } from '../support/runs.ts';
import { scanPackets } from '../support/scanning.ts';
import { snap } from '../support/transform.ts';
import { LOOK_ALIKES } from './cases.ts';
import { RECENT_LOOK_ALIKES } from './recent-cases.ts';
import { RECORDS, RECORDS_AND_WATCHERS } from './records.ts';

const PORTS = [3333, 4444, 5555, 8333, 443, 80];
const ALL = [...LOOK_ALIKES, ...RECENT_LOOK_ALIKES, ...RECORDS_AND_WATCHERS];

const nameOf = (ip: string): string => ALL[Number(ip.split('.')[3]) - 1]?.name ?? '';

/** Each look-alike on each port, from a client of its own. */
function packets(pauseSeconds: number, hasStart: boolean) {
  return ALL.flatMap(({ said }, i) =>
    PORTS.flatMap((port, j) => {
      let talk = conversation({
        miner: `192.0.2.${i + 1}:${40_000 + j}`,
        pool: `198.51.100.${i + 1}:${port}`,
        startUs: 1_795_560_000_000_000 + (i * PORTS.length + j) * 1000,
      });
      if (hasStart) talk = talk.connect();
      for (const { direction, bytes } of said) {
        talk = direction === 0 ? talk.minerSays(bytes) : talk.poolSays(bytes);
        talk = talk.after(pauseSeconds);
      }
      return talk.toPackets();
    }),
  ).sort((a, b) => a.timeUs - b.timeUs);
}

const WAYS = [
  ['said at once', 0.01, true],
  ['said over many minutes', 20, true],
  ['met in its middle', 20, false],
] as const;

describe('a scan of everything that looks alike', () => {
  for (const [name, pause, hasStart] of WAYS.slice(0, runs(1, 3))) {
    it(`accuses nobody: ${name}`, async () => {
      const audit = await scanPackets(packets(pause, hasStart));
      const accused = audit.hosts.map(({ ip, verdict, evidence }) => [nameOf(ip), ip, verdict, evidence]);
      expect(accused).toEqual([]);
    });
  }

  // Of a record that was cut what is left may be a request: an attempt at the most.
  for (const length of [128, 200, 256, 300].slice(0, runs(0, 4))) {
    it(`accuses nobody: cut at ${length} bytes a packet`, async () => {
      for (const hasStart of [true, false]) {
        const cut = snap(packets(20, hasStart), length);
        const audit = await scanPackets(cut);
        const accused = audit.sessions.filter(
          ({ miner, verdict }) =>
            verdict !== 'attempted' || !RECORDS.some(({ name }) => name === nameOf(miner.ip)),
        );
        expect(accused.map(({ miner, verdict }) => [nameOf(miner.ip), verdict])).toEqual([]);
      }
    });
  }
});
