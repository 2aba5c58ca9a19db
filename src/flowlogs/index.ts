/**
 * The registry of flow-log formats, most specific first: the first whose `sniff` agrees reads the input. Binary
 * formats come before text, JSON before tables, and tables whose columns must be guessed come last.
 */
import type { FlowFormat } from './flow-format.ts';

export const FLOW_FORMATS: readonly FlowFormat[] = [];

/** The format that the first bytes show (SNIFF_BYTES of them), or null. */
export function sniffFlowFormat(head: Uint8Array): FlowFormat | null {
  for (const format of FLOW_FORMATS) if (format.sniff(head)) return format;
  return null;
}

/** The format of an id, or null. */
export function flowFormat(id: string): FlowFormat | null {
  return FLOW_FORMATS.find((format) => format.id === id) ?? null;
}
