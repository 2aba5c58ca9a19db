/**
 * Notes for the operator on flow logs that gave little or nothing: logs without a flow, times without a zone, tables
 * with unknown columns, files of other kinds that look like flow logs. There is one note of each kind, for any number
 * of inputs.
 */

import { push } from '../../order.ts';
import type { FlowReadResult } from '../../readers/flow-reading.ts';
import { describeHead } from '../../readers/unknown-head.ts';
import type { FlowDamageKind } from '../../rows/flow-damage.ts';
import { type Statement, statement } from '../../statements/index.ts';

/** rwcut prints UTC unless it is told otherwise, and says nothing of it. */
const IN_UTC = 'silk';
/** Why a whole file is refused, and what its owner can do. */
type Refusal = 'input-unsupported-layout' | 'input-encrypted' | 'input-anonymised';
const REFUSALS: ReadonlyMap<FlowDamageKind, Refusal> = new Map([
  ['unsupported-version', 'input-unsupported-layout'],
  ['encrypted', 'input-encrypted'],
  ['anonymised', 'input-anonymised'],
] as const);
/** Inputs of which the same can be said are named up to this many. */
const MOST_NAMED = 3;

export class InputRemarks {
  /** Names and alerts that came, of all inputs. */
  heard = 0;
  private heardBefore = 0;
  private readonly empty: string[] = [];
  private readonly zoneless: string[] = [];
  private readonly lacking = new Map<string, string[]>();
  private readonly together: string[] = [];
  private readonly estimated: string[] = [];
  private readonly mixedDates: string[] = [];
  private readonly unread = new Map<string, string[]>();
  private readonly countless: string[] = [];
  private readonly neverCounting: string[] = [];
  private readonly refused = new Map<Refusal, string[]>();
  private readonly unknown = new Map<string, { readonly what: Statement; readonly paths: string[] }>();

  /** Takes an input that was read to its end. */
  add(path: string, kind: string, read: FlowReadResult): void {
    const isSilent = read.records === 0 && this.heard === this.heardBefore && read.damage.length === 0;
    this.heardBefore = this.heard;
    if (isSilent) this.empty.push(path);
    if (read.hasLocalTimes === true && kind !== IN_UTC) this.zoneless.push(path);
    if (read.isTogether === true && read.records > 0) this.together.push(path);
    if (read.isEstimated === true) this.estimated.push(path);
    if (read.hasMixedDates === true) this.mixedDates.push(path);
    if (read.lacksBytes === true && read.records > 0) this.countless.push(path);
    if (read.neverCounts === true && read.records > 0) this.neverCounting.push(path);
    const { unreadColumns = [] } = read;
    if (unreadColumns.length > 0) push(this.unread, unreadColumns.join('\n'), path);
    for (const damage of read.damage) {
      const refusal = REFUSALS.get(damage.kind);
      if (refusal !== undefined) push(this.refused, refusal, path);
    }
    const { missingColumns = [] } = read;
    if (missingColumns.length > 0) push(this.lacking, missingColumns.join('\n'), path);
  }

  /** Takes an input whose format nobody knows. */
  addUnknown(path: string, head: Uint8Array): void {
    const what = describeHead(head);
    if (what === null) return;
    const row = this.unknown.get(what.text) ?? { what, paths: [] };
    this.unknown.set(what.text, row);
    row.paths.push(path);
  }

  notes(timeZone: string | null): Statement[] {
    const columns = (code: 'columns-missing' | 'columns-unread', found: ReadonlyMap<string, string[]>) =>
      [...found].map(([names, paths]) => statement(code, { ...some(paths), columns: names.split('\n') }));
    return [
      ...[...this.unknown.values()].map(({ what, paths }) =>
        statement('input-unknown', { ...some(paths), what }),
      ),
      ...[...this.refused].map(([refusal, paths]) => statement(refusal, some(paths))),
      ...columns('columns-missing', this.lacking),
      ...(timeZone === null ? of('times-without-zone', this.zoneless) : []),
      ...of('both-directions-together', this.together),
      ...of('both-directions-estimated', this.estimated),
      ...of('bytes-missing', this.countless),
      ...of('bytes-never', this.neverCounting),
      ...columns('columns-unread', this.unread),
      ...of('dates-mixed', this.mixedDates),
      ...of('input-silent', this.empty),
    ];
  }
}

type InputCode =
  | 'times-without-zone'
  | 'both-directions-together'
  | 'both-directions-estimated'
  | 'bytes-missing'
  | 'bytes-never'
  | 'dates-mixed'
  | 'input-silent';

/** The note on inputs of which the same can be said; none if there are none. */
function of(code: InputCode, paths: readonly string[]): Statement[] {
  return paths.length === 0 ? [] : [statement(code, some(paths))];
}

function some(paths: readonly string[]): { inputs: string[]; more: number } {
  return { inputs: paths.slice(0, MOST_NAMED), more: Math.max(0, paths.length - MOST_NAMED) };
}
