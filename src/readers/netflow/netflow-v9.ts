/**
 * NetFlow v9 datagrams (RFC 3954): FlowSets of templates, options templates and data. The header's count is not
 * trusted, exporters disagree on what it counts. Sequence numbers count datagrams.
 */

import { V9_SCOPE_INTERFACE } from '../../schema/elements.ts';
import { MOST_FIELDS } from '../../schema/records-memory.ts';
import type { ExportDomain } from './export-domain.ts';
import type { FieldSpecifier } from './template.ts';
import type { ReadTemplates, TemplateFlows } from './template-flows.ts';

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
export function readNetflowV9(flows: TemplateFlows, domain: ExportDomain, from: number, to: number): boolean {
  const { view } = flows;
  // Some exporters leave the uptime 0, and count their flows' times from their boot all the same.
  const uptime = view.getUint32(from + 4);
  flows.uptime = uptime === 0 ? -1 : uptime;
  flows.setExportTime(domain, view.getUint32(from + 8) * 1_000_000);
  return flows.readSets(domain, from + V9_HEADER_BYTES, to, 0, readTemplates) !== 'misfit';
}

/** Templates of data, or of options: these have scopes before their fields, and lengths of both in bytes. */
const readTemplates: ReadTemplates = (flows, domain, view, from, to, isOptions) => {
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
};

function readFields(view: DataView, from: number, count: number): FieldSpecifier[] {
  const fields: FieldSpecifier[] = [];
  for (let at = from; at < from + count * 4; at += 4) {
    const length = view.getUint16(at + 2);
    fields.push({ id: view.getUint16(at), length, enterprise: 0 });
  }
  return fields;
}
