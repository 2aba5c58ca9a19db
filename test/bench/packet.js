/**
 * How many packets a second the decoder does. `node test/bench/packet.js`
 * Frames of 90 to 1,490 bytes stand in 64 blocks of 1 MiB that are visited in turn, so headers come from memory, as
 * they do in a scan, and not from a warm cache; `warm` is one block over and over. CPU time, median of 25 passes.
 */
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

// Compiled here and now: what the package ships is one bundle that does not show its parts.
const compiled = buildSync({
  stdin: {
    contents: "export { Packet } from './packet.js'; export { CaptureRecord } from './record.js';",
    resolveDir: fileURLToPath(new URL('../../src/packets', import.meta.url)),
    loader: 'ts',
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  write: false,
});
const { Packet, CaptureRecord } = await import(
  `data:text/javascript;base64,${Buffer.from(compiled.outputFiles[0].text).toString('base64')}`
);

const BLOCK = 1 << 20;
const BLOCKS = 64;
const PASSES = 25;

let state = 1;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

const LINKS = {
  ipv4: { header: [0x08, 0x00], version: 4 },
  ipv6: { header: [0x86, 0xdd], version: 6 },
  'ipv4 in two tags': { header: [0x88, 0xa8, 0, 1, 0x81, 0x00, 0, 2, 0x08, 0x00], version: 4 },
};

/** One block of frames, and where each begins and how long it is. */
function fill({ header, version }) {
  const bytes = new Uint8Array(BLOCK);
  const view = new DataView(bytes.buffer);
  const starts = [];
  const lengths = [];
  for (let at = 16; ; ) {
    const length = 90 + (random(2) === 0 ? 0 : random(1400));
    if (at + length > BLOCK) break;
    const ip = at + 12 + header.length;
    const tcp = ip + (version === 4 ? 20 : 40);
    for (let i = at; i < tcp + 12; i++) bytes[i] = random(256);
    bytes.set(header, at + 12);
    if (version === 4) {
      bytes.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6], ip);
      view.setUint16(ip + 2, length - (ip - at));
    } else {
      bytes.set([0x60, 0, 0, 0, 0, 0, 6, 64], ip);
      view.setUint16(ip + 4, length - (tcp - at));
    }
    bytes.set([0x50, 0x18], tcp + 12);
    starts.push(at);
    lengths.push(length);
    at += length + 16;
  }
  return { bytes, starts: Int32Array.from(starts), lengths: Int32Array.from(lengths) };
}

const record = new CaptureRecord();
const packet = new Packet();
let digest = 0;

function decodeBlock({ bytes, starts, lengths }) {
  record.useBlock(bytes);
  record.linkType = 1;
  for (let i = 0; i < starts.length; i++) {
    record.at = starts[i];
    record.captured = lengths[i];
    record.wireBytes = lengths[i];
    record.timeUs = 1.7e15 + i;
    if (packet.decode(record) !== 0) throw new Error('a frame was skipped');
    digest = (digest + (packet.source3 ^ packet.destinationPort ^ packet.sequence ^ packet.payloadBytes)) | 0;
  }
  return starts.length;
}

/** Packets a microsecond, which is millions a second. */
function rate(blocks) {
  const rates = [];
  for (let pass = 0; pass < PASSES + 3; pass++) {
    const before = process.cpuUsage();
    let packets = 0;
    for (const block of blocks) packets += decodeBlock(block);
    const { user, system } = process.cpuUsage(before);
    rates.push(packets / (user + system));
  }
  return rates.slice(3).sort((a, b) => a - b)[PASSES >> 1];
}

process.stdout.write(
  `${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}\n`,
);
for (const [name, link] of Object.entries(LINKS)) {
  const blocks = Array.from({ length: BLOCKS }, () => fill(link));
  const cold = rate(blocks);
  const warm = rate(new Array(BLOCKS).fill(blocks[0]));
  process.stdout.write(`${name}: ${cold.toFixed(1)} M packets/s, warm ${warm.toFixed(1)}\n`);
}
process.stdout.write(`(digest ${digest})\n`);
