/**
 * A NetFlow v9 or IPFIX template (RFC 3954 section 5.2, RFC 7011 section 3.4) as the kernel goes by it: how each field of a record
 * is read, how long it is, and where it goes (schema/elements.ts). Fields that say nothing of use are passed over, neighbours at
 * once.
 */
import {
  COUNTS_FRAMES,
  COUNTS_OUT,
  HAS_REVERSE,
  HAS_TIMES,
  HAS_TOTALS,
  IS_INITIATOR_FIRST,
  VARIABLE,
} from '../../kernel/records/binary/template-marks.ts';
import {
  type Element,
  elements,
  READINGS,
  RECORD,
  type Reading,
  type RecordField,
} from '../../schema/elements.ts';

/** RFC 5103: the same elements the other way round have this enterprise number. */
const REVERSE_ENTERPRISE = 29305;
/** Words of the plan for each field. */
export const PLAN_WORDS = 3;

/** A field as a template lists it. */
export interface FieldSpecifier {
  readonly id: number;
  readonly length: number;
  /** 0: IANA's own numbers. */
  readonly enterprise: number;
}

export interface Template {
  readonly id: number;
  /** Of each field or run of fields passed over: how it is read, its bytes, and where in the record it goes. */
  readonly plan: Int32Array;
  /** Bytes of the shortest record; of every record if none of the fields is variable. */
  readonly leastBytes: number;
  readonly isOptions: boolean;
  /** What holds for all records (kernel/records/binary/template-marks.ts). */
  readonly marks: number;
}

const READING_NUMBERS = Object.keys(READINGS);
const SKIP = READING_NUMBERS.indexOf('skip');

/** Elements by what they mean in which templates, and number. */
const KNOWN = new Map<string, Element>(elements().map((each) => [`${each.when ?? ''} ${each.number}`, each]));

/** What holds for records that have one of these fields. */
const MARKS: readonly (readonly [mark: number, fields: readonly RecordField[]])[] = [
  [HAS_REVERSE, ['reverseBytes', 'reversePackets', 'reverseTotalBytes', 'reverseTotalPackets']],
  [HAS_TOTALS, ['totalBytes', 'totalPackets', 'reverseTotalBytes', 'reverseTotalPackets']],
  // By which a record says when its flow was.
  [HAS_TIMES, ['startUs', 'endUs', 'observedUs', 'startUptime', 'endUptime', 'startDelta', 'endDelta']],
];

/** The template of these fields, or null if it describes no record. */
export function compileTemplate(
  id: number,
  fields: readonly FieldSpecifier[],
  isOptions: boolean,
): Template | null {
  const has = (element: number): boolean =>
    fields.some((field) => field.enterprise === 0 && field.id === element);
  const countsFrames = [352, 353].some(has) && ![1, 85, 231, 23].some(has);
  const countsOut =
    [1, 2, 23, 24].every(has) &&
    ![231, 232, 298, 299].some(has) &&
    !fields.some(({ enterprise }) => enterprise === REVERSE_ENTERPRISE);
  const plan: number[] = [];
  const found = new Set<RecordField>();
  let leastBytes = 0;
  let isPassing = false;
  for (const { id: element, length, enterprise } of fields) {
    const isReverse = enterprise === REVERSE_ENTERPRISE;
    const meanings: readonly (NonNullable<Element['when']> | '')[] = isReverse
      ? [...(countsFrames ? (['reverse-frames'] as const) : []), 'reverse']
      : [...(countsOut ? (['out'] as const) : []), ...(countsFrames ? (['frames'] as const) : []), ''];
    const known =
      enterprise === 0 || isReverse
        ? meanings.map((when) => KNOWN.get(`${when} ${element}`)).find((each) => each !== undefined)
        : undefined;
    const isRead = known !== undefined && !known.unless.some(has) && mayBe(known.reading, length);
    leastBytes += length === VARIABLE ? 1 : length;
    if (isRead) {
      const { reading, field } = known;
      found.add(field);
      plan.push(READING_NUMBERS.indexOf(reading), length, RECORD.at[field]);
    } else if (isPassing && length !== VARIABLE) plan[plan.length - 2] += length;
    else plan.push(SKIP, length, 0);
    isPassing = !isRead && length !== VARIABLE;
  }
  if (leastBytes === 0) return null;
  let marks = has(231) || has(298) ? IS_INITIATOR_FIRST : 0;
  for (const [mark, wanted] of MARKS) if (wanted.some((field) => found.has(field))) marks |= mark;
  if (countsOut) marks |= COUNTS_OUT;
  if (countsFrames) marks |= COUNTS_FRAMES;
  return { id, plan: Int32Array.from(plan), leastBytes, isOptions, marks };
}

/** False of a length that the field cannot have. */
function mayBe(reading: Reading, length: number): boolean {
  const lengths: readonly number[] | null = READINGS[reading];
  // Any integer may be sent in fewer bytes (RFC 7011, section 6.2); of variable ones the record decides.
  if (lengths === null) return (length >= 1 && length <= 8) || length === VARIABLE;
  return lengths.length === 0 || lengths.includes(length);
}
