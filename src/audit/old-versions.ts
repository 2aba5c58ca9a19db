/**
 * Audits of versions 1 and 2 as version 3 has them. Version 2 did not count what was judged, and says only if it was complete.
 * Version 1 is for report, diff and explain: bare sentences become statements that hold them as they are, and what it carried
 * for merges is left out. Works on parsed JSON, which is checked afterwards.
 */
import { isObject, wordOf } from '../json.ts';
import { inEnglish, isStatementCode, verbatim } from '../statements/index.ts';
import { AUDIT_SCHEMA, OLD_AUDIT_SCHEMAS } from './audit.ts';

type Fields = Record<string, unknown>;

/** The value with an audit of an old version brought up to date; any other as it is. Changes the value. */
export function upToDate(value: unknown): unknown {
  if (!isObject(value) || !OLD_AUDIT_SCHEMAS.some((old) => old === value.schema)) return value;
  const isFirst = value.schema === OLD_AUDIT_SCHEMAS[0];
  value.schema = AUDIT_SCHEMA;
  return isFirst ? fromVersion1(value) : value;
}

function fromVersion1(value: Fields): Fields {
  delete value.edges;
  statements(value, 'notes');
  for (const key of ['powerAssumptions', 'hashrateAssumptions']) statements(value.totals, key);
  for (const input of rows(value.inputs)) {
    for (const damage of rows(input.damage)) Object.assign(damage, damageOf(damage));
  }
  for (const { owner, evidence } of rows(value.hosts)) {
    statements(owner, 'reasons');
    if (isObject(owner) && typeof owner.rule === 'string') owner.rule = verbatim(owner.rule);
    for (const row of rows(evidence)) {
      Object.assign(row, verbatim(wordOf(row.detail)), { count: 1 });
      delete row.detail;
    }
  }
  for (const session of rows(value.sessions)) {
    if (typeof session.because === 'string') session.reason = verbatim(session.because);
    delete session.because;
    for (const part of [session.counter, session.modelled]) {
      if (!isObject(part)) continue;
      part.notes = part.words;
      delete part.words;
      statements(part, 'notes');
    }
  }
  return value;
}

function damageOf({ kind, count, at }: Fields): object {
  const code = `damage-${wordOf(kind)}`;
  const params = { count: Number(wordOf(count)), at: Number(wordOf(at)) };
  return isStatementCode(code) ? inEnglish({ code, params, text: '' }) : verbatim(wordOf(kind));
}

/** Makes statements of a list of sentences. */
function statements(fields: unknown, key: string): void {
  if (!isObject(fields)) return;
  const list = fields[key];
  if (Array.isArray(list))
    fields[key] = list.map((each) => (typeof each === 'string' ? verbatim(each) : each));
}

function rows(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
