import type { StoreSchema } from '../schema.ts';

/** Akvorado's main table; the aggregated tables have no addresses. */
export const akvorado: StoreSchema = {
  id: 'akvorado',
  title: 'Akvorado',
  reference: 'akvorado common/schema/definition.go and orchestrator/clickhouse, August 2026',
  tables: ['flows'],
  columns: {
    source: ['SrcAddr'],
    destination: ['DstAddr'],
    sourcePort: ['SrcPort'],
    destinationPort: ['DstPort'],
    protocol: ['Proto'],
    start: ['TimeReceived'],
    packets: ['Packets'],
    bytes: ['Bytes'],
    tcpFlags: ['TCPFlags'],
    sampling: ['SamplingRate'],
    exporter: ['ExporterAddress'],
  },
  isScaled: false,
};
