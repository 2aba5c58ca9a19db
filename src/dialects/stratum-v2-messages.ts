/**
 * Fields of Stratum V2's mining messages (sv2-spec 03, 05): integers least significant byte first, strings with one
 * byte of length. A reader that runs over the end says so, and the message is none.
 */

/** Walks over the fields of one payload. */
export class Fields {
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  private at = 0;
  /** True once a field was not there. */
  isShort = false;

  constructor(payload: Uint8Array) {
    this.bytes = payload;
    this.view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  }

  /** True if every field was there and nothing is left. */
  get isWhole(): boolean {
    return !this.isShort && this.at === this.bytes.length;
  }

  u8(): number {
    return this.take(1) ? this.view.getUint8(this.at - 1) : 0;
  }

  u16(): number {
    return this.take(2) ? this.view.getUint16(this.at - 2, true) : 0;
  }

  u32(): number {
    return this.take(4) ? this.view.getUint32(this.at - 4, true) : 0;
  }

  f32(): number {
    return this.take(4) ? this.view.getFloat32(this.at - 4, true) : 0;
  }

  /** Hex digits of so many bytes, as they stand. */
  hex(size: number): string {
    return this.take(size) ? Buffer.from(this.bytes.subarray(this.at - size, this.at)).toString('hex') : '';
  }

  /** STR0_255 or B0_32: a length of one byte, then text. */
  text(): string {
    const size = this.u8();
    return this.take(size) ? Buffer.from(this.bytes.subarray(this.at - size, this.at)).toString('utf8') : '';
  }

  private take(size: number): boolean {
    if (this.isShort || this.at + size > this.bytes.length) {
      this.isShort = true;
      return false;
    }
    this.at += size;
    return true;
  }
}

export interface SetupConnection {
  readonly protocol: number;
  readonly host: string;
  readonly port: number;
  /** Vendor, hardware version and firmware, as one text. */
  readonly agent: string;
  readonly deviceId: string;
}

/** SetupConnection, or null if the payload is none. */
export function setupOf(payload: Uint8Array): SetupConnection | null {
  const fields = new Fields(payload);
  const protocol = fields.u8();
  const least = fields.u16();
  const most = fields.u16();
  fields.u32();
  const host = fields.text();
  const port = fields.u16();
  const names = [fields.text(), fields.text(), fields.text()];
  const deviceId = fields.text();
  if (!fields.isWhole || protocol > 2 || least !== 2 || most !== 2) return null;
  const agent = names.filter((name) => name !== '').join('/');
  return { protocol, host, port, agent, deviceId };
}
