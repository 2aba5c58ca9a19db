/**
 * Inputs to the tap, one after another in the order of their first packets, so that rotated files make one run.
 * What an input is comes from its content. What cannot be read becomes a row of damage, and the rest goes on.
 */
import type { AuditInput } from '../../audit/audit.ts';
import { damageRow } from '../../audit/damage.ts';
import { isoTime } from '../../audit/time.ts';
import { fail } from '../../errors.ts';
import type { CaptureKind } from '../../packets/record-reader.ts';
import type { Tap } from '../../packets/tap.ts';
import { firstFlowUs } from '../../readers/first-time.ts';
import { type FlowFormat, SNIFF_BYTES } from '../../readers/flow-format.ts';
import { flowFormat, sniffFlowFormat } from '../../readers/index.ts';
import { firstTimeUs } from '../../readers/pcap/first-time.ts';
import { sniffCapture } from '../../readers/pcap/reader.ts';
import { awsVpc, isAwsLayout } from '../../readers/tables/aws-vpc.ts';
import { LAYOUT } from '../../readers/tables/column-map.ts';
import { isPacked, mayHoldTraffic } from '../../readers/unknown-head.ts';
import type { FlowReader } from '../../reading/flow-reader.ts';
import type { CertificateNames } from '../../rows/certificate-names.ts';
import type { FlowDamageKind } from '../../rows/flow-damage.ts';
import { type FlowSink, type NameRecord, NOBODY } from '../../rows/flow-sink.ts';
import type { ByteSource, SourceRef } from '../../sources/byte-source.ts';
import type { FlowSurvey } from '../flow-survey.ts';
import { readRecords } from './capture-reader.ts';
import { type Clock, clocksOf } from './probe-clocks.ts';
import { refusedWeight } from './refused-records.ts';

export interface ReadOptions {
  readonly hash: boolean;
  /** Format that the operator says the inputs have; null: by content. */
  readonly inputFormat: string | null;
  readonly flows: FlowSurvey;
  readonly flowReader: FlowReader;
  /** Column map of the operator for tables of flows; null: by their headers. */
  readonly columns: Readonly<Record<string, string>> | null;
  readonly timeZone: string | null;
  readonly certificates: CertificateNames;
  readonly signal: AbortSignal;
  /** Called after each block with the stored bytes of this input. */
  readonly onBlock: (storedBytes: number, packets: number) => void;
  readonly afterBlock?: () => Promise<void>;
}

export interface PlacedRef extends SourceRef {
  /** Of a capture that was looked into: its first packet, us since 1970. */
  readonly captureUs?: number;
  /** Its clock differs from that of another capture of the same packets. */
  readonly clock?: Clock;
  /** True if its packets may have been read from a capture before it. */
  readonly isCopy?: boolean;
  /** It holds its packets twice, as of two probes whose clocks differ by so much, us. */
  readonly apartUs?: number;
}

/** The inputs in the order in which they are read. */
interface OrderedInputs {
  readonly refs: readonly PlacedRef[];
  /** Files of folders that are neither captures nor logs, which are not read. */
  readonly skipped: readonly string[];
}

/**
 * The inputs in the order of their first packets or records; behind captures come logs of names, then logs of flows:
 * which flows are looked at depends on the names of their ends.
 */
export async function orderByFirstPacket(
  refs: readonly SourceRef[],
  options: Pick<ReadOptions, 'inputFormat' | 'columns' | 'timeZone' | 'signal'>,
): Promise<OrderedInputs> {
  // An object costs a request each time that it is looked into.
  if (refs.length < 2 && refs.every(({ isFound, version }) => isFound !== true && version !== undefined))
    return { refs, skipped: [] };
  const places: { ref: PlacedRef; readonly rank: Place['rank']; timeUs: number }[] = [];
  let next = 0;
  const lookOn = async (): Promise<void> => {
    for (let i = next++; i < refs.length && !options.signal.aborted; i = next++) {
      const ref = refs[i];
      if (ref !== undefined) places[i] = { ref, ...(await placeOf(ref, options)) };
    }
  };
  // Who looks at an object mostly waits for its store.
  const lanes = refs.some(({ version }) => version !== undefined) ? OBJECTS_AT_ONCE : 1;
  await Promise.all(Array.from({ length: lanes }, lookOn));
  const placed = places.filter((place) => place !== undefined);
  // Of a run that ends here nothing is read, and everything that was named is left.
  if (placed.length < refs.length) return { refs, skipped: [] };
  const captures = placed.filter(({ rank }) => rank === CAPTURE);
  const { clocks, twice } = await clocksOf(
    captures.map(({ ref }) => ref),
    options.signal,
  );
  for (const [place, apartUs] of twice) captures[place].ref = { ...captures[place].ref, apartUs };
  const groups = new Set([...clocks.values()].map(({ of }) => of));
  for (const [place, clock] of clocks) {
    const capture = captures[place];
    capture.timeUs -= clock.aheadUs;
    capture.ref = { ...capture.ref, clock };
  }
  // Equal places keep the order in which they were named: the sort is stable.
  const begun = new Set<string>();
  const sorted = placed.toSorted((a, b) => a.rank - b.rank || a.timeUs - b.timeUs);
  return {
    refs: sorted
      .filter(({ rank }) => rank !== FOREIGN)
      .map(({ ref, rank, timeUs }) => {
        if (rank !== CAPTURE) return ref;
        const group = ref.clock?.of ?? ref.path;
        const isFirst = !groups.has(group) || !begun.has(group);
        begun.add(group);
        return { ...ref, captureUs: timeUs, isCopy: !isFirst };
      }),
    skipped: placed.filter(({ rank }) => rank === FOREIGN).map(({ ref }) => ref.path),
  };
}

const OBJECTS_AT_ONCE = 16;
const CAPTURE = 0;
/** What is neither a capture nor a log. */
const FOREIGN = 4;

/** Captures, names, flows, standard input; each by time, those first of which it is not known. */
interface Place {
  readonly rank: typeof CAPTURE | 1 | 2 | 3 | typeof FOREIGN;
  readonly timeUs: number;
}

async function placeOf(
  ref: SourceRef,
  options: Pick<ReadOptions, 'inputFormat' | 'columns' | 'timeZone'>,
): Promise<Place> {
  // Standard input and pipes can be read once only; they come last.
  if (ref.path === '-' || ref.isPipe) return { rank: 3, timeUs: 0 };
  const source = await ref.open();
  try {
    const head = (await source.peek(SNIFF_BYTES)).slice();
    const timeUs = await firstTimeUs(source);
    if (timeUs !== null) return { rank: CAPTURE, timeUs };
    const format =
      options.inputFormat === null ? flowFormatOf(head, options) : flowFormat(options.inputFormat);
    if (format === null) {
      const isSilent =
        ref.isFound && source.damage === null && head.length > 0 && sniffCapture(head) === null;
      return { rank: isSilent && !mayHoldTraffic(head) ? FOREIGN : 2, timeUs: 0 };
    }
    const { columns, timeZone } = options;
    const began = await firstFlowUs(format, head, {
      ...(columns === null ? {} : { columns }),
      ...(timeZone === null ? {} : { timeZone }),
    });
    return { rank: format.holdsNames?.(head) === true ? 1 : 2, timeUs: began ?? 0 };
  } finally {
    await source.close();
  }
}

/** Reads one input through the tap and says what it was. Never rejects for what the bytes hold. */
export async function readInput(
  ref: PlacedRef,
  ordinal: number,
  tap: Tap,
  options: ReadOptions,
): Promise<AuditInput> {
  const source = await ref.open({ hash: options.hash });
  // A pipe may stay silent for ever; closing it is an end of file for the reader.
  const stop = (): void => void source.close();
  const waits = ref.path === '-' || ref.isPipe;
  if (waits) options.signal.addEventListener('abort', stop, { once: true });
  try {
    const head = await source.peek(SNIFF_BYTES);
    const kind =
      captureKind(options.inputFormat) ?? (options.inputFormat === null ? sniffCapture(head) : null);
    if (kind !== null) return await readCapture(ref, source, kind, ordinal, tap, options);
    const format =
      options.inputFormat === null ? flowFormatOf(head, options) : flowFormat(options.inputFormat);
    if (format !== null) return await readFlowLog(ref, source, format, ordinal, options);
    return await unreadable(ref, source, head, options);
  } finally {
    options.signal.removeEventListener('abort', stop);
    await source.close();
  }
}

/**
 * Reads a file of names that the operator gives beside the inputs; flows in it are passed over. Throws FILE_INVALID where
 * it holds none that are known.
 */
export async function readNames(
  ref: SourceRef,
  ordinal: number,
  options: ReadOptions,
  onName: (record: NameRecord) => void,
): Promise<AuditInput> {
  const source = await ref.open({ hash: options.hash });
  try {
    const format = sniffFlowFormat(await source.peek(SNIFF_BYTES));
    if (format === null) {
      fail('FILE_INVALID', 'no names are found in this file', {
        where: ref.path,
        hint: 'Give a resolver log, Zeek or Suricata DNS logs, passive DNS as JSON lines, or a table of names and addresses.',
      });
    }
    const sink: FlowSink = {
      ...NOBODY,
      name: (record: NameRecord) => {
        options.flows.name(record);
        onName(record);
      },
    };
    return await readFlowLog(ref, source, format, ordinal, { ...options, columns: null }, sink);
  } finally {
    await source.close();
  }
}

async function readCapture(
  ref: PlacedRef,
  source: ByteSource,
  kind: CaptureKind,
  ordinal: number,
  tap: Tap,
  options: ReadOptions,
): Promise<AuditInput> {
  tap.input = ordinal;
  tap.readsBy(ref.clock?.aheadUs ?? 0, ref.isCopy === true, ref.apartUs !== undefined);
  // Hashing it can wait: node:crypto takes milliseconds to load, and nothing is read yet.
  const head = (await source.peek(SNIFF_BYTES)).slice();
  const read = await readRecords(source, kind, tap, async (storedBytes, packets) => {
    options.onBlock(storedBytes, packets);
    await options.afterBlock?.();
    return !options.signal.aborted;
  });
  options.flows.copies.addCapture(kind, ref.path, head, read.firstUs);
  for (const stray of read.strays) options.flows.strays.push({ ...stray, path: ref.path });
  const damage = [...sourceDamage(source), ...read.damage.map(damageRow)];
  return {
    path: ref.path,
    kind: read.packets === 0 && isBroken(damage, options) ? 'unreadable' : kind,
    bytes: ref.size ?? source.storedBytes,
    sha256: source.sha256(),
    packets: read.packets,
    first: Number.isNaN(read.firstUs) ? null : isoTime(read.firstUs),
    last: Number.isNaN(read.lastUs) ? null : isoTime(read.lastUs),
    damage,
  };
}

/** Kinds of damage that a log may have which was read and has nothing for us. */
const HARMLESS: ReadonlySet<string> = new Set<FlowDamageKind>([
  'unknown-record',
  'assumed-year',
  'lost-flows',
  'lost-datagrams',
  'lost-samples',
  'lost-records',
]);

/** True if the damage of an input may be why nothing of it was read, and no interruption was. */
function isBroken(damage: AuditInput['damage'], { signal }: Pick<ReadOptions, 'signal'>): boolean {
  return !signal.aborted && damage.some(({ kind }) => !HARMLESS.has(kind));
}

function captureKind(format: string | null): CaptureKind | null {
  return format === 'pcap' || format === 'pcapng' ? format : null;
}

/**
 * Tables whose columns the operator names are read as such, whatever they look like, JSON by its keys; in AWS's own
 * words as AWS's.
 */
function flowFormatOf(head: Uint8Array, { columns }: Pick<ReadOptions, 'columns'>): FlowFormat | null {
  if (columns === null || head.length === 0) return sniffFlowFormat(head);
  const sniffed = sniffFlowFormat(head);
  if (sniffed?.id === 'json') return sniffed;
  return isAwsLayout(columns[LAYOUT], head) ? awsVpc : flowFormat('csv');
}

async function readFlowLog(
  ref: SourceRef,
  source: ByteSource,
  format: FlowFormat,
  ordinal: number,
  options: ReadOptions,
  sink: FlowSink = options.flows,
): Promise<AuditInput> {
  const exporters: string[] = [];
  const head = await source.peek(SNIFF_BYTES);
  // A log that is given for its names may be an input as well.
  const known = sink === options.flows ? head : new Uint8Array(0);
  options.flows.beginInput(ordinal, format.id, exporters, [], ref.path, known);
  const holdsNames = format.holdsNames?.(head) === true;
  const { heard } = options.flows.remarks;
  const { packets, bytes } = options.flows.conversations.totals;
  const read = await options.flowReader.read(
    format,
    { source, size: ref.size, holdsNames, hash: options.hash },
    { sink, exporters, certificates: options.certificates },
    {
      ...(options.columns === null ? {} : { columns: options.columns }),
      ...(options.timeZone === null ? {} : { timeZone: options.timeZone }),
      onBlock: (records, fileBytes = source.storedBytes) => {
        options.onBlock(fileBytes, records);
        return !options.signal.aborted;
      },
    },
  );
  options.flows.remarks.add(ref.path, format.id, read);
  for (const stray of read.strays ?? []) options.flows.strays.push({ ...stray, path: ref.path });
  // Where the thread has read the file by itself, the source was not asked for more than the head.
  const file = read.file ?? null;
  const readErrorAt = file?.readErrorAt ?? null;
  const damage = [
    ...(readErrorAt === null
      ? sourceDamage(source)
      : [damageRow({ kind: 'read-error', count: 1, at: readErrorAt })]),
    ...read.damage.map(damageRow),
  ];
  const size = source.compression.length > 0 ? 0 : (ref.size ?? file?.bytes ?? source.storedBytes);
  const { refused } = options.flows;
  const { totals } = options.flows.conversations;
  const weight = refusedWeight({
    ...{ bytes: size, refusedBytes: read.refusedBytes ?? 0, stoppedAt: read.stoppedAt ?? Number.NaN },
    ...{ records: read.records, damage: read.damage },
    read: { packets: totals.packets - packets, bytes: totals.bytes - bytes },
  });
  refused.packets += weight.packets;
  refused.bytes += weight.bytes;
  const isSilent = read.records === 0 && options.flows.remarks.heard === heard;
  return {
    path: ref.path,
    kind: isSilent && isBroken(damage, options) ? 'unreadable' : format.id,
    bytes: ref.size ?? file?.bytes ?? source.storedBytes,
    sha256: file?.sha256 ?? source.sha256(),
    flows: read.records,
    ...(options.flows.remarks.heard > heard ? { names: options.flows.remarks.heard - heard } : {}),
    first: Number.isNaN(read.firstUs) ? null : isoTime(read.firstUs),
    last: Number.isNaN(read.lastUs) ? null : isoTime(read.lastUs),
    damage,
  };
}

async function unreadable(
  ref: SourceRef,
  source: ByteSource,
  head: Uint8Array,
  { flows }: ReadOptions,
): Promise<AuditInput> {
  const damage = sourceDamage(source);
  if (damage.length === 0) {
    const kind = head.length === 0 ? 'empty' : isPacked(head) ? 'unsupported-compression' : 'not-a-capture';
    damage.push(damageRow({ kind, count: 1, at: 0 }));
    flows.remarks.addUnknown(ref.path, head);
  }
  return {
    path: ref.path,
    kind: 'unreadable',
    bytes: ref.size ?? source.storedBytes,
    sha256: source.sha256(),
    first: null,
    last: null,
    damage,
  };
}

function sourceDamage(source: ByteSource): AuditInput['damage'] {
  return source.damage === null ? [] : [damageRow({ kind: source.damage, count: 1, at: source.damageAt })];
}
