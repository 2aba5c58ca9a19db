/** The inputs that a scan names, found, put in order and read. */
import type { AuditInput } from '../audit/audit.ts';
import { damageRow } from '../audit/damage.ts';
import { timeUsOf } from '../audit/time.ts';
import { fail } from '../errors.ts';
import { FLOW_FORMATS, flowFormat } from '../readers/index.ts';
import { FlowReader } from '../reading/flow-reader.ts';
import type { SourceRef } from '../sources/byte-source.ts';
import { contentHash } from '../sources/content.ts';
import { discover, discoverAll } from '../sources/discover.ts';
import { type Statement, statement } from '../statements/index.ts';
import { isStoreUrl } from '../stores/clickhouse/location.ts';
import { orderByFirstPacket, type PlacedRef, type ReadOptions, readInput, readNames } from './inputs.ts';
import type { Lists } from './lists.ts';
import type { Run } from './run.ts';
import { type ScanOptions, threadUse } from './scan-options.ts';
import type { Survey } from './survey.ts';

type Log = NonNullable<ScanOptions['log']>;

/** How a run that goes on reads. What is called finds the run whole. */
interface Reading {
  /** True if files that the run has read before are passed over; absent: false. */
  readonly knowsFiles?: boolean;
  /** Behind each input that was read whole. */
  readonly afterInput?: () => Promise<void>;
  /** Behind a block of a capture. */
  readonly afterBlock?: () => Promise<void>;
  /** Behind a slice of a store. */
  readonly afterSlice?: () => Promise<void>;
}

/** Reads the inputs into the run, one after another; returns how many an abort left. Throws NO_INPUT or USAGE. */
export async function readInputs(
  run: Run,
  options: ScanOptions,
  lists: Lists,
  { knowsFiles = false, afterInput, afterBlock, afterSlice = async () => {} }: Reading = {},
): Promise<number> {
  const { tap, flows, survey, inputs, certificates } = run;
  const log = options.log ?? (() => {});
  const warn = (note: Statement): void => {
    if (run.note(note)) log('warn', note.text);
  };
  const nameFiles = options.nameFiles ?? [];
  const told = { signal: options.signal, tell: (message: string) => log('warn', message) };
  const objects = options.objects === undefined ? null : { ...options.objects, ...told };
  const named = nameFiles.length === 0 ? [] : await discoverAll(nameFiles, objects);
  const stores = options.inputs.filter(isStoreUrl);
  const files = options.inputs.filter((input) => !isStoreUrl(input));
  const specials: string[] = [];
  const found = await discover(files, (special) => specials.push(special), objects);
  const ordered = await orderByFirstPacket(found, {
    inputFormat: knownFormat(options.inputFormat),
    columns: options.columns ?? null,
    timeZone: options.timeZone ?? null,
    signal: options.signal,
  });
  for (const note of leftOut(ordered.skipped, specials)) warn(note);
  const refs: PlacedRef[] = [...named, ...ordered.refs];
  for (const { path, clock } of ordered.refs) {
    if (clock === undefined) continue;
    warn(
      statement('clocks-differ', {
        input: path,
        of: clock.of,
        seconds: Math.round(clock.aheadUs / 1e5) / 10,
      }),
    );
  }
  const sizes = refs.map((ref) => ref.size);
  const totalBytes = sizes.reduce<number | null>(
    (sum, size) => (sum === null || size === null ? null : sum + size),
    0,
  );
  const tell = (message: string) => log('debug', message);
  const flowReader = new FlowReader(threadUse(options), totalBytes, tell);
  let doneBytes = 0;
  let left = refs.length + stores.length;
  try {
    for (const [index, ref] of refs.entries()) {
      if (options.signal.aborted) break;
      left--;
      const content = knowsFiles ? await contentOf(ref) : null;
      const known = content === null ? undefined : run.finished.get(content);
      if (known !== undefined) {
        log('info', `${ref.path}: read before, as ${known}`);
        doneBytes += ref.size ?? 0;
        continue;
      }
      const ordinal = inputs.length;
      const reading: ReadOptions = {
        hash: options.hash,
        inputFormat: knownFormat(options.inputFormat),
        flows,
        flowReader,
        columns: options.columns ?? null,
        timeZone: options.timeZone ?? null,
        certificates,
        ...(afterBlock === undefined ? {} : { afterBlock }),
        signal: options.signal,
        onBlock: (storedBytes) =>
          options.onProgress?.({
            doneBytes: doneBytes + storedBytes,
            totalBytes,
            packets: tap.packets,
            flows: flows.conversations.totals.records,
            input: ref.path,
            ordinal: index + 1,
            inputs: refs.length,
            heapBytes: tap.kernel.heapBytes,
          }),
      };
      const input =
        index < named.length
          ? await readNames(ref, ordinal, reading, (name) => survey.heardNames.learn(name, ordinal))
          : await readInput(ref, ordinal, tap, reading);
      doneBytes += input.bytes;
      inputs.push(input);
      if (input.packets !== undefined && input.first !== null)
        run.moveTo(ref.captureUs ?? timeUsOf(input.first));
      for (const { text } of input.damage) log('warn', `${ref.path}: ${text}`);
      addExportDamage(input, survey, log);
      if (options.signal.aborted) break;
      if (content !== null) run.finish(content, ref.path);
      await afterInput?.();
    }
    for (const url of options.signal.aborted ? [] : stores) {
      left--;
      // With it comes a client of HTTP, which few runs need.
      const { readStore } = await import('./store-inputs.ts');
      const store = await readStore(url, inputs.length, {
        ...{ flows, pools: lists.pools, warn, signal: options.signal },
        ...{ sinceUs: options.sinceUs, untilUs: options.untilUs, password: options.storePassword ?? '' },
        progress: run.stores,
        between: afterSlice,
        onProgress: (rowsRead, slice, slices) =>
          options.onProgress?.({
            ...{ doneBytes: slice - 1, totalBytes: slices, packets: tap.packets, flows: rowsRead },
            ...{ input: url, ordinal: inputs.length + 1, inputs: refs.length + stores.length },
            heapBytes: tap.kernel.heapBytes,
          }),
      });
      inputs.push(store);
    }
  } finally {
    await flowReader.close();
  }
  return left;
}

/** By what a file is known again; null if it is none. */
async function contentOf(ref: SourceRef): Promise<string | null> {
  if (ref.version !== undefined) return ref.version;
  return ref.isPipe || ref.size === null ? null : contentHash(ref);
}

/** What folders hold and is not read. */
function leftOut(skipped: readonly string[], specials: readonly string[]): Statement[] {
  const some = (paths: readonly string[]) => ({
    inputs: paths.slice(0, 3),
    more: Math.max(0, paths.length - 3),
  });
  return [
    ...(skipped.length === 0
      ? []
      : [statement('files-skipped', { count: skipped.length, ...some(skipped) })]),
    ...(specials.length === 0
      ? []
      : [statement('specials-skipped', { count: specials.length, ...some(specials) })]),
  ];
}

/** What was wrong with the exports that an input held, and what they missed. */
export function addExportDamage(input: AuditInput, survey: Survey, log: Log): void {
  for (const { kind, count, at } of survey.exports.endInput()) {
    log('warn', `${input.path}: exported flow records: ${damageRow({ kind, count, at }).text}`);
    const known = input.damage.find((row) => row.kind === kind);
    if (known === undefined) input.damage.push(damageRow({ kind, count, at }));
    else Object.assign(known, damageRow({ kind, count: known.count + count, at: known.at }));
  }
}

function knownFormat(format: string | null): string | null {
  if (format === null || format === 'pcap' || format === 'pcapng' || flowFormat(format) !== null)
    return format;
  const known = ['pcap', 'pcapng', ...FLOW_FORMATS.map(({ id }) => id)];
  return fail('USAGE', `unknown input format: ${format}`, {
    where: format,
    hint: `Known are ${known.join(', ')}.`,
  });
}
