/**
 * Protocol numbers of IP (IANA "Protocol Numbers" and "IPv6 Extension Header Types") that the decoder sorts by.
 */

export const TCP = 6;
export const UDP = 17;
export const FRAGMENT_HEADER = 44;
export const AUTHENTICATION = 51;

/** Headers between IPv6 and the transport that are skipped. */
export function isExtension(protocol: number): boolean {
  switch (protocol) {
    case 0: // hop-by-hop options
    case 43: // routing
    case FRAGMENT_HEADER:
    case AUTHENTICATION:
    case 60: // destination options
    case 135: // mobility (RFC 6275)
    case 139: // host identity (RFC 7401)
    case 140: // shim6 (RFC 5533)
      return true;
    default:
      return false;
  }
}

/** Protocols whose fragments are worth keeping: TCP, UDP and what may carry them. */
export function isReassembled(protocol: number): boolean {
  switch (protocol) {
    case TCP:
    case UDP:
    case 4: // IPv4
    case 41: // IPv6
    case 47: // GRE
    case 97: // EtherIP
    case 137: // MPLS
      return true;
    default:
      return isExtension(protocol);
  }
}
