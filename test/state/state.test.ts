/** A state: files that are scanned one at a time give the audit of one scan over all, wherever a capture was cut. */
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import type { ScanOptions } from '../../src/scan.ts';
import { readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { exporterRecord, nfcapd2, sflowDatagram, v3Record, Writer } from '../support/flow-writer.ts';
import { ethernet, ipv4, tcp, udp } from '../support/packet-builder.ts';
import { comparable, scanInputs } from '../support/scanning.ts';
import { cutInto, scanInTurn, stateAt } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('state');
const fixture = (name: string): string => path.join(REPO_ROOT, 'fixtures', name);

const CAPTURES = [
  'cryptonote/xmr-loopback-ipv6.pcap.gz',
  'cryptonote/xmr-nicehash-midsession.pcapng',
  'wrapped/xmr-socks5.pcap',
  'encrypted/xmr-tls.pcap',
];
let serial = 0;

function parts(name: string, count: number): string[] {
  return cutInto(folder, `cut-${serial++}`, readCapture(fixture(name)), count);
}

function newState(): string {
  return path.join(folder, `state-${serial++}`);
}

function scanWith(state: string, inputs: readonly string[], more: Partial<ScanOptions> = {}): Promise<Audit> {
  return scanInputs(inputs, { state: stateAt(state), ...more });
}

describe('a state', () => {
  it.each(CAPTURES)('makes one scan of the parts of %s', async (name) => {
    const files = parts(name, 7);
    const audit = await scanInTurn(newState(), files);
    expect(comparable(audit)).toEqual(comparable(await scanInputs(files)));
    expect(audit.sessions.length).toBeGreaterThan(0);
  });

  it('goes on with conversations of flow records, and with who observed them', async () => {
    const pool = path.join(folder, 'pools.txt');
    writeFileSync(pool, '198.51.100.20:3333\n');
    const exporters = [1, 2].map((id) => exporterRecord(id, `192.0.2.${id}`, 0));
    const files = [0, 1, 2].map((hour) => {
      const records = Array.from({ length: 120 }, (_, i) => {
        const firstMs = 1_700_000_000_000 + (60 * hour + (i >> 1)) * 60_000;
        const ends = {
          source: '10.0.0.5',
          destination: '198.51.100.20',
          sourcePort: 40_000,
          destinationPort: 3333,
        };
        // The second exporter sees more.
        const seen = {
          packets: 6 + (i & 1),
          bytes: 900,
          exporter: 1 + (i & 1),
          reverse: { packets: 5, bytes: 700 },
        };
        return v3Record({ ...ends, ...seen, firstMs, lastMs: firstMs + 59_000, version: 10 });
      });
      const file = path.join(folder, `nfcapd.20231114${22 + hour}00`);
      writeFileSync(file, nfcapd2([[...exporters, ...records]]));
      return file;
    });
    const audit = await scanInTurn(newState(), files, { poolFiles: [pool] });
    expect(comparable(audit)).toEqual(comparable(await scanInputs(files, { poolFiles: [pool] })));
    expect(audit.hosts.map(({ ip, traffic }) => [ip, traffic.packetsOut])).toEqual([['10.0.0.5', 180 * 7]]);
  });

  it('goes on behind exports of packet samples', async () => {
    const files = [1, 2].map((sequence) => {
      const frame = ethernet({}, ipv4({}, tcp({ sourcePort: 51_000, destinationPort: 3333 }))).bytes;
      const header = new Writer().u32(1, 16 + frame.length, 1, frame.length + 4, 4, frame.length).raw(frame);
      const body = new Writer()
        .u32(sequence, 3, 512, 512 * sequence, 0, 3, 4, 1)
        .raw(header.take())
        .take();
      const datagram = sflowDatagram([{ format: 1, body }], sequence);
      const { bytes } = ethernet({}, ipv4({}, udp({ destinationPort: 6343 }, datagram)));
      const file = path.join(folder, `samples-${sequence}.pcap`);
      const timeUs = 1_700_000_000_000_000 + sequence;
      writeFileSync(file, writePcap([{ timeUs, linkType: 1, bytes, wireBytes: bytes.length }]));
      return file;
    });
    const audit = await scanInTurn(newState(), files);
    expect(comparable(audit)).toEqual(comparable(await scanInputs(files)));
    expect(audit.inputs.map(({ damage }) => damage)).toEqual([[], []]);
  });

  it('knows a file again that was renamed or compressed meanwhile', async () => {
    const state = newState();
    const [file] = parts(CAPTURES[0], 1);
    const first = await scanWith(state, [file]);
    const renamed = path.join(folder, 'renamed.pcap');
    const packed = path.join(folder, 'packed.gz');
    copyFileSync(file, renamed);
    writeFileSync(packed, gzipSync(readFileSync(file)));
    const again = await scanWith(state, [file, renamed, packed]);
    expect(again.inputs).toEqual(first.inputs);
    expect(comparable(again)).toEqual(comparable(first));
  });

  it('is for its owner alone, and says so in its first line', async () => {
    const state = newState();
    await scanWith(state, parts(CAPTURES[0], 1));
    expect(statSync(state).mode & 0o777).toBe(0o600);
    const stored = readFileSync(state);
    const head = JSON.parse(stored.subarray(0, stored.indexOf(0x0a)).toString('utf8'));
    expect(head).toMatchObject({
      format: `minesweep.state/4`,
      note: expect.stringContaining('Private'),
    });
    expect(existsSync(`${state}.part`)).toBe(false);
  });

  it('takes no part in an audit', async () => {
    const [first, second] = parts(CAPTURES[0], 2);
    const audit = await scanInTurn(newState(), [first, second]);
    expect(JSON.stringify(audit)).not.toContain('minesweep.state');
  });

  it('stays what it was if a run is stopped', async () => {
    const state = newState();
    const [first, second] = parts(CAPTURES[0], 2);
    await scanWith(state, [first]);
    const before = readFileSync(state);
    const stop = new AbortController();
    const audit = await scanWith(state, [second], { signal: stop.signal, onProgress: () => stop.abort() });
    expect(audit.partial).toBe(true);
    expect(readFileSync(state).equals(before)).toBe(true);
    const whole = await scanInputs([first, second]);
    expect(comparable(await scanWith(state, [second]))).toEqual(comparable(whole));
  });

  it('is written behind each input if that is asked for', async () => {
    const state = newState();
    const files = parts(CAPTURES[0], 3);
    const stop = new AbortController();
    const seen: boolean[] = [];
    await scanInputs(files, {
      state: { ...stateAt(state), checkpoint: { inputs: 1 } },
      signal: stop.signal,
      onProgress: ({ ordinal }) => {
        seen[ordinal] = existsSync(state);
        if (ordinal === 3) stop.abort();
      },
    });
    expect(seen.slice(1)).toEqual([false, true, true]);
    // As after kill -9 within the third: its run begins where the second ended.
    expect(comparable(await scanWith(state, files))).toEqual(comparable(await scanInputs(files)));
  });

  it('says what is wrong with it', async () => {
    const state = newState();
    const [file] = parts(CAPTURES[0], 1);
    await scanWith(state, [file]);
    const stored = readFileSync(state);
    const bad = path.join(folder, 'bad.state');
    const failing = async (bytes: Uint8Array, more: Partial<ScanOptions> = {}): Promise<string> => {
      writeFileSync(bad, bytes);
      return scanWith(bad, [file], more).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    };
    expect(await failing(Buffer.from('no state'))).toContain('holds no state');
    expect(await failing(stored.subarray(0, stored.length - 9))).toContain('damaged');
    const changed = (from: RegExp, to: string): Buffer =>
      Buffer.from(stored.toString('latin1').replace(from, to), 'latin1');
    const other = (layout: number): Buffer => changed(/state\/\d+/, `state/${layout}`);
    for (const bytes of [1, 99_999_999_999_999])
      expect(await failing(changed(/"runs":\[\d+/, `"runs":[${bytes}`))).toContain('damaged');
    for (const layout of [1, 5]) {
      expect(await failing(other(layout))).toContain(`is of minesweep.state/${layout}`);
      expect(readFileSync(bad).equals(other(layout))).toBe(true);
    }
    expect(await failing(stored, { sinceUs: 1 })).toContain('other times');
    // A refused state is not touched.
    expect(readFileSync(bad).equals(stored)).toBe(true);
  });
});

describe('a state with no room', () => {
  it('is refused with the size that it takes', async () => {
    const state = stateAt(newState());
    const attempt = scanInputs(parts(CAPTURES[0], 1), { state, limits: { state: 1000 } });
    await expect(attempt).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
    expect(existsSync(state.file)).toBe(false);
  });
});
