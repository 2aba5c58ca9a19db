/**
 * Azure flow logs, NSG of version 1 and 2 and VNet of version 4: one JSON document an hour whose flows are texts in
 * `flowTuples` (Azure Network Watcher documentation; docs/reference/formats.md). It is not parsed but walked, so that a copy that was
 * cut while the hour still ran is read up to the cut, and size costs no memory. A tuple, with counters since the flow's last
 * one (state B has none yet). HOT: nothing is allocated a tuple.
 *
 *     epoch s|ms, source, destination, sport, dport, T|U|number, I|O, A|D or state, state or encryption,
 *     packets sent, bytes sent, packets received, bytes received
 */

import { limits } from '../../limits.ts';
import { toldFormat } from '../format-table.ts';
import { headText } from '../tables/headed-table.ts';
import * as Column from '../tables/roles.ts';
import { RowReader, rowFormat, standsAt } from '../tables/row-reader.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const ALLOWED = 0x41;
const BEGIN = 0x42;
const REFUSED = 0x44;
const CONTINUES = 0x43;
const ENDS_NOW = 0x45;
/** A flow that goes on has a tuple every five minutes; of one without an earlier tuple that is what its counters are over. */
const STEP_US = 300_000_000;
/** Flows whose last tuple is known, at most; of two that meet in one place the later is. */
const PLACES = 1 << 16;
/** Log stores split a document to records, each with a tuple of its own: `"flow.0":"…"`. */
const FLOW_KEY = Buffer.from('"flow.');
const FLOW_TUPLES = Buffer.from('"flowTuples"');
/** Every record names its own; nothing else in a document does. */
const CATEGORY = Buffer.from('"category"');

/** The columns of the addresses, without which no tuple is one. */
const ENDS = (1 << Column.SOURCE) | (1 << Column.DESTINATION);
const CELLS = [
  ...[Column.START, Column.SOURCE, Column.DESTINATION],
  ...[Column.SOURCE_PORT, Column.DESTINATION_PORT, Column.PROTOCOL],
];
const COUNTERS = [Column.PACKETS, Column.BYTES, Column.REVERSE_PACKETS, Column.REVERSE_BYTES];
const MOST_PORT = 0xffff;

class AzureReader extends RowReader {
  #depth = 0;
  #isInTuples = false;
  #isListNext = false;
  /** The next text is a tuple of its own. */
  #isTupleNext = false;
  #isInLongText = false;
  /** Depth of the current record, 0 outside of one. */
  #recordDepth = 0;
  /** It has a list of tuples, or an empty list where flows would stand: a quiet hour. */
  #hasFlows = false;
  #isListEmpty = false;
  /** By place of a flow: what tells it from others there, and the time of its last tuple, us. */
  readonly #flowAt = new Int32Array(PLACES);
  readonly #lastUs = new Float64Array(PLACES);

  consume(bytes: Uint8Array, from: number, to: number): number {
    this.base = bytes.byteOffset;
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        if (this.#isInLongText) {
          this.#isInLongText = false;
          continue;
        }
        const end = textEnd(bytes, at + 1, to);
        if (end < 0) {
          if (to - at < limits.line) return at;
          this.damage.add('long-line', this.blockOffset + at);
          this.#isInLongText = true;
          return to;
        }
        if (this.#isInTuples || this.#isTupleNext) {
          this.#isTupleNext = false;
          this.#tuple(bytes, at + 1);
        } else {
          this.#isTupleNext = standsAt(bytes, at, FLOW_KEY) && bytes[end + 1] === COLON;
          this.#isListNext = standsAt(bytes, at, FLOW_TUPLES);
          if (standsAt(bytes, at, CATEGORY)) this.#recordDepth = this.#depth;
        }
        this.#isListEmpty = false;
        at = end;
      } else if (this.#isInLongText) {
        if (byte === BACKSLASH) at++;
      } else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) {
        this.#depth++;
        this.#isInTuples = this.#isListNext && byte === OPEN_BRACKET;
        this.#isListNext = false;
        this.#isListEmpty = byte === OPEN_BRACKET;
        if (this.#isInTuples) this.#hasFlows = true;
      } else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) {
        if (this.#isListEmpty) this.#hasFlows = true;
        if (this.#depth === this.#recordDepth) this.#endRecord(at);
        this.#depth--;
        this.#isInTuples = false;
        this.#isListEmpty = false;
      }
    }
    return to;
  }

  finish(_bytes: Uint8Array, from: number, to: number): void {
    if (from < to || this.#depth > 0 || this.#isInLongText) {
      this.damage.add('truncated-file', this.blockOffset + from);
    }
  }

  /** A record without flows is of another kind, or of a layout that is not known. */
  #endRecord(at: number): void {
    if (!this.#hasFlows) this.damage.add('unknown-record', this.blockOffset + at);
    this.#recordDepth = 0;
    this.#hasFlows = false;
  }

  #tuple(bytes: Uint8Array, from: number): void {
    this.rows++;
    if (!this.#read(bytes, from)) this.damage.add('bad-row', this.blockOffset + from);
  }

  /** False if the tuple breaks its own layout. A comma or the closing quote stands behind each cell. */
  #read(bytes: Uint8Array, from: number): boolean {
    const { row, base } = this;
    const { calls } = this.kernel;
    calls.beginRow();
    row.got = ENDS;
    row.line = base + from;
    row.behind = base + from;
    let at = from;
    for (const cell of CELLS) {
      const end = calls.readText(cell, base + at);
      if (end === 0 || bytes[end - base] !== COMMA) return false;
      at = end - base + 1;
    }
    if (row.sourcePort > MOST_PORT || row.destinationPort > MOST_PORT) return false;
    calls.dateRow();
    row.endUs = row.startUs;
    const flowTo = at - 1;
    at = cellEnd(bytes, at); // I or O: which way from the machine's view; the source opens either way
    if (bytes[at] !== COMMA) return false;
    const decision = bytes[at + 1];
    if (decision === REFUSED) row.isDenied = 1;
    at = cellEnd(bytes, at + 1);
    // VNet logs have the state here; NSG logs of version 2 behind the decision.
    let state = decision;
    if (bytes[at] === COMMA) {
      if (decision === ALLOWED || decision === REFUSED) state = bytes[at + 1];
      at = cellEnd(bytes, at + 1);
    }
    const hasBegun = state === BEGIN;
    if (hasBegun || state === CONTINUES || state === ENDS_NOW) {
      const lastUs = this.#since(bytes, from, flowTo);
      if (!hasBegun)
        row.startUs = lastUs > 0 ? lastUs : state === CONTINUES ? row.endUs - STEP_US : row.endUs;
    }
    if (bytes[at] === COMMA) {
      row.reversePackets = 0;
      row.reverseBytes = 0;
      // Empty ones are 0.
      for (const counter of COUNTERS) {
        if (bytes[at] !== COMMA) return false;
        at = (calls.readText(counter, base + at + 1) || base + at + 1) - base;
      }
      if (bytes[at] !== QUOTE && bytes[at] !== COMMA) return false;
      if (hasBegun) {
        row.reversePackets = -1;
        row.reverseBytes = -1;
      }
    }
    this.deliver();
    return true;
  }

  /** The time of the last tuple of this flow, us, in whose place this one steps; 0 if there was none before it. */
  #since(bytes: Uint8Array, from: number, to: number): number {
    const { endUs } = this.row;
    let hash = 0x811c9dc5;
    // Behind the time stand the two ends and the protocol.
    for (let at = cellEnd(bytes, from); at < to; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    const place = (hash >>> 13) & (PLACES - 1);
    const lastUs = this.#flowAt[place] === hash ? this.#lastUs[place] : 0;
    if (endUs > lastUs) {
      this.#flowAt[place] = hash;
      this.#lastUs[place] = endUs;
    }
    // A tuple comes every five minutes; after longer it is another flow between the same ports.
    return endUs >= lastUs && endUs - lastUs <= 2 * STEP_US ? lastUs : 0;
  }
}

/** Offset of the quote that ends a text, or -1. */
function textEnd(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    if (bytes[at] === QUOTE) return at;
    if (bytes[at] === BACKSLASH) at++;
  }
  return -1;
}

function cellEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== COMMA && bytes[at] !== QUOTE) at++;
  return at;
}

export const azure = rowFormat(toldFormat('azure'), AzureReader, {
  // A document, or lines of an hour each.
  isLines: false,
  sniff: (head) => {
    const text = headText(head);
    // The document of an hour, or its records alone, as a list or one a line.
    return (
      /^\s*[[{]/.test(text) &&
      /"(NetworkSecurityGroupFlowEvent|FlowLogFlowEvent|flowTuples|flowRecords)"/.test(text)
    );
  },
});
