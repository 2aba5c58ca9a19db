/**
 * HOT. The interfaces of a pcapng section as typed columns: link type, snap length and clock by number, and the
 * sum that turns an interface's ticks into microseconds (draft-ietf-opsawg-pcapng, section 4.2).
 */
import type { CaptureRecord } from './record.ts';

/** Interfaces kept per section; real files have a few, hostile ones millions. */
const MAX_INTERFACES = 65536;
const FIXED_BYTES = 8;
const OPTION_END = 0;
const OPTION_RESOLUTION = 9;
const OPTION_OFFSET = 14;
const WORD = 4294967296;
/** Above this many ticks a second a 16-bit step of the long division would leave the exact integers. */
const EXACT_TICKS = 2 ** 37;

export class InterfaceTable {
  count = 0;
  /** LINKTYPE_ value by interface number; -1 where its block was too short to say. */
  linkType = new Int32Array(8);
  /** Snap length in bytes by interface number; 0 is no limit. */
  snapLength = new Uint32Array(8);
  #ticksPerSecond = new Float64Array(8);
  #offsetUs = new Float64Array(8);

  /** Forgets all: another section begins. */
  clear(): void {
    this.count = 0;
  }

  /**
   * Adds the interface whose block body is [at, end) and returns false where the table is full. A body too short
   * still takes its number, for later blocks count on it.
   *
   * offset  bytes
   *      0      2  link type
   *      2      2  reserved
   *      4      4  snap length
   *      8      …  options, each code (2), length (2), value padded to 4
   */
  add(view: DataView, at: number, end: number, little: boolean): boolean {
    const id = this.count;
    if (id === MAX_INTERFACES) return false;
    if (id === this.linkType.length) this.#grow();
    this.count++;
    this.#ticksPerSecond[id] = 1e6;
    this.#offsetUs[id] = 0;
    if (end - at < FIXED_BYTES) {
      this.linkType[id] = -1;
      this.snapLength[id] = 0;
      return true;
    }
    this.linkType[id] = view.getUint16(at, little);
    this.snapLength[id] = view.getUint32(at + 4, little);
    this.#options(view, at + 8, end, little, id);
    return true;
  }

  /** Sets the record's time from the tick count at `at`, high word first. `id` must be below `count`. */
  stamp(record: CaptureRecord, at: number, id: number, little: boolean): void {
    const high = record.view.getUint32(at, little);
    const low = record.view.getUint32(at + 4, little);
    const perSecond = this.#ticksPerSecond[id] ?? 1e6;
    const offsetUs = this.#offsetUs[id] ?? 0;
    if (perSecond === 1e6) {
      record.timeUs = high * WORD + low + offsetUs;
      return;
    }
    if (perSecond > EXACT_TICKS) {
      record.timeUs = ((high * WORD + low) / perSecond) * 1e6 + offsetUs;
      return;
    }
    // Nanosecond counts need 61 bits. Long division in steps of 16 bits keeps every step exact, so that a file
    // gives the same times as its pcap twin.
    let seconds = Math.floor(high / perSecond);
    let rest = (high - seconds * perSecond) * 65536 + (low >>> 16);
    let digit = Math.floor(rest / perSecond);
    seconds = seconds * 65536 + digit;
    rest = (rest - digit * perSecond) * 65536 + (low & 0xffff);
    digit = Math.floor(rest / perSecond);
    seconds = seconds * 65536 + digit;
    rest -= digit * perSecond;
    record.timeUs = seconds * 1e6 + offsetUs + (rest * 1e6) / perSecond;
  }

  /** Ticks a second of an interface that counts micro- or nanoseconds since 1970; 0 where it counts otherwise. */
  plainTicks(id: number): number {
    const perSecond = this.#ticksPerSecond[id];
    return this.#offsetUs[id] === 0 && (perSecond === 1e6 || perSecond === 1e9) ? perSecond : 0;
  }

  #options(view: DataView, from: number, end: number, little: boolean, id: number): void {
    let at = from;
    while (at + 4 <= end) {
      const code = view.getUint16(at, little);
      const length = view.getUint16(at + 2, little);
      const value = at + 4;
      if (code === OPTION_END || value + length > end) return;
      if (code === OPTION_RESOLUTION && length === 1) {
        const exponent = view.getUint8(value);
        // The top bit chooses the base: 2 where it is set, 10 where not.
        this.#ticksPerSecond[id] = exponent & 0x80 ? 2 ** (exponent & 0x7f) : 10 ** exponent;
      } else if (code === OPTION_OFFSET && length === 8) {
        const high = view.getInt32(value + (little ? 4 : 0), little);
        const low = view.getUint32(value + (little ? 0 : 4), little);
        this.#offsetUs[id] = (high * WORD + low) * 1e6;
      }
      at = value + length + (-length & 3);
    }
  }

  #grow(): void {
    const size = this.linkType.length * 2;
    this.linkType = enlarge(this.linkType, new Int32Array(size));
    this.snapLength = enlarge(this.snapLength, new Uint32Array(size));
    this.#ticksPerSecond = enlarge(this.#ticksPerSecond, new Float64Array(size));
    this.#offsetUs = enlarge(this.#offsetUs, new Float64Array(size));
  }
}

function enlarge<T extends Int32Array | Uint32Array | Float64Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
