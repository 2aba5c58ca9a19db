/** Protocols above IP, and which fields of a row are theirs. */
import { Row } from './row.ts';

const ICMP: i32 = 1;
export const TCP: i32 = 6;
export const UDP: i32 = 17;
const ICMP_V6: i32 = 58;

/** Types and codes of ICMP stand where ports do, and only TCP has flags. */
export function keepOwnFields(row: Row): void {
  if (row.protocol === ICMP || row.protocol === ICMP_V6) {
    row.sourcePort = 0;
    row.destinationPort = 0;
  }
  if (row.protocol !== TCP) {
    row.tcpFlags = -1;
    row.reverseTcpFlags = -1;
  }
}
