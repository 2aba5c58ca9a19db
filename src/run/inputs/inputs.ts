/**
 * Inputs to the packet engine, one after another in the order of their first packets, so that rotated files make one run.
 * What an input is comes from its content. What cannot be read becomes a row of damage, and the rest goes on.
 */
import type { AuditInput } from '../../audit/audit.ts';
import { damageRow } from '../../audit/damage.ts';
import { isoTimeOrNull } from '../../audit/time.ts';
import { fail } from '../../errors.ts';
import { LONGEST_SILENCE_MS } from '../../given-file.ts';
import { totalOf } from '../../order.ts';
import type { PacketEngine } from '../../packets/packet-engine.ts';
import type { CaptureKind, SuspendedInput } from '../../packets/packet-kernel.ts';
import { dateOrderOf } from '../../readers/date-order.ts';
import { firstFlowUs } from '../../readers/first-time.ts';
import { type FlowFormat, SNIFF_BYTES } from '../../readers/flow-format.ts';
import { flowFormat, sniffFlowFormat } from '../../readers/index.ts';
import { hasKeys } from '../../readers/lines/line-log.ts';
import { firstTimeUs } from '../../readers/pcap/first-time.ts';
import { PCAP_HEAD_BYTES } from '../../readers/pcap/head.ts';
import { goOn, sniffCapture } from '../../readers/pcap/reader.ts';
import { awsVpc, isAwsLayout } from '../../readers/tables/aws-vpc.ts';
import { LAYOUT } from '../../readers/tables/column-map.ts';
import { isPacked, mayHoldTraffic } from '../../readers/unknown-head.ts';
import type { FlowReader } from '../../reading/flow-reader.ts';
import type { CertificateNames } from '../../rows/certificate-names.ts';
import { OTHER_RECORDS } from '../../rows/flow-damage.ts';
import { type FlowSink, type NameRecord, NOBODY } from '../../rows/flow-sink.ts';
import { type TimeSpan, TimeSpans } from '../../rows/time-spans.ts';
import { wordList } from '../../schema/words.ts';
import type { ByteSource, SourceRef } from '../../sources/byte-source.ts';
import type { FlowAnalysis } from '../flow-analysis.ts';
import type { ScanOptions } from '../scan-options.ts';
import { type Beside, type Clock, clocksOf } from './probe-clocks.ts';
import { refusedOf } from './refused-records.ts';

/** What tells the format of an input, and how its times and columns are read. */
type FormatOptions = Pick<ScanOptions, 'inputFormat' | 'columns' | 'timeZone' | 'dateOrder'>;

export interface ReadOptions extends FormatOptions, Pick<ScanOptions, 'hash' | 'signal'> {
  readonly flows: FlowAnalysis;
  readonly flowReader: FlowReader;
  readonly certificates: CertificateNames;
  /** Called after each block with the stored bytes of this input. */
  readonly onBlock: (storedBytes: number) => void;
  readonly afterBlock?: (() => Promise<void>) | undefined;
  /** Hears of an input that is no capture. */
  readonly onOther?: (() => void) | undefined;
}

export interface PlacedRef extends SourceRef {
  /** Of a capture that was looked into: its first packet, us since 1970. */
  readonly captureUs?: number;
  /** Its clock differs from that of another capture of the same packets. */
  readonly clock?: Clock;
  /** True if its packets may have been read from a capture before it. */
  readonly isCopy?: boolean;
  /** Why it is read beside others. */
  readonly beside?: Beside;
  /** It holds its packets twice, as of two probes whose clocks differ by so much, us. */
  readonly apartUs?: number;
}

/** The inputs in the order in which they are read. */
interface OrderedInputs {
  readonly refs: readonly PlacedRef[];
  /** Files of folders that are neither captures nor logs, which are not read. */
  readonly skipped: readonly string[];
  /** Files of folders that hold nothing of the time that was asked for, as far as their beginning and their age tell. */
  readonly outside: readonly string[];
}

/**
 * The inputs in the order of their first packets or records; behind captures come logs of names, then logs of flows:
 * which flows are looked at depends on the names of their ends.
 */
export async function orderByFirstPacket(
  refs: readonly SourceRef[],
  options: FormatOptions & Pick<ScanOptions, 'signal'> & Partial<Pick<ScanOptions, 'sinceUs' | 'untilUs'>>,
): Promise<OrderedInputs> {
  // An object costs a request each time that it is looked into.
  if (refs.length < 2 && refs.every(({ isFound, version }) => isFound !== true && version !== undefined))
    return { refs, skipped: [], outside: [] };
  const places: { ref: PlacedRef; readonly rank: Place['rank']; timeUs: number }[] = [];
  let next = 0;
  const lookOn = async (): Promise<void> => {
    for (let i = next++; i < refs.length && !options.signal.aborted; i = next++) {
      const ref = refs[i];
      if (ref !== undefined) places[i] = { ref, ...(await placeOf(ref, options)) };
    }
  };
  // Who looks at an object mostly waits for its store.
  const directions = refs.some(({ version }) => version !== undefined) ? OBJECTS_AT_ONCE : 1;
  await Promise.all(Array.from({ length: directions }, lookOn));
  const all = places.filter((place) => place !== undefined);
  // Of a run that ends here nothing is read, and everything that was named is left.
  if (all.length < refs.length) return { refs, skipped: [], outside: [] };
  const outside = all.filter((place) => isOutside(place, options));
  const placed = all.filter((place) => !outside.includes(place));
  const captures = placed.filter(({ rank }) => rank === CAPTURE);
  const { clocks, twice, beside } = await clocksOf(
    captures.map(({ ref }) => ref),
    options.signal,
  );
  for (const [place, apartUs] of twice) captures[place].ref = { ...captures[place].ref, apartUs };
  for (const [place, why] of beside) captures[place].ref = { ...captures[place].ref, beside: why };
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
    outside: outside.map(({ ref }) => ref.path),
  };
}

/**
 * True of a file of a folder that begins behind the time that was asked for, or that was written to its end before: what is
 * damaged in it spoils nothing. Logs of names count whatever their time.
 */
function isOutside(
  { ref, rank, timeUs }: Place & { readonly ref: SourceRef },
  { sinceUs = null, untilUs = null }: Partial<Pick<ScanOptions, 'sinceUs' | 'untilUs'>>,
): boolean {
  if (!ref.isFound || ref.modifiedMs === undefined || rank === NAMES || rank === FOREIGN) return false;
  if (rank === CAPTURE && untilUs !== null && timeUs >= untilUs) return true;
  return sinceUs !== null && ref.modifiedMs * 1000 < sinceUs && timeUs < sinceUs;
}

const OBJECTS_AT_ONCE = 16;
const LF = 0x0a;
const OPENING_BRACKET = 0x5b;
const CAPTURE = 0;
const NAMES = 1;
/** What is neither a capture nor a log. */
const FOREIGN = 4;

/** Captures, names, flows, standard input; each by time, those first of which it is not known. */
interface Place {
  readonly rank: typeof CAPTURE | typeof NAMES | 2 | 3 | typeof FOREIGN;
  readonly timeUs: number;
}

/** What a piece of a file is was found from the file's beginning. */
function ofPiece<Options extends FormatOptions>({ piece }: SourceRef, options: Options): Options {
  return piece === undefined ? options : { ...options, inputFormat: piece.format };
}

/** So little of a file is there that it may become one that is read on as it grows. */
export const UNCLEAR = Symbol('unclear');

/** What a file is, if it can be read on as it grows; null if it cannot. */
export async function growingFormat(
  ref: SourceRef,
  options: FormatOptions,
): Promise<string | typeof UNCLEAR | null> {
  const source = await ref.open();
  try {
    const head = (await source.peek(SNIFF_BYTES)).slice();
    if (source.damage !== null || source.compression.length > 0) return null;
    if (head.length < PCAP_HEAD_BYTES) return UNCLEAR;
    const { inputFormat } = options;
    const capture = inputFormat === 'pcap' || inputFormat === 'pcapng' ? inputFormat : sniffCapture(head);
    if (capture !== null) return capture;
    const format = flowFormatOf(head, options);
    if (format?.isLines === true && head.includes(LF)) return format.id;
    // A first line that is cut, or first lines of another kind; a list in brackets is a document, and ends somewhere.
    const mayBeLines = head.length < SNIFF_BYTES && !head.includes(0) && head[0] !== OPENING_BRACKET;
    return mayBeLines && (format === null || format.isLines === true) ? UNCLEAR : null;
  } finally {
    await source.close();
  }
}

async function placeOf(ref: SourceRef, given: FormatOptions): Promise<Place> {
  const options = ofPiece(ref, given);
  // Standard input and pipes can be read once only; they come last.
  if (ref.path === '-' || ref.isPipe) return { rank: 3, timeUs: 0 };
  const source = await ref.open();
  try {
    const head = (await source.peek(SNIFF_BYTES)).slice();
    const timeUs = await firstTimeUs(source);
    if (timeUs !== null) return { rank: CAPTURE, timeUs };
    const format = flowFormatOf(head, options);
    if (format === null) {
      const isSilent =
        ref.isFound && source.damage === null && head.length > 0 && sniffCapture(head) === null;
      return { rank: isSilent && !mayHoldTraffic(head) ? FOREIGN : 2, timeUs: 0 };
    }
    const began = await firstFlowUs(format, head, tableOptions(options, head));
    return { rank: format.holdsNames?.(head) === true ? NAMES : 2, timeUs: began ?? 0 };
  } finally {
    await source.close();
  }
}

/** Reads one input through the packet engine and says what it was. Never rejects for what the bytes hold. */
export async function readInput(
  ref: PlacedRef,
  ordinal: number,
  engine: PacketEngine,
  given: ReadOptions,
): Promise<AuditInput> {
  const options = ofPiece(ref, given);
  const source = await ref.open({ hash: options.hash });
  // A pipe may stay silent for ever; closing it is an end of file for the reader.
  const stop = (): void => void source.close();
  const waits = ref.path === '-' || ref.isPipe;
  if (waits) options.signal.addEventListener('abort', stop, { once: true });
  try {
    const { inputFormat } = options;
    const isCapture = inputFormat === 'pcap' || inputFormat === 'pcapng';
    // A capture on a quiet link is read from its first bytes on: more may not come for long.
    const first = inputFormat === null ? await source.peek(PCAP_HEAD_BYTES) : null;
    const kind = isCapture ? inputFormat : first === null ? null : sniffCapture(first);
    if (kind !== null) return await readCapture(ref, source, kind, ordinal, engine, options);
    options.onOther?.();
    const head = await source.peek(SNIFF_BYTES);
    const format = flowFormatOf(head, options);
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
  const stop = (): void => void source.close();
  const silent = ref.isPipe ? setTimeout(stop, LONGEST_SILENCE_MS) : undefined;
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    await source.peek(1);
    clearTimeout(silent);
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
    clearTimeout(silent);
    options.signal.removeEventListener('abort', stop);
    await source.close();
  }
}

async function readCapture(
  ref: PlacedRef,
  source: ByteSource,
  kind: CaptureKind,
  ordinal: number,
  engine: PacketEngine,
  options: ReadOptions,
): Promise<AuditInput> {
  const reading = new CaptureReading(ref, source, kind, ordinal, engine, options);
  await reading.goOn(Number.POSITIVE_INFINITY);
  return reading.row();
}

/** A capture that is read, and may pause for others. */
export class CaptureReading {
  private suspended: SuspendedInput | null = null;
  private shownBytes = 0;

  constructor(
    private readonly ref: PlacedRef,
    private readonly source: ByteSource,
    private readonly kind: CaptureKind,
    private readonly ordinal: number,
    private readonly engine: PacketEngine,
    private readonly options: ReadOptions,
  ) {}

  /** Reads until a record that is later than `pauseUs`, whose time it answers; null if the end was reached, or an abort. */
  async goOn(pauseUs: number): Promise<number | null> {
    const { kernel } = this.engine;
    const { shownBytes } = kernel.counts;
    const left = await this.pump(pauseUs);
    this.shownBytes += kernel.counts.shownBytes - shownBytes;
    kernel.control.pauseUs = Number.POSITIVE_INFINITY;
    if (left === null || !kernel.input.isPaused) return null;
    this.suspended = kernel.suspend(left);
    return kernel.input.pausedAtUs;
  }

  private async pump(pauseUs: number): Promise<number | null> {
    const { engine, ref, source, options, suspended } = this;
    const { kernel } = engine;
    const onBlock = async (storedBytes: number): Promise<boolean> => {
      options.onBlock(storedBytes);
      await options.afterBlock?.();
      return !options.signal.aborted;
    };
    if (suspended !== null) kernel.resume(suspended);
    else {
      Object.assign(kernel.control, {
        input: this.ordinal,
        // How far the clock is ahead; packets may have been read before; it holds them twice.
        aheadUs: ref.clock?.aheadUs ?? 0,
        isCopy: copyKind(ref, kernel.counts.lastUs),
        isTwice: ref.apartUs === undefined && ref.beside !== 'shared' ? 0 : 1,
      });
      kernel.beginInput(this.kind);
      if (ref.piece !== undefined) {
        kernel.input.packets = ref.piece.records;
        kernel.input.streamAt = ref.piece.bytes - ref.piece.head.length;
      }
    }
    kernel.control.pauseUs = pauseUs;
    const blockBytes = ref.beside !== undefined ? BESIDE_BLOCK_BYTES : undefined;
    return await goOn(source, kernel, suspended?.held ?? 0, onBlock, blockBytes, ref.piece);
  }

  /** What the input was, as far as it was read. */
  row(): AuditInput {
    const { ref, source, options, shownBytes } = this;
    const { kernel } = this.engine;
    if (kernel.control.input !== this.ordinal && this.suspended !== null) kernel.resume(this.suspended);
    const spans = new TimeSpans();
    for (const { firstUs, lastUs, records } of kernel.intervals) spans.add(firstUs, lastUs, records);
    const { main, outliers } = spans.outliers() ?? {
      main: { firstUs: kernel.input.firstUs, lastUs: kernel.input.lastUs },
      outliers: [],
    };
    // Of a capture that holds its packets twice the copies are its own.
    const copies = ref.apartUs === undefined ? shownBytes : 0;
    if (copies > 0 && ref.clock === undefined) options.flows.copies.addShown(ref.path, copies);
    for (const outlier of outliers) options.flows.outliers.push({ ...outlier, path: ref.path });
    const damage = [...sourceDamage(source), ...kernel.damage().map(damageRow)];
    const packets = kernel.input.packets - (ref.piece?.records ?? 0);
    if (ref.piece !== undefined) {
      const { firstUs, lastUs, packets: records } = kernel.input;
      ref.piece.found = { rest: ref.piece.rest, records, head: '', firstUs, lastUs };
    }
    return inputRow(ref, source, damage, {
      kind: packets === 0 && isBroken(damage, options) ? 'unreadable' : this.kind,
      counts: { packets, ...(copies > 0 ? { copies } : {}) },
      times: withoutCopies(main, ref.apartUs ?? 0),
    });
  }
}

/** What is left of a block of a capture that pauses is put aside and back for each slice. */
const BESIDE_BLOCK_BYTES = 4 * 1024;

/** The times of the packets that count: the second copy of each passed so much later. */
function withoutCopies({ firstUs, lastUs }: Omit<TimeSpan, 'records'>, apartUs: number) {
  return { firstUs: firstUs - Math.min(0, apartUs), lastUs: lastUs - Math.max(0, apartUs) };
}

/** Packets of a capture that follows another one may be out of order at the cut. */
const OUT_OF_ORDER_US = 1_000_000;

/**
 * Whether packets of it may have been read before (`control.isCopy`): 1 from another probe, 2 as it begins before the captures that
 * were read have ended.
 */
function copyKind(
  { captureUs = Number.POSITIVE_INFINITY, isCopy, beside }: PlacedRef,
  lastUs: number,
): 0 | 1 | 2 {
  if (beside !== undefined) return 0;
  if (isCopy === true) return 1;
  return captureUs + OUT_OF_ORDER_US < lastUs ? 2 : 0;
}

/** What an input was. `file`: what the thread tells of one that it has read by itself. */
function inputRow(
  { path, size }: SourceRef,
  source: ByteSource,
  damage: AuditInput['damage'],
  of: {
    readonly kind: string;
    readonly counts?: Pick<AuditInput, 'packets' | 'copies' | 'flows' | 'names' | 'other'>;
    readonly times?: { readonly firstUs: number; readonly lastUs: number };
    readonly file?: { readonly bytes: number; readonly sha256: string | null } | undefined;
  },
): AuditInput {
  const { kind, counts, times, file } = of;
  return {
    path,
    kind,
    bytes: size ?? file?.bytes ?? source.storedBytes,
    sha256: file?.sha256 ?? source.sha256(),
    ...counts,
    first: isoTimeOrNull(times?.firstUs),
    last: isoTimeOrNull(times?.lastUs),
    damage,
  };
}

/** Kinds of damage that a log may have which was read and has nothing for us. */
const HARMLESS = wordList('harmless-damage');

/** True if the damage of an input may be why nothing of it was read, and no interruption was. */
function isBroken(damage: AuditInput['damage'], { signal }: Pick<ReadOptions, 'signal'>): boolean {
  return !signal.aborted && damage.some(({ kind }) => !HARMLESS.has(kind));
}

/**
 * The format that the operator states, or else the one by content. Tables whose columns he names are read as such, whatever
 * they look like, JSON and pairs by their keys; in AWS's own words as AWS's.
 */
function flowFormatOf(head: Uint8Array, { inputFormat, columns }: FormatOptions): FlowFormat | null {
  if (inputFormat !== null) return flowFormat(inputFormat);
  const sniffed = sniffFlowFormat(head);
  if (columns == null || head.length === 0 || sniffed?.id === 'json') return sniffed;
  if (isAwsLayout(columns[LAYOUT], head)) return awsVpc;
  return flowFormat(hasKeys(columns, head) ? 'key-value' : 'csv');
}

function tableOptions({ columns, timeZone, ...stated }: FormatOptions, head: Uint8Array) {
  const dateOrder = stated.dateOrder ?? dateOrderOf(head);
  return {
    ...(columns == null ? {} : { columns }),
    ...(timeZone == null ? {} : { timeZone }),
    ...(dateOrder == null ? {} : { dateOrder }),
  };
}

function pieceOptions({ piece }: SourceRef) {
  if (piece === undefined) return {};
  const { bytes, head, records, isGrowing } = piece;
  return { bytesBefore: bytes - head.length, rowsBefore: records, isGrowing };
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
  const isBegun = (ref.piece?.bytes ?? 0) > 0;
  const known = sink === options.flows && !isBegun ? head : new Uint8Array(0);
  options.flows.beginInput(ordinal, format.id, exporters, [], ref.path, known);
  const holdsNames = format.holdsNames?.(head) === true;
  const { observed } = options.flows.remarks;
  const { packets, bytes } = options.flows.conversations.totals;
  const read = await options.flowReader.read(
    format,
    { source, size: ref.size, holdsNames, hash: options.hash },
    { sink, exporters, certificates: options.certificates },
    {
      ...tableOptions(options, head),
      ...pieceOptions(ref),
      fileTimeUs: Math.floor(ref.modifiedMs ?? Date.now()) * 1000,
      onBlock: (_records, fileBytes = source.storedBytes) => {
        options.onBlock(fileBytes);
        return !options.signal.aborted;
      },
    },
  );
  if (ref.piece !== undefined) {
    const { rest = 0, rows: records = 0, head = '', firstUs, lastUs } = read;
    ref.piece.found = { rest, records, head, firstUs, lastUs };
  }
  options.flows.remarks.add(ordinal, isBegun, format.id, read);
  for (const outlier of read.outliers ?? []) options.flows.outliers.push({ ...outlier, path: ref.path });
  // Where the thread has read the file by itself, the source was not asked for more than the head.
  const { file = null } = read;
  const readErrorAt = file?.readErrorAt ?? null;
  const damage = [
    ...(readErrorAt === null
      ? sourceDamage(source)
      : [damageRow({ kind: 'read-error', count: 1, at: readErrorAt })]),
    ...read.damage.map(damageRow),
  ];
  const { refused, remarks } = options.flows;
  const { totals } = options.flows.conversations;
  const size = source.compression.length > 0 ? 0 : (ref.size ?? file?.bytes ?? source.storedBytes);
  const { stoppedAt = Number.NaN, refusedBytes = 0 } = read;
  refused.add(ordinal, {
    bytes: size,
    lostBytes: refusedBytes + (stoppedAt < size ? size - stoppedAt : 0),
    records: read.records,
    refused: refusedOf(read.damage),
    read: { packets: totals.packets - packets, bytes: totals.bytes - bytes },
  });
  const names = remarks.observed - observed;
  const isUnreadable = read.records + names === 0 && isBroken(damage, options);
  const other = totalOf(read.damage, ({ kind, count }) => (OTHER_RECORDS.has(kind) ? count : 0));
  const broken = isUnreadable ? damage : damage.filter(({ kind }) => !OTHER_RECORDS.has(kind));
  return inputRow(ref, source, broken, {
    kind: isUnreadable ? 'unreadable' : format.id,
    counts: {
      flows: read.records,
      ...(names > 0 ? { names } : {}),
      ...(other > 0 && !isUnreadable ? { other } : {}),
    },
    times: read,
    file: file ?? undefined,
  });
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
  return inputRow(ref, source, damage, { kind: 'unreadable' });
}

function sourceDamage(source: ByteSource): AuditInput['damage'] {
  return source.damage === null ? [] : [damageRow({ kind: source.damage, count: 1, at: source.damageAt })];
}
