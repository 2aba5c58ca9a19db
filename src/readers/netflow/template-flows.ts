/**
 * Templates, options and data of NetFlow v9 and IPFIX to flow records. The two differ in their headers and in how they
 * write templates (netflow-v9.ts, ipfix.ts). What a record means the kernel knows (kernel/records/binary/template-flows.ts); here is
 * what came before it: templates, samplers, sets that wait for either (RFC 3954, 7011, 5103).
 * HOT in `records`: nothing is allocated per flow record.
 */

import {
  COUNTS_OUT,
  COUNTS_RECORDS,
  IS_PATIENT,
  OUT_IS_REVERSE,
  OUT_IS_SAME,
  WAITS_FOR_OUT,
} from '../../kernel/records/binary/template-marks.ts';
import { CUT, FULL, SAMPLE, TOTALS, UNKNOWN_EXPORTER, WAITS } from '../../kernel/records/why.ts';
import type { RowView } from '../../rows/batches.ts';
import type { FilledRows } from '../../rows/filled-rows.ts';
import { FLOW_ROW } from '../../schema/flow-row.ts';
import { AT, MOST_FIELDS, SAMPLERS } from '../../schema/records-memory.ts';
import { CumulativeCounters } from './cumulative-counters.ts';
import {
  clockOffsetUs,
  type ExportDomain,
  type MessageState,
  MOST_HELD_BYTES,
  MOST_HELD_SETS,
  MOST_WAITING_BYTES,
  MOST_WAITING_SETS,
  type WaitingSet,
} from './export-domain.ts';
import { ETHERNET, RAW_IP, SampledHeader } from './sampled-header.ts';
import { compileTemplate, type FieldSpecifier, PLAN_WORDS, type Template } from './template.ts';

/** Room for a message in the kernel's memory, and for each set that is read meanwhile. */
const MESSAGE_BYTES = 65_536;

/** A sampler and an input interface that a record names, -1 if none. */
interface Pair {
  readonly samplerId: number;
  readonly ingress: number;
}

const NO_PAIR: Pair = { samplerId: -1, ingress: -1 };

/** Has the templates in [from, to) defined. */
export type ReadTemplates = (
  flows: TemplateFlows,
  domain: ExportDomain,
  view: DataView,
  from: number,
  to: number,
  isOptions: boolean,
) => void;

export class TemplateFlows {
  /** Time of the current message, us since 1970. */
  exportUs = Number.NaN;
  /** When the message arrived; NaN in files. */
  arrivedUs = Number.NaN;
  /** What is added to the exporter's own times because its clock was never set; else 0. */
  clockUs = 0;
  /** ms since boot at that time; -1 if the format does not say. */
  uptime = -1;
  /** Place of the message in the input, for damage rows. */
  position = 0;
  /** Ordinal of the input that the message stands in, and who is to know where flows of another one come. */
  input = 0;
  inputs: { enterInput(input: number): void } | null = null;
  /** Options data records read since this was last set to 0. */
  optionsRecords = 0;
  /** Sampling interval if nobody tells one. */
  assumedInterval = 0;
  /** True if records are numbered here, false if the caller says the packet's number. */
  countsRecords = false;

  private readonly totals = new CumulativeCounters();
  private readonly sampled = new SampledHeader();
  private waitingBytes = 0;
  private heldBytes = 0;
  /** Sets that waited and are being read: one may be read while another is. */
  private depth = 0;
  /** Pairs that the kernel was told of, of the domain whose plan it has. */
  private pairs: Pair[] = [];

  constructor(readonly rows: FilledRows) {}

  /** Of the kernel's memory, where messages lie. */
  get view(): DataView {
    return this.rows.writer.kernel.view;
  }

  /**
   * Takes the time of the message by the exporter's own clock. If that was never set, the time at which the message
   * arrived stands in.
   */
  setExportTime(domain: ExportDomain, ownUs: number): void {
    this.clockUs = clockOffsetUs(ownUs, this.arrivedUs);
    this.exportUs = ownUs + this.clockUs;
    if (this.clockUs !== 0) domain.clockless++;
  }

  /**
   * Reads the sets in [from, to): data, templates, of which the sets have the id `templates`, and options templates, of the
   * next. Returns as `dataSet` does, or that they do not fit.
   */
  readSets(
    domain: ExportDomain,
    from: number,
    to: number,
    templates: number,
    readTemplates: ReadTemplates,
  ): number | 'unknown' | 'misfit' {
    const { view } = this;
    let records = 0;
    let isKnown = true;
    for (let at = from; at + 4 <= to; ) {
      const id = view.getUint16(at);
      const length = view.getUint16(at + 2);
      // Padding behind the last set of NetFlow v9.
      if (id === 0 && length === 0 && templates === 0) break;
      if (length < 4) return 'misfit';
      const end = Math.min(at + length, to);
      if (id === templates || id === templates + 1)
        readTemplates(this, domain, view, at + 4, end, id !== templates);
      else if (id >= 256) {
        const count = this.dataSet(domain, id, at + 4, end);
        if (count === 'unknown') isKnown = false;
        else records += count;
      }
      if (at + length > to) return 'misfit';
      at += length;
    }
    return isKnown ? records : 'unknown';
  }

  /** Takes a template as its fields are listed; replaces an older one of the same id at once. */
  define(domain: ExportDomain, id: number, fields: readonly FieldSpecifier[], isOptions: boolean): void {
    const template = id < 256 || fields.length > MOST_FIELDS ? null : compileTemplate(id, fields, isOptions);
    if (template === null) {
      this.rows.damage.add('bad-template', this.position);
      return;
    }
    if (!domain.define(template)) {
      this.rows.damage.add('table-full', this.position);
      return;
    }
    if (domain.missing.has(id)) domain.late.add(id);
    this.replay(domain, template);
  }

  /**
   * Reads the data set in [from, to) of the kernel's memory, header taken off; returns how many records it held, if
   * that is known.
   */
  dataSet(domain: ExportDomain, id: number, from: number, to: number): number | 'unknown' {
    const template = domain.templates.get(id) ?? (domain.borrows ? domain.borrowed(id) : undefined);
    if (template !== undefined) {
      this.lookAtOut(domain, template, from, to);
      return this.records(domain, template, from, to);
    }
    if (domain.waiting.length < MOST_WAITING_SETS && this.waitingBytes + to - from <= MOST_WAITING_BYTES) {
      this.waitingBytes += to - from;
      domain.waiting.push(this.kept(id, null, from, to));
      return 'unknown';
    }
    // No more is kept: what other ports of the exporter have told must do.
    if (!domain.borrows) {
      this.borrow(domain);
      return this.dataSet(domain, id, from, to);
    }
    this.miss(domain, id, to - from);
    return 'unknown';
  }

  /** Reads sets that wait for a template by one that came from another port of the same exporter and domain. */
  private borrow(domain: ExportDomain): void {
    domain.borrows = true;
    const sets = domain.waiting;
    domain.waiting = [];
    for (const set of sets) {
      const template = domain.borrowed(set.templateId);
      if (template === undefined) domain.waiting.push(set);
      else this.readWaiting(domain, template, this.taken(set));
    }
  }

  private taken(set: WaitingSet): WaitingSet {
    this.waitingBytes -= set.bytes.length;
    return set;
  }

  /**
   * Reads what still waits: flows without their sampling interval as they are; sets without their template are missing.
   */
  finish(domain: ExportDomain): void {
    this.borrow(domain);
    for (const set of domain.waiting) this.miss(domain, this.taken(set).templateId, set.bytes.length);
    domain.waiting = [];
    this.release(domain);
    for (const { interval, flows } of domain.unscaled())
      this.rows.damage.add(interval > 0 ? 'late-sampling' : 'unknown-sampling', 0, flows);
  }

  private kept(id: number, template: Template | null, from: number, to: number, pair = NO_PAIR): WaitingSet {
    const bytes = this.rows.writer.kernel.bytes.slice(from, to);
    return { templateId: id, template, ...pair, bytes, ...this.message() };
  }

  private message(): MessageState {
    const { exportUs, clockUs, uptime, input } = this;
    return { exportUs, clockUs, uptime, input, number: this.rows.number };
  }

  private miss(domain: ExportDomain, id: number, bytes: number): void {
    domain.missing.set(id, (domain.missing.get(id) ?? 0) + 1);
    this.rows.damage.refuse('unknown-template', this.position, bytes);
  }

  /** Sets that waited for this template are read. */
  private replay(domain: ExportDomain, template: Template): void {
    const ready = domain.waiting.filter((set) => set.templateId === template.id);
    if (ready.length === 0) return;
    domain.waiting = domain.waiting.filter((set) => set.templateId !== template.id);
    for (const set of ready) {
      this.taken(set);
      this.placed(set, (from, to) => this.lookAtOut(domain, template, from, to));
      this.readWaiting(domain, template, set);
    }
  }

  /**
   * Keeps a set from the record read last on, whose sampling interval may still be told: options data come minutes after
   * the first flows. False if too many are kept: nothing of this domain waits any more.
   */
  private hold(domain: ExportDomain, template: Template, from: number, to: number): boolean {
    if (domain.held.length >= MOST_HELD_SETS || this.heldBytes + to - from > MOST_HELD_BYTES) {
      return false;
    }
    this.heldBytes += to - from;
    domain.held.push(this.kept(template.id, template, from, to, this.pair()));
    return true;
  }

  /** Sees what the counters of what goes out mean, until it is decided. */
  private lookAtOut(domain: ExportDomain, template: Template, from: number, to: number): void {
    if ((template.marks & COUNTS_OUT) === 0 || !domain.out.isOpen) return;
    const { kernel } = this.rows.writer;
    this.plan(template, 0);
    let at = from;
    while (domain.out.isOpen) {
      at = kernel.calls.readOne(at, to);
      if (at === 0) break;
      domain.out.look(kernel.view, kernel.record);
    }
    if (!domain.out.isOpen) this.readHeld(domain);
  }

  /** Something new is known of the domain: sets that waited for it are read. */
  private readHeld(domain: ExportDomain): void {
    if (domain.held.length === 0) return;
    const sets = domain.held;
    domain.held = [];
    for (const set of sets) {
      // What a set waits for may be told while another record in it still waits.
      const isOpen = domain.out.isOpen && set.template !== null && (set.template.marks & COUNTS_OUT) !== 0;
      const lacks = isOpen || domain.lacksInterval(set.samplerId, set.ingress);
      // Reading one may have shown that too many wait.
      if (lacks && domain.isPatient) domain.held.push(set);
      else this.readHeldSet(domain, set);
    }
  }

  /** Reads all sets whose sampling interval is not known, in their order; none waits from now on. */
  private release(domain: ExportDomain): void {
    domain.isPatient = false;
    domain.out.close();
    const sets = domain.held;
    domain.held = [];
    for (const set of sets) this.readHeldSet(domain, set);
  }

  private readHeldSet(domain: ExportDomain, set: WaitingSet): void {
    this.heldBytes -= set.bytes.length;
    if (set.template !== null) this.readWaiting(domain, set.template, set);
  }

  private readWaiting(domain: ExportDomain, template: Template, set: WaitingSet): void {
    const current = this.message();
    this.resume(set);
    this.placed(set, (from, to) => this.records(domain, template, from, to));
    this.resume(current);
  }

  /** What is read next stands in this message. */
  private resume({ exportUs, clockUs, uptime, input, number }: MessageState): void {
    const isOtherInput = input !== this.input;
    Object.assign(this, { exportUs, clockUs, uptime, input });
    if (!this.countsRecords) this.rows.number = number;
    if (isOtherInput) this.inputs?.enterInput(input);
  }

  /** Has a set that was kept read in the kernel's memory, behind those that are being read. */
  private placed({ bytes }: WaitingSet, read: (from: number, to: number) => void): void {
    const at = AT.plain + MESSAGE_BYTES * ++this.depth;
    this.rows.writer.kernel.bytes.set(bytes, at);
    read(at, at + bytes.length);
    this.depth--;
  }

  private records(domain: ExportDomain, template: Template, from: number, to: number): number {
    if (template.isOptions) return this.options(domain, template, from, to);
    const { rows } = this;
    const { writer } = rows;
    const { calls, reading } = writer.kernel;
    writer.meet(domain.ordinal);
    writer.meet(domain.egress);
    this.begin(domain, template);
    let count = 0;
    for (let at = from; ; ) {
      calls.readSet(at, to, writer.rowAt, writer.room, rows.number);
      const { why } = reading;
      let written = reading.rows;
      if (why === SAMPLE) written += this.sample(this.rowBehind(written));
      else if (why === TOTALS) written += this.subtract(this.rowBehind(written));
      at = reading.stoppedAt;
      count += reading.passed;
      if (this.countsRecords) rows.number = reading.number;
      domain.bootless += reading.bootless;
      domain.timeless += reading.timeless;
      domain.out.unread += reading.unreadOut;
      rows.note(written, this.position);
      if (why === UNKNOWN_EXPORTER) this.tell(domain);
      else if (why === WAITS) {
        this.bookSamplers(domain);
        if (this.hold(domain, template, at, to)) return count + this.count(at, to);
        this.release(domain);
        // Other sets have been read since.
        this.begin(domain, template);
      } else if (why !== FULL && why !== SAMPLE && why !== TOTALS) {
        if (why === CUT) rows.damage.refuse('bad-record', this.position, to - at);
        this.bookSamplers(domain);
        return count;
      }
    }
  }

  /** The row behind those that were written. */
  private rowBehind(rows: number): RowView {
    const { record, rowAt } = this.rows.writer;
    record.at = rowAt + rows * FLOW_ROW.bytes;
    return record;
  }

  /** Tells the kernel how records are read, and what `marks` say of their set. */
  private plan({ plan, leastBytes, marks }: Template, setMarks: number): void {
    const { calls, arrays } = this.rows.writer.kernel;
    arrays.i32.set(plan, AT.plan / 4);
    calls.useTemplate(plan.length / PLAN_WORDS, leastBytes, marks | setMarks);
  }

  /** Tells the kernel all that flows of a template and a domain need. */
  private begin(domain: ExportDomain, template: Template): void {
    const { kernel } = this.rows.writer;
    const { calls } = kernel;
    const { out } = domain;
    const isWaiting = (template.marks & COUNTS_OUT) !== 0 && out.isOpen;
    this.plan(
      template,
      (this.countsRecords ? COUNTS_RECORDS : 0) |
        (domain.isPatient ? IS_PATIENT : 0) |
        (isWaiting ? WAITS_FOR_OUT : 0) |
        (out.isReverse ? OUT_IS_REVERSE : 0) |
        (out.isSame ? OUT_IS_SAME : 0),
    );
    calls.useMessage(this.exportUs, this.clockUs, this.uptime);
    calls.useDomain(domain.ordinal, domain.egress, domain.boot(), this.assumedInterval);
    // Another reading may have had the kernel since.
    if (kernel.plan !== domain) this.forgetSamplers();
    kernel.plan = domain;
  }

  /** The pair that the record read last names. */
  private pair(): Pair {
    const { samplerId, ingress } = this.rows.writer.kernel.record;
    return { samplerId, ingress };
  }

  /** Tells the kernel of the sampling of the record read last. */
  private tell(domain: ExportDomain): void {
    const { calls } = this.rows.writer.kernel;
    const pair = this.pair();
    if (this.pairs.length === SAMPLERS) {
      this.bookSamplers(domain);
      this.forgetSamplers();
    }
    const { samplerId, ingress } = pair;
    const lacks = domain.lacksInterval(samplerId, ingress);
    calls.meetSampler(samplerId, ingress, domain.interval(samplerId, ingress), lacks, this.pairs.length);
    this.pairs.push(pair);
  }

  /** Notes of which samplers flows were taken as they are. */
  private bookSamplers(domain: ExportDomain): void {
    const words = this.rows.writer.kernel.arrays.i32;
    for (let i = 0; i < this.pairs.length; i++) {
      const flows = words[AT.unscaled / 4 + i];
      if (flows === 0) continue;
      const { samplerId, ingress } = this.pairs[i];
      domain.countUnscaled(samplerId, ingress, flows);
      words[AT.unscaled / 4 + i] = 0;
    }
  }

  /** The pairs to come are of another domain, or what is told of them has changed. */
  private forgetSamplers(): void {
    const { kernel } = this.rows.writer;
    kernel.calls.forgetSamplers();
    this.pairs = [];
  }

  /** Records in [from, to), none of which is taken. */
  private count(from: number, to: number): number {
    const { calls } = this.rows.writer.kernel;
    let count = 0;
    // One that is cut is told of when the set is read.
    for (let at = calls.readOne(from, to); at !== 0; at = calls.readOne(at, to)) count++;
    return count;
  }

  private options(domain: ExportDomain, template: Template, from: number, to: number): number {
    const { kernel } = this.rows.writer;
    const { calls } = kernel;
    this.plan(template, 0);
    let at = from;
    let count = 0;
    while (to - at >= template.leastBytes) {
      const next = calls.readOne(at, to);
      if (next === 0) {
        this.rows.damage.refuse('bad-record', this.position, to - at);
        break;
      }
      at = next;
      count++;
      if (kernel.record.bootMs > 0) domain.bootMs = kernel.record.bootMs;
      const interval = calls.ownInterval();
      const { samplerId, ingress } = this.pair();
      if (interval > 0) domain.addSampler(samplerId, ingress, interval);
      if (interval > 0) kernel.plan = null;
    }
    this.optionsRecords += count;
    this.readHeld(domain);
    return count;
  }

  /** Turns the totals of a row into what is new. Returns 1 if it goes on, 0 if it only counts. */
  private subtract(row: RowView): number {
    const { damage, writer } = this.rows;
    if (this.totals.subtract(row)) damage.add('table-full', this.position);
    return writer.kernel.calls.validateTotals(row.at);
  }

  /**
   * A record whose flow stands in the first bytes of one packet (RFC 7133, NetFlow-lite). Others than of IP are not
   * flows. Returns 1 if its row goes on, 0 if it only counts or is none.
   */
  private sample(row: RowView): number {
    const { damage, writer } = this.rows;
    const { calls, bytes, record } = writer.kernel;
    const { sectionBytes, frameAt, packetAt } = record;
    if (record.frameType > 1) {
      damage.refuse('unread-flow', this.position, sectionBytes);
      calls.passRecord();
      return 0;
    }
    row.clear();
    this.sampled.timeUs = this.exportUs;
    const linkType = packetAt > 0 ? RAW_IP : ETHERNET;
    if (!this.sampled.read(row, bytes, packetAt || frameAt, sectionBytes, linkType, record.frameSize)) {
      calls.passRecord();
      return 0;
    }
    return calls.validateSample(row.at);
  }
}
