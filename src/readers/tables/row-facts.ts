/**
 * HOT. What the cells of a row say that is not a field of a record by itself: how long a flow took, payload, totals of
 * both directions, a date and a time of day apart; and what follows from it for the record. The same for tables,
 * Parquet and JSON.
 */
import { type FlowRecord, LINK_BYTES, PAYLOAD_BYTES } from '../../flows/flow-record.ts';
import * as Column from './roles.ts';
import type { TimeCell } from './time-cell.ts';

/** The shortest packet with a header of its transport, IP bytes, and what Ethernet adds to it. */
const LEAST_IP_BYTES = 28;
const ETHERNET_BYTES = 14;

export class RowFacts {
  durationUs = 0;
  payload = 0;
  reversePayload = 0;
  totalPackets = 0;
  totalBytes = 0;
  dayUs = 0;
  clockUs = 0;
  endDayUs = 0;
  endClockUs = 0;
  /** False if the source says that no answer came, so that a total is of one direction. */
  isAnswered = false;
  /** Rows whose totals stand as sent, and rows of which the packets or bytes of each direction are estimated. */
  together = 0;
  estimated = 0;

  /** Puts a record right; `got` are the roles of the columns that said something. */
  finish(record: FlowRecord, got: number, time: TimeCell): void {
    if ((got & DAYS) !== 0) this.#days(record, got, time);
    if ((got & (1 << Column.DURATION)) !== 0) {
      if (Number.isNaN(record.endUs)) record.endUs = record.startUs + this.durationUs;
      else if (Number.isNaN(record.startUs)) record.startUs = record.endUs - this.durationUs;
    }
    if ((got & (1 << Column.BYTES)) === 0 && (got & (1 << Column.PAYLOAD)) !== 0) {
      record.bytes = this.payload;
      if ((got & (1 << Column.REVERSE_PAYLOAD)) !== 0) record.reverseBytes = this.reversePayload;
      record.byteLayer = PAYLOAD_BYTES;
    }
    if ((got & TOTALS) !== 0) this.#totals(record, got);
  }

  /** Times of which the date and the time of day stand in two columns. */
  #days(record: FlowRecord, got: number, time: TimeCell): void {
    if ((got & (1 << Column.DAY)) !== 0 && Number.isNaN(record.startUs)) {
      const clockUs = (got & (1 << Column.CLOCK)) === 0 ? 0 : this.clockUs;
      record.startUs = time.ofDay(this.dayUs, clockUs);
    }
    if ((got & (1 << Column.END_DAY)) !== 0 && Number.isNaN(record.endUs)) {
      const clockUs = (got & (1 << Column.END_CLOCK)) === 0 ? 0 : this.endClockUs;
      record.endUs = time.ofDay(this.endDayUs, clockUs);
    }
  }

  /** The other direction is what a total holds beyond this one; without this one, a total is parted by halves. */
  #totals(record: FlowRecord, got: number): void {
    const hasTotal = (got & (1 << Column.TOTAL_BYTES)) !== 0;
    if (hasTotal && (got & (1 << Column.BYTES)) !== 0) {
      if (record.reverseBytes < 0) record.reverseBytes = Math.max(0, this.totalBytes - record.bytes);
    } else if (hasTotal && (got & (1 << Column.PAYLOAD)) === 0) {
      if (this.isAnswered) {
        record.bytes = Math.floor(this.totalBytes / 2);
        record.reverseBytes = this.totalBytes - record.bytes;
        this.estimated++;
      } else {
        record.bytes = this.totalBytes;
        this.together++;
      }
    }
    if ((got & (1 << Column.TOTAL_PACKETS)) === 0) return;
    if ((got & (1 << Column.PACKETS)) !== 0) {
      if (record.reversePackets < 0) record.reversePackets = Math.max(0, this.totalPackets - record.packets);
    } else if (record.reverseBytes < 0) record.packets = this.totalPackets;
    else this.#partPackets(record);
  }

  /** Halves, as far as each direction has bytes for them. */
  #partPackets(record: FlowRecord): void {
    const least = LEAST_IP_BYTES + (record.byteLayer === LINK_BYTES ? ETHERNET_BYTES : 0);
    const all = this.totalPackets;
    const mostSent = Math.floor(record.bytes / least);
    const mostReceived = Math.floor(record.reverseBytes / least);
    const sent = Math.max(Math.min(Math.floor(all / 2), mostSent), all - mostReceived);
    record.packets = Math.min(Math.max(0, sent), all);
    record.reversePackets = all - record.packets;
    if (record.bytes > 0 && record.reverseBytes > 0) this.estimated++;
  }
}

const DAYS = (1 << Column.DAY) | (1 << Column.END_DAY);
const TOTALS = (1 << Column.TOTAL_BYTES) | (1 << Column.TOTAL_PACKETS);
