/** The registry of alert formats. A new one is one file, its fields in data/alerts and one line here. */
import { CEF } from './cef.ts';
import { ECS } from './ecs.ts';
import { EVE } from './eve.ts';
import type { AlertFormat } from './fields.ts';
import { OCSF } from './ocsf.ts';

export const ALERT_FORMATS: readonly AlertFormat[] = [EVE, ECS, CEF, OCSF];
