/** The clock of a capture is set while a session runs: its work counts with the times on either side. */
import { describe, expect, it } from 'vitest';
import { type Conversation, conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('clock-set');
const START = 1_790_000_000_000_000;
const [HOUR_US, DAY_US] = [3600e6, 86_400e6];
const SHARES = 200;
const SECONDS = 5;
/** 2^32 / 0x068db8, as the target is written lowest byte first. */
const DIFFICULTY = 10_000;

/** A share each five seconds: 2,000 H/s. */
function session(miner = '192.0.2.9:40000'): Conversation {
  const job = {
    blob: 'ab'.repeat(76),
    job_id: 'j1',
    target: 'b88d0600',
    algo: 'rx/0',
    height: 1,
    seed_hash: 'cd',
  };
  const talk = conversation({ miner, pool: '198.51.100.1:3333', startUs: START })
    .connect()
    .minerSays({ id: 1, jsonrpc: '2.0', method: 'login', params: { login: 'a', pass: 'x', algo: ['rx/0'] } })
    .poolReplies({ jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } });
  for (let id = 2; id < SHARES + 2; id++) {
    const nonce = ((0x9e3779b1 * id) >>> 0).toString(16).padStart(8, '0');
    // The hash meets the target: its last word is the most significant one.
    const params = { id: 's', job_id: 'j1', nonce, result: `${nonce}${'ef'.repeat(24)}b88d0500` };
    talk
      .after(SECONDS)
      .minerSays({ id, jsonrpc: '2.0', method: 'submit', params })
      .poolReplies({ jsonrpc: '2.0', error: null, result: { status: 'OK' } });
  }
  return talk;
}

/** What the clock shows `us` after the start. */
type Clock = (us: number) => number;

async function found(name: string, clock: Clock): Promise<{ rate: number; leaps: number }> {
  const packets = session()
    .toPackets()
    .map((packet) => ({ ...packet, timeUs: START + clock(packet.timeUs - START) }));
  const audit = await scanInputs([writeCapture(folder, name, packets)]);
  const [host] = audit.hosts;
  const rate = audit.sessions[0]?.hashrate.find(({ basis }) => basis === 'shares')?.estimate ?? 0;
  return { rate, leaps: host?.evidence.filter(({ kind }) => kind === 'leap').length ?? 0 };
}

describe('a clock that is set while a session runs', () => {
  it.each<[string, Clock]>([
    ['back by an hour', (us) => (us > 60e6 ? us - HOUR_US : us)],
    ['back by a day', (us) => (us > 60e6 ? us - DAY_US : us)],
    ['from 1970 to now', (us) => (us < 60e6 ? us - START : us)],
    ['a day ahead and back', (us) => (us > 60e6 && us < 90e6 ? us + DAY_US : us)],
    ['an hour ahead and back', (us) => (us > 60e6 && us < 90e6 ? us + HOUR_US : us)],
    ['back an hour and ahead again', (us) => (us > 60e6 && us < 90e6 ? us - HOUR_US : us)],
    ['an hour ahead for the first job', (us) => (us < 3e6 ? us + HOUR_US : us)],
    ['for one share', (us) => (us > 58e6 && us < 62e6 ? us - 20 * HOUR_US : us)],
    ['from 1970 twice', (us) => (us < 60e6 || us > 700e6 ? us - START : us)],
  ])('leaves the rate, and is said: %s', async (name, clock) => {
    const { rate, leaps } = await found(name.replaceAll(' ', '-'), clock);
    expect(Math.abs(rate / (DIFFICULTY / SECONDS) - 1)).toBeLessThan(0.04);
    expect(leaps).toBe(1);
  });

  it('leaves the rate if each side of a connection has a clock of its own', async () => {
    for (const apart of [-400e6, HOUR_US, 2 * DAY_US]) {
      const packets = session().toPackets();
      const fromPool = (bytes: Uint8Array): boolean => bytes[26] === 198;
      const file = writeCapture(
        folder,
        `apart-${apart}`,
        packets.map((packet) => ({
          ...packet,
          timeUs: packet.timeUs + (fromPool(packet.bytes) ? apart : 0),
        })),
      );
      const [row] = (await scanInputs([file])).sessions;
      const rate = row?.hashrate.find(({ basis }) => basis === 'shares')?.estimate ?? 0;
      expect(Math.abs(rate / (DIFFICULTY / SECONDS) - 1)).toBeLessThan(0.04);
    }
  });

  it('is not found where one of two probes begins a new file each five minutes', async () => {
    const packetsOf = (ip: string) =>
      [1, 2, 3]
        .flatMap((port) => session(`${ip}:4000${port}`).toPackets())
        .toSorted((a, b) => a.timeUs - b.timeUs);
    const rotating = packetsOf('192.0.2.9');
    const files = [0, 1, 2, 3].map((part) => {
      const isIn = ({ timeUs }: { timeUs: number }) => Math.floor((timeUs - START) / 300e6) === part;
      return writeCapture(folder, `rotating-${part}`, rotating.filter(isIn));
    });
    const one = writeCapture(folder, 'one-file', packetsOf('192.0.2.10'));
    const { sessions, notes } = await scanInputs([...files, one]);
    expect(notes.map(({ code }) => code)).not.toContain('clock-set');
    const rates = sessions.map((row) => row.hashrate.find(({ basis }) => basis === 'shares')?.estimate ?? 0);
    expect(rates).toHaveLength(6);
    for (const rate of rates) expect(Math.abs(rate / (DIFFICULTY / SECONDS) - 1)).toBeLessThan(0.02);
  });

  it.each([60, 61])('is found if it goes back by %i s', async (seconds) => {
    const packets = [1, 2, 3]
      .flatMap((port) => session(`192.0.2.9:4000${port}`).toPackets())
      .toSorted((a, b) => a.timeUs - b.timeUs)
      .map((packet) => ({
        ...packet,
        timeUs: packet.timeUs - (packet.timeUs > START + 500e6 ? seconds * 1e6 : 0),
      }));
    const { notes } = await scanInputs([writeCapture(folder, `back-${seconds}`, packets)]);
    expect(notes.map(({ code }) => code)).toContain('clock-set');
  });

  it('is not found where packets swap places', async () => {
    const { rate, leaps } = await found('swapped', (us) => us + (Math.floor(us / 1e5) % 7 === 0 ? 2e6 : 0));
    expect(Math.abs(rate / (DIFFICULTY / SECONDS) - 1)).toBeLessThan(0.02);
    expect(leaps).toBe(0);
  });
});
