/**
 * Packets of a host's sessions, written out of the captures of an audit: scanned again they give the same sessions,
 * and a capture that is gone or not the same gives an error and no file.
 */
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Audit, AuditSession } from '../src/audit/audit.ts';
import { MinesweepError } from '../src/errors.ts';
import { extractHost } from '../src/extract.ts';
import { type CapturedPacket, readCapture } from './support/capture-reader.ts';
import { writePcap } from './support/capture-writer.ts';
import { conversation } from './support/conversation.ts';
import { scanInputs } from './support/scanning.ts';
import { tagVlan, wrapGre, wrapVxlan } from './support/transform.ts';
import { laboratoryCapture } from './support/truth.ts';

let folder = '';
let out = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'minesweep-'));
  out = path.join(folder, 'case.pcap');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Sessions of a miner without what is a mean over the window, which differs. */
function sessionsOf(audit: Audit, ip: string): unknown[] {
  return audit.sessions
    .filter((session) => session.miner.ip === ip)
    .map(({ facts: _, ...session }: AuditSession) => ({
      ...session,
      traffic: { ...session.traffic, mbpsOut: 0, mbpsIn: 0 },
    }));
}

async function failureOf(work: Promise<unknown>): Promise<MinesweepError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof MinesweepError) return error;
  throw new Error(`no such failure: ${String(error)}`);
}

function copyOf(name: string): string {
  const { capture } = laboratoryCapture(name);
  const copy = path.join(folder, path.basename(capture));
  copyFileSync(capture, copy);
  return copy;
}

describe('the packets of a host', () => {
  const NAMES = [
    'xmr-plain-vardiff',
    'xmr-socks5',
    'xmr-daemon-solo',
    'xmr-loopback-ipv6',
    'xmr-nicehash-midsession',
    'ltc-cpuminer-multi',
    'btc-v1-full',
  ];
  for (const name of NAMES) {
    it(`of ${name} give the same sessions when they are scanned again`, async () => {
      const { capture, miner } = laboratoryCapture(name);
      const audit: Audit = JSON.parse(JSON.stringify(await scanInputs([capture])));
      const report = await extractHost(audit, miner, out);
      expect(report.format).toBe('pcap');
      expect(readCapture(out).length).toBe(report.packets);
      expect(sessionsOf(await scanInputs([out]), miner)).toEqual(sessionsOf(audit, miner));
    });
  }

  it('are told apart from those of other hosts, by the input that they stand in', async () => {
    const captures = ['xmr-plain-vardiff', 'xmr-socks5', 'btc-minerd'].map(
      (name) => laboratoryCapture(name).capture,
    );
    const audit = await scanInputs(captures, { hash: true });
    const report = await extractHost(audit, laboratoryCapture('xmr-socks5').miner, out);
    expect(report.inputs).toEqual([{ path: captures[1], packets: report.packets }]);
  });

  it('of captures of two link types stand in one pcapng, unchanged', async () => {
    const { capture, miner } = laboratoryCapture('xmr-plain-vardiff');
    const packets = readCapture(capture);
    const half = packets.length >> 1;
    // The second half as a tunnel interface would have seen it: IP without a link header (LINKTYPE_RAW).
    const bare = packets.slice(half).map((packet) => ({
      ...packet,
      linkType: 101,
      bytes: packet.bytes.subarray(14),
      wireBytes: packet.wireBytes - 14,
    }));
    const inputs = [path.join(folder, 'a.pcap'), path.join(folder, 'b.pcap')];
    writeFileSync(inputs[0] ?? '', writePcap(packets.slice(0, half)));
    writeFileSync(inputs[1] ?? '', writePcap(bare));
    const audit = await scanInputs(inputs);
    const report = await extractHost(audit, miner, out, true);
    expect(report.format).toBe('pcapng');
    // Ticks of nanoseconds have more digits than the test's reader keeps.
    const whole = readCapture(out).map((packet) => ({ ...packet, timeUs: Math.round(packet.timeUs) }));
    expect(whole).toEqual([...packets.slice(0, half), ...bare]);
    expect(sessionsOf(await scanInputs([out]), miner)).toEqual(sessionsOf(audit, miner));
  });
});

describe('the packets of a host behind', () => {
  const WRAPPINGS: readonly {
    name: string;
    wrap: (packets: readonly CapturedPacket[]) => CapturedPacket[];
  }[] = [
    { name: 'two VLAN tags', wrap: (packets) => tagVlan(packets, 7, 12) },
    { name: 'a GRE tunnel', wrap: wrapGre },
    { name: 'a VXLAN tunnel', wrap: wrapVxlan },
    { name: 'fragments of its datagrams', wrap: fragment },
  ];
  for (const { name, wrap } of WRAPPINGS) {
    it(`${name} are all found`, async () => {
      const { capture, miner } = laboratoryCapture('xmr-plain-vardiff');
      const packets = wrap(readCapture(capture));
      const input = path.join(folder, 'wrapped.pcap');
      writeFileSync(input, writePcap(packets));
      const audit = await scanInputs([input]);
      const report = await extractHost(audit, miner, out);
      expect(report.packets).toBe(packets.length);
      expect(sessionsOf(await scanInputs([out]), miner)).toEqual(sessionsOf(audit, miner));
    });
  }
});

/** Each IPv4 packet over Ethernet with more than 256 bytes of data in two pieces (RFC 791, section 3.2). */
function fragment(packets: readonly CapturedPacket[]): CapturedPacket[] {
  return packets.flatMap((packet, i) => {
    const { bytes } = packet;
    const data = bytes.length - 34;
    if (data <= 256 || bytes[12] !== 8 || bytes[13] !== 0 || bytes[14] !== 0x45) return [packet];
    const piece = (from: number, to: number, isLast: boolean): CapturedPacket => {
      const part = new Uint8Array(34 + to - from);
      part.set(bytes.subarray(0, 34));
      part.set(bytes.subarray(34 + from, 34 + to), 34);
      const view = new DataView(part.buffer);
      view.setUint16(16, 20 + to - from);
      view.setUint16(18, i + 1);
      view.setUint16(20, (isLast ? 0 : 0x2000) | (from >> 3));
      return { ...packet, bytes: part, wireBytes: part.length };
    };
    return [piece(0, 256, false), piece(256, data, true)];
  });
}

describe('a capture that cannot be trusted any more', () => {
  const cases: { name: string; spoil: (file: string) => void; code: string; message: RegExp }[] = [
    { name: 'is gone', spoil: (file) => rmSync(file), code: 'INPUT_UNREADABLE', message: /not there/ },
    {
      name: 'has grown',
      spoil: (file) => appendFileSync(file, 'x'),
      code: 'FILE_INVALID',
      message: /changed since the audit: \d+ bytes, not \d+/,
    },
    {
      name: 'has one other byte',
      spoil: (file) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
        writeFileSync(file, bytes);
      },
      code: 'FILE_INVALID',
      message: /changed since the audit: SHA-256/,
    },
  ];
  for (const { name, spoil, code, message } of cases) {
    it(`because it ${name} gives an error, and no file`, async () => {
      const file = copyOf('xmr-plain-vardiff');
      const audit = await scanInputs([file], { hash: true });
      spoil(file);
      const error = await failureOf(extractHost(audit, '192.0.2.11', out));
      expect([error.code, error.where]).toEqual([code, file]);
      expect(error.message).toMatch(message);
      expect(readdirSync(folder).filter((each) => each.includes('case'))).toEqual([]);
    });
  }

  it('is told by its packets where the audit has no hash', async () => {
    const file = copyOf('xmr-plain-vardiff');
    const audit = await scanInputs([file]);
    const { size } = { size: readFileSync(file).length };
    writeFileSync(file, readFileSync(laboratoryCapture('btc-v1-full').capture).subarray(0, size));
    const error = await failureOf(extractHost(audit, '192.0.2.11', out));
    expect(error.message).toMatch(/changed since the audit/);
    expect(existsSync(out)).toBe(false);
  });

  it('is never overwritten by what is written', async () => {
    const file = copyOf('xmr-plain-vardiff');
    const audit = await scanInputs([file]);
    expect((await failureOf(extractHost(audit, '192.0.2.11', file))).code).toBe('USAGE');
    expect(readFileSync(file)).toEqual(readFileSync(laboratoryCapture('xmr-plain-vardiff').capture));
  });

  it('or a folder that is not there, is an error', async () => {
    const audit = await scanInputs([copyOf('xmr-plain-vardiff')]);
    const error = await failureOf(extractHost(audit, '192.0.2.11', path.join(folder, 'no', 'case.pcap')));
    expect(error.code).toBe('OUTPUT_FAILED');
  });
});

it('the packets of a host hold no cookie and no mail address of its logins', async () => {
  const talk = conversation({ miner: '192.0.2.5:40000', pool: '198.51.100.7:3333' }).connect();
  talk.minerSays({
    id: 1,
    method: 'login',
    params: { login: 'jane.roe+rig@mail.example', agent: 'XMRig/6' },
  });
  talk.poolSays({
    id: 1,
    error: null,
    result: {
      id: 's',
      status: 'OK',
      job: { blob: '0606'.padEnd(152, '5a'), job_id: '7', target: 'b88d0600', algo: 'rx/0' },
    },
  });
  const page = 'GET / HTTP/1.1\r\nHost: a\r\nCookie: sid=K7pQ2wZx==; theme="dark-91"\r\n\r\n';
  const answer =
    'HTTP/1.1 200 OK\r\nSet-Cookie: sid=N3wSecret; Path=/account\r\n\r\nto jane.roe\\u002brig@mail.example';
  for (const [at, said] of [page, answer].entries())
    talk[at === 0 ? 'minerSays' : 'poolSays'](Buffer.from(said, 'latin1'));
  const input = path.join(folder, 'cookies.pcap');
  writeFileSync(input, writePcap(talk.toPackets()));
  await extractHost(await scanInputs([input]), '192.0.2.5', out);
  const text = readFileSync(out, 'latin1');
  expect(readFileSync(input, 'latin1')).toMatch(/K7pQ2wZx[\s\S]*dark-91[\s\S]*N3wSecret/);
  expect(text).not.toMatch(/K7pQ2wZx|dark-91|N3wSecret|jane\.roe|mail\.example/);
  expect(text).toContain('Path=/account');
});
