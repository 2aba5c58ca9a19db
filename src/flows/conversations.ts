/**
 * HOT in `flow`. Flow records of TCP to conversations: records of two endpoints are stitched across timeouts, files and
 * exporters, both directions joined, sampling multiplied once.
 *
 * The same packets seen by two observers (an exporter, its domain, and whether it reports what comes in or goes out)
 * count once: each observer's counters are kept apart, and of each direction the observer with the most bytes counts.
 * By this rule, a connection that moves from one router to another is counted too low, never too high.
 *
 * Bounded: what is neither listed nor on a port where behaviour says something gets no row; when rows run out, those
 * that are over and unlike mining go first, then idle ones, then others, the last two counted as evicted.
 */

import { grown } from '../packets/columns.ts';
import { MINUTE_US, markBusy } from './activity.ts';
import {
  ACTIVE_PERIODS,
  ACTIVE_US,
  BOTH_WAYS,
  BYTES_0,
  CONVERTED,
  ConversationRows,
  DENIED,
  DISORDERED,
  ESTIMATED,
  FIRST_US,
  FLAGS_KNOWN_0,
  FLAGS_KNOWN_1,
  INPUT,
  LANE_0_ORIGINATED,
  LANE_1_ORIGINATED,
  LAST_US,
  MARKS,
  OBSERVED,
  OBSERVER,
  PACKETS_0,
  RECORD,
  RECORDS,
  ROW_DOUBLES,
  ROW_WORDS,
  SAMPLING,
  SAMPLING_UNKNOWN,
  SHIFT_AND_FLAGS,
  START_0,
  VIEWS,
  WATCHED_0,
  WATCHED_1,
} from './conversation-rows.ts';
import { type FlowConversation, Summaries } from './conversation-summary.ts';
import type { EndpointWatch } from './endpoint-watch.ts';
import {
  type FlowRecord,
  LINK_BYTES,
  ORIGINATOR_SOURCE,
  ORIGINATOR_UNKNOWN,
  PAYLOAD_BYTES,
  type SieveSetup,
} from './flow-record.ts';
import { FlowTotals, isOrdinary, isTcp } from './flow-totals.ts';
import { ObserverViews } from './observer-views.ts';
import { countPulse, noteSmallest } from './pulse.ts';

export type { FlowConversation } from './conversation-summary.ts';

/**
 * Longer silence between two records ends a spell of activity: a quiet connection is cut by inactive timeouts of
 * seconds to minutes, and pools speak every few minutes.
 */
const SILENCE_US = 600_000_000;
/** Over, for the purpose of making room. */
const OVER_US = 120_000_000;
const IDLE_US = 900_000_000;
const LEAST_ACTIVE_US = 60_000_000;
const MOST_BYTES_PER_SECOND = 32_000;
const MOST_VIEWS = 1 << 18;
const MOST_OBSERVERS = 1 << 16;
const MOST_KEPT = 1 << 16;

export interface ConversationOptions {
  /** Conversations at once, 208 bytes each; 524,288 if absent. */
  readonly maximum?: number;
  /** Listed endpoints: their conversations are always kept. */
  readonly watch?: Pick<EndpointWatch, 'has' | 'hasAddress' | 'fields'>;
  /** Records that end before the first or begin at or after the second count nowhere; us since 1970. */
  readonly sinceUs?: number;
  readonly untilUs?: number;
}

export class Conversations extends FlowTotals {
  /** Rows that went to make room: over and unlike mining, and with something left to say. */
  folded = 0;
  evicted = 0;
  /** Candidates that ended early and did not fit the list of such. */
  keptOverflow = 0;
  /** IP bytes of rows of which nothing was kept, of the observer in the row. */
  evictedBytes = 0;

  private readonly rows = new ConversationRows();
  private readonly views = new ObserverViews(MOST_VIEWS);
  private readonly summaries: Summaries;
  private readonly kept: FlowConversation[] = [];
  private readonly maximum: number;
  private readonly watch: Pick<EndpointWatch, 'has' | 'hasAddress' | 'fields'> | null;
  private readonly sinceUs: number;
  private readonly untilUs: number;
  private readonly observers = new Map<string, number>();
  /** By ordinal of the input in hand: observer + 1, or 0 if not met. */
  private observerOf = new Int32Array(64);
  /** End of the latest record that was kept: the clock by which rows are over. */
  private keptUs = Number.NaN;
  private kind = '';
  private input = 0;
  private exporters: readonly string[] = [];

  constructor(options: ConversationOptions = {}) {
    super();
    this.maximum = Math.max(64, options.maximum ?? 1 << 19);
    this.watch = options.watch ?? null;
    this.sinceUs = options.sinceUs ?? Number.NEGATIVE_INFINITY;
    this.untilUs = options.untilUs ?? Number.POSITIVE_INFINITY;
    this.summaries = new Summaries(this.rows, this.views);
  }

  /** Records whose observer's counters did not fit. */
  get viewOverflow(): number {
    return this.views.overflow;
  }

  get size(): number {
    return this.rows.size;
  }

  /**
   * The records to come are of this input. `exporters` may still grow: it is the list that the reader appends to. An
   * exporter is the same in all inputs of one kind that call it by one name.
   */
  beginInput(input: number, kind: string, exporters: readonly string[]): void {
    this.input = input;
    this.kind = kind;
    this.exporters = exporters;
    this.observerOf.fill(0);
  }

  /** What tells which records only count. */
  sieve(): SieveSetup {
    return { sinceUs: this.sinceUs, untilUs: this.untilUs, listed: this.watch?.fields() ?? [] };
  }

  /** Has the rows of the records that come next fetched into the cache. */
  prefetch(records: readonly FlowRecord[], count: number): void {
    const rows = this.rows;
    for (let i = 0; i < count; i++) {
      const record = records[i];
      if (isTcp(record) && !isOrdinary(record)) rows.expect(record);
    }
    rows.fetch();
  }

  /** Takes one record. */
  flow(record: FlowRecord): void {
    this.records++;
    if (!(record.endUs >= this.sinceUs && record.startUs < this.untilUs)) {
      if (Number.isNaN(record.startUs)) this.timelessRecords++;
      else this.outsideRecords++;
      return;
    }
    if (record.startUs < this.sinceUs || record.endUs > this.untilUs) this.edgeRecords++;
    this.count(record);
    if (!isTcp(record)) {
      this.otherRecords++;
      return;
    }
    const watched = this.watched(record);
    if (watched === 0 && isOrdinary(record)) {
      this.ordinaryRecords++;
      return;
    }
    if (this.rows.size >= this.maximum) this.makeRoom();
    this.keptRecords++;
    if (!(record.endUs <= this.keptUs)) this.keptUs = record.endUs;
    this.addRecord(record, watched);
  }

  /**
   * The conversations, those included that ended early and still had something to say. Of unlisted ones only those that
   * last so long, if that is asked for: objects of all would take longer than to look for these.
   */
  *conversations(leastSeconds = 0): Generator<FlowConversation> {
    yield* this.kept;
    yield* this.summaries.all(
      (row) => leastSeconds <= 0 || this.lasts(row, leastSeconds) || this.isListed(row),
    );
  }

  private lasts(row: number, seconds: number): boolean {
    const numbers = this.rows.numbers;
    const d = row * ROW_DOUBLES;
    // Records out of order lengthen what is counted, by no more than there was.
    return Math.max(numbers[d + ACTIVE_US], numbers[d + LAST_US] - numbers[d + FIRST_US]) >= seconds * 1e6;
  }

  /** Asked again: a name may have come after the records. */
  private isListed(row: number): boolean {
    const watch = this.watch;
    if (watch === null) return false;
    const words = this.rows.words;
    const w = row * ROW_WORDS;
    return (
      watch.hasAddress(words[w], words[w + 1], words[w + 2], words[w + 3]) ||
      watch.hasAddress(words[w + 4], words[w + 5], words[w + 6], words[w + 7])
    );
  }

  private addRecord(record: FlowRecord, watched: number): void {
    const rows = this.rows;
    const row = rows.find(record);
    const lane = rows.lane;
    const words = rows.words;
    const numbers = rows.numbers;
    const w = row * ROW_WORDS;
    const d = row * ROW_DOUBLES;
    const observer = this.observer(record.exporter);
    if (record.samplingInterval > 1) this.views.samples(observer, record.samplingInterval);
    const isNew = rows.isNew;
    if (isNew) {
      words[w + OBSERVER] = observer;
      words[w + INPUT] = this.input;
      numbers[d + RECORD] = record.number;
    }
    words[w + RECORDS]++;
    noteSmallest(rows.floats, w, this.nowPackets, this.nowBytes);
    noteSmallest(rows.floats, w, this.nowReversePackets, this.nowReverseBytes);
    let marks = words[w + MARKS];
    // Bit 1: the source is listed, bit 2: the destination is.
    if (watched !== 0) {
      if ((watched & 1) !== 0) marks |= lane === 0 ? WATCHED_0 : WATCHED_1;
      if ((watched & 2) !== 0) marks |= lane === 0 ? WATCHED_1 : WATCHED_0;
    }
    if (record.originator !== ORIGINATOR_UNKNOWN) {
      const isLane0 = (record.originator === ORIGINATOR_SOURCE) === (lane === 0);
      marks |= isLane0 ? LANE_0_ORIGINATED : LANE_1_ORIGINATED;
    }
    if (record.isDenied) marks |= DENIED;
    if (record.samplingInterval === 0) marks |= SAMPLING_UNKNOWN;
    if (record.byteLayer === LINK_BYTES) marks |= CONVERTED;
    else if (record.byteLayer === PAYLOAD_BYTES) marks |= ESTIMATED;
    if (record.tcpFlags >= 0) {
      marks |= lane === 0 ? FLAGS_KNOWN_0 : FLAGS_KNOWN_1;
      words[w + SHIFT_AND_FLAGS] |= (record.tcpFlags & 0xff) << (lane === 0 ? 8 : 16);
    }
    if (record.reverseTcpFlags >= 0) {
      marks |= lane === 0 ? FLAGS_KNOWN_1 : FLAGS_KNOWN_0;
      words[w + SHIFT_AND_FLAGS] |= (record.reverseTcpFlags & 0xff) << (lane === 0 ? 16 : 8);
    }
    if (record.reversePackets >= 0 || record.reverseBytes >= 0) marks |= BOTH_WAYS;
    words[w + MARKS] = marks;

    if (words[w + OBSERVER] === observer) {
      numbers[d + PACKETS_0 + lane] += this.nowPackets;
      numbers[d + BYTES_0 + lane] += this.nowBytes;
      numbers[d + PACKETS_0 + 1 - lane] += this.nowReversePackets;
      numbers[d + BYTES_0 + 1 - lane] += this.nowReverseBytes;
    } else {
      const packets = this.nowPackets;
      const bytes = this.nowBytes;
      const reversePackets = this.nowReversePackets;
      const reverseBytes = this.nowReverseBytes;
      words[w + VIEWS] = this.views.add(words[w + VIEWS], observer, lane, packets, bytes);
      if (reversePackets > 0 || reverseBytes > 0) {
        words[w + VIEWS] = this.views.add(words[w + VIEWS], observer, 1 - lane, reversePackets, reverseBytes);
      }
    }
    numbers[d + OBSERVED] +=
      (this.nowPackets + this.nowReversePackets) / Math.max(record.samplingInterval, 1);
    if (record.samplingInterval > numbers[d + SAMPLING]) numbers[d + SAMPLING] = record.samplingInterval;
    const laneStart = numbers[d + START_0 + lane];
    if (laneStart === 0 || record.startUs < laneStart) numbers[d + START_0 + lane] = record.startUs;
    // Records of a second observer tell the same packets again; sampled ones tell no rhythm.
    if (words[w + OBSERVER] === observer && record.samplingInterval <= 1) {
      const seconds = (record.endUs - record.startUs) / 1e6;
      countPulse(rows.floats, row, lane, this.nowPackets, seconds);
      countPulse(rows.floats, row, 1 - lane, this.nowReversePackets, seconds);
    }
    this.extendActivity(w, d, record, isNew);
  }

  /**
   * Adds the time of a record to what its conversation covers. Records may come in any order; what they fill up later is
   * then told by the minutes that were busy.
   */
  private extendActivity(w: number, d: number, record: FlowRecord, isNew: boolean): void {
    const words = this.rows.words;
    const numbers = this.rows.numbers;
    const startUs = record.startUs;
    const endUs = record.endUs;
    markBusy(words, w, Math.floor(startUs / MINUTE_US), Math.floor(endUs / MINUTE_US), isNew);
    if (isNew) {
      numbers[d + FIRST_US] = startUs;
      numbers[d + LAST_US] = endUs;
      numbers[d + ACTIVE_US] = endUs - startUs;
      words[w + ACTIVE_PERIODS] = 1;
      return;
    }
    const first = numbers[d + FIRST_US];
    const last = numbers[d + LAST_US];
    if (endUs < last - SILENCE_US) words[w + MARKS] |= DISORDERED;
    if (startUs > last + SILENCE_US || endUs < first - SILENCE_US) {
      numbers[d + ACTIVE_US] += endUs - startUs;
      words[w + ACTIVE_PERIODS]++;
    } else {
      if (endUs > last) numbers[d + ACTIVE_US] += endUs - last;
      if (startUs < first) numbers[d + ACTIVE_US] += first - startUs;
    }
    if (endUs > last) numbers[d + LAST_US] = endUs;
    if (startUs < first) numbers[d + FIRST_US] = startUs;
  }

  private watched(record: FlowRecord): number {
    const watch = this.watch;
    if (watch === null) return 0;
    const source = watch.has(
      record.source0,
      record.source1,
      record.source2,
      record.source3,
      record.sourcePort,
    );
    const destination = watch.has(
      record.destination0,
      record.destination1,
      record.destination2,
      record.destination3,
      record.destinationPort,
    );
    return (source ? 1 : 0) | (destination ? 2 : 0);
  }

  private observer(ordinal: number): number {
    const known = ordinal < this.observerOf.length ? this.observerOf[ordinal] : 0;
    return known !== 0 ? known - 1 : this.meet(ordinal);
  }

  /** Cold: the first record of an exporter in this input. */
  private meet(ordinal: number): number {
    if (ordinal >= this.observerOf.length) {
      const length = Math.max(ordinal + 1, this.observerOf.length * 2);
      this.observerOf = grown(this.observerOf, new Int32Array(length));
    }
    const key = `${this.kind} ${this.exporters[ordinal] ?? (ordinal === 0 ? '' : `#${ordinal}`)}`;
    let observer = this.observers.get(key);
    if (observer === undefined) {
      // Beyond the limit all are one: their counts add up, which is marked by the views that overflow.
      observer = Math.min(this.observers.size, MOST_OBSERVERS);
      if (observer < MOST_OBSERVERS) this.observers.set(key, observer);
    }
    this.views.meet(observer);
    this.observerOf[ordinal] = observer + 1;
    return observer;
  }

  /** Cold: makes at least an eighth of the rows free, and up to half of what is over and unlike mining. */
  private makeRoom(): void {
    const rows = this.rows;
    const keep = new Uint8Array(rows.size).fill(1);
    let left = rows.size;
    for (let pass = 0; pass < 4; pass++) {
      const wanted = pass === 0 ? rows.size >> 1 : rows.size - (this.maximum >> 3);
      for (let row = 0; row < rows.size && left > wanted; row++) {
        if (keep[row] === 0 || !this.mayGo(row, pass)) continue;
        keep[row] = 0;
        left--;
        this.forget(row, pass);
      }
    }
    rows.compact(keep);
  }

  /** What goes first: over and unlike mining; then idle; then anything unlisted; then, for want of anything else, all. */
  private mayGo(row: number, pass: number): boolean {
    const marks = this.rows.words[row * ROW_WORDS + MARKS];
    const d = row * ROW_DOUBLES;
    const numbers = this.rows.numbers;
    if (pass === 3) return true;
    if ((marks & (WATCHED_0 | WATCHED_1)) !== 0) return false;
    const silence = this.keptUs - numbers[d + LAST_US];
    if (pass === 0) return silence > OVER_US && !this.mayBeMining(row);
    if (pass === 1) return silence > IDLE_US;
    return !this.mayBeMining(row) || (row & 1) === 0;
  }

  /** Could this still turn out to behave like mining? */
  private mayBeMining(row: number): boolean {
    const d = row * ROW_DOUBLES;
    const numbers = this.rows.numbers;
    const active = numbers[d + ACTIVE_US];
    const bytes = numbers[d + BYTES_0] + numbers[d + BYTES_0 + 1];
    return active >= LEAST_ACTIVE_US && bytes / (active / 1e6) <= MOST_BYTES_PER_SECOND;
  }

  private forget(row: number, pass: number): void {
    const rows = this.rows;
    const d = row * ROW_DOUBLES;
    const w = row * ROW_WORDS;
    if (pass === 0) this.folded++;
    else this.evicted++;
    const isListed = (rows.words[w + MARKS] & (WATCHED_0 | WATCHED_1)) !== 0;
    const isWanted = isListed || this.mayBeMining(row);
    if (isWanted && this.kept.length < MOST_KEPT) this.kept.push(this.summaries.one(row));
    else {
      if (isWanted) this.keptOverflow++;
      this.evictedBytes += rows.numbers[d + BYTES_0] + rows.numbers[d + BYTES_0 + 1];
    }
    this.views.release(rows.words[w + VIEWS]);
    rows.words[w + VIEWS] = 0;
  }
}
