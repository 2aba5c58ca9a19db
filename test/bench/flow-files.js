/**
 * Flow records for the benches, the same in every run: 60,000 hosts, mostly web and UDP, a quarter on ports where
 * conversations are kept, each in a conversation of its own. As nfcapd files of layout 2 (116-byte records as NetFlow
 * v5 leaves them, blocks of 2 MB), written to a file or to a pipe, and as a capture of NetFlow v9 datagrams.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const RECORD_BYTES = 116;
const PER_BLOCK = 17_000;
const BEGIN_MS = 1_790_000_000_000;
const DAY_MS = 86_400_000;
const SERVER_PORTS = [443, 443, 443, 443, 443, 80, 53, 53, 123, 22, 993, 3333, 4444, 5555, 14444, 8333];

let state = 1;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

/** Numbers of one flow; one object is filled anew for each. */
const flow = {};
function nextFlow() {
  const port = SERVER_PORTS[random(SERVER_PORTS.length)];
  const client = 0x0a000000 + random(60_000);
  const server = 0xc6000000 + random(20_000);
  flow.packets = 1 + random(200);
  const isUp = random(2) === 0;
  const clientPort = 32768 + random(28_000);
  flow.startMs = random(60_000);
  flow.endMs = flow.startMs + random(60_000);
  flow.bytes = flow.packets * (60 + random(900));
  flow.sourcePort = isUp ? clientPort : port;
  flow.destinationPort = isUp ? port : clientPort;
  flow.protocol = port === 53 || port === 123 ? 17 : 6;
  flow.source = isUp ? client : server;
  flow.destination = isUp ? server : client;
  return flow;
}

function fillRecord(view, at, timeMs) {
  const { startMs, endMs, packets, bytes, sourcePort, destinationPort, protocol, source, destination } =
    nextFlow();
  const header = [11, RECORD_BYTES, 5, 7, 1, 0x500];
  header.forEach((word, i) => {
    view.setUint16(at + 2 * i, word, true);
  });
  view.setUint16(at + 12, 1, true);
  view.setUint16(at + 14, 52, true);
  view.setBigUint64(at + 16, BigInt(timeMs + startMs), true);
  view.setBigUint64(at + 24, BigInt(timeMs + endMs), true);
  view.setBigUint64(at + 32, BigInt(timeMs + 120_000), true);
  view.setBigUint64(at + 40, BigInt(packets), true);
  view.setBigUint64(at + 48, BigInt(bytes), true);
  view.setUint16(at + 56, sourcePort, true);
  view.setUint16(at + 58, destinationPort, true);
  view.setUint8(at + 60, protocol);
  view.setUint8(at + 61, 0x1b);
  view.setUint16(at + 64, 2, true);
  view.setUint16(at + 66, 12, true);
  view.setUint32(at + 68, source, true);
  view.setUint32(at + 72, destination, true);
  view.setUint16(at + 76, 4, true);
  view.setUint16(at + 78, 20, true);
  view.setUint32(at + 80, 1 + random(8), true);
  view.setUint32(at + 84, 1 + random(8), true);
  view.setUint16(at + 96, 7, true);
  view.setUint16(at + 98, 12, true);
  view.setUint32(at + 100, 64500 + random(100), true);
  view.setUint32(at + 104, 64500 + random(100), true);
  view.setUint16(at + 108, 12, true);
  view.setUint16(at + 110, 8, true);
  view.setUint32(at + 112, 0x7f000001, true);
}

/** The bytes of an uncompressed file, piece by piece; each is valid until the next. */
export function* nfcapdPieces(records) {
  state = 1;
  const blocks = Math.ceil(records / PER_BLOCK);
  const header = new DataView(new ArrayBuffer(40));
  header.setUint16(0, 0xa50c, true);
  header.setUint16(2, 2, true);
  header.setUint32(4, 0xf1070400, true);
  header.setUint32(20, 1, true);
  header.setUint32(36, blocks, true);
  yield new Uint8Array(header.buffer);
  const block = new DataView(new ArrayBuffer(12 + PER_BLOCK * RECORD_BYTES));
  for (let b = 0; b < blocks; b++) {
    const count = Math.min(PER_BLOCK, records - b * PER_BLOCK);
    block.setUint32(0, count, true);
    block.setUint32(4, count * RECORD_BYTES, true);
    block.setUint16(8, 3, true);
    const timeMs = BEGIN_MS + Math.floor((b / blocks) * DAY_MS);
    for (let i = 0; i < count; i++) fillRecord(block, 12 + i * RECORD_BYTES, timeMs);
    yield new Uint8Array(block.buffer, 0, 12 + count * RECORD_BYTES);
  }
}

export function writeNfcapd(file, records) {
  const out = openSync(file, 'w');
  for (const piece of nfcapdPieces(records)) writeSync(out, piece);
  closeSync(out);
}

// Source and destination (4 each), ports (2 each), protocol, flags, bytes, packets, first, last, interfaces (4 each).
const V9_FIELDS = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 1, 4, 2, 4, 22, 4, 21, 4, 10, 4, 14, 4];
const V9_RECORD_BYTES = 38;
const V9_PER_DATAGRAM = 30;
const UPTIME_MS = 3_600_000;

function v9Template(sequence) {
  const bytes = Buffer.alloc(20 + 8 + 2 * V9_FIELDS.length);
  bytes.writeUInt16BE(1, 2);
  bytes.writeUInt16BE(bytes.length - 20, 22);
  bytes.writeUInt16BE(256, 24);
  bytes.writeUInt16BE(V9_FIELDS.length / 2, 26);
  V9_FIELDS.forEach((word, i) => {
    bytes.writeUInt16BE(word, 28 + 2 * i);
  });
  return v9Header(bytes, 1, sequence, BEGIN_MS);
}

function v9Header(bytes, count, sequence, timeMs) {
  bytes.writeUInt16BE(9, 0);
  bytes.writeUInt16BE(count, 2);
  bytes.writeUInt32BE(UPTIME_MS, 4);
  bytes.writeUInt32BE(Math.floor(timeMs / 1000), 8);
  bytes.writeUInt32BE(sequence >>> 0, 12);
  return bytes;
}

function v9Data(count, sequence, timeMs) {
  const bytes = Buffer.alloc(20 + 4 + 4 * Math.ceil((count * V9_RECORD_BYTES) / 4));
  bytes.writeUInt16BE(256, 20);
  bytes.writeUInt16BE(bytes.length - 20, 22);
  for (let i = 0; i < count; i++) {
    const at = 24 + i * V9_RECORD_BYTES;
    const { startMs, endMs, packets, bytes: octets, sourcePort, destinationPort, protocol } = nextFlow();
    bytes.writeUInt32BE(flow.source, at);
    bytes.writeUInt32BE(flow.destination, at + 4);
    bytes.writeUInt16BE(sourcePort, at + 8);
    bytes.writeUInt16BE(destinationPort, at + 10);
    bytes.writeUInt8(protocol, at + 12);
    bytes.writeUInt8(0x1b, at + 13);
    bytes.writeUInt32BE(octets, at + 14);
    bytes.writeUInt32BE(packets, at + 18);
    bytes.writeUInt32BE(UPTIME_MS - 120_000 + startMs, at + 22);
    bytes.writeUInt32BE(UPTIME_MS - 120_000 + endMs, at + 26);
    bytes.writeUInt32BE(1 + random(8), at + 30);
    bytes.writeUInt32BE(1 + random(8), at + 34);
  }
  return v9Header(bytes, count, sequence, timeMs);
}

/** One packet of Ethernet, IPv4 and UDP to port 2055 with its pcap header. */
function packet(payload, timeMs) {
  const length = 42 + payload.length;
  const bytes = Buffer.alloc(16 + 42);
  bytes.writeUInt32LE(Math.floor(timeMs / 1000), 0);
  bytes.writeUInt32LE((timeMs % 1000) * 1000, 4);
  bytes.writeUInt32LE(length, 8);
  bytes.writeUInt32LE(length, 12);
  bytes.writeUInt16BE(0x0800, 28);
  bytes.writeUInt8(0x45, 30);
  bytes.writeUInt16BE(length - 14, 32);
  bytes.writeUInt8(64, 38);
  bytes.writeUInt8(17, 39);
  bytes.writeUInt32BE(0x0a000001, 42);
  bytes.writeUInt32BE(0x0a000002, 46);
  bytes.writeUInt16BE(40_000, 50);
  bytes.writeUInt16BE(2055, 52);
  bytes.writeUInt16BE(length - 34, 54);
  return Buffer.concat([bytes, payload]);
}

/** A capture of one exporter's NetFlow v9. */
export function writeV9Capture(file, records) {
  state = 1;
  const out = openSync(file, 'w');
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  let pieces = [header, packet(v9Template(0), BEGIN_MS)];
  let sequence = 1;
  for (let done = 0; done < records; done += V9_PER_DATAGRAM) {
    const timeMs = BEGIN_MS + Math.floor((done / records) * DAY_MS);
    pieces.push(packet(v9Data(Math.min(V9_PER_DATAGRAM, records - done), sequence, timeMs - 1000), timeMs));
    sequence++;
    if (pieces.length < 2000) continue;
    writeSync(out, Buffer.concat(pieces));
    pieces = [];
  }
  writeSync(out, Buffer.concat(pieces));
  closeSync(out);
}
