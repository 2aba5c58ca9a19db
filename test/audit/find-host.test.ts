import { describe, expect, it } from 'vitest';
import { findHost } from '../../src/audit/find-host.ts';
import { quietAudit, sampleAudit } from '../support/sample-audit.ts';

describe('a host asked for by address', () => {
  it.each([
    ['as it stands', '192.0.2.11', '192.0.2.11'],
    ['with blanks around it', ' 192.0.2.11 ', '192.0.2.11'],
    ['as a mapped address', '::ffff:192.0.2.11', '192.0.2.11'],
    ['in the long form', '2001:0DB8:0010:0004:0000:0000:0001:002F', '2001:db8:10:4::1:2f'],
  ])('is found %s', (_name, asked, ip) => {
    expect(findHost(sampleAudit(), asked).host?.ip).toBe(ip);
  });

  it('that is not there brings those most like it, the nearest first', () => {
    const { host, near } = findHost(sampleAudit(), '192.0.2.78');
    expect([host, near.slice(0, 2)]).toEqual([null, ['192.0.2.77', '192.0.2.11']]);
  });

  it('brings the same ones whatever the order of the hosts, of those alike the first by text', () => {
    const audit = sampleAudit();
    const hosts = ['192.0.2.7', '192.0.2.5', '192.0.2.99', '192.0.2.6'].map((ip) => ({
      ...audit.hosts[0],
      ip,
    }));
    expect(findHost({ ...audit, hosts }, '192.0.2.9').near).toEqual(
      ['192.0.2.5', '192.0.2.6', '192.0.2.7', '192.0.2.99'].sort(),
    );
    expect(findHost({ ...audit, hosts }, '192.0.2.98').near[0]).toBe('192.0.2.99');
  });

  it('that is a pool brings its miners', () => {
    expect(findHost(sampleAudit(), '198.51.100.10').serves).toEqual(['192.0.2.11', '192.0.2.77']);
  });

  it('that is none is no address', () => {
    expect(findHost(sampleAudit(), 'x'.repeat(10_000))).toEqual({
      host: null,
      ip: null,
      near: [],
      serves: [],
    });
  });

  it('has nothing near it in an audit without hosts', () => {
    expect(findHost(quietAudit(), '192.0.2.1').near).toEqual([]);
  });
});
