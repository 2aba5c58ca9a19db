/**
 * What nfdump prints as json (an array over many lines) and ndjson (nfdump, src/output/output_json.c; docs/reference/formats.md
 * 2.8). Times are of the clock of the machine that printed, without a zone: `timeZone` says which. Counters are
 * multiplied by the sampling factor already.
 */

import { JsonReader, jsonFormat } from './json-reader.ts';

/** The two highest bits of a forwarding status that say that the packets were dropped (RFC 7270 section 4.12). */
const DROPPED = 2;

class NfdumpJsonReader extends JsonReader {
  protected override decode(): void {
    if (this.number(this.at.fwd_status) >> 6 === DROPPED) this.row.isDenied = 1;
    this.deliver();
  }
}

export const nfdumpJson = jsonFormat('nfdump-json', NfdumpJsonReader);
