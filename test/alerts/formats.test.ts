/** Alert lines against what each format asks for, by its own specification. */
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { alertId } from '../../src/alerts/event.ts';
import { ALERT_FORMATS } from '../../src/alerts/index.ts';
import { syslogFrame } from '../../src/alerts/target.ts';
import { alertDigest } from '../../src/report/alert-digest.ts';
import { SAMPLE } from './sample.ts';

function line(id: string, event = SAMPLE): string {
  return ALERT_FORMATS.find((format) => format.id === id)?.line(event, '1.2.3') ?? '';
}

/** What Suricata's schema says of an alert (etc/schema.json): these fields and no others. */
const EVE_ALERT = {
  type: 'object',
  required: ['timestamp', 'event_type'],
  properties: {
    timestamp: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d+[+\\-]\\d+$' },
    event_type: { const: 'alert' },
    src_ip: { type: 'string' },
    src_port: { type: 'integer' },
    dest_ip: { type: 'string' },
    dest_port: { type: 'integer' },
    proto: { type: 'string' },
    alert: {
      type: 'object',
      properties: {
        action: { type: 'string' },
        category: { type: 'string' },
        gid: { type: 'integer' },
        rev: { type: 'integer' },
        severity: { type: 'integer' },
        signature: { type: 'string' },
        signature_id: { type: 'integer' },
        source: { type: 'object', properties: { ip: { type: 'string' } }, additionalProperties: false },
        target: { type: 'object', properties: { ip: { type: 'string' } }, additionalProperties: false },
        metadata: {
          type: 'object',
          properties: { tag: { type: 'array', items: { type: 'string' } } },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};

describe('EVE', () => {
  it('has the fields that the schema of Suricata knows, and no others', () => {
    const validate = new Ajv().compile(EVE_ALERT);
    for (const event of [SAMPLE, { ...SAMPLE, pool: null, port: 0, hashrate: null, account: null }]) {
      const parsed: unknown = JSON.parse(line('eve', event));
      expect([validate(parsed), validate.errors]).toEqual([true, null]);
    }
  });

  it('keeps six digits of the second, and the offset as Suricata writes it', () => {
    expect(JSON.parse(line('eve')).timestamp).toBe('2026-11-24T22:49:06.123456+0000');
    expect(JSON.parse(line('eve', { ...SAMPLE, time: SAMPLE.first })).timestamp).toBe(
      '2026-11-24T22:47:45.000000+0000',
    );
  });
});

describe('ECS', () => {
  it('nests fields, and lists what ECS has as lists', () => {
    expect(JSON.parse(line('ecs'))).toMatchObject({
      '@timestamp': SAMPLE.time,
      event: { kind: 'alert', category: ['network', 'intrusion_detection'], type: ['start'], id: SAMPLE.id },
      source: { ip: '192.0.2.18', port: 40123 },
      destination: { ip: '198.51.100.68', port: 3333 },
      minesweep: { verdict: 'confirmed', hashrate: { estimate: 30.8, unit: 'H/s' } },
    });
  });
});

describe('CEF', () => {
  it('is one line of seven header parts and pairs, escaped', () => {
    const text = line('cef');
    expect(text).not.toMatch(/[\r\n]/);
    const parts = text.split(/(?<!\\)\|/);
    expect(parts.slice(0, 5)).toEqual(['CEF:0', 'minesweep', 'minesweep', '1.2.3', 'appeared']);
    // A pipe needs no escape in the extension, which is everything behind the seventh.
    const extension = parts.slice(7).join('|');
    expect(extension).toContain('destinationServiceName=Pool|of\\=\\\\ "mine"\\nsecond line');
    expect(extension).toContain(' src=192.0.2.18 ');
  });

  it('has IPv6 addresses in their own fields', () => {
    expect(line('cef', { ...SAMPLE, ip: '2001:db8::1' })).toContain('c6a2=2001:db8::1');
  });
});

it('gives the same id to the same host, kind and first time', () => {
  const first = '2026-01-01T00:00:00Z';
  const id = alertId('192.0.2.1', 'appeared', first, 'probable');
  expect(alertId('192.0.2.1', 'appeared', first, 'confirmed')).toBe(id);
  const raised = alertId('192.0.2.1', 'raised', first, 'probable');
  expect(raised).not.toBe(id);
  expect(alertId('192.0.2.1', 'raised', first, 'confirmed')).not.toBe(raised);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
});

it('frames for syslog as RFC 5424 says', () => {
  expect(syslogFrame('text', SAMPLE.time)).toMatch(
    /^<108>1 2026-11-24T22:49:06\.123456Z \S+ minesweep \d+ alert - text$/,
  );
});

describe('a rate that was not measured', () => {
  const modelled = {
    ...SAMPLE,
    hashrate: {
      ...{ estimate: 8.12e9, low95: 3.1e9, high95: 2.2e10 },
      unit: 'H/s',
      algorithm: 'ethash',
      basis: 'modelled' as const,
    },
  };

  it('is called so in every format that has it', () => {
    expect(JSON.parse(line('eve', modelled)).alert.metadata.tag).toContain('hashrate-basis:modelled');
    expect(JSON.parse(line('ecs', modelled)).minesweep.hashrate).toEqual({
      ...{ estimate: 8.12e9, unit: 'H/s', basis: 'modelled' },
    });
    expect(JSON.parse(line('ocsf', modelled)).unmapped.hashrate).toEqual(modelled.hashrate);
    expect(line('cef', modelled)).toContain('cfp1Label=hashrate H/s modelled');
  });

  it('is marked, with its interval, in what people are sent', () => {
    const { text } = alertDigest([modelled], false, { zone: 'UTC', language: 'en' });
    expect(text).toContain('~8.12 GH/s (3.10–22.0)');
    const none = {
      ...modelled.hashrate,
      ...{ estimate: 0, low95: 0, high95: 2.14e11, basis: 'shares' as const },
    };
    expect(
      alertDigest([{ ...modelled, hashrate: none }], false, { zone: 'UTC', language: 'en' }).text,
    ).toContain('<214 GH/s');
  });
});
