/**
 * Inputs given twice: under another name, packed and unpacked, or once as it was while it still grew. An input that
 * begins with the same bytes as an earlier one of its format is a copy of it, complete or cut. A flow log then counts as
 * one more observer of the same traffic, and the observer that saw the most counts. Of a capture packets that another one has
 * shown count once (kernel/packets/probes.ts).
 */
import { createHash } from 'node:crypto';
import { type Statement, statement } from '../../statements/index.ts';
import { someInputs } from './input-remarks.ts';

/** Columns stand one behind another in such files: those of other times may begin alike. */
const COLUMNAR = 'parquet';

/** Bytes by which a copy is known: one that was cut has them as well. */
const KNOWN_BY_BYTES = 4096;

const LF = 0x0a;
const HASH = 0x23;
const BRACKETS = [0x5b, 0x7b];

/** The head of a table must hold a row: headers are alike in all files. What is not text has no header. */
function holdsRow(head: Uint8Array): boolean {
  if (head.length < KNOWN_BY_BYTES || BRACKETS.includes(head[0]) || head.includes(0)) return true;
  for (let at = head.indexOf(LF) + 1; at > 0; ) {
    const end = head.indexOf(LF, at);
    if (end > at + 1 && head[at] !== HASH) return true;
    if (end < 0) return false;
    at = end + 1;
  }
  return false;
}

export type Copy = readonly [copy: string, first: string];

/** What an input is known by; `head` is decompressed. */
function headKey(kind: string, head: Uint8Array): string {
  return `${kind} ${createHash('sha256').update(head.subarray(0, KNOWN_BY_BYTES)).digest('base64')}`;
}

export class InputCopies {
  private readonly firsts = new Map<string, { readonly path: string; count: number }>();
  private readonly found: Copy[] = [];
  /** Captures that show packets of captures before them, and the bytes of these packets. */
  private readonly overlaps: string[] = [];
  private shownBytes = 0;

  /** How many inputs before this one begin alike; `begin` is decompressed. */
  of(kind: string, path: string, begin: Uint8Array): number {
    const head = begin.subarray(0, KNOWN_BY_BYTES);
    if (kind === COLUMNAR || head.length === 0 || !holdsRow(head)) return 0;
    const key = headKey(kind, head);
    const first = this.firsts.get(key);
    if (first === undefined) {
      this.firsts.set(key, { path, count: 1 });
      return 0;
    }
    this.found.push([path, first.path]);
    return first.count++;
  }

  /** So many bytes of a capture were of packets that captures before it had shown. */
  addShown(path: string, bytes: number): void {
    this.overlaps.push(path);
    this.shownBytes += bytes;
  }

  /** True if this input is a flow log that is one. */
  has(path: string): boolean {
    return this.found.some(([copy]) => copy === path);
  }

  /** The note on copies of flow logs. */
  notes(): Statement[] {
    return copyNotes('log-copies', this.found);
  }

  /** The same of captures. */
  captureNotes(): Statement[] {
    if (this.overlaps.length === 0) return [];
    return [statement('captures-overlap', { ...someInputs(this.overlaps), bytes: this.shownBytes })];
  }
}

/** What is said of copies: one of them, and how many more there are. */
export function copyNotes(code: 'log-copies' | 'logs-alike', [one, ...others]: readonly Copy[]): Statement[] {
  if (one === undefined) return [];
  const [copy, of] = one;
  return [statement(code, { copy, of, more: others.length })];
}
