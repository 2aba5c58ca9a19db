/** Why a packet has no TCP or UDP header to show: packets read = decoded + the sum over all reasons, always. */

/** A transport header was decoded. */
export const DECODED = 0;
/** No decoder for this LINKTYPE. */
export const UNKNOWN_LINK_TYPE = 1;
/** ARP, LLDP, PPP control, encrypted 802.11 and whatever else carries no IP. */
export const NOT_IP = 2;
/** The capture, or the packet around it, ends inside the headers below IP or inside those of a tunnel. */
export const LINK_HEADER_CUT = 3;
/** It ends inside the IP header or an extension header. */
export const IP_HEADER_CUT = 4;
/** Version, header length or total length of the IP header contradict each other. */
export const BAD_IP_HEADER = 5;
/** A fragment that waits for the rest of its datagram, or never gets it. */
export const FRAGMENT = 6;
/** ICMP, SCTP, ESP and every other protocol that is neither TCP nor UDP. */
export const OTHER_TRANSPORT = 7;
/** The capture ends inside the fixed part of the TCP or UDP header. */
export const TRANSPORT_HEADER_CUT = 8;
/** The TCP or UDP header contradicts itself or the IP length. */
export const BAD_TRANSPORT_HEADER = 9;
/** More tags, labels, extension headers or tunnels than any network nests. */
export const TOO_MANY_LAYERS = 10;
/** In a tunnel that is not read: encrypted (DTLS), or a frame in pieces. */
export const SEALED_TUNNEL = 11;
export const REASONS = 12;

/** Tunnels that one packet may cross. */
export const TUNNEL_LIMIT = 8;
/** Tags, labels and extension headers that one packet may have in all. */
export const SHIM_LIMIT = 16;
