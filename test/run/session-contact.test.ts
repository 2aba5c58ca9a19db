/** Sessions that finalize to nothing are pool connections with their pool's endpoint all the same. */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { dnsAnswer, dnsLookup } from '../support/dns-answer.ts';
import { departures, mergeAll, scanParts } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START_US = 1_700_000_000_000_000;
const MINER = '192.0.2.77';

/** Work is submitted and acknowledged by TCP, and nobody ever says a word to it. */
function unheard(port: number): CapturedPacket[] {
  const talk = conversation({ miner: `${MINER}:40000`, pool: `198.51.100.77:${port}`, startUs: START_US });
  talk.connect().minerSays({ id: 1, method: 'mining.subscribe', params: ['cgminer/4.10.0'] });
  for (let share = 0; share < 12; share += 1) {
    const params = ['worker', `job${share}`, '00000000', '65000000', `0000000${share.toString(16)}`];
    talk.after(20).minerSays({ id: share + 2, method: 'mining.submit', params });
  }
  return talk.toPackets();
}

describe('work that is submitted to a pool that says nothing', () => {
  it('is no session, and a contact with its endpoint if it has looked its name up', async () => {
    const packets = [
      ...dnsLookup({ name: 'gulf.moneroocean.stream', to: MINER, timeUs: START_US - 1e6 }),
      ...unheard(10_128),
    ];
    const audit = await scanInputs([writeCapture(folder, 'unheard', packets)]);
    expect(audit.sessions).toMatchObject([{ verdict: 'listed', shares: { submitted: 0 } }]);
    const host = audit.hosts.find(({ ip }) => ip === MINER);
    expect(host?.verdict).toBe('listed');
    expect(host?.evidence.filter(({ kind }) => kind !== 'dns-lookup')).toMatchObject([
      {
        kind: 'pool-name',
        text: 'gulf.moneroocean.stream at 198.51.100.77:10128: connection to a listed pool endpoint',
      },
    ]);
    expect(host?.traffic.bytesOut).toBeGreaterThan(0);
  });

  it('is a contact in parts that are merged, too, with the traffic of the part that knew the name', async () => {
    const packets = [
      ...dnsLookup({ name: 'gulf.moneroocean.stream', to: MINER, timeUs: START_US - 1e6 }),
      ...unheard(10_128),
    ];
    const whole = await scanInputs([writeCapture(folder, 'unheard-whole', packets)]);
    const parts = await scanParts(folder, packets, [10, 21]);
    const merged = await mergeAll(parts);
    expect(merged.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual(
      whole.hosts.map(({ ip, verdict }) => [ip, verdict]),
    );
    // A part that does not know the name keeps nothing of a session that validates to nothing (docs/reference/limits.md).
    const counted = departures(whole, merged).map((line) => line.slice(0, line.indexOf(':')));
    expect(counted.filter((at) => !/\/traffic\/|\/(lastSeen|end|to|bytesOut|bytesIn)$/.test(at))).toEqual([]);
    expect(merged.hosts[0]?.traffic.bytesOut).toBe(453);
  });

  it('is nothing if the name was told to others, or by somebody who was not asked', async () => {
    const name = 'gulf.moneroocean.stream';
    const told = [
      ...dnsLookup({ name, to: '192.0.2.78', timeUs: START_US - 1e6 }),
      dnsAnswer({ name, to: MINER, timeUs: START_US - 2e6 }),
      ...unheard(10_128),
    ];
    const audit = await scanInputs([writeCapture(folder, 'told', told)]);
    expect(audit.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.78', 'listed']]);
  });

  it('is nothing where nobody knows the server', async () => {
    const audit = await scanInputs([writeCapture(folder, 'unheard-unknown', unheard(3333))]);
    expect(audit.hosts).toEqual([]);
  });
});
