/** Whose a certificate is, and what an opening says in plain words. */
import { describe, expect, it } from 'vitest';
import { greetingText, ownNames, type TlsFacts } from '../../src/endpoints/tls-facts.ts';
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

describe('an opening of TLS in plain words', () => {
  const facts: TlsFacts = {
    place: { timeUs: 0, record: 1, input: 0 },
    serverName: '',
    hasEncryptedHello: false,
    alpn: [],
    ja3: 'a'.repeat(32),
    ja4: 'b',
    version: null,
    certificate: null,
  };
  const prints = `JA3 ${'a'.repeat(32)}, JA4 b`;

  it('says that no server was named', () => {
    expect(greetingText(facts)).toBe(`TLS without a server name, no ALPN, ${prints}`);
  });

  it('says that a name is hidden, and who signed the certificate', () => {
    const hidden = { ...facts, serverName: 'outer.example', hasEncryptedHello: true, alpn: ['h2'] };
    expect(greetingText(hidden)).toBe(
      `TLS for outer.example, with an encrypted hello (or the look of one, as browsers send), so that the name may stand for another, ALPN h2, ${prints}`,
    );
    const own = { ...facts, certificate: { ...certificate('pool.example'), selfSigned: true } };
    expect(greetingText(own)).toContain('; certificate of pool.example, signed by itself');
  });
});
