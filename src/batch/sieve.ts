/**
 * HOT in `holdsBack`. Most flow records are of the web and of names: no conversation is kept of them, they only count.
 * The reading thread counts these by itself and hands over sums, which costs less than to hand over the records.
 */

import { type Ipv4Field, WatchFields } from '../flows/endpoint-watch.ts';
import type { FlowRecord } from '../flows/flow-record.ts';
import { type FlowTotals, isOrdinary, isTcp } from '../flows/flow-totals.ts';
import { isOrdinaryPort, isWebPort } from '../flows/ordinary-ports.ts';
import type { SieveSetup } from './sieve-setup.ts';

export class FlowSieve {
  /** To which the records held back are added. */
  readonly totals: FlowTotals;
  readonly sinceUs: number;
  readonly untilUs: number;
  readonly #listed: WatchFields;

  constructor({ sinceUs, untilUs, listed }: SieveSetup, totals: FlowTotals) {
    this.totals = totals;
    this.sinceUs = sinceUs;
    this.untilUs = untilUs;
    this.#listed = new WatchFields(listed);
  }

  /** True where the record only counts, and is counted now. In doubt it is not held back. */
  holdsBack(record: FlowRecord): boolean {
    const totals = this.totals;
    if (!(record.startUs >= this.sinceUs && record.endUs <= this.untilUs)) return false;
    // Sums of whole numbers (up to 2^53) do not depend on their order; those of others do in their last digit.
    if (!Number.isInteger(record.samplingInterval)) return false;
    if (!isTcp(record)) totals.otherRecords++;
    else if (isOrdinary(record) && !this.#isListed(record)) totals.ordinaryRecords++;
    else return false;
    totals.records++;
    totals.count(record);
    return true;
  }

  /** Of a TCP record between IPv4 addresses: true where it only counts. `isVisit`: see flow-totals.ts. */
  isOrdinaryIpv4(
    source: number,
    sourcePort: number,
    destination: number,
    destinationPort: number,
    isVisit: boolean,
  ): boolean {
    const port = Math.min(sourcePort, destinationPort);
    return (
      (isOrdinaryPort(port) || (isVisit && isWebPort(port))) &&
      !this.#listed.mayHold(0, 0, source) &&
      !this.#listed.mayHold(0, 0, destination)
    );
  }

  /** What `isOrdinaryIpv4` knows of listed addresses. */
  ofIpv4(): Ipv4Field[] {
    return this.#listed.ofIpv4();
  }

  #isListed(record: FlowRecord): boolean {
    const listed = this.#listed;
    return (
      listed.mayHold(record.source0, record.source1, record.source3) ||
      listed.mayHold(record.destination0, record.destination1, record.destination3)
    );
  }
}
