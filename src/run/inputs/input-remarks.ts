/**
 * Notes for the operator on flow logs that gave little or nothing: logs without a flow, times without a zone, tables
 * with unknown columns, files of other kinds that look like flow logs. There is one note of each kind, for any number
 * of inputs.
 */

import type { AuditInput } from '../../audit/audit.ts';
import { addTo, under } from '../../order.ts';
import type { FlowReadResult } from '../../readers/flow-reading.ts';
import { describeHead } from '../../readers/unknown-head.ts';
import type { FlowDamageKind } from '../../rows/flow-damage.ts';
import { type Statement, statement } from '../../statements/index.ts';

/** rwcut prints UTC unless it is told otherwise, and says nothing of it. */
const IN_UTC = 'silk';
/** Inputs of which the same can be said are named up to this many. */
const MOST_NAMED = 3;

/** What is said of inputs, in this order. */
const CODES = [
  'input-unsupported-layout',
  'input-encrypted',
  'input-anonymised',
  'columns-missing',
  'times-without-zone',
  'both-directions-together',
  'both-directions-estimated',
  'bytes-missing',
  'bytes-never',
  'columns-unread',
  'dates-unclear',
  'columns-guessed',
  'dated-by-file',
  'input-silent',
] as const;
type InputCode = (typeof CODES)[number];
/** Why a whole file is refused, and what its owner can do. */
const REFUSALS: ReadonlyMap<FlowDamageKind, InputCode> = new Map([
  ['unsupported-version', 'input-unsupported-layout'],
  ['encrypted', 'input-encrypted'],
  ['anonymised', 'input-anonymised'],
] as const);

export class InputRemarks {
  /** Names and alerts that came, of all inputs. */
  observed = 0;
  private observedBefore = 0;
  /** Which inputs, by what is said of them, and by the columns that it is about, if it is about columns. */
  private readonly inputs = new Map<InputCode, Map<string, Set<number>>>();
  private readonly unknown = new Map<string, { readonly what: Statement; readonly paths: string[] }>();

  /**
   * Takes an input that was read to its end, or the next part of one that grows.
   * @param ordinal Which input it is.
   * @param isBegun A part of it was taken before.
   */
  add(ordinal: number, isBegun: boolean, kind: string, read: FlowReadResult): void {
    const hasNothing =
      read.records === 0 && this.observed === this.observedBefore && read.damage.length === 0;
    this.observedBefore = this.observed;
    const silent = this.inputs.get('input-silent')?.get('');
    const isSilent = hasNothing && (!isBegun || silent?.has(ordinal) === true);
    if (!isSilent) silent?.delete(ordinal);
    const hasRecords = read.records > 0;
    const { unreadColumns = [], missingColumns = [], guessedColumns = [] } = read;
    for (const [code, holds, columns = []] of [
      ['input-silent', isSilent],
      ['times-without-zone', read.hasLocalTimes && kind !== IN_UTC],
      ['both-directions-together', read.isTogether && hasRecords],
      ['both-directions-estimated', read.isEstimated],
      ['dates-unclear', read.hasUnclearDates],
      ['dated-by-file', read.isDatedByFile],
      ['bytes-missing', read.lacksBytes && hasRecords],
      ['bytes-never', read.neverCounts && hasRecords],
      ['columns-unread', unreadColumns.length > 0, unreadColumns],
      ['columns-missing', missingColumns.length > 0, missingColumns],
      ['columns-guessed', guessedColumns.length > 0 && hasRecords, guessedColumns],
      ...read.damage.map(({ kind }) => [REFUSALS.get(kind), true] as const),
    ] as const) {
      if (!holds || code === undefined) continue;
      addTo(
        under(this.inputs, code, () => new Map()),
        columns.join('\n'),
        ordinal,
      );
    }
  }

  /** Takes an input whose format nobody knows. */
  addUnknown(path: string, head: Uint8Array): void {
    const what = describeHead(head);
    if (what === null) return;
    under(this.unknown, what.text, () => ({ what, paths: [] })).paths.push(path);
  }

  /** @param inputs The rows of all inputs. */
  notes(inputs: readonly AuditInput[], timeZone: string | null): Statement[] {
    const said = CODES.filter((code) => code !== 'times-without-zone' || timeZone === null).flatMap((code) =>
      [...(this.inputs.get(code) ?? [])]
        .filter(([, ordinals]) => ordinals.size > 0)
        .map(([columns, ordinals]) => {
          const some = someInputs([...ordinals].map((ordinal) => inputs[ordinal].path));
          return code === 'columns-missing' || code === 'columns-unread' || code === 'columns-guessed'
            ? statement(code, { ...some, columns: columns.split('\n') })
            : statement(code, some);
        }),
    );
    return [
      ...[...this.unknown.values()].map(({ what, paths }) =>
        statement('input-unknown', { ...someInputs(paths), what }),
      ),
      ...said,
    ];
  }
}

/** The inputs that a note names, and how many more there are. */
export function someInputs(paths: readonly string[]): { inputs: string[]; more: number } {
  return { inputs: paths.slice(0, MOST_NAMED), more: Math.max(0, paths.length - MOST_NAMED) };
}
