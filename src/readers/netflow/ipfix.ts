/**
 * IPFIX (RFC 7011): messages of sets of templates, options templates and data, off the wire or one after another in a
 * file (RFC 5655). Sequence numbers count data records, options data included. Withdrawals are ignored: a
 * template that comes again replaces the old one anyway.
 */

import { FilledRows } from '../../rows/filled-rows.ts';
import { FlowDamageLog } from '../../rows/flow-damage.ts';
import { AT, MOST_FIELDS } from '../../schema/records-memory.ts';
import type { FlowFormat } from '../flow-format.ts';
import { timesOf } from '../flow-reading.ts';
import { describe, toldFormat } from '../format-table.ts';
import { BlockIntake } from '../nfcapd/block-intake.ts';
import { ExportDomain } from './export-domain.ts';
import type { FieldSpecifier } from './template.ts';
import { type ReadTemplates, TemplateFlows } from './template-flows.ts';

const IPFIX_HEADER_BYTES = 16;
const SET_HEADER_BYTES = 4;
/** Of a message that holds anything. */
const LEAST_BYTES = IPFIX_HEADER_BYTES + SET_HEADER_BYTES;
const TEMPLATES = 2;
const ENTERPRISE = 0x8000;
const MOST_DOMAINS = 4096;

/** Header:  0 version | 2 bytes of the message | 4 seconds | 8 sequence | 12 observation domain */
export function isIpfix(view: DataView, from: number, to: number, wireTo = to): boolean {
  if (to - from < IPFIX_HEADER_BYTES || view.getUint16(from) !== 10) return false;
  const length = view.getUint16(from + 2);
  if (length < IPFIX_HEADER_BYTES || from + length > wireTo) return false;
  // A message of nothing but its header keeps a session alive.
  if (length < LEAST_BYTES) return true;
  return to - from >= LEAST_BYTES && isSet(view, from + IPFIX_HEADER_BYTES, from + length);
}

/** May a set begin there, in a message that ends at `to`? */
function isSet(view: DataView, at: number, to: number): boolean {
  const bytes = view.getUint16(at + 2);
  return view.getUint16(at) >= TEMPLATES && bytes >= SET_HEADER_BYTES && bytes <= to - at;
}

/**
 * Reads a message in [from, to) of the kernel's memory. Returns how many data records it held; unknown if a template was missing;
 * or that its sets do not fit into it.
 */
export function readIpfix(
  flows: TemplateFlows,
  domain: ExportDomain,
  from: number,
  to: number,
): number | 'unknown' | 'misfit' {
  flows.uptime = -1;
  flows.optionsRecords = 0;
  flows.setExportTime(domain, flows.view.getUint32(from + 4) * 1_000_000);
  return flows.readSets(domain, from + IPFIX_HEADER_BYTES, to, TEMPLATES, readTemplates);
}

const readTemplates: ReadTemplates = (flows, domain, view, from, to, isOptions) => {
  let at = from;
  while (at + 4 <= to && view.getUint16(at) >= 256) {
    const id = view.getUint16(at);
    const count = view.getUint16(at + 2);
    at += 4;
    if (count === 0) continue; // a withdrawal
    // Options templates say how many of their fields are scope; those are elements like the others.
    if (isOptions) at += 2;
    const fields: FieldSpecifier[] = [];
    for (let i = 0; i < count; i++) {
      const isEnterprise = at + 4 <= to && (view.getUint16(at) & ENTERPRISE) !== 0;
      if (at + (isEnterprise ? 8 : 4) > to) {
        flows.define(domain, id, [], isOptions);
        return;
      }
      if (fields.length <= MOST_FIELDS) {
        fields.push({
          id: view.getUint16(at) & 0x7fff,
          length: view.getUint16(at + 2),
          enterprise: isEnterprise ? view.getUint32(at + 4) : 0,
        });
      }
      at += isEnterprise ? 8 : 4;
    }
    flows.define(domain, id, fields, isOptions);
  }
};

const read: FlowFormat['read'] = async (source, writer, options = {}) => {
  const damage = new FlowDamageLog();
  const rows = new FilledRows({ writer }, damage);
  const flows = new TemplateFlows(rows);
  flows.countsRecords = true;
  flows.assumedInterval = options.samplingInterval ?? 0;
  const domains = new Map<number, ExportDomain>();
  const { exporters } = writer;
  const { bytes, view } = writer.kernel;
  const intake = new BlockIntake(source, bytes, AT.input);
  for (;;) {
    const position = intake.position;
    if (!(await intake.next(IPFIX_HEADER_BYTES))) {
      if (intake.rest > 0) damage.stop('truncated-file', position);
      else if (position === 0) damage.add('empty', 0);
      break;
    }
    // The next `take` may move the bytes: the header is kept, and read together with its sets.
    bytes.copyWithin(AT.plain, intake.at, intake.at + IPFIX_HEADER_BYTES);
    const length = view.getUint16(AT.plain + 2);
    if (view.getUint16(AT.plain) !== 10 || length < IPFIX_HEADER_BYTES) {
      damage.stop(position === 0 ? 'not-a-flow-log' : 'bad-block', position);
      break;
    }
    if (length > IPFIX_HEADER_BYTES && !(await intake.next(length - IPFIX_HEADER_BYTES))) {
      damage.stop('truncated-file', position);
      break;
    }
    const id = view.getUint32(AT.plain + 12);
    let domain = domains.get(id);
    if (domain === undefined && domains.size < MOST_DOMAINS) {
      domain = new ExportDomain(`domain ${id}`, exporters.length, exporters.length + 1);
      exporters.push(domain.text, `${domain.text} egress`);
      domains.set(id, domain);
    }
    if (domain === undefined) {
      damage.add('table-full', position);
      continue;
    }
    flows.position = position;
    const bodyBytes = length - IPFIX_HEADER_BYTES;
    if (bodyBytes > 0) bytes.copyWithin(AT.plain + IPFIX_HEADER_BYTES, intake.at, intake.at + bodyBytes);
    readMessage(flows, domain, AT.plain, AT.plain + length);
    if (options.onBlock?.(rows.records) === false) break;
  }
  for (const domain of domains.values()) {
    flows.finish(domain);
    damage.add('lost-records', 0, domain.lost);
  }
  const { records } = rows;
  const times = timesOf(rows.times);
  const { refusedBytes, stoppedAt } = damage;
  return { records, ...times, damage: damage.rows(), refusedBytes, stoppedAt };
};

export const ipfix: FlowFormat = {
  ...describe(toldFormat('ipfix')),
  sniff: (head) => {
    if (head.length < IPFIX_HEADER_BYTES) return false;
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const length = view.getUint16(2);
    if (view.getUint16(0) !== 10 || length < IPFIX_HEADER_BYTES) return false;
    if (length + 2 <= head.length) return view.getUint16(length) === 10;
    // One message only, or one that is longer than the head: then its first set must make sense.
    return head.length < LEAST_BYTES
      ? length === IPFIX_HEADER_BYTES
      : isSet(view, IPFIX_HEADER_BYTES, length);
  },
  read,
};

/** Reads one message and books its sequence number. */
export function readMessage(flows: TemplateFlows, domain: ExportDomain, from: number, to: number): void {
  const records = readIpfix(flows, domain, from, to);
  if (records === 'misfit') flows.rows.damage.add('bad-block', flows.position);
  if (typeof records === 'string') domain.resynchronise();
  else domain.advance(flows.view.getUint32(from + 8), records, records - flows.optionsRecords);
}
