/** Files that are written in pieces, rotated and compressed while they are watched: the audit is that of one scan. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { watch } from '../../src/watch/watch.ts';
import type { WatchOptions } from '../../src/watch/watch-options.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { essence, scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CAPTURE = readFileSync(path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap'));

class Watched {
  readonly folder = temporaryFolder('watched');
  readonly log: string[] = [];
  audit: Audit | null = null;
  private stopping = new AbortController();
  private ended: Promise<boolean>;
  private readonly state = path.join(temporaryFolder('state'), 'state');

  constructor(private readonly more: Partial<WatchOptions> = {}) {
    this.ended = this.begin();
    onTestFinished(async () => {
      await this.stop();
    });
  }

  private begin(): Promise<boolean> {
    const options: WatchOptions = {
      ...{ inputs: [this.folder], local: [], poolFiles: [], allowFile: null, hash: false, inputFormat: null },
      ...{ stateFile: this.state, period: 'day', everyUs: 0, quietUs: 50_000, signal: this.stopping.signal },
      log: (_, message) => this.log.push(message),
      onAudit: async (audit) => {
        this.audit = audit;
      },
      ...this.more,
    };
    return watch(options, { wanted: false });
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  async until(met: () => boolean): Promise<void> {
    for (let i = 0; i < 300 && !met(); i++) await sleep(50);
    expect(met(), this.log.join('\n')).toBe(true);
  }

  /** Until so many bytes of the files are read, by what the audit says of its inputs. */
  read(bytes: number): Promise<void> {
    return this.until(() => (this.audit?.inputs ?? []).reduce((sum, input) => sum + input.bytes, 0) >= bytes);
  }

  stop(): Promise<boolean> {
    this.stopping.abort();
    return this.ended;
  }

  async restart(): Promise<void> {
    await this.stop();
    this.stopping = new AbortController();
    this.ended = this.begin();
  }
}

/** The same capture as pcapng, with an interface of nanoseconds. */
function pcapng(): Buffer {
  const block = (type: number, body: Buffer): Buffer => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const all = Buffer.alloc(12 + padded.length);
    all.writeUInt32LE(type, 0);
    all.writeUInt32LE(all.length, 4);
    padded.copy(all, 8);
    all.writeUInt32LE(all.length, 8 + padded.length);
    return all;
  };
  const section = Buffer.from('4d3c2b1a01000000ffffffffffffffff', 'hex');
  const interfaceBody = Buffer.from('0100000000000400' + '0900010009000000' + '00000000', 'hex');
  const blocks = [block(0x0a0d0d0a, section), block(1, interfaceBody)];
  for (let at = 24; at < CAPTURE.length; ) {
    const length = CAPTURE.readUInt32LE(at + 8);
    const wire = CAPTURE.readUInt32LE(at + 12);
    const timeNs =
      BigInt(CAPTURE.readUInt32LE(at)) * 1_000_000_000n + BigInt(CAPTURE.readUInt32LE(at + 4)) * 1000n;
    const body = Buffer.alloc(20 + length);
    body.writeUInt32LE(0, 0);
    body.writeUInt32LE(Number(timeNs >> 32n), 4);
    body.writeUInt32LE(Number(timeNs & 0xffffffffn), 8);
    body.writeUInt32LE(length, 12);
    body.writeUInt32LE(wire, 16);
    CAPTURE.copy(body, 20, at + 16, at + 16 + length);
    blocks.push(block(6, body));
    at += 16 + length;
  }
  return Buffer.concat(blocks);
}

/** Flow events of a miner, one a line, and the same as a log of Zeek. */
const FLOWS = Array.from({ length: 40 }, (_, i) => ({
  startMs: Date.UTC(2026, 10, 24, 8) + i * 600_000,
  sport: 40_000 + i,
}));
const EVE = FLOWS.map(({ startMs, sport }) => {
  const at = (ms: number): string => new Date(ms).toISOString().replace('Z', '000+0000');
  return `${JSON.stringify({
    ...{ timestamp: at(startMs + 590_000), flow_id: sport, event_type: 'flow', src_ip: '10.1.2.3' },
    ...{ src_port: sport, dest_ip: '45.76.65.223', dest_port: 3333, proto: 'TCP' },
    flow: {
      ...{ pkts_toserver: 40, pkts_toclient: 60, bytes_toserver: 5000, bytes_toclient: 24_000 },
      ...{ start: at(startMs), end: at(startMs + 580_000) },
    },
    tls: { sni: 'xmr.pool.example' },
  })}\n`;
}).join('');
const ZEEK = [
  '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n',
  ...FLOWS.map(
    ({ startMs, sport }) =>
      `${startMs / 1000}.000000\tC${sport}\t10.1.2.3\t${sport}\t45.76.65.223\t3333\ttcp\t580.000000\t40\t5000\t60\t24000\n`,
  ),
].join('');
const CSV = [
  'start,end,src,dst,sport,dport,proto,packets,bytes\n',
  ...FLOWS.map(
    ({ startMs, sport }) =>
      `${new Date(startMs).toISOString()},${new Date(startMs + 580_000).toISOString()},10.1.2.3,45.76.65.223,${sport},3333,6,40,5000\n`,
  ),
].join('');

const KINDS = [
  ['pcap', CAPTURE],
  ['pcapng', pcapng()],
  ['eve.json', Buffer.from(EVE)],
  ['conn.log', Buffer.from(ZEEK)],
  ['flows.csv', Buffer.from(CSV)],
] as const;

async function sameAsScan(watched: Watched, ...files: readonly Buffer[]): Promise<void> {
  await watched.stop();
  const folder = temporaryFolder('whole');
  mkdirSync(folder, { recursive: true });
  const paths = files.map((bytes, i) => {
    const file = path.join(folder, `${i}`);
    writeFileSync(file, bytes);
    return file;
  });
  const audit = await scanInputs(paths);
  expect(essence(watched.audit as Audit)).toEqual(essence(audit));
  const records = (of: Audit | null): number =>
    (of?.inputs ?? []).reduce((sum, { packets = 0, flows = 0 }) => sum + packets + flows, 0);
  expect(records(watched.audit)).toBe(records(audit));
  expect(records(audit)).toBeGreaterThan(0);
}

const pieces = (bytes: Buffer, count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) =>
    bytes.subarray(Math.floor((i * bytes.length) / count), Math.floor(((i + 1) * bytes.length) / count)),
  );

describe.each(KINDS)('a lone file of %s', (name, bytes) => {
  it('is read on as it grows, however it is cut and after a restart', async () => {
    const watched = new Watched();
    const parts = pieces(bytes, 3);
    for (const [i, part] of parts.entries()) {
      appendFileSync(watched.file(name), part);
      const sum = parts.slice(0, i + 1).reduce((all, each) => all + each.length, 0);
      // What is cut at the end waits; nothing is longer than this.
      await watched.read(sum === bytes.length ? sum : sum - 1600);
      if (i === 1) await watched.restart();
    }
    expect(watched.audit?.inputs).toHaveLength(1);
    expect(watched.audit?.inputs[0]).toMatchObject({ damage: [], bytes: bytes.length });
    await sameAsScan(watched, bytes);
  }, 60_000);
});

/** A line of FortiOS for something that is no connection, as such a log may begin. */
const EVENT = `date=2026-11-24 time=08:00:00 eventtime=1795507200000000000 tz="+0000" type="event" subtype="system"\n`;
const FORTIOS = FLOWS.map(
  ({ startMs, sport }) =>
    `date=${new Date(startMs).toISOString().slice(0, 10)} time=${new Date(startMs).toISOString().slice(11, 19)} ` +
    `eventtime=${startMs}000000 tz="+0000" type="traffic" subtype="forward" srcip=10.1.2.3 srcport=${sport} ` +
    `dstip=45.76.65.223 dstport=3333 proto=6 action="close" duration=7 sentbyte=5000 rcvdbyte=24000 sentpkt=40 rcvdpkt=60\n`,
).join('');

describe('a file of which a first block is written that does not tell what it is', () => {
  it.each([
    ['a capture', CAPTURE, 10],
    ['a pcapng', pcapng(), 6],
    ['the first line of EVE, cut', Buffer.from(EVE), EVE.indexOf('\n')],
    ['the first line of Zeek, cut', Buffer.from(ZEEK), 5],
    ['the column names of a table, cut', Buffer.from(CSV), 12],
    ['a firewall, that begins with another event', Buffer.from(EVENT + FORTIOS), EVENT.length],
  ])('is read when more comes, however late: %s', async (_, bytes, first) => {
    const watched = new Watched();
    writeFileSync(watched.file('growing'), bytes.subarray(0, first));
    // Many times the quiet time.
    await sleep(700);
    appendFileSync(watched.file('growing'), bytes.subarray(first));
    await watched.read(bytes.length);
    await sameAsScan(watched, bytes);
  });
});

describe('parts of a log that hold no connection', () => {
  const whole = async (bytes: string): Promise<Audit> => {
    const file = path.join(temporaryFolder('whole'), 'whole');
    writeFileSync(file, bytes);
    // As the watch does, which has the times of the first record.
    return scanInputs([file], {
      sinceUs: Date.UTC(2026, 10, 24) * 1000,
      untilUs: Date.UTC(2026, 10, 25) * 1000,
    });
  };
  const stats = '{"timestamp":"2026-11-24T08:00:00.000000+0000","event_type":"stats","stats":{"uptime":5}}\n';
  const [HEAD = ''] = CSV.split(/(?<=\n)/);
  it.each([
    ['events of another kind', EVE, stats],
    ['what no one can read', EVE, '{"event_type":"flow","src_ip":nobody}\n'],
    ['a row that is none', CSV, 'not,a,row\n'],
    ['events of a firewall', FORTIOS, EVENT],
    ['the names of columns again', CSV, HEAD],
  ])('change no note and no share of what was read: %s', async (_, bytes, part) => {
    const at = bytes.indexOf('\n', bytes.length / 2) + 1;
    const parts = [bytes.slice(0, at), part, bytes.slice(at), part];
    const watched = new Watched();
    for (const [i, each] of parts.entries()) {
      appendFileSync(watched.file('some.log'), each);
      await watched.read(parts.slice(0, i + 1).join('').length);
    }
    await watched.stop();
    const once = await whole(parts.join(''));
    const { coverage, notes, inputs } = watched.audit as Audit;
    expect(coverage).toEqual(once.coverage);
    expect(notes.map(({ code }) => code).sort()).toEqual(once.notes.map(({ code }) => code).sort());
    const row = ({ kind, flows, other, damage }: Audit['inputs'][number]) => ({ kind, flows, other, damage });
    expect(inputs.map(row)).toEqual(once.inputs.map(row));
    for (const { params } of notes) if ('inputs' in params) expect(params.inputs).toHaveLength(1);
  });
});

it('files that come at once are inputs of their own', async () => {
  const watched = new Watched();
  const half = 24 + Math.floor((CAPTURE.length - 24) / 2);
  let cut = 24;
  for (let at = 24; at < half; at += 16 + CAPTURE.readUInt32LE(at + 8)) cut = at;
  const parts = [
    CAPTURE.subarray(0, cut),
    Buffer.concat([CAPTURE.subarray(0, 24), CAPTURE.subarray(cut)]),
    Buffer.from(EVE),
  ];
  const sum = parts.reduce((all, { length }) => all + length, 0);
  for (const [i, part] of parts.entries()) writeFileSync(watched.file(`trace-${i}`), part);
  await watched.read(sum);
  appendFileSync(watched.file('trace-2'), EVE.slice(0, EVE.indexOf('\n') + 1));
  await watched.read(sum + 100);
  expect(watched.audit?.inputs.map(({ path: file }) => path.basename(file)).sort()).toEqual([
    ...['trace-0', 'trace-1', 'trace-2'],
  ]);
  const again = Buffer.concat([parts[2], Buffer.from(EVE.slice(0, EVE.indexOf('\n') + 1))]);
  await sameAsScan(watched, parts[0], parts[1], again);
}, 60_000);

it('a capture with pauses of a minute is read up to its last record', async () => {
  const watched = new Watched();
  const quiet = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-quiet-keepalive.pcap');
  copyFileSync(quiet, watched.file('a.pcap'));
  await watched.read(readFileSync(quiet).length);
  await watched.stop();
  expect(essence(watched.audit as Audit)).toEqual(essence(await scanInputs([quiet])));
});

describe('rotation', () => {
  const EVE_PARTS = pieces(Buffer.from(EVE), 4);
  const LINES = EVE.split(/(?<=\n)/);
  const [OLD, NEW] = [Buffer.from(LINES.slice(0, 20).join('')), Buffer.from(LINES.slice(20).join(''))];

  it('renames a log that is written to the end under its new name', async () => {
    const watched = new Watched();
    const file = watched.file('eve.json');
    appendFileSync(file, EVE_PARTS[0]);
    await watched.read(EVE_PARTS[0].length - 1000);
    renameSync(file, `${file}.1`);
    appendFileSync(`${file}.1`, OLD.subarray(EVE_PARTS[0].length));
    writeFileSync(file, NEW);
    await watched.read(EVE.length);
    await sameAsScan(watched, Buffer.from(EVE));
  }, 60_000);

  it('copies a log and empties it, and what came in between is in the copy', async () => {
    const watched = new Watched();
    const file = watched.file('eve.json');
    appendFileSync(file, EVE_PARTS[0]);
    await watched.read(EVE_PARTS[0].length - 1000);
    appendFileSync(file, OLD.subarray(EVE_PARTS[0].length));
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
    await watched.until(() => watched.log.join().includes('goes on where'));
    appendFileSync(file, NEW);
    await watched.read(EVE.length);
    await sameAsScan(watched, Buffer.from(EVE));
  }, 60_000);

  it('compresses a capture before all of it was read', async () => {
    const watched = new Watched();
    const file = watched.file('trace-1.pcap');
    appendFileSync(file, CAPTURE.subarray(0, CAPTURE.length >> 1));
    await watched.read((CAPTURE.length >> 1) - 1600);
    rmSync(file);
    writeFileSync(`${file}.gz`, gzipSync(CAPTURE));
    await watched.read(CAPTURE.length);
    expect(watched.audit?.inputs).toHaveLength(1);
    await sameAsScan(watched, CAPTURE);
  }, 60_000);

  it('compresses a capture while the watch is down, and its successor comes behind it', async () => {
    const more = { quietUs: 50_000 };
    const watched = new Watched(more);
    const file = watched.file('trace-1.pcap');
    appendFileSync(file, CAPTURE.subarray(0, CAPTURE.length >> 1));
    await watched.read((CAPTURE.length >> 1) - 1600);
    await watched.stop();
    let edge = 24;
    while (edge < (CAPTURE.length * 3) / 4) edge += 16 + CAPTURE.readUInt32LE(edge + 8);
    rmSync(file);
    writeFileSync(`${file}.gz`, gzipSync(CAPTURE.subarray(0, edge)));
    writeFileSync(
      watched.file('trace-2.pcap'),
      Buffer.concat([CAPTURE.subarray(0, 24), CAPTURE.subarray(edge)]),
    );
    // A growing capture is begun after five seconds: the compressed one is not quiet by then.
    more.quietUs = 8_000_000;
    await watched.restart();
    await watched.read(CAPTURE.length);
    await sameAsScan(watched, CAPTURE);
  }, 60_000);

  it('compresses a log that was read, and a copy of it lies beside it', async () => {
    const watched = new Watched();
    const file = watched.file('eve.json');
    writeFileSync(file, EVE);
    await watched.read(EVE.length);
    writeFileSync(`${file}.1.gz`, gzipSync(EVE));
    await sleep(500);
    rmSync(file);
    await watched.until(() => watched.log.join().includes('read before, as'));
    await sleep(500);
    expect(watched.audit?.inputs).toHaveLength(1);
    await sameAsScan(watched, Buffer.from(EVE));
  }, 60_000);

  it('writes another content under the same name and number', async () => {
    const watched = new Watched();
    const file = watched.file('eve.json');
    writeFileSync(file, OLD);
    await watched.read(OLD.length);
    // Longer than before at once, as a ring of files is written.
    writeFileSync(file, NEW);
    appendFileSync(file, '\n'.repeat(OLD.length));
    await watched.read(OLD.length + NEW.length);
    await sameAsScan(watched, Buffer.from(EVE));
  }, 60_000);

  it('begins the next capture of a series, and the record that is cut at the end is damage then', async () => {
    const watched = new Watched();
    writeFileSync(watched.file('trace-1.pcap'), CAPTURE.subarray(0, CAPTURE.length - 7));
    await watched.until(() => (watched.audit?.inputs[0]?.packets ?? 0) > 0);
    expect(watched.audit?.inputs[0]?.damage).toEqual([]);
    writeFileSync(watched.file('trace-2.pcap'), CAPTURE.subarray(0, 24));
    await watched.until(() => watched.audit?.inputs[0]?.damage[0]?.kind === 'truncated-record');
    await sameAsScan(watched, CAPTURE.subarray(0, CAPTURE.length - 7));
  }, 60_000);
});

describe('a pause of a file that grows', () => {
  const T0 = Date.UTC(2026, 10, 20) / 1000;
  const row = (at: number): string =>
    `${T0 + at},${T0 + at + 60},192.0.2.1,50000,198.51.100.7,443,6,10,1000\n`;
  const observed = async (expectUs: number | null): Promise<number[][]> => {
    const watched = new Watched({ expectUs });
    const file = watched.file('flows.csv');
    writeFileSync(file, `start,end,src,sport,dst,dport,proto,packets,bytes\n${row(0)}${row(240)}`);
    const flows = (): number => watched.audit?.window.flows ?? 0;
    await watched.until(() => flows() === 2);
    appendFileSync(file, row(7200));
    await watched.until(() => flows() === 3);
    const times = watched.audit?.window.observed ?? [];
    return times.map(({ start, end }) => [start, end].map((time) => Date.parse(time) / 1000 - T0));
  };

  it('is no observed time if it is longer than expected', async () => {
    expect(await observed(600e6)).toEqual([
      [0, 300],
      [7200, 7260],
    ]);
  });

  it('is observed if input may come as seldom', async () => {
    expect(await observed(3 * 3600e6)).toEqual([[0, 7260]]);
    expect(await observed(null)).toEqual([[0, 7260]]);
  });
});

describe('captures that begin with their header alone', () => {
  it('are read on when packets come, behind others that begin alike', async () => {
    const watched = new Watched();
    const edges = [24];
    for (let at = 24; at < CAPTURE.length; at = edges[edges.length - 1])
      edges.push(at + 16 + CAPTURE.readUInt32LE(at + 8));
    const half = Math.floor(edges.length / 2);
    const header = CAPTURE.subarray(0, 24);
    const packets = (): number =>
      (watched.audit?.inputs ?? []).reduce((sum, input) => sum + (input.packets ?? 0), 0);
    writeFileSync(watched.file('live-1.pcap'), header);
    await sleep(500);
    appendFileSync(watched.file('live-1.pcap'), CAPTURE.subarray(24, edges[half]));
    await watched.until(() => packets() === half);
    writeFileSync(watched.file('live-2.pcap'), header);
    await sleep(800);
    await watched.restart();
    await sleep(800);
    appendFileSync(watched.file('live-2.pcap'), CAPTURE.subarray(edges[half]));
    await watched.until(() => packets() >= edges.length - 1);
    writeFileSync(watched.file('live-3.pcap'), header);
    await sleep(800);
    for (const name of ['live-1.pcap', 'live-2.pcap']) {
      writeFileSync(watched.file(`${name}.gz`), gzipSync(readFileSync(watched.file(name))));
      rmSync(watched.file(name));
      await sleep(500);
    }
    await sleep(1000);
    await watched.stop();
    expect(packets(), watched.log.join('\n')).toBe(edges.length - 1);
    const once = await scanInputs([path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap')]);
    expect(essence(watched.audit as Audit)).toEqual(essence(once));
  });
});
