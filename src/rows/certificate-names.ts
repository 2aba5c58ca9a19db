/**
 * Names of certificates to the servers that showed them, if the two are in different files (Zeek's x509.log and
 * ssl.log, which need not come in this order). One table serves all inputs of a scan; both sides of it are bounded.
 */
import type { FlowSink, Observation } from './flow-sink.ts';

/** Certificates, and servers of which the certificate has not come, that are kept. */
const MOST = 65_536;
/** Names of one certificate that are kept. */
const MOST_NAMES = 16;
const MOST_SERVERS = 64;

/** What is asked of such a table. */
export type CertificateJoin = Pick<CertificateNames, 'shown' | 'certificate'>;

export class CertificateNames {
  private readonly names = new Map<string, readonly string[]>();
  private readonly waiting = new Map<string, Observation[]>();
  /** Certificates and servers that did not fit. */
  dropped = 0;

  /** A server showed the certificate of this fingerprint. */
  shown(fingerprint: string, showing: Observation, sink: FlowSink): void {
    const names = this.names.get(fingerprint);
    if (names !== undefined) {
      report(names, showing, sink);
      return;
    }
    const waiting = this.waiting.get(fingerprint);
    if (waiting !== undefined) {
      const known = waiting.some(
        ({ server, serverPort }) => server === showing.server && serverPort === showing.serverPort,
      );
      if (known) return;
      if (waiting.length < MOST_SERVERS) waiting.push(showing);
      else this.dropped++;
    } else if (this.waiting.size < MOST) this.waiting.set(fingerprint, [showing]);
    else this.dropped++;
  }

  /** A certificate and the names in it. */
  certificate(fingerprint: string, names: readonly string[], sink: FlowSink): void {
    if (names.length === 0) return;
    if (this.names.size >= MOST) {
      this.dropped++;
      return;
    }
    const kept = names.slice(0, MOST_NAMES);
    this.names.set(fingerprint, kept);
    for (const showing of this.waiting.get(fingerprint) ?? []) report(kept, showing, sink);
    this.waiting.delete(fingerprint);
  }
}

function report(names: readonly string[], showing: Observation, sink: FlowSink): void {
  for (const name of names) sink.name({ ...showing, kind: 'tls-certificate', name });
}
