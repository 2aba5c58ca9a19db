/**
 * Exporters and samplers of an nfcapd file (nfdump: exporter.h): who sent the records, and one packet in how many they
 * looked at. Both are announced between the flow records and hold from there on.
 */

import { addressText } from '../../address.ts';
import type { FlowDamageLog } from '../../rows/flow-damage.ts';

const EXPORTER = 7;
const STATISTICS = 8;
const OLD_SAMPLER = 9;
const SAMPLER = 15;
const FAMILY_IPV4 = 2;
/** Samplers kept a file; routers have tens. */
const MOST_SAMPLERS = 4096;
/** A file cannot name more, unless it renames its 65,536 ids without end. */
const MOST_EXPORTERS = 131_072;

// Ids that nfdump gives to samplers that no record names.
const GENERIC = -1;
const DEFAULT = -2;
const OVERWRITE = -3;

interface Sampler {
  readonly exporter: number;
  readonly low: number;
  readonly high: number;
  interval: number;
}

export class NfcapdExporters {
  readonly #damage: FlowDamageLog;
  /** Ordinal + 1 by system id. */
  readonly #ordinals = new Int32Array(65536);
  readonly #samplers: Sampler[] = [];
  /** By ordinal: intervals of the samplers that records do not name (0: none), and the ordinal of its egress twin (-1: none). */
  readonly #each: { overwrite: number; fallback: number; egress: number }[] = [];

  constructor(
    damage: FlowDamageLog,
    /** Texts by ordinal, in order of first appearance. */
    readonly texts: string[],
  ) {
    this.#damage = damage;
  }

  /** Ordinal of an exporter's system id, given if it is new. */
  ordinal(systemId: number): number {
    const known = this.#ordinals[systemId];
    if (known !== 0) return known - 1;
    return this.#add(systemId, '');
  }

  /**
   * Ordinal of the same exporter where it sends: a router that watches both ways reports a flow once where it comes
   * in and once where it goes out, which are two observations of the same packets.
   */
  egress(ordinal: number): number {
    const exporter = this.#each[ordinal];
    if (exporter.egress < 0) {
      if (this.texts.length >= MOST_EXPORTERS) return ordinal;
      exporter.egress = this.#begin(`${this.texts[ordinal]} egress`);
    }
    return exporter.egress;
  }

  /** Ordinal of its egress twin; -1 if there is none yet. */
  knownEgress(ordinal: number): number {
    return this.#each[ordinal].egress;
  }

  /** Sampling interval of a record of this exporter that names this sampler (-1, -1: none); 0 if unknown. */
  interval(exporter: number, low: number, high: number): number {
    const { overwrite, fallback } = this.#each[exporter];
    if (overwrite > 0) return overwrite;
    return (high < 0 ? undefined : this.#samplerOf(exporter, low, high)?.interval) ?? fallback;
  }

  #samplerOf(exporter: number, low: number, high: number): Sampler | undefined {
    return this.#samplers.find(
      (each) => each.exporter === exporter && each.low === low && each.high === high,
    );
  }

  /** True if a record may name a sampler that is known. */
  get haveSamplers(): boolean {
    return this.#samplers.length > 0;
  }

  /** Takes a record that is no flow; true if it is of an exporter or a sampler. */
  read(view: DataView, at: number, size: number, type: number, little: boolean, position: number): boolean {
    if (type === EXPORTER && size >= 32) this.#readExporter(view, at, little);
    else if (type === STATISTICS && size >= 8) this.#readStatistics(view, at, size, little, position);
    else if (type === SAMPLER && size >= 24) {
      // 4 exporter | 6 algorithm | 8 id | 16 packets taken | 20 packets left out
      const taken = view.getUint32(at + 16, little);
      const left = view.getUint32(at + 20, little);
      const low = view.getInt32(little ? at + 8 : at + 12, little);
      const high = view.getInt32(little ? at + 12 : at + 8, little);
      const exporter = this.ordinal(view.getUint16(at + 4, little));
      if (taken > 0) this.#addSampler({ exporter, low, high, interval: (taken + left) / taken }, position);
    } else if (type === OLD_SAMPLER && size >= 16) {
      // 4 id | 8 interval | 12 algorithm | 14 exporter
      const low = view.getInt32(at + 4, little);
      const exporter = this.ordinal(view.getUint16(at + 14, little));
      const interval = view.getUint32(at + 8, little);
      if (interval > 0) this.#addSampler({ exporter, low, high: low < 0 ? -1 : 0, interval }, position);
    }
    return type === EXPORTER || type === SAMPLER || type === OLD_SAMPLER;
  }

  // 4 version | 8 address, an IPv4 in its last word | 24 family | 26 system id | 28 domain
  #readExporter(view: DataView, at: number, little: boolean): void {
    const systemId = view.getUint16(at + 26, little);
    const domain = view.getUint32(at + 28, little);
    // Two 64-bit integers.
    const words = (little ? [12, 8, 20, 16] : [8, 12, 16, 20]).map((place) =>
      view.getInt32(at + place, little),
    );
    const isIpv4 = view.getUint16(at + 24, little) === FAMILY_IPV4;
    // The low half of the second; a writer of old put it first.
    const address = addressText(isIpv4 ? [0, 0, 0xffff, words[3] || view.getInt32(at + 8, little)] : words);
    const text = `${address} domain ${domain}`;
    const known = this.#ordinals[systemId];
    if (known === 0) this.#add(systemId, text);
    // Another exporter under a known id begins a new one; the same again changes nothing.
    else if (this.texts[known - 1] === '') this.texts[known - 1] = text;
    else if (this.texts[known - 1] !== text) this.#add(systemId, text);
  }

  // 4 count, then each: 0 system id | 4 sequence failures | 8 packets | 16 flows
  #readStatistics(view: DataView, at: number, size: number, little: boolean, position: number): void {
    const count = Math.min(view.getUint32(at + 4, little), Math.floor((size - 8) / 24));
    for (let i = 0; i < count; i++) {
      this.#damage.add('lost-datagrams', position, view.getUint32(at + 8 + 24 * i + 4, little));
    }
  }

  #add(systemId: number, text: string): number {
    if (this.texts.length >= MOST_EXPORTERS) return Math.max(0, this.#ordinals[systemId] - 1);
    const ordinal = this.#begin(text);
    this.#ordinals[systemId] = ordinal + 1;
    return ordinal;
  }

  #begin(text: string): number {
    this.#each.push({ overwrite: 0, fallback: 0, egress: -1 });
    return this.texts.push(text) - 1;
  }

  #addSampler(sampler: Sampler, position: number): void {
    const { exporter, low, high, interval } = sampler;
    if (high < 0) {
      const each = this.#each[exporter];
      if (low === OVERWRITE) each.overwrite = interval;
      // A default holds only if there is no generic one.
      else if (low === GENERIC || (low === DEFAULT && each.fallback === 0)) each.fallback = interval;
      return;
    }
    const known = this.#samplerOf(exporter, low, high);
    if (known !== undefined) known.interval = interval;
    else if (this.#samplers.length < MOST_SAMPLERS) this.#samplers.push(sampler);
    else this.#damage.add('table-full', position);
  }
}
