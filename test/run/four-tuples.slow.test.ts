/** The conversations of captures against those that tshark counts: the same four-tuples of TCP and UDP. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { addressText } from '../../src/address.ts';
import { PacketEngine } from '../../src/packets/packet-engine.ts';
import { pumpCapture } from '../../src/readers/pcap/reader.ts';
import { bytesSource } from '../support/capture-reading.ts';
import { corpusFolder } from '../support/corpus.ts';
import { Listening } from '../support/engine-hearing.ts';

const CAPTURES = ['citrix', 'tls_certificate_too_long', 'ethereum', 'skinny', 'nfsv2'];
const folder = path.join(corpusFolder() ?? '', 'benign');
const hasTshark = spawnSync('tshark', ['--version']).error === undefined;

/** Both ends of each conversation that tshark counts, in any order. */
function counted(file: string, transport: 'tcp' | 'udp'): string[] {
  const text = execFileSync('tshark', ['-n', '-q', '-z', `conv,${transport}`, '-r', file], {
    encoding: 'utf8',
  });
  return [...text.matchAll(/^(\S+):(\d+)\s+<->\s+(\S+):(\d+)\s/gm)].map(([, a, p, b, q]) =>
    [`${a} ${p}`, `${b} ${q}`].sort().join(' '),
  );
}

/** Those of the kernel's rows while none has ended. */
async function rows(file: string, protocol: number): Promise<string[]> {
  const engine = new PacketEngine();
  const listening = new Listening();
  engine.tell(listening);
  engine.useInterests(listening.interests);
  await pumpCapture(bytesSource(readFileSync(file)), 'pcap', engine.kernel);
  const { kept_flowsEnd: end } = engine.kernel.globals();
  const words = new Int32Array(4);
  const found: string[] = [];
  for (let flow = 0; flow < end; flow++) {
    const row = engine.flows.row(flow);
    if (!row.alive || row.protocol !== protocol) continue;
    const ends = ([0, 1] as const).map((direction) => {
      const port = engine.flows.endpoint(flow, direction, words);
      return `${addressText(words)} ${port}`;
    });
    found.push(ends.sort().join(' '));
  }
  return found;
}

describe.skipIf(corpusFolder() === null || !hasTshark)('the four-tuples of tshark', () => {
  it.each(CAPTURES)('%s', async (name) => {
    const file = path.join(folder, `${name}.pcap`);
    for (const [transport, protocol] of [
      ['tcp', 6],
      ['udp', 17],
    ] as const)
      expect([...new Set(await rows(file, protocol))].sort()).toEqual(
        [...new Set(counted(file, transport))].sort(),
      );
  });
});
