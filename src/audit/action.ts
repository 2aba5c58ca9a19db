/** What to do about a host; the words stand in the catalogues of reports. */
import type { ReportText } from '../statements/codes.ts';
import type { AuditHost } from './audit.ts';
import { isAtLeast } from './miners.ts';

export const ACTIONS = [
  'isolate',
  'clean-browser',
  'find-miners',
  'ask',
  'check',
  'look-up',
  'nothing',
  'confirm-gone',
] as const satisfies readonly (keyof ReportText['action'])[];
export type Action = (typeof ACTIONS)[number];

/** What to do about a host, by what it does and how sure that is. */
export function actionOf({ verdict, roles, owner }: AuditHost): Action {
  if (roles.includes('scanner') || roles.includes('honeypot')) return 'nothing';
  if (!isAtLeast(verdict, 'probable')) return verdict === 'suspected' ? 'check' : 'look-up';
  if (owner.intent === 'hijacked') return 'isolate';
  if (roles.includes('browser-miner')) return 'clean-browser';
  return roles.includes('proxy') || roles.includes('pool') ? 'find-miners' : 'ask';
}
