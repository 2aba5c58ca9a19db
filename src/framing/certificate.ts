/**
 * A server's own certificate (X.509, RFC 5280), as TLS up to 1.2 shows it in clear, to its names, its
 * issuer, and whether it is self-signed. Chains are not followed and nothing is trusted: a certificate only says how its
 * owner wants to be called.
 */
import { X509Certificate } from 'node:crypto';

export interface Certificate {
  /** Common name of the subject; the whole subject in one line where it has none, '' if that is empty. */
  readonly subject: string;
  /** DNS names it is for, lower case, wildcards kept; the common name where it looks like one. */
  readonly names: readonly string[];
  readonly issuer: string;
  /** Issued to itself and signed with its own key. */
  readonly selfSigned: boolean;
}

/** Longest certificate that is read, bytes; real ones have one to four thousand. */
export const CERTIFICATE_LIMIT = 16 * 1024;
const MAX_NAMES = 256;
const HOST_NAME = /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+$/;

/** Reads DER, or returns null if it is not a certificate. */
export function readCertificate(der: Uint8Array): Certificate | null {
  if (der.length > CERTIFICATE_LIMIT) return null;
  try {
    const certificate = new X509Certificate(der);
    const subject = nameLine(certificate.subject);
    const names = new Set(dnsNames(certificate.subjectAltName ?? ''));
    if (HOST_NAME.test(subject.toLowerCase())) names.add(subject.toLowerCase());
    return {
      subject,
      names: [...names].slice(0, MAX_NAMES),
      issuer: nameLine(certificate.issuer),
      selfSigned: certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey),
    };
  } catch {
    // OpenSSL refuses what is not a certificate, and keys that it does not know.
    return null;
  }
}

/** "DNS:a.example, DNS:b.example, IP Address:192.0.2.1"; names with odd bytes come quoted and are left out. */
function dnsNames(alternatives: string): string[] {
  return alternatives
    .split(', ')
    .filter((part) => part.startsWith('DNS:'))
    .map((part) => part.slice(4).toLowerCase())
    .filter((name) => HOST_NAME.test(name));
}

/** "C=GB\nO=Example\nCN=pool.example": one attribute a line. */
function nameLine(name: string | undefined): string {
  const lines = (name ?? '').split('\n').filter((line) => line !== '');
  const common = lines.findLast((line) => line.startsWith('CN='));
  return common === undefined ? lines.join(', ') : common.slice(3);
}
