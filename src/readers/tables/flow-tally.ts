/**
 * What readers of text and of values share: the row that they fill, which the kernel composes, validates and writes
 * (kernel/records/compose.ts), the cells that they decode, and what they counted.
 */
import { addressText, canonicalAddress } from '../../address.ts';
import { TCP } from '../../kernel/records/transport.ts';
import { NEW_NAME, NO_FLOW, UNKNOWN_EXPORTER, WRITTEN } from '../../kernel/records/why.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import { FlowDamageLog } from '../../rows/flow-damage.ts';
import type { ByteLayer } from '../../rows/flow-sink.ts';
import type { RecordsKernel, RowHost } from '../../rows/records-kernel.ts';
import { ValidatedRows } from '../../rows/validated-rows.ts';
import { AT, CELL_ROW, RUNS } from '../../schema/records-memory.ts';
import { viewOf } from '../../schema/view.ts';
import { type FlowReadOptions, type FlowReadResult, timesOf } from '../flow-reading.ts';
import { byteLayerOf, durationUnitUs, nameKindOf, rulesOf, type ToldFormat } from '../format-table.ts';
import { cleanName } from './names.ts';
import { Ordinals } from './ordinals.ts';
import * as Column from './roles.ts';
import { TimeCell } from './time-cell.ts';
import { Zone } from './zone.ts';

const SOURCES = (1 << Column.SOURCE) | (1 << Column.PACKET_SOURCE);
const DESTINATIONS = (1 << Column.DESTINATION) | (1 << Column.PACKET_DESTINATION);
/** What `onlyNames` says of a line with the answer of a name server. */
const ANSWERED = 2;
/** Columns that are named as not read. */
const MOST_UNREAD = 8;

export class FlowTally extends ValidatedRows implements RowHost {
  /** In whose memory the bytes lie. */
  readonly kernel: RecordsKernel = this.writer.kernel;
  /** The row that is filled. */
  protected readonly row = this.kernel.row;
  protected readonly time = new TimeCell(this.kernel);
  protected readonly sensors = new Ordinals(this.kernel, this.writer.exporters, this.damage);
  /** Rows begun, those that are no flow included. */
  rows = 0;
  /** Offset in the input of the first byte of the block. */
  blockOffset = 0;
  /** Where that block begins in the kernel's memory. */
  protected base = 0;
  /** Our names of required columns for which a table has no known column. */
  readonly missingColumns: string[] = [];
  /** Columns that may count bytes and are not read, in the table's own words. */
  readonly unreadColumns: string[] = [];
  /** What a log of no known product calls our fields. */
  readonly guessedColumns: string[] = [];
  /** True if no column counts bytes. */
  protected lacksBytes = false;
  /** True if logs of this kind count no bytes of connections. */
  protected neverCounts = false;

  constructor(
    writer: BatchWriter,
    protected readonly options: FlowReadOptions,
    protected readonly told: ToldFormat,
  ) {
    super({ writer }, new FlowDamageLog());
    this.rows = options.rowsBefore ?? 0;
    const { kernel } = this;
    kernel.host = this;
    kernel.calls.clearSensors();
    kernel.calls.setDayFirst(options.dateOrder === 'day-first');
    kernel.calls.beginRows();
    kernel.calls.useRules(rulesOf(told), durationUnitUs(told) / 1e6);
    this.assume(byteLayerOf(told));
    if (options.fileTimeUs !== undefined) this.time.seenFrom(options.fileTimeUs / 1000);
    if (options.timeZone !== undefined) this.time.zone = new Zone(options.timeZone);
    const order = told.facts.dates === 'month-first' ? told.facts.dates : options.dateOrder;
    this.time.order = order ?? 'unknown';
    this.time.isLearned = order === undefined;
  }

  /** What the format says of all its rows holds from now on, and their bytes count this. */
  protected assume(byteLayer: ByteLayer): void {
    const { sampled, opens } = this.told.facts;
    const template = viewOf(CELL_ROW, this.kernel.arrays, AT.template);
    template.clear();
    template.samplingInterval = sampled === undefined ? 1 : (this.options.samplingInterval ?? 0);
    template.byteLayer = byteLayer;
    template.isScaled = sampled === 'scaled' || sampled === 'thinned' ? 1 : 0;
    template.isThinned = sampled === 'thinned' && this.options.samplingInterval === undefined ? 1 : 0;
    template.originator = opens === 'source' ? 1 : 0;
    template.protocol = this.told.facts.protocol === 'tcp' ? TCP : 0;
  }

  /** Has the kernel validate the row, and count or write it if it is a flow. */
  protected deliver(): void {
    const { writer, kernel, rows } = this;
    let outcome = kernel.calls.validateCells(writer.rowAt, rows);
    if (outcome === UNKNOWN_EXPORTER) {
      this.nameExporter();
      outcome = kernel.calls.validateCells(writer.rowAt, rows);
    }
    if (outcome === NEW_NAME) {
      this.tellName();
      outcome = kernel.calls.validateCells(writer.rowAt, rows);
    }
    if (outcome === WRITTEN) writer.wrote(1);
    if (outcome !== NO_FLOW) this.records++;
    const { reading } = kernel;
    reading.onlyCounted = 0;
    if (reading.wrong > 0) this.noteDamage(0);
    if (reading.timeRuns === RUNS - 1) this.times.update(kernel);
  }

  /** Names the exporter whose text the kernel does not know. */
  protected nameExporter(): void {
    const { exporterHash, exporterFrom: from, exporterTo: to } = this.kernel.reading;
    const ordinal = this.sensors.ofHash(exporterHash, from, to, this.offsetOf(from));
    if (ordinal !== 0) this.writer.meet(ordinal);
    this.kernel.calls.nameExporter(ordinal);
  }

  /** Tells the name that the current row, the one of this number, has for its receiver. */
  protected tellName(number = this.rows): void {
    const { row, bytes } = this.kernel;
    const text = Buffer.from(bytes.subarray(row.nameFrom, row.nameTo)).toString('utf8');
    this.tellNames([text], number);
  }

  /** Tells names that the receiver of the current row has; of a row without a sender, none. */
  protected tellNames(texts: readonly string[], number = this.rows): void {
    const { row } = this;
    // A line of its own tells what the client asked for.
    const isLookUp = row.onlyNames === ANSWERED;
    const kind = row.onlyNames === 0 ? nameKindOf(this.told) : isLookUp ? 'dns-answer' : 'http-host';
    if ((row.got & SOURCES) === 0) return;
    const client = addressText([row.source0, row.source1, row.source2, row.source3]);
    const hasServer = (row.got & DESTINATIONS) !== 0;
    const server = addressText([row.destination0, row.destination1, row.destination2, row.destination3]);
    const isAnswer = kind === 'dns-answer';
    const timeUs = Number.isNaN(row.endUs) ? row.startUs : row.endUs;
    for (const name of texts.map(cleanName)) {
      if (name === null) continue;
      const servers = hasServer ? [server, ...(isLookUp ? this.#furtherAnswers(server) : [])] : [''];
      for (const each of servers)
        this.writer.name({
          kind: hasServer ? kind : isLookUp ? 'dns-query' : 'request',
          name,
          // What a name server answers holds for all.
          client: isAnswer && hasServer ? '' : client,
          server: each,
          serverPort: isAnswer ? 0 : row.destinationPort,
          timeUs,
          number,
        });
      // Who asked has looked the name up.
      if (isLookUp && hasServer)
        this.writer.name({ kind: 'dns-query', name, client, server: '', serverPort: 0, timeUs, number });
    }
  }

  /** Addresses that stand right behind the first one of an answer, parted by commas. */
  #furtherAnswers(first: string): string[] {
    const { row, bytes } = this.kernel;
    const line = Buffer.from(bytes.subarray(row.line, row.behind)).toString('latin1');
    const [, list = ''] =
      line.slice(line.lastIndexOf(first)).match(/^[^",;\s]+((?:[,;]\s*[0-9a-f.:]+)+)/i) ?? [];
    return list
      .split(/[,;\s]+/)
      .map(canonicalAddress)
      .filter((each) => each !== null);
  }

  toUtc(timeUs: number, marks: number): number {
    return this.time.toUtc(timeUs, marks);
  }

  protected override offsetOf(place: number): number {
    return this.blockOffset + place - this.base;
  }

  result(): FlowReadResult {
    const { togetherRows, estimatedRows, fileTimeRows } = this.kernel.reading;
    this.times.update(this.kernel);
    this.damage.add('assumed-year', 0, this.time.withoutYear);
    return {
      records: this.records,
      rows: this.rows,
      ...timesOf(this.times),
      damage: this.damage.rows(),
      refusedBytes: this.damage.refusedBytes,
      missingColumns: this.missingColumns,
      unreadColumns: this.unreadColumns,
      guessedColumns: this.guessedColumns,
      lacksBytes: this.lacksBytes,
      neverCounts: this.neverCounts,
      isTogether: togetherRows > 0,
      isEstimated: estimatedRows > 0,
      isDatedByFile: fileTimeRows > 0,
      hasLocalTimes: this.time.zoneless > 0,
      hasUnclearDates: this.time.unclear > 0,
    };
  }

  /** Says which columns of a table of no known product were taken for what; those that the operator names go without saying. */
  protected guess(names: readonly string[], roles: Uint8Array): void {
    const said = Object.keys(this.options.columns ?? {});
    const taken = Column.takenFor(names, roles).filter((pair) => !said.includes(pair.split('=', 1)[0]));
    for (const pair of taken) if (!this.guessedColumns.includes(pair)) this.guessedColumns.push(pair);
  }

  /** Says which columns of a header may count bytes and are not read, and whether none is. */
  protected lookAtCounters(names: readonly string[], roles: Uint8Array): void {
    this.lacksBytes ||= Column.countsNothing(roles);
    for (const name of Column.unreadCounters(names, roles)) {
      const isNew = !this.unreadColumns.includes(name) && this.unreadColumns.length < MOST_UNREAD;
      if (isNew) this.unreadColumns.push(name.slice(0, 64));
    }
  }
}
