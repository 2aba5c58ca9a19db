/** What an encrypted connection said in clear, kept for the audit: names, fingerprints, the server's certificate. */
import type { Certificate } from '../framing/certificate.ts';
import type { ClientHello } from '../framing/client-hello.ts';
import { ja3, ja4 } from '../framing/hello-fingerprint.ts';
import type { ServerHandshake } from '../framing/server-handshake.ts';
import { ownedDomain } from '../pools/screen.ts';
import type { TlsFacts } from './pool-connection.ts';

/** The facts of a client's hello, its server unheard so far. */
export function tlsFactsOf(hello: ClientHello, packetRef: TlsFacts['packetRef']): TlsFacts {
  return {
    packetRef,
    serverName: hello.serverName,
    hasEncryptedHello: hello.hasEncryptedHello,
    alpn: hello.alpn,
    ja3: ja3(hello),
    ja4: ja4(hello),
    version: null,
    certificate: null,
  };
}

/** Adds what the server answered. */
export function addServer(facts: TlsFacts, server: ServerHandshake): void {
  facts.version = server.version;
  facts.certificate = server.certificate;
}

/** Of more names than this a certificate is a hosting company's, whatever it lists. */
const MOST_NAMES = 32;

/**
 * The names of a certificate that speak for one owner: none if it lists the hosts of many, as those of content
 * networks do. Wildcards stand for the domain below them.
 */
export function ownNames(certificate: Certificate): readonly string[] {
  const names = certificate.names.map((name) => name.replace(/^\*\./, ''));
  const domains = new Set(names.map(ownedDomain));
  return names.length > MOST_NAMES || domains.size > 2 ? [] : [...new Set(names)];
}
