import type { StoreSchema } from '../schema.ts';

/** Theia's table of Kubernetes flows: both directions in a row, counters since the record before. */
export const theia: StoreSchema = {
  id: 'theia',
  title: 'Theia (Antrea)',
  reference: 'antrea-io/theia build/charts/theia/provisioning/datasources, version 0.7',
  tables: ['flows'],
  columns: {
    source: ['sourceIP'],
    destination: ['destinationIP'],
    sourcePort: ['sourceTransportPort'],
    destinationPort: ['destinationTransportPort'],
    protocol: ['protocolIdentifier'],
    // The start of the connection, in each of its rows; counters are those since the row before.
    start: ['flowStartSeconds'],
    end: ['flowEndSeconds'],
    received: ['timeInserted'],
    packets: ['packetDeltaCount'],
    bytes: ['octetDeltaCount'],
    reversePackets: ['reversePacketDeltaCount'],
    reverseBytes: ['reverseOctetDeltaCount'],
    exporter: ['sourceNodeName'],
  },
  isScaled: true,
};
