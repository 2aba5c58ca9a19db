/**
 * Frames of a WebSocket client (RFC 6455 section 5.2) in the bytes of one direction, in their order: which byte hides which.
 *
 * offset  bytes
 *      0      1  FIN, compressed, reserved, opcode
 *      1      1  masked, length; 126: 2 bytes of length follow, 127: 8
 *      …      4  key: byte i of the payload is hidden by byte i mod 4
 */

/** Longest head of a request that may open one. */
const MOST_HEAD = 16_384;
const UPGRADE = /^GET .*^upgrade:\s*websocket\s*$/ims;
const LF = 0x0a;
const COMPRESSED = 0x40;
const RESERVED = 0x30;
const OPCODES = new Set([0, 1, 2, 8, 9, 10]);
const MASKED = 0x80;

/** What hides the bytes of a packet: 0 for those that nothing hides. `compressed`: places that nobody reads without unpacking. */
export interface Hidden {
  readonly keys: Uint8Array;
  readonly compressed: readonly (readonly [from: number, to: number])[];
}

export class MaskedFrames {
  private head: string | null = '';
  private isOpen = false;
  private readonly frame: number[] = [];
  private left = 0;
  private at = 0;

  /** Takes the next bytes; null if nothing hides any of them. */
  take(bytes: Uint8Array): Hidden | null {
    let at = this.isOpen ? 0 : this.openedAt(bytes);
    if (at === bytes.length) return null;
    const keys = new Uint8Array(bytes.length);
    const compressed: [number, number][] = [];
    while (at < bytes.length && this.isOpen) {
      if (this.left === 0) {
        // The head of a frame is read as line ends: a message begins a line.
        keys[at] = bytes[at] ^ LF;
        this.frame.push(bytes[at++]);
        this.beginFrame();
        if (!this.isOpen) keys.fill(0, Math.max(0, at - 2), at);
        continue;
      }
      const count = Math.min(this.left, bytes.length - at);
      const key = this.frame.slice(-4);
      for (let i = 0; i < count; i++) keys[at + i] = key[(this.at + i) % 4] ?? 0;
      if (((this.frame[0] ?? 0) & COMPRESSED) !== 0) compressed.push([at, at + count]);
      at += count;
      this.at += count;
      this.left -= count;
      if (this.left === 0) this.frame.length = 0;
    }
    return { keys, compressed };
  }

  /** Behind the head of the request that opens it, or the end of the bytes. */
  private openedAt(bytes: Uint8Array): number {
    if (this.head === null) return bytes.length;
    const before = this.head.length;
    this.head += Buffer.from(bytes).toString('latin1', 0, MOST_HEAD);
    const end = this.head.indexOf('\r\n\r\n');
    if (end >= 0 && UPGRADE.test(this.head.slice(0, end + 2))) {
      this.isOpen = true;
      return end + 4 - before;
    }
    // Of other requests nothing is looked for: what opens a stream of frames comes first.
    if (end >= 0 || this.head.length >= MOST_HEAD || !'GET '.startsWith(this.head.slice(0, 4)))
      this.head = null;
    return bytes.length;
  }

  /** Knows the length once the head of the frame is whole. */
  private beginFrame(): void {
    const [, second = 0, ...rest] = this.frame;
    if (this.frame.length < 2) return;
    const first = this.frame[0] ?? 0;
    // A server may have refused, and what follows is text: a client masks each frame, and two bits are never set.
    if ((first & RESERVED) !== 0 || !OPCODES.has(first & 0xf) || (second & MASKED) === 0) {
      this.isOpen = false;
      this.head = null;
      return;
    }
    const short = second & 0x7f;
    const more = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (rest.length < more + 4) return;
    this.left = more === 0 ? short : rest.slice(0, more).reduce((sum, byte) => sum * 256 + byte, 0);
    this.at = 0;
    if (this.left === 0) this.frame.length = 0;
  }
}
