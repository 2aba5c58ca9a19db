/** That a machine had an address for some time, as a server, a log or a table says. */

export interface Lease {
  readonly ip: string;
  /** Lower case, with colons; null if it is not told, as the next two. */
  readonly mac: string | null;
  readonly hostname: string | null;
  readonly user: string | null;
  /** us since 1970; NaN if it is not told. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Id of the format that said so. */
  readonly source: string;
}

/** Source of a hardware address that no lease tells, but the frames of the machine itself. */
export const FRAMES = 'frames';

/** What a reader finds: times in us, NaN or absent if they are not told; names as they are written, '' for none. */
export interface FoundLease {
  readonly ip: string | undefined;
  readonly mac?: string;
  readonly hostname?: string;
  readonly user?: string;
  readonly fromUs?: number;
  readonly toUs?: number;
}

/** A format: what it finds in a file of its kind. */
export interface LeaseFormat {
  readonly id: string;
  readonly title: string;
  /** True if a file that begins so is one. */
  sniff(head: string): boolean;
  read(text: string, timeUs: (text: string) => number): Iterable<FoundLease>;
}

/** The same machine, as far as the two tell. */
export function isSameMachine(
  a: Pick<Lease, 'mac' | 'hostname' | 'user'>,
  b: Pick<Lease, 'mac' | 'hostname' | 'user'>,
): boolean {
  if (a.mac !== null && b.mac !== null) return a.mac === b.mac;
  return a.hostname !== null || b.hostname !== null ? a.hostname === b.hostname : a.user === b.user;
}

/** False if what both tell of the machine differs. */
export function mayBeSameMachine(
  a: Pick<Lease, 'mac' | 'hostname' | 'user'>,
  b: Pick<Lease, 'mac' | 'hostname' | 'user'>,
): boolean {
  const differ = (one: string | null, other: string | null): boolean =>
    one !== null && other !== null && one !== other;
  return !differ(a.mac, b.mac) && !differ(a.hostname, b.hostname) && !differ(a.user, b.user);
}

/** An address of six bytes in any usual writing to aa:bb:cc:dd:ee:ff; null if it is none, or nobody's. */
export function macOf(text = ''): string | null {
  const digits = text.trim().toLowerCase().replaceAll(/[.:-]/g, '');
  if (!/^[0-9a-f]{12}$/.test(digits) || digits === '000000000000') {
    // arpwatch leaves out leading zeros.
    const parts = text.trim().toLowerCase().split(':');
    if (parts.length !== 6 || !parts.every((part) => /^[0-9a-f]{1,2}$/.test(part))) return null;
    const padded = parts.map((part) => part.padStart(2, '0')).join('');
    return padded === '000000000000' || padded === digits ? null : macOf(padded);
  }
  return digits.match(/../g)?.join(':') ?? null;
}
