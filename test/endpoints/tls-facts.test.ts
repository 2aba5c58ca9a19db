/** Whose a certificate is. */
import { describe, expect, it } from 'vitest';
import { ownNames } from '../../src/endpoints/tls-facts.ts';
import type { Certificate } from '../../src/framing/certificate.ts';

const certificate = (...names: readonly string[]): Certificate => ({
  subject: names[0] ?? '',
  names,
  issuer: 'Lab CA',
  selfSigned: false,
});

describe('the names of a certificate', () => {
  it('of one owner speak for him, wildcards as what lies above them', () => {
    expect(ownNames(certificate('*.pool.example', 'pool.example', 'eu.pool.example'))).toEqual([
      'pool.example',
      'eu.pool.example',
    ]);
    expect(ownNames(certificate('pool.co.uk', 'eu.pool.co.uk', 'xmr.eu.pool.co.uk'))).toHaveLength(3);
  });

  it('of two domains speak for one owner, and so do 32 names', () => {
    expect(ownNames(certificate('pool.example', 'pool.test'))).toEqual(['pool.example', 'pool.test']);
    const many = Array.from({ length: 32 }, (_, i) => `h${i}.pool.example`);
    expect(ownNames(certificate(...many))).toHaveLength(32);
  });

  it('of a content network speak for nobody', () => {
    expect(ownNames(certificate('sni.cdn.example', 'xmr.pool.test', 'shop.invalid'))).toEqual([]);
    for (const shared of ['co.uk', 'com.br', 'org.uk', 'github.io', 'ddns.net', 'herokuapp.com']) {
      const names = ['pool', 'shop', 'school'].map((label) => `www.${label}.${shared}`);
      expect(ownNames(certificate(...names))).toEqual([]);
    }
    const many = Array.from({ length: 33 }, (_, i) => `h${i}.pool.example`);
    expect(ownNames(certificate(...many))).toEqual([]);
  });
});
