import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { AUDIT, AUDIT_SCHEMA, HOST, POOL, SESSION } from '../../src/audit/audit.ts';
import { auditProblem, isAudit } from '../../src/audit/schema.ts';
import { renderHostsCsv, renderPoolsCsv, renderSessionsCsv } from '../../src/report/csv.ts';
import { problemIn } from '../../src/schema/check.ts';
import { field, optional, record, type Type, text } from '../../src/schema/field.ts';
import { jsonSchema } from '../../src/schema/json-schema.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { quietAudit, sampleAudit } from '../support/sample-audit.ts';

const validate = new Ajv2020({ strict: true, strictTypes: 'log', allowUnionTypes: true }).compile(
  jsonSchema(AUDIT, AUDIT_SCHEMA),
);

/** A copy of the sample with the value at a path replaced, or removed where `to` is undefined. */
function changed(path: readonly (string | number)[], to: unknown): unknown {
  const copy: unknown = sampleAudit();
  let at: unknown = copy;
  for (const key of path.slice(0, -1)) at = Reflect.get(Object(at), key);
  const last = path[path.length - 1] ?? '';
  if (to === undefined) Reflect.deleteProperty(Object(at), last);
  else Reflect.set(Object(at), last, to);
  return copy;
}

/** Every path to a value of the audit, the first element of a list standing for all. */
function pathsOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const own = path.length === 0 ? [] : [[...path]];
  if (Array.isArray(value)) return value.length === 0 ? own : [...own, ...pathsOf(value[0], [...path, 0])];
  return [...own, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

describe('the published schema', () => {
  it('accepts the sample audit and one with nothing in it', () => {
    for (const audit of [sampleAudit(), quietAudit()]) {
      expect(validate(audit), JSON.stringify(validate.errors)).toBe(true);
      expect(auditProblem(audit)).toBeNull();
      expect(isAudit(audit)).toBe(true);
    }
  });

  it('lets fields be added', () => {
    expect(validate(changed(['hosts', 0, 'campaign'], 'x'))).toBe(true);
    expect(isAudit(changed(['hosts', 0, 'campaign'], 'x'))).toBe(true);
  });

  const wrong: { name: string; path: (string | number)[]; to: unknown; at: string }[] = [
    { name: 'another schema', path: ['schema'], to: 'minesweep.audit/9', at: 'schema' },
    { name: 'a missing list', path: ['sessions'], to: undefined, at: 'sessions' },
    { name: 'an unknown verdict', path: ['hosts', 1, 'verdict'], to: 'certain', at: 'hosts[1].verdict' },
    { name: 'a count below zero', path: ['totals', 'hosts', 'listed'], to: -1, at: 'totals.hosts.listed' },
    {
      name: 'a fraction of bytes',
      path: ['hosts', 0, 'traffic', 'bytesIn'],
      to: 1.5,
      at: 'hosts[0].traffic.bytesIn',
    },
    {
      name: 'a share above one',
      path: ['coverage', 'decoded', 'bytes'],
      to: 1.2,
      at: 'coverage.decoded.bytes',
    },
    { name: 'a time without milliseconds', path: ['generated'], to: '2026-03-02T09:00:00Z', at: 'generated' },
    {
      name: 'a time with an offset',
      path: ['generated'],
      to: '2026-03-02T09:00:00.000+01:00',
      at: 'generated',
    },
    {
      name: 'a number as text',
      path: ['sessions', 0, 'miner', 'port'],
      to: '1',
      at: 'sessions[0].miner.port',
    },
    {
      name: 'a port that cannot be',
      path: ['sessions', 0, 'pool', 'port'],
      to: 65536,
      at: 'sessions[0].pool.port',
    },
    { name: 'a list that is an object', path: ['hosts', 0, 'workers'], to: {}, at: 'hosts[0].workers' },
    { name: 'a power of the wrong shape', path: ['totals', 'power'], to: 12, at: 'totals.power' },
    { name: 'an odd hash', path: ['inputs', 0, 'sha256'], to: 'abc', at: 'inputs[0].sha256' },
    {
      name: 'an unknown unit',
      path: ['hosts', 0, 'hashrate', 0, 'unit'],
      to: 'kH/s',
      at: 'hosts[0].hashrate[0].unit',
    },
    {
      name: 'a reason count as text',
      path: ['sessions', 0, 'rejects', 'stale'],
      to: '1',
      at: 'sessions[0].rejects.stale',
    },
  ];
  it.each(wrong)('rejects $name and says where', ({ path, to, at }) => {
    const value = changed(path, to);
    expect(validate(value)).toBe(false);
    expect(auditProblem(value)?.at).toBe(at);
  });

  it('is read alike by ajv and by our own check, whatever single value is replaced or removed', () => {
    const substitutes = [undefined, null, true, -1, 0.5, 70_000, '', 'x', [], {}, [null], { a: 1 }];
    const paths = pathsOf(sampleAudit());
    const disagreements: string[] = [];
    let rejected = 0;
    for (const [i, path] of paths.entries()) {
      // A third of them for each value, in turn.
      for (const to of substitutes.filter((_, k) => (k + i) % 3 === 0)) {
        const value = changed(path, to);
        const verdict = validate(value);
        if (!verdict) rejected++;
        if (verdict !== (problemIn(value, AUDIT) === null))
          disagreements.push(`${path.join('.')} = ${JSON.stringify(to)}`);
      }
    }
    expect(disagreements).toEqual([]);
    expect(paths.length).toBeGreaterThan(200);
    expect(rejected).toBeGreaterThan(paths.length * 2);
  });

  it.each([null, 1, 'text', [], {}])('does not take %j for an audit', (value) => {
    expect(isAudit(value)).toBe(false);
  });
});

describe('a new field', () => {
  const wider = record({
    ...HOST.fields,
    campaign: field(text, 'Who is behind it.'),
    rack: optional(text, 'Where it stands.'),
  });
  const host = (more: object): unknown => ({ ...sampleAudit().hosts[0], ...more });

  it('is one line: the check and the JSON Schema follow from it', () => {
    expect(problemIn(host({}), wider)).toEqual({ at: 'campaign', message: 'is missing' });
    expect(problemIn(host({ campaign: 1 }), wider)).toEqual({ at: 'campaign', message: 'must be text' });
    expect(problemIn(host({ campaign: 'x' }), wider)).toBeNull();
    expect(problemIn(host({ campaign: 'x', rack: null }), wider)?.at).toBe('rack');
    const schema = JSON.parse(JSON.stringify(jsonSchema(wider, 'x')));
    expect(schema.properties.campaign).toEqual({
      description: 'Who is behind it.',
      type: 'string',
    });
    expect(schema.required).toContain('campaign');
    expect(schema.required).not.toContain('rack');
  });

  it('is a column of CSV and named in docs/reference/audit.md, as all that are declared', async () => {
    const page = readFileSync(path.join(REPO_ROOT, 'docs/reference/audit.md'), 'utf8');
    const shown: [Type, Iterable<string>][] = [
      [HOST, renderHostsCsv(sampleAudit())],
      [SESSION, renderSessionsCsv(sampleAudit())],
      [POOL, renderPoolsCsv(sampleAudit())],
    ];
    for (const [type, csv] of shown) {
      const [head = ''] = [...csv].join('').split('\r\n');
      const columns = head.split(',').map((column) => column.replace(/\..*$/, ''));
      for (const [name, { shown: where }] of Object.entries(type.fields ?? {})) {
        expect(page).toContain(`\`${name}\``);
        expect(columns.includes(name === 'hashrate' ? 'rate' : name), name).toBe(where === 'all');
      }
    }
  });
});
