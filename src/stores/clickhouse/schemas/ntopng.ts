import type { StoreSchema } from '../schema.ts';

/** ntopng's table: IPv4 as a number beside IPv6, both directions in a row; older ones have packets of both together only. */
export const ntopng: StoreSchema = {
  id: 'ntopng',
  title: 'ntopng',
  reference:
    'ntopng httpdocs/misc/db_schema_clickhouse.sql, October 2024 and the description of its columns of 2026',
  tables: ['flows'],
  columns: {
    source: ['IPV4_SRC_ADDR'],
    destination: ['IPV4_DST_ADDR'],
    sourcePort: ['IP_SRC_PORT'],
    destinationPort: ['IP_DST_PORT'],
    protocol: ['PROTOCOL'],
    start: ['FIRST_SEEN'],
    end: ['LAST_SEEN'],
    packets: ['SRC2DST_PACKETS'],
    bytes: ['SRC2DST_BYTES'],
    reversePackets: ['DST2SRC_PACKETS'],
    reverseBytes: ['DST2SRC_BYTES'],
    tcpFlags: ['SRC2DST_TCP_FLAGS'],
    exporter: ['PROBE_IP'],
    name: ['INFO'],
  },
  second: { source: 'IPV6_SRC_ADDR', destination: 'IPV6_DST_ADDR' },
  isScaled: true,
};
