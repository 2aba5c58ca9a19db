/**
 * JSON (RFC 8259) of any size, from bytes as they come: the audit of 100,000 sessions is longer than a string of JavaScript
 * can be. The outer levels are put together here; what lies deeper, a row of a list at most, is read by JSON.parse.
 */

const OPENS_LIST = 0x5b;
const CLOSES_LIST = 0x5d;
const OPENS_OBJECT = 0x7b;
const CLOSES_OBJECT = 0x7d;
const QUOTE = 0x22;
const ESCAPE = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
/** Levels that are put together here: an audit, and its lists. */
const OUTER_LEVELS = 2;

/** A value below the outer levels is shorter: no more fits a string of JavaScript. */
const MOST_VALUE_BYTES = 512 * 1024 * 1024;

/** An object or list that is open. */
interface Open {
  readonly members: Map<string, unknown> | unknown[];
  key: string | null;
  /** A member has just ended: a comma or the end must follow. */
  isAfterValue: boolean;
}

export class LargeJson {
  private readonly open: Open[] = [];
  /** Bytes since the last sign of the outer levels. */
  private pieces: Uint8Array[] = [];
  private pending = 0;
  private depth = 0;
  private isInText = false;
  private isEscaped = false;
  private value: { readonly is: unknown } | null = null;

  /** Takes the next bytes, and keeps them. Throws SyntaxError. */
  push(bytes: Uint8Array): void {
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.isInText) {
        if (this.isEscaped) this.isEscaped = false;
        else if (byte === ESCAPE) this.isEscaped = true;
        else if (byte === QUOTE) this.isInText = false;
        continue;
      }
      if (byte === QUOTE) {
        this.isInText = true;
        continue;
      }
      const opens = byte === OPENS_OBJECT || byte === OPENS_LIST;
      const closes = byte === CLOSES_OBJECT || byte === CLOSES_LIST;
      if (!opens && !closes && byte !== COMMA && byte !== COLON) continue;
      if (opens) this.depth++;
      const isOuter = this.depth <= OUTER_LEVELS;
      if (closes) this.depth--;
      if (!isOuter) continue;
      this.pieces.push(bytes.subarray(from, at));
      from = at + 1;
      if (opens) this.begin(byte === OPENS_LIST ? [] : new Map());
      else if (closes) this.finish(byte === CLOSES_LIST);
      else this.separate(byte === COLON);
    }
    this.pieces.push(bytes.subarray(from));
    this.pending = from === 0 ? this.pending + bytes.length : bytes.length - from;
    if (this.pending > MOST_VALUE_BYTES) throw new SyntaxError('a value that does not end');
  }

  /** What the bytes say. Throws SyntaxError. */
  end(): unknown {
    const text = this.text();
    if (text !== '') this.add(JSON.parse(text));
    if (this.open.length > 0 || this.value === null) throw new SyntaxError('the JSON ends too early');
    return this.value.is;
  }

  private begin(members: Open['members']): void {
    if (this.text() !== '') throw new SyntaxError('a value without a comma');
    this.open.push({ members, key: null, isAfterValue: false });
  }

  private finish(isList: boolean): void {
    const text = this.text();
    const ended = this.open.at(-1);
    if (text !== '') this.add(JSON.parse(text));
    else if (ended?.isAfterValue === false && sizeOf(ended) > 0) throw new SyntaxError('a comma too many');
    if (ended === undefined || Array.isArray(ended.members) !== isList || ended.key !== null) {
      throw new SyntaxError('an end without its beginning');
    }
    this.open.pop();
    this.add(Array.isArray(ended.members) ? ended.members : Object.fromEntries(ended.members));
  }

  private separate(isColon: boolean): void {
    const text = this.text();
    const inside = this.open.at(-1);
    if (inside === undefined) throw new SyntaxError('a comma outside');
    if (!isColon) {
      if (text !== '') this.add(JSON.parse(text));
      if (!inside.isAfterValue) throw new SyntaxError('a comma too many');
      inside.isAfterValue = false;
      return;
    }
    const key: unknown = JSON.parse(text);
    if (Array.isArray(inside.members) || inside.key !== null || typeof key !== 'string') {
      throw new SyntaxError('a colon without a name');
    }
    inside.key = key;
  }

  private add(value: unknown): void {
    const inside = this.open.at(-1);
    if (inside === undefined) {
      if (this.value !== null) throw new SyntaxError('more than one value');
      this.value = { is: value };
      return;
    }
    if (inside.isAfterValue) throw new SyntaxError('a value without a comma');
    if (Array.isArray(inside.members)) inside.members.push(value);
    else {
      if (inside.key === null) throw new SyntaxError('a value without a name');
      inside.members.set(inside.key, value);
      inside.key = null;
    }
    inside.isAfterValue = true;
  }

  /** What stood between two signs, without blanks. */
  private text(): string {
    const text = Buffer.concat(this.pieces).toString('utf8');
    this.pieces = [];
    const hasMark = this.open.length === 0 && this.value === null && text.startsWith('\uFEFF');
    return (hasMark ? text.slice(1) : text).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  }
}

function sizeOf({ members }: Open): number {
  return Array.isArray(members) ? members.length : members.size;
}
