import type { StoreSchema } from '../schema.ts';

/** The table of GoFlow2's example set-up, in its present words and those of its first versions. */
export const goflow2: StoreSchema = {
  id: 'goflow2',
  title: 'GoFlow2',
  reference:
    'goflow2 compose/kcg/clickhouse/create.sh, versions of 2023 and 2026; pb/flow.proto for further columns',
  tables: ['flows_raw', 'flows'],
  columns: {
    source: ['src_addr', 'SrcAddr'],
    destination: ['dst_addr', 'DstAddr'],
    sourcePort: ['src_port', 'SrcPort'],
    destinationPort: ['dst_port', 'DstPort'],
    protocol: ['proto', 'Proto'],
    start: ['time_flow_start_ns', 'time_flow_start', 'TimeFlowStart', 'time_received_ns', 'TimeReceived'],
    received: ['time_received_ns', 'time_received', 'TimeReceived'],
    end: ['time_flow_end_ns', 'time_flow_end', 'TimeFlowEnd'],
    packets: ['packets', 'Packets'],
    bytes: ['bytes', 'Bytes'],
    tcpFlags: ['tcp_flags', 'TCPFlags'],
    sampling: ['sampling_rate', 'SamplingRate'],
    exporter: ['sampler_address', 'SamplerAddress'],
    direction: ['flow_direction', 'FlowDirection'],
  },
  isScaled: false,
  isLeftAligned: true,
};
