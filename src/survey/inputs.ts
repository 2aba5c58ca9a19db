/**
 * Inputs to the tap, one after another in the order of their first packets, so that rotated files make one run.
 * What an input is comes from its content. What cannot be read becomes a row of damage, and the rest goes on.
 */
import type { AuditInput } from '../audit/audit.ts';
import { isoTime } from '../audit/time.ts';
import { firstTimeUs } from '../capture/first-time.ts';
import { type CaptureKind, createReader, pumpCapture, sniffCapture } from '../capture/reader.ts';
import { CaptureRecord } from '../capture/record.ts';
import type { Tap } from '../capture/tap.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import type { SourceRef } from '../sources/discover.ts';

const SNIFF_BYTES = 64;

export interface ReadOptions {
  readonly hash: boolean;
  /** Kind that the operator says the inputs are; null: by content. */
  readonly inputFormat: CaptureKind | null;
  readonly signal: AbortSignal;
  /** Called after each block with the stored bytes of this input. */
  readonly onBlock: (storedBytes: number, packets: number) => void;
}

/** The inputs in the order of their first packets; those without any keep their place at the end. */
export async function orderByFirstPacket(refs: readonly SourceRef[]): Promise<SourceRef[]> {
  if (refs.length < 2) return [...refs];
  const dated: { ref: SourceRef; timeUs: number }[] = [];
  for (const ref of refs) {
    // Standard input can be read once only; it comes last.
    const timeUs = ref.path === '-' ? null : await firstTimeOf(ref);
    dated.push({ ref, timeUs: timeUs ?? Number.POSITIVE_INFINITY });
  }
  // Equal times (and none) keep the order in which they were named: the sort is stable.
  dated.sort((a, b) => (a.timeUs === b.timeUs ? 0 : a.timeUs - b.timeUs));
  return dated.map(({ ref }) => ref);
}

async function firstTimeOf(ref: SourceRef): Promise<number | null> {
  const source = await ref.open();
  const timeUs = await firstTimeUs(source);
  await source.close();
  return timeUs;
}

/** Reads one input through the tap and says what it was. Never rejects for what the bytes hold. */
export async function readInput(
  ref: SourceRef,
  ordinal: number,
  tap: Tap,
  options: ReadOptions,
): Promise<AuditInput> {
  const source = await ref.open({ hash: options.hash });
  try {
    const head = await source.peek(SNIFF_BYTES);
    const kind = options.inputFormat ?? sniffCapture(head);
    if (kind === null) return await unreadable(ref, source, head);
    return await readCapture(ref, source, kind, ordinal, tap, options);
  } finally {
    await source.close();
  }
}

async function readCapture(
  ref: SourceRef,
  source: ByteSource,
  kind: CaptureKind,
  ordinal: number,
  tap: Tap,
  options: ReadOptions,
): Promise<AuditInput> {
  const record = new CaptureRecord();
  const reader = createReader(kind, record, tap);
  tap.input = ordinal;
  await pumpCapture(source, reader, record, (storedBytes) => {
    options.onBlock(storedBytes, reader.packets);
    return !options.signal.aborted;
  });
  return {
    path: ref.path,
    kind,
    bytes: ref.size ?? source.storedBytes,
    sha256: source.sha256(),
    packets: reader.packets,
    first: Number.isNaN(reader.firstUs) ? null : isoTime(reader.firstUs),
    last: Number.isNaN(reader.lastUs) ? null : isoTime(reader.lastUs),
    damage: [...sourceDamage(source), ...reader.damage.rows()],
  };
}

async function unreadable(ref: SourceRef, source: ByteSource, head: Uint8Array): Promise<AuditInput> {
  const damage = sourceDamage(source);
  if (damage.length === 0) {
    damage.push({ kind: head.length === 0 ? 'empty' : 'not-a-capture', count: 1, at: 0 });
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
  return source.damage === null ? [] : [{ kind: source.damage, count: 1, at: source.damageAt }];
}
