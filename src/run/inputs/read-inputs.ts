/** The inputs that a scan names, found, put in order and read. */
import path from 'node:path';
import type { AuditInput } from '../../audit/audit.ts';
import { damageRow } from '../../audit/damage.ts';
import { timeUsOf } from '../../audit/time.ts';
import { fail } from '../../errors.ts';
import { FLOW_FORMATS, flowFormat } from '../../readers/index.ts';
import { FlowReader } from '../../reading/flow-reader.ts';
import type { SourceRef } from '../../sources/byte-source.ts';
import { contentHash } from '../../sources/content.ts';
import { discover } from '../../sources/discover.ts';
import { type Statement, statement } from '../../statements/index.ts';
import { isStoreUrl } from '../../stores/clickhouse/location.ts';
import type { CapturedExports } from '../captured-exports.ts';
import type { Lists } from '../lists.ts';
import type { Run } from '../run.ts';
import { type ScanOptions, threadUse } from '../scan-options.ts';
import { someInputs } from './input-remarks.ts';
import { orderByFirstPacket, type PlacedRef, type ReadOptions, readInput, readNames } from './inputs.ts';
import { readSideBySide } from './side-by-side.ts';

type Log = NonNullable<ScanOptions['log']>;

/** How a run that goes on reads. What is called finds the run whole. */
interface Reading {
  /** What is read, in place of what the options name. */
  readonly refs?: readonly SourceRef[];
  /** True if files that the run has read before are passed over; absent: false. */
  readonly knowsFiles?: boolean;
  /** Behind each input that was read whole. */
  readonly afterInput?: () => Promise<void>;
  /** Behind a block of a capture. */
  readonly afterBlock?: () => Promise<void>;
  /** Hears of an input that is no capture. */
  readonly onOther?: () => void;
  /** Behind a slice of a store. */
  readonly afterSlice?: () => Promise<void>;
}

/** Reads the inputs into the run, one after another; returns how many an abort left. Throws NO_INPUT or USAGE. */
export async function readInputs(
  run: Run,
  options: ScanOptions,
  lists: Lists,
  reading: Reading = {},
): Promise<number> {
  const { refs, names, stores } = await findInputs(run, options, reading.refs);
  const totalBytes = refs.reduce<number | null>(
    (sum, { size }) => (sum === null || size === null ? null : sum + size),
    0,
  );
  const flowReader = new FlowReader(threadUse(options), totalBytes, (message) =>
    options.log?.('debug', message),
  );
  const round = { run, options, reading, flowReader, totalBytes, doneBytes: 0, files: refs.length };
  let left = refs.length + stores.length;
  try {
    const last = refs.findLastIndex(({ beside }) => beside !== undefined);
    for (let index = 0; index < refs.length && !options.signal.aborted; ) {
      const ref = refs[index];
      // Captures of other probes that begin between them are read with them: the two halves of a tap stay together.
      const end = refs.findIndex((other, i) => i > last || (i > index && other.piece !== undefined));
      const beside = ref.beside === undefined ? [ref] : refs.slice(index, end < 0 ? refs.length : end);
      await readFiles(beside, index, index < names, round);
      index += beside.length;
      left -= beside.length;
    }
    for (const url of options.signal.aborted ? [] : stores) {
      left--;
      await readRows(url, refs.length + stores.length, lists, round);
    }
  } finally {
    await flowReader.close();
  }
  return left;
}

/** The files in the order in which they are read, those of names first, and the stores. Says what is passed over. */
async function findInputs(
  run: Run,
  options: ScanOptions,
  given?: readonly SourceRef[],
): Promise<{ refs: readonly PlacedRef[]; names: number; stores: readonly string[] }> {
  const warn = warner(run, options);
  const { nameFiles = [], signal } = options;
  const tell = (message: string) => options.log?.('warn', message);
  const objects = options.objects === undefined ? null : { ...options.objects, signal, tell };
  const named = nameFiles.length === 0 ? [] : await discover(nameFiles, () => {}, objects, true);
  const specials: string[] = [];
  const files = options.inputs.filter((input) => !isStoreUrl(input));
  const found = given ?? (await discover(files, (special) => specials.push(special), objects));
  checkFormat(options.inputFormat);
  // What the caller has chosen is read whatever its time: a watch closes a period by it.
  const times = given === undefined ? {} : { sinceUs: null, untilUs: null };
  const ordered = await orderByFirstPacket(found, { ...options, ...times });
  const left = [
    ...leftOut('files-skipped', ordered.skipped.filter(isNoList(options))),
    ...leftOut('files-outside', ordered.outside),
    ...leftOut('specials-skipped', specials),
  ];
  for (const note of left) warn(note);
  const secondsOf = (us: number): number => Math.round(us / 1e5) / 10;
  for (const { path: input, clock, apartUs = null } of ordered.refs) {
    if (apartUs !== null)
      warn(statement('packets-twice', { input, seconds: Math.round(Math.abs(apartUs) / 1e6) }));
    if (clock === undefined) continue;
    warn(statement('clocks-differ', { input, of: clock.of, seconds: secondsOf(clock.aheadUs) }));
  }
  return {
    refs: [...named, ...ordered.refs],
    names: named.length,
    stores: options.inputs.filter(isStoreUrl),
  };
}

/** What all inputs of one call are read with. */
interface Round {
  readonly run: Run;
  readonly options: ScanOptions;
  readonly reading: Reading;
  readonly flowReader: FlowReader;
  /** Null if the size of an input is not known. */
  readonly totalBytes: number | null;
  doneBytes: number;
  readonly files: number;
}

/**
 * Reads a capture, a flow log, or names that the operator gives, or captures that belong together; nothing of a file that the run
 * has read before.
 */
async function readFiles(
  refs: readonly PlacedRef[],
  index: number,
  isOfNames: boolean,
  round: Round,
): Promise<void> {
  const { run, options, reading } = round;
  const { engine, flows, lookups, inputs, certificates } = run;
  const log = options.log ?? (() => {});
  const fresh: { readonly ref: PlacedRef; readonly content: string | null }[] = [];
  for (const ref of refs) {
    const content = reading.knowsFiles === true ? await contentOf(ref) : null;
    const known = content === null ? undefined : run.finished.get(content);
    if (known === undefined) fresh.push({ ref, content });
    else {
      log('info', `${ref.path}: read before, as ${known}`);
      round.doneBytes += ref.size ?? 0;
    }
  }
  if (fresh.length === 0) return;
  const [{ ref }] = fresh;
  const ordinal = run.ordinalOf(ref.piece) ?? inputs.length;
  const how: ReadOptions = {
    ...options,
    flows,
    certificates,
    flowReader: round.flowReader,
    afterBlock: reading.afterBlock,
    onOther: reading.onOther,
    onBlock: (storedBytes) =>
      options.onProgress?.({
        ...progressOf(run, ref.path, index + 1, round.files),
        doneBytes: round.doneBytes + storedBytes,
        totalBytes: round.totalBytes,
        flows: flows.conversations.totals.records,
      }),
  };
  const beside = fresh.map((each) => each.ref);
  const rows = isOfNames
    ? [await readNames(ref, ordinal, how, (name) => lookups.learn(name, ordinal))]
    : fresh.length > 1
      ? await readSideBySide(beside, ordinal, engine, how)
      : [await readInput(ref, ordinal, engine, how)];
  // Pieces are read one by one.
  if (ref.piece === undefined) inputs.push(...rows);
  else run.addPiece(ref.piece, rows[0]);
  for (const [i, input] of rows.entries()) {
    const { content, ref: own } = fresh[i];
    round.doneBytes += input.bytes;
    // The place of a file is that of its first packet.
    const isBegun = (own.piece?.bytes ?? 0) > 0;
    if (input.packets !== undefined && input.first !== null && !isBegun)
      run.moveTo(own.captureUs ?? timeUsOf(input.first));
    for (const { text } of input.damage) log('warn', `${own.path}: ${text}`);
    addExportDamage(input, run.exports, log);
    if (content !== null && !options.signal.aborted) run.finish(content, own.path);
  }
  if (!options.signal.aborted) await reading.afterInput?.();
}

/** Reads the rows of a store, of `inputs` files and stores. */
async function readRows(url: string, inputs: number, lists: Lists, round: Round): Promise<void> {
  const { run, options, reading } = round;
  // With it comes a client of HTTP, which few runs need.
  const { readStore } = await import('./store-inputs.ts');
  const ordinal = run.inputs.length;
  const store = await readStore(url, ordinal, {
    ...options,
    flows: run.flows,
    pools: lists.pools,
    warn: warner(run, options),
    progress: run.stores,
    between: reading.afterSlice ?? (async () => {}),
    onRows: ({ rowsRead, slice, slices }) =>
      options.onProgress?.({
        ...progressOf(run, url, ordinal + 1, inputs),
        doneBytes: slice - 1,
        totalBytes: slices,
        flows: rowsRead,
      }),
  });
  run.inputs.push(store);
}

function progressOf({ engine }: Run, input: string, ordinal: number, inputs: number) {
  return {
    packets: engine.kernel.counts.packets,
    input,
    ordinal,
    inputs,
    heapBytes: engine.kernel.heapBytes,
  };
}

function warner(run: Run, { log }: ScanOptions): (note: Statement) => void {
  return (note) => {
    if (run.note(note)) log?.('warn', note.text);
  };
}

/** By what a file is known again; null if it is none. */
async function contentOf(ref: SourceRef): Promise<string | null> {
  if (ref.version !== undefined) return ref.version;
  if (ref.piece !== undefined) return null;
  return ref.isPipe || ref.size === null ? null : contentHash(ref);
}

/** Of the files of a folder: true for those that no option names, such as the owners table beside the captures. */
function isNoList(options: ScanOptions): (file: string) => boolean {
  const { poolFiles, malwareFiles = [], leaseFiles = [], blockFiles = [], allowFile, ownersFile } = options;
  const lists = [...poolFiles, ...malwareFiles, ...leaseFiles, ...blockFiles, allowFile, ownersFile];
  const known = new Set(lists.flatMap((file) => (file == null ? [] : [path.resolve(file)])));
  return (file) => !known.has(path.resolve(file));
}

/** What folders hold and is not read. */
function leftOut(
  code: 'files-skipped' | 'files-outside' | 'specials-skipped',
  paths: readonly string[],
): Statement[] {
  return paths.length === 0 ? [] : [statement(code, { count: paths.length, ...someInputs(paths) })];
}

/** What was wrong with the exports that an input held, and what they missed. */
export function addExportDamage(input: AuditInput, exports: CapturedExports, log: Log): void {
  for (const { kind, count, at } of exports.endInput()) {
    log('warn', `${input.path}: exported flow records: ${damageRow({ kind, count, at }).text}`);
    const known = input.damage.find((row) => row.kind === kind);
    if (known === undefined) input.damage.push(damageRow({ kind, count, at }));
    else Object.assign(known, damageRow({ kind, count: known.count + count, at: known.at }));
  }
}

function checkFormat(format: string | null): void {
  if (format === null || format === 'pcap' || format === 'pcapng' || flowFormat(format) !== null) return;
  const known = ['pcap', 'pcapng', ...FLOW_FORMATS.map(({ id }) => id)];
  fail('USAGE', `unknown input format: ${format}`, { where: format, hint: `Known are ${known.join(', ')}.` });
}
