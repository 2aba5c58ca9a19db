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

  it('brings those alike by letters that change, are added or go, three of them or a third', () => {
    const audit = sampleAudit();
    const near = (asked: string, ...ips: string[]) =>
      findHost({ ...audit, hosts: ips.map((ip) => ({ ...audit.hosts[0], ip })) }, asked).near;
    expect(near('1.2.3.4', '192.1.2.3.4', '19.1.2.3.4', '1.2.3.456', '1.2')).toEqual([
      '1.2.3.456',
      '19.1.2.3.4',
    ]);
    expect(near('1.2.3.4', '1.2.3', '.2.3.4', '1.2.3.9', '5.6.7.8', '9')).toEqual([
      '.2.3.4',
      '1.2.3.9',
      '1.2.3',
    ]);
    expect(
      near('192.0.2.100', '192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5', '192.0.2.6')
        .length,
    ).toBe(5);
    expect(near('2001:db8::1:22', '2001:db8::44:33', '2001:db8::777:888')).toEqual(['2001:db8::44:33']);
  });

  it('that is a proxy brings those who go through it, but for one that only a header names', () => {
    const audit = sampleAudit();
    const serves = (kind: string) => {
      const sessions = audit.sessions.map((each) => ({
        ...each,
        via: [{ ip: '192.0.2.200', port: 1, kind }],
      }));
      return findHost({ ...audit, sessions }, '192.0.2.200').serves;
    };
    const miners = [...new Set(audit.sessions.map(({ miner }) => miner.ip))];
    expect(serves('socks5')).toEqual(miners.slice(0, 5));
    expect(serves('proxy-protocol')).toEqual([]);
  });
});
