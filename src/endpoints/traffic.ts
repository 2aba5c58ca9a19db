/** Traffic of a conversation, in IP bytes and packets; out is miner (client) to pool (server). */
export interface TrafficSum {
  bytesOut: number;
  bytesIn: number;
  packetsOut: number;
  packetsIn: number;
}

export function noTraffic(): TrafficSum {
  return { bytesOut: 0, bytesIn: 0, packetsOut: 0, packetsIn: 0 };
}

export function addTraffic(sum: TrafficSum, more: Readonly<TrafficSum>): void {
  sum.bytesOut += more.bytesOut;
  sum.bytesIn += more.bytesIn;
  sum.packetsOut += more.packetsOut;
  sum.packetsIn += more.packetsIn;
}
