/**
 * Captures to flow records by the programs of others: nfpcapd writes nfcapd files itself, softflowd sends NetFlow v5,
 * v9 and IPFIX over loopback to one nfcapd, Suricata writes EVE. The datagrams of softflowd pass through a socket of
 * ours on their way, so that they are kept as a capture of the export too. What an address had is nfdump's word.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { writePcap } from './capture-writer.ts';
import { ethernet, ipv4, udp } from './packet-builder.ts';

const run = promisify(execFile);

export function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The programs among these that are absent, as the word with which tests skip; '' where all are here. */
export function absentPrograms(...programs: readonly string[]): string {
  const absent = programs.filter((program) => !isInstalled(program));
  return absent.length === 0 ? '' : ` (skipped, not installed: ${absent.join(', ')})`;
}

/** The capture as a file that every program opens: gzip taken off. */
export function plainCapture(file: string, work: string): string {
  if (!file.endsWith('.gz')) return file;
  const target = path.join(work, path.basename(file, '.gz'));
  if (!existsSync(target)) writeFileSync(target, gunzipSync(readFileSync(file)));
  return target;
}

export function capturesOf(files: readonly string[], work: string): string[] {
  return files.map((file) => plainCapture(file, work));
}

/** nfpcapd's files of a capture, in one folder; link layers that it refuses leave the folder empty. */
export async function byNfpcapd(capture: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  // An hour a file: nearly every capture is one.
  await run('nfpcapd', ['-r', capture, '-w', folder, '-t', '3600'], { timeout: 60_000 }).catch(() => {});
  return folder;
}

/** Suricata's EVE of a capture, without any rules: events of both directions, or of one each. */
export async function bySuricata(
  capture: string,
  folder: string,
  events: 'flow' | 'netflow' = 'flow',
): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const config = path.join(folder, 'suricata.yaml');
  const usual = readFileSync('/etc/suricata/suricata.yaml', 'utf8');
  writeFileSync(config, usual.replace(/^ {8}- flow$/m, `        - ${events}`));
  await run(
    'suricata',
    [
      '-c',
      config,
      '-r',
      capture,
      '-l',
      folder,
      '-S',
      '/dev/null',
      '--runmode',
      'single',
      '-k',
      'none',
      '--set',
      'stream.midstream=true',
    ],
    { timeout: 120_000 },
  );
  return path.join(folder, 'eve.json');
}

/** What `ra` prints of an Argus file of a capture, times and both directions whole. */
export async function byArgus(capture: string, file: string): Promise<string> {
  mkdirSync(path.dirname(file), { recursive: true });
  await run('argus', ['-F', '/dev/null', '-r', capture, '-w', file], { timeout: 60_000 });
  const columns = 'stime,ltime,proto,saddr,sport,dir,daddr,dport,spkts,dpkts,sbytes,dbytes,state';
  const { stdout } = await run('ra', ['-F', '/dev/null', '-n', '-u', '-r', file, '-c', ',', '-s', columns], {
    timeout: 60_000,
    maxBuffer: 1 << 26,
  });
  writeFileSync(`${file}.csv`, stdout);
  return `${file}.csv`;
}

export type ExportVersion = 5 | 9 | 10;

export interface SoftflowdExport {
  readonly capture: string;
  readonly version: ExportVersion;
  /** nfcapd's files. */
  readonly folder: string;
  /** A capture of the datagrams. */
  readonly datagrams: string;
  readonly datagramCount: number;
}

const COLLECTOR = '127.0.0.1';
const AT_ONCE = 4;
/** Calls of bySoftflowd: each has exporters of its own, for one exporter's records add up. */
let calls = 0;

/**
 * Every capture by every version of softflowd's export, `options` added, to one nfcapd, which tells them apart by
 * their addresses on loopback.
 */
export async function bySoftflowd(
  captures: readonly string[],
  versions: readonly ExportVersion[],
  work: string,
  options: readonly string[] = [],
): Promise<{ readonly collected: string; readonly exports: readonly SoftflowdExport[] }> {
  const folder = path.join(work, 'collected');
  mkdirSync(folder, { recursive: true });
  const network = ++calls;
  const port = await freePort();
  const collector = await startCollector(folder, port);
  const jobs = captures.flatMap((capture) => versions.map((version) => ({ capture, version })));
  const exports = await byTurns(jobs, async ({ capture, version }, ordinal): Promise<SoftflowdExport> => {
    const ip = `127.${network}.${1 + Math.floor(ordinal / 250)}.${1 + (ordinal % 250)}`;
    const sent = await exportOnce(capture, version, ip, port, path.join(work, `pid-${ordinal}`), options);
    const datagrams = path.join(work, `${path.basename(capture)}.v${version}.export.pcap`);
    writeFileSync(datagrams, captureOf(sent, ip, port));
    const own = path.join(folder, ip.replaceAll('.', '-'));
    return { capture, version, folder: own, datagrams, datagramCount: sent.length };
  });
  await stopCollector(collector);
  return { collected: folder, exports };
}

/** Work on each item, a few at once: what the programs do is waiting, mostly. Results stand in the order of the items. */
export async function byTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item, ordinal: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  let next = 0;
  const turn = async (): Promise<void> => {
    while (next < items.length) {
      const ordinal = next++;
      const item = items[ordinal];
      if (item !== undefined) results.set(ordinal, await work(item, ordinal));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, COLLECTOR, resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

async function startCollector(folder: string, port: number): Promise<ChildProcess> {
  const child = spawn('nfcapd', ['-M', folder, '-b', COLLECTOR, '-p', String(port), '-t', '3600'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('Startup')) resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', () => reject(new Error(`nfcapd did not start: ${said}`)));
  });
  return child;
}

async function stopCollector(child: ChildProcess): Promise<void> {
  // What loopback has delivered by then is taken before the signal is looked at.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

interface Sent {
  readonly payload: Uint8Array;
  readonly timeUs: number;
}

async function exportOnce(
  capture: string,
  version: ExportVersion,
  ip: string,
  collectorPort: number,
  pidFile: string,
  options: readonly string[],
): Promise<Sent[]> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, ip, resolve));
  const sent: Sent[] = [];
  socket.on('message', (payload) => {
    sent.push({ payload: Uint8Array.from(payload), timeUs: Date.now() * 1000 });
    socket.send(payload, collectorPort, COLLECTOR);
  });
  // Without a control socket: reading a file, this version of it waits there for ever now and then.
  const args = ['-r', capture, '-n', `${ip}:${socket.address().port}`, '-v', String(version), '-d', '-6'];
  await run('softflowd', [...args, '-A', 'milli', '-c', 'none', '-p', pidFile, ...options], {
    timeout: 60_000,
  }).catch(() => {});
  await delivered(socket, sent);
  return sent;
}

/** Until nothing has come for a while: datagrams on loopback are there as soon as they are sent. */
async function delivered(socket: Socket, sent: readonly Sent[]): Promise<void> {
  let before = -1;
  while (before !== sent.length) {
    before = sent.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

function captureOf(sent: readonly Sent[], source: string, port: number): Uint8Array {
  return writePcap(
    sent.map(({ payload, timeUs }) => ({
      timeUs,
      linkType: 1,
      bytes: ethernet(
        {},
        ipv4({ source, destination: COLLECTOR }, udp({ sourcePort: 40_000, destinationPort: port }, payload)),
      ).bytes,
    })),
  );
}

export interface Sum {
  readonly bytes: number;
  readonly packets: number;
}

/**
 * What nfdump says that each address sent and received, over all files of a folder. It counts a flow for both of its
 * ends, twice where they are one, and prints addresses below ::1:0:0 as if they were IPv4.
 */
export async function nfdumpByAddress(folder: string, filter = ''): Promise<Map<string, Sum>> {
  const { stdout } = await run(
    'nfdump',
    ['-q', '-6', '-R', folder, '-s', 'ip/bytes', '-n', '0', '-o', 'csv', ...(filter === '' ? [] : [filter])],
    { timeout: 60_000, maxBuffer: 1 << 26 },
  );
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const header = rows.find((cells) => cells[0] === 'ts') ?? [];
  const at = (cells: readonly string[], title: string): string => cells[header.indexOf(title)] ?? '';
  const sums = new Map<string, Sum>();
  for (const cells of rows) {
    if (cells === header || cells.length !== header.length) continue;
    sums.set(at(cells, 'val').trim(), { bytes: Number(at(cells, 'byt')), packets: Number(at(cells, 'pkt')) });
  }
  return sums;
}
