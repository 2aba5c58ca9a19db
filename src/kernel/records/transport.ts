/** Protocols above IP, as a row has them. */

export const ICMP: i32 = 1;
export const TCP: i32 = 6;
export const UDP: i32 = 17;
export const ICMP_V6: i32 = 58;
