/**
 * One truth: a capture, and the flow records that the programs of others make of it, give the same audit to the
 * record's resolution. Traffic of each miner and endpoint is the same to the byte, and nfdump's; verdicts only weaken;
 * scanned together, the capture counts. Captures that others recorded are read in place.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { readCapture } from '../support/capture-reader.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import {
  absentPrograms,
  byNfpcapd,
  bySoftflowd,
  bySuricata,
  capturesOf,
  nfdumpByAddress,
  plainCapture,
  type SoftflowdExport,
} from '../support/flow-exporting.ts';
import { layersOf } from '../support/layers.ts';
import { scanInputs } from '../support/scanning.ts';
import { laboratory } from '../support/truth.ts';

// Programs of others run here by the hundred, beside whatever else the machine does.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const ABSENT = absentPrograms('nfpcapd', 'softflowd', 'nfcapd', 'nfdump');
const HAS_SURICATA = absentPrograms('suricata') === '';
const corpus = corpusFolder();
const work = mkdtempSync(path.join(tmpdir(), 'minesweep-one-truth-'));
const laboratoryMiners = laboratory().filter(({ mining }) => mining);
const others = corpus === null ? [] : filesIn(path.join(corpus, 'real'));

let exported: readonly SoftflowdExport[] = [];
/** Records of ten seconds at most, so that each connection is in many. */
let cut: readonly SoftflowdExport[] = [];
beforeAll(async () => {
  if (ABSENT !== '') return;
  const captures = capturesOf([...laboratoryMiners.map(({ capture }) => capture), ...others], work);
  ({ exports: exported } = await bySoftflowd(captures, [5, 9, 10], work));
  const place = path.join(work, 'cut');
  mkdirSync(place);
  const timeouts = ['-t', 'maxlife=10', '-t', 'expint=1'];
  ({ exports: cut } = await bySoftflowd(
    captures.slice(0, laboratoryMiners.length),
    [9, 10],
    place,
    timeouts,
  ));
});
afterAll(() => rmSync(work, { recursive: true }));

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(pcap|pcapng)$/.test(name))
    .map((name) => path.join(folder, name));
}

interface End {
  readonly ip: string;
  readonly port: number;
}

const word = ({ ip, port }: End): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

/** The endpoint that packets go to: of a session behind a proxy, the proxy. */
function touched({ pool, via }: Audit['sessions'][number]): End {
  return via[0] ?? pool;
}

function poolsFile(capture: string, ends: readonly End[]): string {
  const file = path.join(work, `${path.basename(capture)}.pools.txt`);
  writeFileSync(file, `${ends.map(word).join('\n')}\n`);
  return file;
}

/** Bytes and packets out and in, by miner and endpoint: sessions and contacts are rows of the audit alike. */
function traffic(audit: Audit): Record<string, readonly number[]> {
  const sums = new Map<string, number[]>();
  for (const session of audit.sessions) {
    const key = `${session.miner.ip} ${word(touched(session))}`;
    const { bytesOut, bytesIn, packetsOut, packetsIn } = session.traffic;
    const sum = sums.get(key) ?? [0, 0, 0, 0];
    sums.set(
      key,
      [bytesOut, bytesIn, packetsOut, packetsIn].map((count, at) => count + (sum[at] ?? 0)),
    );
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const hostTraffic = (audit: Audit): Record<string, number> =>
  Object.fromEntries(audit.hosts.map(({ ip, traffic: { bytesOut, bytesIn } }) => [ip, bytesOut + bytesIn]));

const RANKS = ['listed', 'attempted', 'suspected', 'probable', 'confirmed'];

/** Hosts whose verdict is stronger than that of the capture, which must be none. */
function strengthened(capture: Audit, flows: Audit): string[] {
  const before = new Map(capture.hosts.map(({ ip, verdict }) => [ip, RANKS.indexOf(verdict)]));
  return flows.hosts
    .filter(({ ip, verdict }) => RANKS.indexOf(verdict) > (before.get(ip) ?? -1))
    .map(({ ip, verdict }) => `${ip} ${verdict}`);
}

/** What nfdump gives each miner with these endpoints. */
async function nfdumpOf(folder: string, ends: readonly End[], audit: Audit): Promise<Record<string, number>> {
  const filter = `proto tcp and (${ends.map(({ ip, port }) => `(host ${ip} and port ${port})`).join(' or ')})`;
  const sums = await nfdumpByAddress(folder, filter);
  const bytes = (ip: string): number =>
    // It words ::1 like this, and counts what it said to itself for both of its ends.
    ip === '::1' ? (sums.get('0.0.0.1')?.bytes ?? 0) / 2 : (sums.get(ip)?.bytes ?? 0);
  return Object.fromEntries(audit.hosts.map(({ ip }) => [ip, bytes(ip)]));
}

interface Scanned {
  readonly file: string;
  readonly ends: readonly End[];
  readonly pools: { readonly poolFiles: string[] };
  readonly capture: Audit;
  readonly nfpcapd: string;
  /** Flow records by program and version, as inputs of a scan. */
  readonly flows: readonly { readonly by: string; readonly input: string }[];
}

async function scanCapture(name: string, ends: readonly End[]): Promise<Scanned> {
  const file = plainCapture(name, work);
  const pools = { poolFiles: [poolsFile(file, ends)] };
  const nfpcapd = await byNfpcapd(file, path.join(work, 'nfpcapd', path.basename(file)));
  const flows = exported
    .filter(({ capture, datagramCount }) => capture === file && datagramCount > 0)
    .flatMap(({ version, folder, datagrams }) => [
      { by: `nfcapd of version ${version}`, input: folder },
      { by: `datagrams of version ${version}`, input: datagrams },
    ]);
  for (const { capture, version, datagrams } of cut) {
    if (capture === file) flows.push({ by: `cut records of version ${version}`, input: datagrams });
  }
  return { file, ends, pools, capture: await scanInputs([file], pools), nfpcapd, flows };
}

describe.skipIf(ABSENT !== '')(`a laboratory miner${ABSENT}`, () => {
  for (const { name, capture, pool, via } of laboratoryMiners) {
    it(`has the same traffic in records of ${name}, and no stronger verdict`, async () => {
      const { file, ends, pools, capture: whole, nfpcapd, flows } = await scanCapture(capture, [via ?? pool]);
      // A second connection to another port, which the truth does not list.
      const all = whole.sessions.map(touched).filter(({ port }) => port !== ends[0]?.port);
      if (all.length > 0) pools.poolFiles.push(poolsFile(`${file}.more`, all));
      const expected = traffic(whole);
      expect(hostTraffic(whole)).toEqual(await nfdumpOf(nfpcapd, [...ends, ...all], whole));
      const inputs = [{ by: 'nfpcapd', input: nfpcapd }, ...flows];
      // Suricata takes no packet that the capture cut.
      if (HAS_SURICATA && name !== 'ltc-cpuminer-multi') {
        inputs.push({ by: 'EVE', input: await bySuricata(file, path.join(work, 'eve', name)) });
      }
      for (const { by, input } of inputs) {
        const audit = await scanInputs([input], pools);
        expect([by, traffic(audit)]).toEqual([by, expected]);
        expect([by, strengthened(whole, audit)]).toEqual([by, []]);
      }
      // Several exporters that saw the same packets.
      const together = await scanInputs(
        inputs.map(({ input }) => input),
        pools,
      );
      expect(traffic(together)).toEqual(expected);
      expect(strengthened(whole, together)).toEqual([]);
      // Pools of the laboratory are invented: nobody is above suspected by what flows show.
      const alone = await scanInputs(inputs.map(({ input }) => input));
      expect(alone.hosts.filter(({ verdict }) => verdict === 'probable' || verdict === 'confirmed')).toEqual(
        [],
      );
      const both = await scanInputs([...inputs.map(({ input }) => input), file], pools);
      expect(traffic(both)).toEqual(expected);
      expect(both.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual(
        whole.hosts.map(({ ip, verdict }) => [ip, verdict]),
      );
    });
  }
});

/** Bytes behind the end of IP packets, which fill frames up to the 60 that Ethernet asks for; by the other end. */
function padding(file: string, ends: readonly End[]): Map<string, number> {
  const listed = new Set(ends.map(word));
  const sums = new Map<string, number>();
  for (const packet of readCapture(file)) {
    const layers = layersOf(packet);
    if (layers === null || layers.tcp === null || layers.version !== 4) continue;
    const { view, ip, tcp, end } = layers;
    const address = (at: number): string => [0, 1, 2, 3].map((byte) => view.getUint8(at + byte)).join('.');
    const source = { ip: address(ip + 12), port: view.getUint16(tcp) };
    const destination = { ip: address(ip + 16), port: view.getUint16(tcp + 2) };
    const other = listed.has(word(source)) ? destination : listed.has(word(destination)) ? source : null;
    if (other !== null) sums.set(other.ip, (sums.get(other.ip) ?? 0) + packet.wireBytes - end);
  }
  return sums;
}

const noCorpus = corpus === null ? ` (${CORPUS_ABSENT})` : ABSENT;
describe.skipIf(noCorpus !== '')(`a miner that others recorded${noCorpus}`, () => {
  for (const name of others) {
    it(`has the same traffic in records of ${path.basename(name)}, and no stronger verdict`, async () => {
      const seen = await scanInputs([plainCapture(name, work)]);
      const ends = [
        ...new Map(seen.sessions.map((session) => [word(touched(session)), touched(session)])).values(),
      ];
      const { file, pools, capture: whole, nfpcapd, flows } = await scanCapture(name, ends);
      expect(hostTraffic(whole)).toEqual(await nfdumpOf(nfpcapd, ends, whole));
      const records = await scanInputs([nfpcapd], pools);
      expect(traffic(records)).toEqual(traffic(whole));
      expect(strengthened(whole, records)).toEqual([]);
      // softflowd counts what fills a frame up as part of the packet.
      const filled = padding(file, ends);
      const expected = Object.fromEntries(
        Object.entries(hostTraffic(whole)).map(([ip, bytes]) => [ip, bytes + (filled.get(ip) ?? 0)]),
      );
      for (const { by, input } of flows.filter(({ by }) => by.startsWith('datagrams'))) {
        const audit = await scanInputs([input], pools);
        expect([by, hostTraffic(audit)]).toEqual([by, expected]);
        expect([by, strengthened(whole, audit)]).toEqual([by, []]);
      }
      const both = await scanInputs([nfpcapd, ...flows.map(({ input }) => input), file], pools);
      expect(traffic(both)).toEqual(traffic(whole));
      expect(both.hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual(
        whole.hosts.map(({ ip, verdict }) => [ip, verdict]),
      );
    });
  }
});
