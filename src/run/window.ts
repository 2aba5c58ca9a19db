/**
 * The time window of the traffic: from the first to the last packet or record. Inputs with few records that are far from
 * all others have a wrong clock. They are not part of the window: one of them would make it decades long.
 */
import type { AuditInput } from '../audit/audit.ts';
import { APART_US, type TimeSpan } from '../rows/time-spans.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { TimeInterval } from '../time-interval.ts';
import { someInputs } from './inputs/input-remarks.ts';

const DAY_US = 86_400e6;
/** Few records of an input, far from all its others. */
export interface Outlier extends TimeSpan {
  readonly path: string;
}

/** Windows up to this length are left alone. */
const LONG_US = 366 * DAY_US;
/** A clock is doubted if what it dates is less than this part of the rest. */
const FEW = 0.1;
/** So many inputs of one time outweigh one of another, however long that is. */
const AGREEING = 3;

interface Group {
  readonly startUs: number;
  endUs: number;
  records: number;
  readonly paths: string[];
}

/** The window out of `whole`, in which all records are, and what lies apart from it. */
export function windowWithout(
  whole: TimeInterval | null,
  inputs: readonly AuditInput[],
  few: readonly Outlier[] = [],
): { readonly window: TimeInterval | null; readonly notes: readonly Statement[] } {
  if (whole === null || whole.endUs - whole.startUs <= LONG_US) return { window: whole, notes: [] };
  const groups = groupsOf(whole, inputs, few);
  const [main, ...others] = [...groups].sort((a, b) => b.records - a.records);
  // Few records far from the others; or one input, if there are several that agree.
  const outliers = others.filter(
    ({ records, paths }) =>
      main !== undefined &&
      (records < FEW * main.records ||
        (paths.length === 1 && main.paths.length >= AGREEING && others.length === 1)),
  );
  if (main === undefined || outliers.length === 0) return { window: whole, notes: [] };
  const kept = groups.filter((group) => !outliers.includes(group));
  const window = {
    startUs: Math.min(...kept.map(({ startUs }) => startUs)),
    endUs: Math.max(...kept.map(({ endUs }) => endUs)),
  };
  return { window, notes: outliers.map((outlier) => noteOf(outlier)) };
}

/** Inputs that overlap or follow one another, as far as they lie in the times that count. */
function groupsOf(whole: TimeInterval, inputs: readonly AuditInput[], few: readonly Outlier[]): Group[] {
  const groups: Group[] = [];
  const ofInputs = inputs.flatMap(({ path, first, last, packets = 0, flows = 0 }) => {
    if (first === null || last === null) return [];
    // Times of an audit have more digits than Date.parse reads.
    const [firstUs, lastUs] = [Date.parse(first) * 1000, (Date.parse(last) + 1) * 1000];
    return [{ firstUs, lastUs, records: packets + flows, path }];
  });
  const dated = [...ofInputs, ...few]
    .map(({ firstUs, lastUs, records, path }) => ({
      startUs: Math.max(whole.startUs, firstUs),
      endUs: Math.min(whole.endUs, lastUs),
      records,
      paths: [path],
    }))
    .filter(({ startUs, endUs }) => startUs <= endUs)
    .sort((a, b) => a.startUs - b.startUs);
  for (const input of dated) {
    const group = groups.at(-1);
    if (group === undefined || input.startUs - group.endUs > APART_US) groups.push(input);
    else {
      group.endUs = Math.max(group.endUs, input.endUs);
      group.records += input.records;
      group.paths.push(...input.paths);
    }
  }
  return groups;
}

function noteOf({ startUs, endUs, paths }: Group): Statement {
  const day = (timeUs: number): string => new Date(timeUs / 1000).toISOString().slice(0, 10);
  return statement('times-apart', { ...someInputs(paths), first: day(startUs), last: day(endUs) });
}
