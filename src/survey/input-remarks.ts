/**
 * What the operator should know of flow logs that were read but told little, or not at all: logs without a flow, times
 * without a zone, tables whose columns are not known, files of other kinds that look like flow logs. In words, each kind
 * once however many inputs there are.
 */
import type { FlowDamageKind } from '../flows/flow-damage.ts';
import type { FlowReadResult } from '../readers/flow-reading.ts';
import { describeHead } from '../readers/unknown-head.ts';

/** rwcut prints UTC unless it is told otherwise, and says nothing of it. */
const IN_UTC = 'silk';
/** Why a whole file is refused, and what its owner can do. */
const REFUSALS: ReadonlyMap<FlowDamageKind, string> = new Map([
  [
    'unsupported-version',
    'a layout that is not read; let the nfdump that wrote it print it (nfdump -q -r FILE -o csv-fast)',
  ],
  ['encrypted', 'is encrypted; let the nfdump that wrote it print it'],
  ['anonymised', 'its addresses were rewritten, so that no pool can be told by them'],
]);
/** Inputs of which the same can be said are named up to this many. */
const MOST_NAMED = 3;

export class InputRemarks {
  /** Names and alerts that came, of all inputs. */
  heard = 0;
  #heardBefore = 0;
  readonly #empty: string[] = [];
  readonly #zoneless: string[] = [];
  readonly #lacking = new Map<string, string[]>();
  readonly #together: string[] = [];
  readonly #estimated: string[] = [];
  readonly #mixedDates: string[] = [];
  readonly #unread = new Map<string, string[]>();
  readonly #countless: string[] = [];
  readonly #refused = new Map<string, string[]>();
  readonly #unknown = new Map<string, string[]>();

  /** Takes an input that was read to its end. */
  add(path: string, kind: string, read: FlowReadResult): void {
    const isSilent = read.records === 0 && this.heard === this.#heardBefore && read.damage.length === 0;
    this.#heardBefore = this.heard;
    if (isSilent) this.#empty.push(path);
    if (read.hasLocalTimes === true && kind !== IN_UTC) this.#zoneless.push(path);
    if (read.isTogether === true && read.records > 0) this.#together.push(path);
    if (read.isEstimated === true) this.#estimated.push(path);
    if (read.hasMixedDates === true) this.#mixedDates.push(path);
    if (read.lacksBytes === true && read.records > 0) this.#countless.push(path);
    const { unreadColumns = [] } = read;
    if (unreadColumns.length > 0) put(this.#unread, listed(unreadColumns), path);
    for (const damage of read.damage) {
      const words = REFUSALS.get(damage.kind);
      if (words !== undefined) put(this.#refused, words, path);
    }
    const { missingColumns = [] } = read;
    if (missingColumns.length > 0) put(this.#lacking, listed(missingColumns), path);
  }

  /** Takes an input whose format nobody knows. */
  addUnknown(path: string, head: Uint8Array): void {
    const words = describeHead(head);
    if (words !== null) put(this.#unknown, words, path);
  }

  notes(timeZone: string | null): string[] {
    const notes: string[] = [];
    for (const [words, paths] of this.#unknown) notes.push(`${some(paths)}: ${words}`);
    for (const [words, paths] of this.#refused) notes.push(`${some(paths)}: ${words}`);
    for (const [columns, paths] of this.#lacking) {
      notes.push(
        `${some(paths)}: no column is known for ${columns}; say which it is with --columns src=…,dst=…,dport=…,start=…`,
      );
    }
    if (this.#zoneless.length > 0 && timeZone === null) {
      notes.push(
        `${some(this.#zoneless)}: times name no zone and are taken for UTC; --input-tz says where they are from`,
      );
    }
    if (this.#together.length > 0) {
      notes.push(
        `${some(this.#together)}: counts both directions together, all of which stands as sent; ra -s +spkts,+dpkts,+sbytes,+dbytes tells them apart`,
      );
    }
    if (this.#estimated.length > 0) {
      notes.push(
        `${some(this.#estimated)}: counts both directions together; how much of it went each way is estimated, the sum is exact`,
      );
    }
    if (this.#countless.length > 0) {
      notes.push(
        `${some(this.#countless)}: no column is known to count bytes, so that its flows have none; say which it is with --columns bytes=…`,
      );
    }
    for (const [columns, paths] of this.#unread) {
      notes.push(
        `${some(paths)}: ${columns} may count bytes and ${columns.includes(' and ') ? 'are' : 'is'} not read; --columns bytes=…,reverse-bytes=… says which`,
      );
    }
    if (this.#mixedDates.length > 0) {
      notes.push(
        `${some(this.#mixedDates)}: some dates begin with the day, others may and are read as if they began with the month`,
      );
    }
    if (this.#empty.length > 0) notes.push(`${some(this.#empty)}: neither flow records nor names`);
    return notes;
  }
}

function put(map: Map<string, string[]>, key: string, path: string): void {
  const paths = map.get(key);
  if (paths === undefined) map.set(key, [path]);
  else paths.push(path);
}

function some(paths: readonly string[]): string {
  const named = paths.slice(0, MOST_NAMED).join(', ');
  const more = paths.length - MOST_NAMED;
  return more > 0 ? `${named} and ${more} more` : named;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
