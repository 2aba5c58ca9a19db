/**
 * What the records of a capture need from in front of them: the header of a pcap file, or of pcapng the header of the section
 * and its interfaces (draft-ietf-opsawg-pcapng, sections 4.1 and 4.2). A part of a file that begins with it reads by itself.
 */

/** Of a pcap file. */
export const PCAP_HEAD_BYTES = 24;
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Interfaces of a section are few; of very many the last are not known in later parts. */
const MOST_HEAD_BYTES = 1024 * 1024;

/** Collects the head of a pcapng file while its bytes pass. */
export class PcapngHead {
  /** The block that is begun, as far as it is wanted. */
  #block = new Uint8Array(0);
  #left = 0;
  #isLittle = true;

  /** @param head What was collected of the bytes before. */
  constructor(public head: Uint8Array) {
    if (head.length >= 12) this.#isLittle = view(head).getUint32(8, true) === BYTE_ORDER_MAGIC;
  }

  /** The next bytes of the file, which begin where a block does. */
  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left === 0) {
        const need = 12 - this.#block.length;
        this.#block = joined(this.#block, bytes.subarray(at, at + need));
        at += need;
        if (this.#block.length < 12) return;
        this.#begin();
        continue;
      }
      const part = bytes.subarray(at, at + this.#left);
      if (this.#block.length > 0) this.#block = joined(this.#block, part);
      this.#left -= part.length;
      at += part.length;
      if (this.#left === 0) this.#end();
    }
  }

  /** Twelve bytes of a block are there: type, length, and of a section its byte order. */
  #begin(): void {
    const block = view(this.#block);
    const isSection = block.getUint32(0) === SECTION_HEADER;
    if (isSection) this.#isLittle = block.getUint32(8, true) === BYTE_ORDER_MAGIC;
    const isWanted = isSection || block.getUint32(0, this.#isLittle) === INTERFACE;
    const bytes = block.getUint32(4, this.#isLittle);
    const isKept = isWanted && bytes <= MOST_HEAD_BYTES;
    this.#left = Math.max(12, bytes) - 12;
    if (!isKept) this.#block = new Uint8Array(0);
    if (this.#left === 0) this.#end();
  }

  #end(): void {
    const block = this.#block;
    this.#block = new Uint8Array(0);
    if (block.length === 0) return;
    const isSection = view(block).getUint32(0) === SECTION_HEADER;
    if (isSection) this.head = block;
    else if (this.head.length + block.length <= MOST_HEAD_BYTES) this.head = joined(this.head, block);
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
