/** The registry of alert formats. A new one is one file and one line here. */
import { CEF_FIELDS, cefLine } from './cef.ts';
import { ECS_FIELDS, ecsIncomplete, ecsLine } from './ecs.ts';
import { EVE_FIELDS, eveIncomplete, eveLine } from './eve.ts';
import type { AlertEvent } from './event.ts';
import type { AlertField } from './fields.ts';
import { OCSF_FIELDS, ocsfLine } from './ocsf.ts';

interface AlertFormat {
  readonly id: string;
  readonly title: string;
  readonly fields: readonly AlertField[];
  /** One line, without its end. */
  readonly line: (event: AlertEvent, version: string) => string;
  /** A line that says in words why an audit is no all-clear; absent if the format has no place for it. */
  readonly incomplete?: (time: string, reasons: string) => string;
}

export const ALERT_FORMATS: readonly AlertFormat[] = [
  { id: 'eve', title: 'Suricata EVE alerts', fields: EVE_FIELDS, line: eveLine, incomplete: eveIncomplete },
  { id: 'ecs', title: 'Elastic Common Schema', fields: ECS_FIELDS, line: ecsLine, incomplete: ecsIncomplete },
  { id: 'cef', title: 'ArcSight Common Event Format', fields: CEF_FIELDS, line: cefLine },
  { id: 'ocsf', title: 'OCSF Detection Finding', fields: OCSF_FIELDS, line: ocsfLine },
];
