/**
 * Side events: what is rare in a flow log (names, alerts, certificates), on its way from one thread to another. Each
 * has the number of the record that follows it, so that the main thread sees everything in the order of the log.
 */

import type { CertificateJoin } from './certificate-names.ts';
import type { AlertRecord, FlowSink, MachineRecord, NameRecord, Observation } from './flow-sink.ts';

/** Something rare, and the record before which it stood. */
export type SideEvent = { readonly at: number } & (
  | { readonly what: 'name'; readonly record: NameRecord }
  | { readonly what: 'alert'; readonly record: AlertRecord }
  | { readonly what: 'machine'; readonly record: MachineRecord }
  | { readonly what: 'shown'; readonly fingerprint: string; readonly showing: Observation }
  | { readonly what: 'certificate'; readonly fingerprint: string; readonly names: readonly string[] }
  // An exporter whose first record comes next; its text as it is known now.
  | { readonly what: 'exporter'; readonly ordinal: number; readonly text: string | undefined }
);

/** What a reader tells of, records aside. */
export abstract class SideEventWriter {
  /** Records given away, or being filled, before what comes next. */
  protected abstract at(): number;
  protected abstract sideEvent(sideEvent: SideEvent): void;

  name(record: NameRecord): void {
    this.sideEvent({ at: this.at(), what: 'name', record });
  }

  alert(record: AlertRecord): void {
    this.sideEvent({ at: this.at(), what: 'alert', record });
  }

  machine(record: MachineRecord): void {
    this.sideEvent({ at: this.at(), what: 'machine', record });
  }

  shown(fingerprint: string, showing: Observation): void {
    this.sideEvent({ at: this.at(), what: 'shown', fingerprint, showing });
  }

  certificate(fingerprint: string, names: readonly string[]): void {
    this.sideEvent({ at: this.at(), what: 'certificate', fingerprint, names });
  }
}

/** Where the main thread puts what it takes. */
export interface BatchTarget {
  readonly sink: FlowSink;
  /** Texts of the exporters, by `FlowRecord.exporter`; empty if the format names none. */
  readonly exporters: string[];
  /** Joins certificates to servers across the files of a scan; absent where none come. */
  readonly certificates?: CertificateJoin;
}

/** Tells it. */
export function deliverSideEvent(sideEvent: SideEvent, { sink, certificates, exporters }: BatchTarget): void {
  switch (sideEvent.what) {
    case 'name':
      sink.name(sideEvent.record);
      return;
    case 'alert':
      sink.alert(sideEvent.record);
      return;
    case 'machine':
      sink.machine?.(sideEvent.record);
      return;
    case 'shown':
      certificates?.shown(sideEvent.fingerprint, sideEvent.showing, sink);
      return;
    case 'certificate':
      certificates?.certificate(sideEvent.fingerprint, sideEvent.names, sink);
      return;
    case 'exporter':
      if (sideEvent.text !== undefined) exporters[sideEvent.ordinal] = sideEvent.text;
  }
}
