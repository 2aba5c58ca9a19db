/**
 * What one exporter's observation domain has told so far: templates, samplers, boot time, how far its sequence numbers
 * are, and data sets that wait for any of these. Everything is bounded; what does not fit is counted.
 */
import type { Template } from './template.ts';

/** Sets that wait for a template or a sampler, a domain; bytes of them, a collector. */
export const MOST_WAITING_SETS = 64;
export const MOST_WAITING_BYTES = 1024 * 1024;
const MOST_TEMPLATES = 4096;
const MOST_SAMPLERS = 4096;

/** A later number than expected by more is a restart (16.7 million), an earlier one by less came late. */
const RESTART_GAP = 0x100_0000;
const LATE_GAP = 4096;

/** A data set kept until it can be read. */
export interface WaitingSet {
  readonly templateId: number;
  readonly bytes: Uint8Array;
  readonly exportUs: number;
  /** ms since boot at export, or -1. */
  readonly uptime: number;
  /** The packet or record that carried it. */
  readonly number: number;
}

/** A template of which data came, but nothing that says how to read it. */
export interface MissingTemplate {
  readonly exporter: string;
  readonly templateId: number;
  readonly sets: number;
}

export class ExportDomain {
  /** Ordinals of the exporter for flows that come in, and for those that it reports where they go out. */
  readonly ordinal: number;
  readonly egress: number;
  readonly text: string;
  readonly templates = new Map<number, Template>();
  /** Sampling intervals: by sampler, by input interface, and the one that holds for the rest (0: none told). */
  readonly samplers = new Map<number, number>();
  readonly interfaces = new Map<number, number>();
  fallbackInterval = 0;
  /** ms since 1970; 0 where it was not told. */
  bootMs = 0;
  /** Units that came: flows, records or datagrams. */
  received = 0;
  waiting: WaitingSet[] = [];
  readonly missing = new Map<number, number>();
  readonly #before = new SequenceTrack();
  #behind: SequenceTrack | null = null;

  constructor(text: string, ordinal: number, egress: number) {
    this.text = text;
    this.ordinal = ordinal;
    this.egress = egress;
  }

  /** Keeps a template; a later one of the same id replaces it at once. False where there is no room. */
  define(template: Template): boolean {
    if (!this.templates.has(template.id) && this.templates.size >= MOST_TEMPLATES) return false;
    this.templates.set(template.id, template);
    return true;
  }

  /** Keeps what options data say of a sampler (-1: none named) or an interface (-1). */
  addSampler(samplerId: number, ingress: number, interval: number): void {
    if (samplerId >= 0) setBounded(this.samplers, samplerId, interval);
    else if (ingress > 0) setBounded(this.interfaces, ingress, interval);
    else this.fallbackInterval = interval;
  }

  /** Sampling interval of a record that names this sampler and interface (-1: none); 0 where unknown. */
  interval(samplerId: number, ingress: number): number {
    if (samplerId >= 0) {
      const named = this.samplers.get(samplerId);
      if (named !== undefined) return named;
    }
    if (this.interfaces.size > 0 && ingress > 0) {
      const own = this.interfaces.get(ingress);
      if (own !== undefined) return own;
    }
    return this.fallbackInterval;
  }

  /** Units that never came, as far as the sequence numbers tell. */
  get lost(): number {
    return this.#behind === null ? this.#before.lost : Math.min(this.#before.lost, this.#behind.lost);
  }

  /**
   * Takes the sequence number of a message that carries `units` (flows, records or one datagram). It counts the units
   * before the message. IPFIX says of how many records `flows` are: softflowd's numbers count the flows up to the end
   * of the message, and whichever of the two readings leaves fewer gaps is right.
   */
  advance(sequence: number, units: number, flows = -1): void {
    this.received += units;
    this.#before.take(sequence, units);
    if (flows < 0) return;
    this.#behind ??= new SequenceTrack();
    this.#behind.take((sequence - flows) >>> 0, flows);
  }

  /** Forgets where the sequence stands: how many units a message held is not known. */
  resynchronise(): void {
    this.#before.expected = -1;
    if (this.#behind !== null) this.#behind.expected = -1;
  }
}

/** One reading of the sequence numbers. */
class SequenceTrack {
  expected = -1;
  lost = 0;

  take(sequence: number, units: number): void {
    const gap = this.expected < 0 ? 0 : (sequence - this.expected) | 0;
    if (gap < 0 && gap > -LATE_GAP) {
      // Out of order: it was counted as lost before.
      this.lost -= Math.min(units, this.lost);
      return;
    }
    this.expected = (sequence + units) >>> 0;
    if (gap > 0 && gap <= RESTART_GAP) this.lost += gap;
  }
}

function setBounded(map: Map<number, number>, key: number, value: number): void {
  if (map.has(key) || map.size < MOST_SAMPLERS) map.set(key, value);
}
