/**
 * What a tunnel carries is a layer that may hold a tunnel again. Tunnels call it here, and link.ts, which knows all
 * layers, answers: so that files of layers import each other in one direction only.
 */

import { Skip } from '../memory.ts';
// A layer is an EtherType (IANA "IEEE 802 Numbers"), or one of those above 16 bits, which have none.
export const ETHERNET: u32 = 0x6558;
export const IPV4: u32 = 0x0800;
export const IPV6: u32 = 0x86dd;
export const MPLS: u32 = 0x8847;
export const PPP: u32 = 0x880b;
export const IP: u32 = 0x1_0000;
export const WIFI: u32 = 0x1_0001;

type Decode = (layer: u32, at: u32) => i32;

let decode: Decode = notKnown;

function notKnown(_layer: u32, _at: u32): i32 {
  return Skip.NOT_IP;
}

export function decodeCarriedBy(layers: Decode): void {
  decode = layers;
}

/** Decodes what begins here: DECODED or a skip reason. */
export function carried(layer: u32, at: u32): i32 {
  return decode(layer, at);
}
