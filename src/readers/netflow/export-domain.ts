/**
 * What one observation domain of an exporter has sent so far: templates, samplers, boot time, how far its sequence
 * numbers are, and data sets that wait for any of these. Everything is bounded; what does not fit is counted.
 */
import { limits } from '../../limits.ts';
import { OutCounters } from './out-counters.ts';
import { RecentDatagrams } from './recent-datagrams.ts';
import type { Template } from './template.ts';

/** Sets that wait for a template, a domain; bytes of them, a collector. */
export const MOST_WAITING_SETS = 64;
export const MOST_WAITING_BYTES = 1024 * 1024;
/** Those that wait for a sampling interval, which is told every few minutes: all flows of a small exporter until then. */
export const MOST_HELD_SETS = 1024;
export const MOST_HELD_BYTES = 4 * 1024 * 1024;
const MOST_SAMPLERS = 4096;

/** A later number than expected by more is a restart (16.7 million), an earlier one by less came late. */
const RESTART_GAP = 0x100_0000;
const LATE_GAP = 4096;

/** No exporter of flows ran before 1990: an earlier clock was never set. */
export const CLOCKS_SET_US = 631_152_000_000_000;

/**
 * A clock that was never set counts from 1970 since the boot of the exporter, or stays at 0. Then the time at which a capture saw
 * the message is better: what is to be added to times of an exporter that says `ownUs` in a message that arrived at `arrivedUs`; 0 if its
 * clock was set, or nothing knows better.
 */
export function clockOffsetUs(ownUs: number, arrivedUs: number): number {
  return ownUs < CLOCKS_SET_US && arrivedUs >= CLOCKS_SET_US ? arrivedUs - ownUs : 0;
}

/** What a data set has of the message that it came in. */
export interface MessageState {
  readonly exportUs: number;
  /** What is added to the exporter's own times. */
  readonly clockUs: number;
  /** ms since boot at export, or -1. */
  readonly uptime: number;
  /** The packet that carried it, and the input. */
  readonly number: number;
  readonly input: number;
}

/** A data set kept until it can be read. */
export interface WaitingSet extends MessageState {
  readonly templateId: number;
  /** By which it is to be read, as it stood when the set came; null if that is what it waits for. */
  readonly template: Template | null;
  /** The sampler that its first record names, and its input interface; -1 if none. */
  readonly samplerId: number;
  readonly ingress: number;
  readonly bytes: Uint8Array;
}

/** A template of which data came, but nothing that says how to read it. */
export interface MissingTemplate {
  readonly exporter: string;
  readonly templateId: number;
  readonly sets: number;
  /** It came when no more sets were kept. */
  readonly isLate: boolean;
}

/** Flows that count as they are, since their sampling interval was not known in time. */
export interface UnscaledFlows {
  readonly exporter: string;
  /** The sampler that they name; -1 if none. */
  readonly samplerId: number;
  readonly flows: number;
  /** What was told later: one packet in so many; 0 if nothing was. */
  readonly interval: number;
}

export class ExportDomain {
  readonly templates = new Map<number, Template>();
  /** Sampling intervals: by sampler, by input interface, and the one that holds for the rest (0: none told). */
  readonly samplers = new Map<number, number>();
  readonly interfaces = new Map<number, number>();
  fallbackInterval = 0;
  /** ms since 1970; 0 if it was not told. */
  bootMs = 0;
  /** Flows whose times are counted from their export, as no time of a boot is known. */
  bootless = 0;
  /** Flows whose records have no field for a time: that of their export stands in. */
  timeless = 0;
  /** Messages of an exporter whose clock was never set: the time of their arrival stands in. */
  clockless = 0;
  /** True once templates of other ports of the same exporter are used, because its own one is missing. */
  borrows = false;
  /** Sets that were read so. */
  borrowedSets = 0;
  /** Units that came: flows, records or datagrams. */
  received = 0;
  /** Sets without their template. */
  waiting: WaitingSet[] = [];
  readonly missing = new Map<number, number>();
  /** Templates that came when their sets had been dropped. */
  readonly late = new Set<number>();
  /** Sets whose sampling interval is not known. */
  held: WaitingSet[] = [];
  /** False once more of them came than are kept: flows are taken as they are from then on. */
  isPatient = true;
  readonly recent = new RecentDatagrams();
  readonly out = new OutCounters();
  /** Flows that were taken so: by sampler; by input interface if they name none, as -2 - interface; the rest as -1. */
  private readonly unscaledBySampler = new Map<number, number>();
  private readonly unscaledLate = new Map<number, { flows: number; interval: number }>();
  private readonly before = new SequenceTrack();
  private behind: SequenceTrack | null = null;

  constructor(
    readonly text: string,
    /** Ordinals of the exporter for flows that come in, and for those that it reports where they go out. */
    readonly ordinal: number,
    readonly egress: number,
    /** The same domain of the same exporter by its ports, this one included. */
    private readonly siblings: ExportDomain[] = [],
  ) {
    siblings.push(this);
  }

  /** The template of this id that came from another port; undefined if none came, or several unlike ones. */
  borrowed(id: number): Template | undefined {
    let found: Template | undefined;
    for (const { templates } of this.siblings) {
      const template = templates.get(id);
      if (template === undefined || template === found) continue;
      if (found !== undefined && !isAlike(template, found)) return undefined;
      found = template;
    }
    if (found !== undefined) this.borrowedSets++;
    return found;
  }

  /** ms since 1970; 0 if no port told it. */
  boot(): number {
    if (this.bootMs > 0 || this.siblings.length < 2) return this.bootMs;
    return this.siblings.find(({ bootMs }) => bootMs > 0)?.bootMs ?? 0;
  }

  /** Keeps a template; a later one of the same id replaces it at once. False if there is no room. */
  define(template: Template): boolean {
    if (!this.templates.has(template.id) && this.templates.size >= limits.templates) return false;
    this.templates.set(template.id, template);
    return true;
  }

  /** Keeps what options data say of a sampler (-1: none named) or an interface (-1). */
  addSampler(samplerId: number, ingress: number, interval: number): void {
    if (samplerId >= 0) setBounded(this.samplers, samplerId, interval);
    else if (ingress > 0) setBounded(this.interfaces, ingress, interval);
    else this.fallbackInterval = interval;
    if (this.unscaledBySampler.size === 0) return;
    if (samplerId >= 0) this.noteLateInterval(samplerId, interval);
    else if (ingress > 0) this.noteLateInterval(-2 - ingress, interval);
    else for (const key of this.unscaledBySampler.keys()) if (key <= 0) this.noteLateInterval(key, interval);
  }

  private noteLateInterval(key: number, interval: number): void {
    const flows = this.unscaledBySampler.get(key);
    if (flows === undefined) return;
    this.unscaledBySampler.delete(key);
    // That every packet was looked at is what was assumed.
    if (interval <= 1) return;
    const samplerId = Math.max(key, -1);
    const known = this.unscaledLate.get(samplerId);
    this.unscaledLate.set(samplerId, { flows: flows + (known?.flows ?? 0), interval });
  }

  /** True if the interval of a record that names this sampler and interface may still be told. */
  lacksInterval(samplerId: number, ingress: number): boolean {
    if (samplerId >= 0 && this.samplers.has(samplerId)) return false;
    // The sampler 0 is none.
    return samplerId > 0 || (this.fallbackInterval === 0 && !this.interfaces.has(ingress));
  }

  /** Counts flows that are taken as they are. */
  countUnscaled(samplerId: number, ingress: number, flows: number): void {
    const key = samplerId > 0 ? samplerId : ingress > 0 ? -2 - ingress : -1;
    const known = this.unscaledBySampler.get(key);
    if (known !== undefined) this.unscaledBySampler.set(key, known + flows);
    else if (this.unscaledBySampler.size < MOST_SAMPLERS) this.unscaledBySampler.set(key, flows);
  }

  /** Flows that were taken as they are, and should not have been, as far as the exporter says. */
  unscaled(): UnscaledFlows[] {
    const { text: exporter } = this;
    const late = [...this.unscaledLate].map(([samplerId, sampling]) => ({
      exporter,
      samplerId,
      ...sampling,
    }));
    const never = [...this.unscaledBySampler].filter(([samplerId]) => samplerId > 0);
    return [...late, ...never.map(([samplerId, flows]) => ({ exporter, samplerId, flows, interval: 0 }))];
  }

  /** Templates that never came, or too late, so that their data were not read. */
  missingTemplates(): MissingTemplate[] {
    return [...this.missing].map(([templateId, sets]) => {
      return { exporter: this.text, templateId, sets, isLate: this.late.has(templateId) };
    });
  }

  /**
   * Sampling interval of a record that names this sampler and interface (-1: none); 0 if unknown. What other ports of
   * the exporter told holds if this one told nothing.
   */
  interval(samplerId: number, ingress: number): number {
    const own = this.ownInterval(samplerId, ingress);
    if (own > 0) return own;
    for (const sibling of this.siblings) {
      const sampling = sibling.ownInterval(samplerId, ingress);
      if (sampling > 0) return sampling;
    }
    return 0;
  }

  private ownInterval(samplerId: number, ingress: number): number {
    if (samplerId >= 0) {
      const named = this.samplers.get(samplerId);
      if (named !== undefined) return named;
    }
    if (this.interfaces.size > 0 && ingress > 0) {
      const own = this.interfaces.get(ingress);
      if (own !== undefined) return own;
    }
    if (this.fallbackInterval > 0 || samplerId >= 0) return this.fallbackInterval;
    // A record that names no sampler is of the only one that there is.
    const [only] = this.samplers.values();
    return only !== undefined && this.samplers.size === 1 ? only : 0;
  }

  /** Units that never came, as far as the sequence numbers tell. */
  get lost(): number {
    return this.behind === null ? this.before.lost : Math.min(this.before.lost, this.behind.lost);
  }

  /**
   * Takes the sequence number of a message that carries `units` (flows, records or one datagram). It counts the units
   * before the message. IPFIX says of how many records `flows` are: softflowd's numbers count the flows up to the end
   * of the message, and whichever of the two readings leaves fewer gaps is right.
   */
  advance(sequence: number, units: number, flows = -1): void {
    this.received += units;
    this.before.count(sequence, units);
    if (flows < 0) return;
    this.behind ??= new SequenceTrack();
    this.behind.count((sequence - flows) >>> 0, flows);
  }

  /** Forgets where the sequence stands: how many units a message held is not known. */
  resynchronise(): void {
    this.before.expected = -1;
    if (this.behind !== null) this.behind.expected = -1;
  }
}

/** One reading of the sequence numbers. */
export class SequenceTrack {
  expected = -1;
  lost = 0;

  count(sequence: number, units: number): void {
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

function isAlike(a: Template, b: Template): boolean {
  return a.plan.length === b.plan.length && a.plan.every((word, i) => word === b.plan[i]);
}

function setBounded(map: Map<number, number>, key: number, value: number): void {
  if (map.has(key) || map.size < MOST_SAMPLERS) map.set(key, value);
}
