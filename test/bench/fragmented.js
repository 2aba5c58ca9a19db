/**
 * A capture with a tenth of its IPv4 packets cut into fragments (RFC 791 2.3). Classic
 * pcap of Ethernet in the order of bytes that `mix.py` writes. Every tenth packet that can be cut is; the pieces keep its
 * time, and carry 552 bytes each as a link of 576 does, or half of it if it is smaller.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const EVERY = 10;
const PIECE_BYTES = 552;
const MORE = 0x2000;
const BLOCK_BYTES = 1 << 24;

/** The frame's fragments; the frame alone if it cannot be cut. */
function pieces(frame, wireBytes) {
  const isIpv4 = frame.length > 34 && frame.readUInt16BE(12) === 0x0800 && frame[14] >> 4 === 4;
  if (!isIpv4 || wireBytes !== frame.length) return [frame];
  const dataAt = 14 + (frame[14] & 15) * 4;
  const end = 14 + frame.readUInt16BE(16);
  const isWhole = (frame.readUInt16BE(20) & 0x3fff) === 0 && end <= frame.length;
  if (!isWhole || end - dataAt < 16) return [frame];
  const size = Math.min(PIECE_BYTES, Math.ceil((end - dataAt) / 16) * 8);
  const all = [];
  for (let at = dataAt; at < end; at += size) {
    const to = Math.min(end, at + size);
    const piece = Buffer.concat([frame.subarray(0, dataAt), frame.subarray(at, to)]);
    piece.writeUInt16BE(dataAt - 14 + to - at, 16);
    piece.writeUInt16BE((to < end ? MORE : 0) | ((at - dataAt) >> 3), 20);
    all.push(piece);
  }
  return all;
}

export function writeFragmented(from, to) {
  const input = openSync(from, 'r');
  const output = openSync(to, 'w');
  let held = Buffer.alloc(24);
  readSync(input, held);
  if (held.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('not a pcap of this order of bytes');
  writeSync(output, held);
  held = Buffer.alloc(0);
  let packets = 0;
  for (;;) {
    const block = Buffer.alloc(BLOCK_BYTES);
    const read = readSync(input, block);
    if (read === 0) break;
    held = Buffer.concat([held, block.subarray(0, read)]);
    const parts = [];
    let at = 0;
    while (at + 16 <= held.length) {
      const captured = held.readUInt32LE(at + 8);
      if (at + 16 + captured > held.length) break;
      const frame = held.subarray(at + 16, at + 16 + captured);
      for (const piece of packets++ % EVERY === 0 ? pieces(frame, held.readUInt32LE(at + 12)) : [frame]) {
        const head = Buffer.from(held.subarray(at, at + 16));
        if (piece !== frame) {
          head.writeUInt32LE(piece.length, 8);
          head.writeUInt32LE(piece.length, 12);
        }
        parts.push(head, piece);
      }
      at += 16 + captured;
    }
    writeSync(output, Buffer.concat(parts));
    held = held.subarray(at);
  }
  closeSync(output);
}
