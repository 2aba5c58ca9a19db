/**
 * Flow records to nfcapd files of layout 2, many of them: extensions 1 (counters and ports) and 2 (IPv4 addresses), in
 * blocks of a megabyte, uncompressed, written as they come. One record holds one direction, as routers export them.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const RECORD_BYTES = 12 + 52 + 12;
const PER_BLOCK = 13_000;
const HEADER_BYTES = 40;
const BLOCK_HEADER_BYTES = 12;

/** One direction of a connection in one export. Times are ms since 1970, addresses are words. */
export interface Export {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
  readonly flags: number;
  readonly packets: number;
  readonly bytes: number;
}

export class NfcapdFile {
  records = 0;
  readonly #file: number;
  readonly #block = Buffer.alloc(BLOCK_HEADER_BYTES + PER_BLOCK * RECORD_BYTES);
  #inBlock = 0;
  #blocks = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
    writeSync(this.#file, Buffer.alloc(HEADER_BYTES));
  }

  add(flow: Export): void {
    if (this.#inBlock === PER_BLOCK) this.#flush();
    const block = this.#block;
    let at = BLOCK_HEADER_BYTES + this.#inBlock * RECORD_BYTES;
    // Record: type 11, size, number of extensions, engine, exporter, flags, version.
    at = block.writeUInt16LE(11, at);
    at = block.writeUInt16LE(RECORD_BYTES, at);
    at = block.writeUInt16LE(2, at);
    at = block.writeUInt16LE(0, at);
    at = block.writeUInt16LE(0, at);
    at = block.writeUInt16LE(0x0900, at);
    // Extension 1: first, last, received, packets, bytes, ports, protocol, flags.
    at = block.writeUInt16LE(1, at);
    at = block.writeUInt16LE(52, at);
    for (const value of [flow.firstMs, flow.lastMs, flow.lastMs, flow.packets, flow.bytes]) {
      at = block.writeUInt32LE(value % 2 ** 32, at);
      at = block.writeUInt32LE(Math.floor(value / 2 ** 32), at);
    }
    at = block.writeUInt16LE(flow.sourcePort, at);
    at = block.writeUInt16LE(flow.destinationPort, at);
    at = block.writeUInt8(flow.protocol, at);
    at = block.writeUInt8(flow.flags, at);
    at = block.writeUInt16LE(0, at);
    // Extension 2: addresses.
    at = block.writeUInt16LE(2, at);
    at = block.writeUInt16LE(12, at);
    at = block.writeUInt32LE(flow.source, at);
    block.writeUInt32LE(flow.destination, at);
    this.#inBlock++;
    this.records++;
  }

  close(): void {
    this.#flush();
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt16LE(0xa50c, 0);
    header.writeUInt16LE(2, 2);
    header.writeUInt32LE(0xf1070400, 4);
    header.writeUInt32LE(1, 20);
    header.writeUInt32LE(this.#blocks, 36);
    writeSync(this.#file, header, 0, HEADER_BYTES, 0);
    closeSync(this.#file);
  }

  #flush(): void {
    if (this.#inBlock === 0) return;
    this.#block.writeUInt32LE(this.#inBlock, 0);
    this.#block.writeUInt32LE(this.#inBlock * RECORD_BYTES, 4);
    this.#block.writeUInt32LE(3, 8);
    writeSync(this.#file, this.#block, 0, BLOCK_HEADER_BYTES + this.#inBlock * RECORD_BYTES);
    this.#blocks++;
    this.#inBlock = 0;
  }
}
