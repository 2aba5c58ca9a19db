/**
 * A state of another build: what it has is found by names, and what this build does not know is said. Sessions of connections
 * that are open go on; of what was half read a message or two may be missing.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { totalOf } from '../../src/order.ts';
import { readCapture } from '../support/capture-reader.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { comparable, scanInputs } from '../support/scanning.ts';
import { cutInto, stateAt } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('build');
let serial = 0;
const CAPTURES = [
  'cryptonote/xmr-many-shares.pcap',
  'cryptonote/xmr-nicehash-midsession.pcapng',
  'wrapped/xmr-socks5.pcap',
  'ethereum/eth-nicehash.pcap',
  'stratum-v1/btc-v1-full.pcap',
];
/** Shares that may be lost with what was half read: one that waits in a segment, one whose answer comes behind the cut. */
const MOST_LOST = 2;

/** The state, as another build would have written it, with other names in place of some. */
function asOfAnother(state: string, names: Readonly<Record<string, string>> = {}): void {
  const stored = readFileSync(state);
  const end = stored.indexOf('\n') + 1;
  const head = JSON.parse(stored.subarray(0, end).toString());
  let image = gunzipSync(stored.subarray(end)).toString('latin1');
  for (const [name, other] of Object.entries(names)) {
    expect(image).toContain(name);
    expect(other).toHaveLength(name.length);
    image = image.replaceAll(name, other);
  }
  const packed = gzipSync(Buffer.from(image, 'latin1'));
  writeFileSync(
    state,
    Buffer.concat([Buffer.from(`${JSON.stringify({ ...head, build: 'another' })}\n`), packed]),
  );
}

async function inTwoBuilds(name: string, names?: Readonly<Record<string, string>>): Promise<Audit> {
  const state = path.join(folder, `${serial++}.state`);
  const halves = cutInto(folder, path.basename(name), readCapture(path.join(REPO_ROOT, 'fixtures', name)), 2);
  for (const [half, file] of halves.entries()) {
    if (half === 1) asOfAnother(state, names);
    const audit = await scanInputs([file], { state: stateAt(state) });
    if (half === 1) return audit;
  }
  throw new Error('no halves');
}

const sharesOf = ({ sessions }: Audit): number => totalOf(sessions, ({ shares }) => shares.submitted);
const endsOf = ({ sessions }: Audit): string[] =>
  sessions.map(({ miner, pool, dialect, logins }) => JSON.stringify([miner, pool.ip, dialect, logins]));
const trafficOf = ({ sessions }: Audit) =>
  sessions.map(({ traffic: { bytesOut, bytesIn, packetsOut, packetsIn } }) => [
    ...[bytesOut, bytesIn, packetsOut, packetsIn],
  ]);
const noteOf = ({ notes }: Audit) => notes.find(({ code }) => code === 'state-of-build');

describe('a state of another build', () => {
  it.each(CAPTURES)('goes on with the sessions of %s', async (name) => {
    const whole = await scanInputs([path.join(REPO_ROOT, 'fixtures', name)]);
    const audit = await inTwoBuilds(name);
    expect(endsOf(audit)).toEqual(endsOf(whole));
    expect(trafficOf(audit)).toEqual(trafficOf(whole));
    expect(sharesOf(whole) - sharesOf(audit)).toBeLessThanOrEqual(MOST_LOST);
    expect(sharesOf(audit)).toBeLessThanOrEqual(sharesOf(whole));
    expect(audit.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual(
      whole.hosts.map(({ ip, verdict }) => [ip, verdict]),
    );
    expect(noteOf(audit)?.params.dropped).toEqual([]);
  });

  it('that is older, and lies among the fixtures, goes on', async () => {
    const state = path.join(folder, 'earlier.state');
    copyFileSync(path.join(REPO_ROOT, 'fixtures/state/earlier.state'), state);
    const names = ['wrapped/xmr-socks5.pcap', 'ethereum/eth-nicehash.pcap'];
    const halves = names.map((name) =>
      cutInto(folder, `later-${path.basename(name)}`, readCapture(path.join(REPO_ROOT, 'fixtures', name)), 2),
    );
    const audit = await scanInputs(
      halves.map(([, second = '']) => second),
      { state: stateAt(state) },
    );
    const whole = await scanInputs(names.map((name) => path.join(REPO_ROOT, 'fixtures', name)));
    expect(endsOf(audit).sort()).toEqual(endsOf(whole).sort());
    expect(trafficOf(audit).sort()).toEqual(trafficOf(whole).sort());
    expect(sharesOf(whole) - sharesOf(audit)).toBeLessThanOrEqual(names.length * MOST_LOST);
  });

  it('of flow records is read whole', async () => {
    const flows = path.join(REPO_ROOT, 'fixtures/flowlogs/aws-vpc.parquet');
    const state = path.join(folder, 'flows.state');
    await scanInputs([flows], { state: stateAt(state) });
    asOfAnother(state);
    const next = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-many-shares.pcap');
    const audit = await scanInputs([next], { state: stateAt(state) });
    const whole = await scanInputs([flows, next]);
    const withoutNotes = (of: Audit) => comparable({ ...of, notes: [] });
    expect(withoutNotes(audit)).toEqual(withoutNotes(whole));
  });

  it('says what this build does not know, of objects and of the kernel, and counts it from nothing', async () => {
    const name = 'cryptonote/xmr-many-shares.pcap';
    const audit = await inTwoBuilds(name, { roundTripUs: 'roundTripXs', packets0: 'packetsX' });
    expect(noteOf(audit)?.params.dropped).toEqual(['Connections.roundTripXs']);
    expect(noteOf(audit)?.text).toContain('does not know Connections.roundTripXs');
    const whole = await scanInputs([path.join(REPO_ROOT, 'fixtures', name)]);
    const [{ traffic }] = audit.sessions;
    const [{ traffic: all }] = whole.sessions;
    expect([traffic.bytesOut, traffic.bytesIn, traffic.packetsIn]).toEqual([
      all.bytesOut,
      all.bytesIn,
      all.packetsIn,
    ]);
    expect(traffic.packetsOut).toBeLessThan(all.packetsOut);
  });
});
