import type { StoreSchema } from '../schema.ts';

/** ntopng's table: IPv4 as a number beside IPv6, bytes of both directions, packets of both together. */
export const ntopng: StoreSchema = {
  id: 'ntopng',
  title: 'ntopng',
  reference: 'ntopng httpdocs/misc/db_schema_clickhouse.sql, October 2024',
  tables: ['flows'],
  columns: {
    source: ['IPV4_SRC_ADDR'],
    destination: ['IPV4_DST_ADDR'],
    sourcePort: ['IP_SRC_PORT'],
    destinationPort: ['IP_DST_PORT'],
    protocol: ['PROTOCOL'],
    start: ['FIRST_SEEN'],
    end: ['LAST_SEEN'],
    bytes: ['SRC2DST_BYTES'],
    reverseBytes: ['DST2SRC_BYTES'],
    tcpFlags: ['SRC2DST_TCP_FLAGS'],
    exporter: ['PROBE_IP'],
    name: ['INFO'],
  },
  second: { source: 'IPV6_SRC_ADDR', destination: 'IPV6_DST_ADDR' },
  isScaled: true,
};
