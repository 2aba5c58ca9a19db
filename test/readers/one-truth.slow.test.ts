/**
 * Captures exported by the programs of others, and what each address had in the records: ours equals nfdump's
 * statistic by IP to the byte and the packet, whatever the protocol, from the collector's files and from the datagrams
 * of the export. Captures that others recorded are read in place.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eve } from '../../src/readers/json/eve.ts';
import { nfcapd } from '../../src/readers/nfcapd/nfcapd.ts';
import { headedTable } from '../../src/readers/tables/headed-table.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import {
  absentPrograms,
  byArgus,
  byNfpcapd,
  bySoftflowd,
  bySuricata,
  byTurns,
  capturesOf,
  type ExportVersion,
  nfdumpByAddress,
  type SoftflowdExport,
  type Sum,
} from '../support/flow-exporting.ts';
import { type AddressSums, sumsOf, sumsOfExport } from '../support/flow-sums.ts';
import { nfcapd1, type Writer, type WrittenFlow } from '../support/flow-writer.ts';
import { layersOf } from '../support/layers.ts';
import { ethernet, ipv4Fragments, raw } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { laboratory, laboratoryCapture } from '../support/truth.ts';

// Programs of others run here by the hundred, beside whatever else the machine does.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let work = '';
const laboratoryCaptures: string[] = [];
const captures: string[] = [];
beforeAll(() => {
  work = mkdtempSync(path.join(tmpdir(), 'minesweep-one-truth-'));
  laboratoryCaptures.push(
    ...capturesOf(
      laboratory().map(({ capture }) => capture),
      work,
    ),
  );
  const corpus = corpusFolder();
  const others =
    corpus === null ? [] : ['benign', 'real'].flatMap((name) => filesIn(path.join(corpus, name)));
  captures.push(...laboratoryCaptures, ...capturesOf(others, work));
});
afterAll(() => rmSync(work, { recursive: true }));

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => /\.(pcap|pcapng|cap)$/.test(name))
    .map((name) => path.join(folder, name));
}

/** Where two sums by address differ, a line each. */
function differences(
  name: string,
  ours: ReadonlyMap<string, Sum>,
  theirs: ReadonlyMap<string, Sum>,
): string[] {
  const word = (sum: Sum | undefined): string =>
    sum === undefined ? 'nothing' : `${sum.bytes} bytes in ${sum.packets} packets`;
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((ip) => word(ours.get(ip)) !== word(theirs.get(ip)))
    .map((ip) => `${name}, ${ip}: ${word(ours.get(ip))}, nfdump ${word(theirs.get(ip))}`);
}

function added(all: readonly ReadonlyMap<string, Sum>[]): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const one of all) {
    for (const [ip, { bytes, packets }] of one) {
      const known = sums.get(ip) ?? { bytes: 0, packets: 0 };
      sums.set(ip, { bytes: known.bytes + bytes, packets: known.packets + packets });
    }
  }
  return sums;
}

interface Exported {
  readonly name: string;
  readonly folder: string;
  /** Sums by our readers: of the collector's files, and of the datagrams where there are any. */
  readonly ours: readonly AddressSums[];
}

/**
 * All of them at once, as nfdump adds up a folder of folders; where that differs, each by itself, so that the message
 * tells which. Sums of many captures would have to err twice to agree by chance.
 */
async function compare(root: string, exported: readonly Exported[]): Promise<string[]> {
  const readings = Math.max(...exported.map(({ ours }) => ours.length));
  const theirs = await nfdumpByAddress(root);
  const found: string[] = [];
  for (let reading = 0; reading < readings; reading++) {
    const sums = added(exported.flatMap(({ ours }) => ours[reading]?.byAddress ?? []));
    found.push(...differences(`all, reading ${reading}`, sums, theirs));
  }
  if (found.length === 0) return [];
  for (const { name, folder, ours } of exported) {
    const own = await nfdumpByAddress(folder);
    for (const [reading, { byAddress }] of ours.entries()) {
      found.push(...differences(`${name}, reading ${reading}`, byAddress, own));
    }
  }
  return found;
}

async function readExports(exports: readonly SoftflowdExport[]): Promise<Exported[]> {
  const read: Exported[] = [];
  for (const { capture, version, folder, datagrams, datagramCount } of exports) {
    // v5 says nothing of IPv6, and of traffic without IP nobody does.
    if (datagramCount === 0) continue;
    const ours = [await sumsOf(nfcapd, folder), await sumsOfExport(datagrams)];
    read.push({ name: `${path.basename(capture)} by version ${version}`, folder, ours });
  }
  return read;
}

const noCorpus = corpusFolder() === null ? `, of the laboratory only: ${CORPUS_ABSENT}` : '';

const noSoftflowd = absentPrograms('softflowd', 'nfcapd', 'nfdump');
describe.skipIf(noSoftflowd !== '')(`records of softflowd${noSoftflowd}${noCorpus}`, () => {
  /** Exports the captures and reads them back; says where we and nfdump differ, and how many exports there were. */
  const exportAndCompare = async (
    name: string,
    files: readonly string[],
    versions: readonly ExportVersion[],
    options: readonly string[] = [],
  ): Promise<{ differences: string[]; exports: readonly Exported[] }> => {
    const root = path.join(work, name);
    mkdirSync(root);
    const { collected, exports } = await bySoftflowd(files, versions, root, options);
    const read = await readExports(exports);
    return { differences: await compare(collected, read), exports: read };
  };

  it('as NetFlow v5, v9 and IPFIX give each address what nfdump gives it', async () => {
    const found = await exportAndCompare('exported', captures, [5, 9, 10]);
    expect(found.differences).toEqual([]);
    expect(found.exports.length).toBeGreaterThan(captures.length * 2.9);
  });

  it('as biflows give each address both directions', async () => {
    const found = await exportAndCompare('biflow', captures, [10], ['-b']);
    expect(found.differences).toEqual([]);
    expect(found.exports.length).toBeGreaterThan(captures.length * 0.9);
  });

  it('of one packet in five are multiplied once', async () => {
    const found = await exportAndCompare('sampled', laboratoryCaptures, [5, 9, 10], ['-s', '5']);
    expect(found.differences).toEqual([]);
    expect(found.exports.length).toBeGreaterThan(laboratoryCaptures.length);
    for (const { ours } of found.exports) {
      for (const { byAddress, sampling } of ours) {
        expect([...sampling]).toEqual([5]);
        for (const { packets } of byAddress.values()) expect(packets % 5).toBe(0);
      }
    }
  });

  it('of every other packet are multiplied in v5 too, which nfcapd 1.7.5 leaves as they are', async () => {
    const root = path.join(work, 'halves');
    mkdirSync(root);
    const { exports } = await bySoftflowd(laboratoryCaptures.slice(0, 3), [5, 9], root, ['-s', '2']);
    for (const { version, folder, datagrams, datagramCount } of exports) {
      if (datagramCount === 0) continue;
      const ours = await sumsOf(nfcapd, folder);
      expect((await sumsOfExport(datagrams)).byAddress).toEqual(ours.byAddress);
      const factor = version === 5 ? 2 : 1;
      const theirs = [...(await nfdumpByAddress(folder))].map(([ip, { bytes, packets }]): [string, Sum] => [
        ip,
        { bytes: bytes * factor, packets: packets * factor },
      ]);
      expect(differences(folder, ours.byAddress, new Map(theirs))).toEqual([]);
    }
  });

  it('cut by an active timeout of ten seconds give the same', async () => {
    const cut = ['-t', 'maxlife=10', '-t', 'expint=1'];
    const found = await exportAndCompare('cut', laboratoryCaptures, [5, 9, 10], cut);
    expect(found.differences).toEqual([]);
  });
});

describe.skipIf(absentPrograms('softflowd', 'nfcapd', 'nfpcapd', 'nfdump') !== '')(
  'datagrams in fragments',
  () => {
    it('have all their bytes in records by address, and in the capture', async () => {
      const root = path.join(work, 'fragments');
      mkdirSync(root);
      const { capture, miner, pool } = laboratoryCapture('xmr-many-shares');
      const file = path.join(root, 'fragments.pcap');
      const packets = readCapture(capture).flatMap((packet, id) => inFragments(packet, id));
      writeFileSync(file, writePcap(packets));
      const sent = packets.reduce((sum, { wireBytes }) => sum + wireBytes - 14, 0);

      const { collected, exports } = await bySoftflowd([file], [5, 9, 10], root);
      const read = await readExports(exports);
      expect(await compare(collected, read)).toEqual([]);
      for (const { ours } of read) {
        for (const { byAddress } of ours) {
          expect(byAddress.get(miner)).toEqual({ bytes: sent, packets: packets.length });
        }
      }
      const folder = await byNfpcapd(file, path.join(root, 'nfpcapd'));
      const together = await sumsOf(nfcapd, folder);
      expect(differences('nfpcapd', together.byAddress, await nfdumpByAddress(folder))).toEqual([]);

      const pools = path.join(root, 'pools.txt');
      writeFileSync(pools, `${pool.ip}:${pool.port}\n`);
      const { hosts } = await scanInputs([file], { poolFiles: [pools] });
      expect(hosts.map(({ ip, traffic }) => [ip, traffic.bytesOut + traffic.bytesIn])).toEqual([
        [miner, sent],
      ]);
    });
  },
);

/** The packet of the laboratory (Ethernet, IPv4) with at most 80 bytes of its datagram in each fragment. */
function inFragments(packet: CapturedPacket, id: number): CapturedPacket[] {
  const layers = layersOf(packet);
  if (layers === null || layers.end - layers.ip <= 100) return [packet];
  const { view, ip, ipHeader, end } = layers;
  const address = (at: number): string => [0, 1, 2, 3].map((byte) => view.getUint8(at + byte)).join('.');
  const fields = { source: address(ip + 12), destination: address(ip + 16), protocol: 6, id };
  return ipv4Fragments(fields, raw(packet.bytes.slice(ip + ipHeader, end)), 80).map((fragment) => {
    const { bytes } = ethernet({}, fragment);
    return { ...packet, bytes, wireBytes: bytes.length };
  });
}

describe.skipIf(absentPrograms('nfdump') !== '')('files of layout 1', () => {
  it('made here are read by nfdump as by us', async () => {
    const flow: WrittenFlow = {
      ...{ firstMs: 1_699_999_940_500, lastMs: 1_699_999_999_500, packets: 5, bytes: 640 },
      ...{ source: '192.0.2.10', destination: '198.51.100.20', sourcePort: 51000, destinationPort: 3333 },
    };
    const data = (writer: Writer): Writer => writer.u16(3, 4, 1, 2).u8(0, 0, 24, 24);
    const wide = { ...flow, source: '192.0.2.11', packets: 2 ** 33, bytes: 2 ** 40, isWide: true, data };
    const folder = path.join(work, 'layout 1');
    mkdirSync(folder);
    const file = nfcapd1([4, 6, 8], [{ ...flow, data }, wide, { ...flow, protocol: 17, data }]);
    writeFileSync(path.join(folder, 'nfcapd.202311142210'), file);
    const ours = await sumsOf(nfcapd, folder);
    expect(ours.records).toBe(3);
    expect(differences('layout 1', ours.byAddress, await nfdumpByAddress(folder))).toEqual([]);
  });
});

const noNfpcapd = absentPrograms('nfpcapd', 'nfdump');
describe.skipIf(noNfpcapd !== '')(`records of nfpcapd${noNfpcapd}${noCorpus}`, () => {
  it('give each address what nfdump gives it', async () => {
    const root = path.join(work, 'nfpcapd');
    const exported = await byTurns(captures, async (capture): Promise<Exported> => {
      const folder = await byNfpcapd(capture, path.join(root, path.basename(capture)));
      return { name: path.basename(capture), folder, ours: [await sumsOf(nfcapd, folder)] };
    });
    expect(await compare(root, exported)).toEqual([]);
    const addresses = added(exported.flatMap(({ ours }) => ours[0]?.byAddress ?? []));
    expect(addresses.size).toBeGreaterThan(20);
  });
});

const noSuricata = absentPrograms('suricata', 'nfpcapd', 'nfdump');
const noArgus = absentPrograms('argus', 'ra', 'nfpcapd', 'nfdump');
describe.skipIf(noArgus !== '')(`records of Argus${noArgus}`, () => {
  it('give each address what nfdump gives it, less 14 bytes a packet', async () => {
    const found = await byTurns(laboratoryCaptures, async (capture) => {
      const name = path.basename(capture);
      const theirs = await nfdumpByAddress(await byNfpcapd(capture, path.join(work, 'beside argus', name)));
      const ours = await sumsOf(headedTable('argus'), await byArgus(capture, path.join(work, 'argus', name)));
      expect([name, ours.damage]).toEqual([name, []]);
      // ra does not say that there were VLAN tags, which it counts.
      const tagged = name.startsWith('btc-minerd') ? 4 : 0;
      const whole = [...theirs].map(([ip, { bytes, packets }]): [string, Sum] => [
        ip,
        { bytes: bytes + tagged * packets, packets },
      ]);
      return differences(name, ours.byAddress, new Map(whole));
    });
    expect(found.flat()).toEqual([]);
  });
});

describe.skipIf(noSuricata !== '')(`events of Suricata${noSuricata}`, () => {
  /** Suricata takes no packet whose end the capture cut off. */
  const CUT = 'ltc-cpuminer-multi';

  it('give each address what nfdump gives it, less 14 bytes a packet and 4 a VLAN tag', async () => {
    const found = await byTurns(laboratoryCaptures, async (capture) => {
      const name = path.basename(capture);
      const theirs = await nfdumpByAddress(await byNfpcapd(capture, path.join(work, 'beside', name)));
      const ours = await sumsOf(eve, await bySuricata(capture, path.join(work, 'eve', name)));
      expect([name, ours.damage]).toEqual([name, []]);
      if (!name.startsWith(CUT)) return differences(name, ours.byAddress, theirs);
      for (const [ip, sum] of ours.byAddress) expect(sum.bytes).toBeLessThan(theirs.get(ip)?.bytes ?? 0);
      return [];
    });
    expect(found.flat()).toEqual([]);
  });

  it('of one direction each give the same', async () => {
    const found = await byTurns(laboratoryCaptures.slice(0, 4), async (capture) => {
      const name = path.basename(capture);
      const theirs = await nfdumpByAddress(await byNfpcapd(capture, path.join(work, 'beside netflow', name)));
      const ours = await sumsOf(eve, await bySuricata(capture, path.join(work, 'netflow', name), 'netflow'));
      return differences(name, ours.byAddress, theirs);
    });
    expect(found.flat()).toEqual([]);
  });
});
