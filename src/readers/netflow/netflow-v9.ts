/**
 * NetFlow v9 datagrams (RFC 3954): FlowSets of templates, options templates and data. The header's count is not
 * trusted, exporters disagree on what it counts. Sequence numbers count datagrams.
 */

import { V9_SCOPE_INTERFACE } from '../../schema/elements.ts';
import { MOST_FIELDS } from '../../schema/records-memory.ts';
import type { FlowFieldMap } from '../flow-format.ts';
import type { ExportDomain } from './export-domain.ts';
import type { FieldSpecifier } from './template.ts';
import type { TemplateFlows } from './template-flows.ts';

/** Our fields in the words of the format. */
export const NETFLOW_V9_FIELDS: FlowFieldMap = {
  start: 'FIRST_SWITCHED (22), flowStart* (150, 152, 154, 156, 158)',
  end: 'LAST_SWITCHED (21), flowEnd* (151, 153, 155, 157, 159)',
  source: 'IPV4_SRC_ADDR (8), IPV6_SRC_ADDR (27)',
  destination: 'IPV4_DST_ADDR (12), IPV6_DST_ADDR (28)',
  sourcePort: 'L4_SRC_PORT (7)',
  destinationPort: 'L4_DST_PORT (11)',
  protocol: 'PROTOCOL (4)',
  packets: 'IN_PKTS (2), OUT_PKTS (24), initiatorPackets (298)',
  bytes: 'IN_BYTES (1), OUT_BYTES (23), initiatorOctets (231)',
  reversePackets: 'responderPackets (299), OUT_PKTS (24) where they are of the other direction',
  reverseBytes: 'responderOctets (232), OUT_BYTES (23) likewise',
  tcpFlags: 'TCP_FLAGS (6)',
  samplingInterval: 'SAMPLING_INTERVAL (34), FLOW_SAMPLER_RANDOM_INTERVAL (50) by FLOW_SAMPLER_ID (48)',
  originator: 'initiatorOctets (231)',
  denied: 'FORWARDING_STATUS (89), firewallEvent (233)',
  exporter: 'sender and source_id, DIRECTION (61)',
};

const V9_HEADER_BYTES = 20;
const SCOPE_INTERFACE = 2;

/** Header:  0 version | 2 count | 4 uptime ms | 8 seconds | 12 sequence | 16 source id */
export function isNetflowV9(view: DataView, from: number, to: number, wireTo = to): boolean {
  if (to - from < V9_HEADER_BYTES + 4 || view.getUint16(from) !== 9) return false;
  const count = view.getUint16(from + 2);
  const set = view.getUint16(from + V9_HEADER_BYTES);
  const length = view.getUint16(from + V9_HEADER_BYTES + 2);
  return count > 0 && (set < 2 || set >= 256) && length >= 4 && from + V9_HEADER_BYTES + length <= wireTo;
}

/** Reads a datagram in [from, to) of the kernel's memory. Returns false if its sets do not fit into it. */
export function readNetflowV9(
  flows: TemplateFlows,
  domain: ExportDomain,
  view: DataView,
  from: number,
  to: number,
): boolean {
  // Some exporters leave the uptime 0, and count their flows' times from their boot all the same.
  const uptime = view.getUint32(from + 4);
  flows.uptime = uptime === 0 ? -1 : uptime;
  flows.setExportTime(domain, view.getUint32(from + 8) * 1_000_000);
  let at = from + V9_HEADER_BYTES;
  while (at + 4 <= to) {
    const id = view.getUint16(at);
    const length = view.getUint16(at + 2);
    // Padding behind the last set.
    if (id === 0 && length === 0) return true;
    if (length < 4) return false;
    const end = Math.min(at + length, to);
    if (id === 0) readTemplates(flows, domain, view, at + 4, end, false);
    else if (id === 1) readTemplates(flows, domain, view, at + 4, end, true);
    else if (id >= 256) flows.dataSet(domain, id, at + 4, end);
    if (at + length > to) return false;
    at += length;
  }
  return true;
}

/** Templates of data, or of options: these have scopes before their fields, and lengths of both in bytes. */
function readTemplates(
  flows: TemplateFlows,
  domain: ExportDomain,
  view: DataView,
  from: number,
  to: number,
  isOptions: boolean,
): void {
  const headBytes = isOptions ? 6 : 4;
  let at = from;
  // Less than a template's head, or a head of zeros, is padding.
  while (at + headBytes <= to && view.getUint16(at) !== 0) {
    const id = view.getUint16(at);
    const first = view.getUint16(at + 2);
    const scopes = isOptions ? first >> 2 : 0;
    const count = isOptions ? scopes + (view.getUint16(at + 4) >> 2) : first;
    at += headBytes;
    const isWhole = at + count * 4 <= to;
    const fields = isWhole && count <= MOST_FIELDS ? readFields(view, at, count) : [];
    for (const [i, { id: scope, length }] of fields.slice(0, scopes).entries())
      fields[i] = { id: scope === SCOPE_INTERFACE ? V9_SCOPE_INTERFACE : 0, length, enterprise: 0 };
    flows.define(domain, id, fields, isOptions);
    if (!isWhole) return;
    at += count * 4;
  }
}

function readFields(view: DataView, from: number, count: number): FieldSpecifier[] {
  const fields: FieldSpecifier[] = [];
  for (let at = from; at < from + count * 4; at += 4) {
    const length = view.getUint16(at + 2);
    fields.push({ id: view.getUint16(at), length, enterprise: 0 });
  }
  return fields;
}
