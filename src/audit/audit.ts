/** The audit, audit.json, as data/audit.tsv declares it: types, JSON Schema, checks, CSV columns and docs/reference/audit.md follow. */

import { declared } from './declared.ts';
import type { Audit, Host, Machine as LeasedMachine, Owner, Pool, Session } from './fields.ts';

export { VERDICTS, type Verdict } from '../evidence/verdict.ts';
export {
  INSTITUTIONAL,
  INSTITUTIONAL_WITH_RESEARCH,
  OWNER_CLASSES,
  type OwnerClass,
} from '../owners/answer.ts';
export { AUDIT_SCHEMA, BASES, STRENGTHS } from './declared.ts';
export type {
  Audit,
  AuditMachine,
  Basis,
  Cluster as AuditCluster,
  Conversed,
  Coverage,
  CoverageCounts,
  Damage,
  EarlyShare,
  Evidence,
  Filter as AuditFilter,
  Flow,
  Hashrate as HashrateRow,
  Host as AuditHost,
  HostHashrate as HostHashrateRow,
  Input as AuditInput,
  Judged,
  Machine as LeasedMachine,
  Merge as MergeBasis,
  Modelled as AuditModel,
  OpenSession,
  Owner,
  Part,
  Pool as AuditPool,
  Power,
  SeamLoss,
  Session as AuditSession,
  SessionFacts,
  ShareCounts,
  Strength,
  Tls as AuditTls,
  TotalHashrate as TotalHashrateRow,
  Totals,
  Traffic,
  Undecided as AuditUndecided,
  Weight,
} from './fields.ts';
export type { NotJudged } from './known.ts';

export const AUDIT = declared<Audit>('audit');
export const HOST = declared<Host>('host');
export const SESSION = declared<Session>('session');
export const POOL = declared<Pool>('pool');

/** Whose a host is, without what its mining says of why it mines. */
export type KnownOwner = Omit<Owner, 'intent' | 'reasons'>;
export type Intent = Owner['intent'];
export type Role = Host['roles'][number];
/** Who had an address, as a lease tells. */
export type Machine = Pick<LeasedMachine, 'mac' | 'hostname' | 'user'>;
