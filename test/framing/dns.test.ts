import { describe, expect, it } from 'vitest';
import { readDns } from '../../src/framing/dns.ts';

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replace(/\s+/g, ''), 'hex'));
}

function read(hex: string): ReturnType<typeof readDns> {
  const bytes = bytesOf(hex);
  return readDns(bytes, 0, bytes.length);
}

const QUESTION = '03 585a31 07 6578616d706c65 03 6f7267 00'; // XZ1.example.org
const QUERY = `1234 0100 0001 0000 0000 0000 ${QUESTION} 0001 0001`;

describe('a DNS message', () => {
  it('reads a query in lower case', () => {
    expect(read(QUERY)).toEqual({
      isResponse: false,
      id: 0x1234,
      code: 0,
      question: 'xz1.example.org',
      type: 1,
      answers: [],
    });
  });

  it('reads an answer with a CNAME chain and compressed names', () => {
    const answers = [
      'c00c 0005 0001 0000003c 0007 04 706f6f6c c010', // xz1.example.org CNAME pool.example.org
      'c02d 0001 0001 0000003c 0004 c0000207', // pool.example.org A 192.0.2.7
      'c02d 001c 0001 0000003c 0010 20010db8000000000000000000000001',
    ].join(' ');
    expect(read(`1234 8180 0001 0003 0000 0000 ${QUESTION} 0001 0001 ${answers}`)).toEqual({
      isResponse: true,
      id: 0x1234,
      code: 0,
      question: 'xz1.example.org',
      type: 1,
      answers: [
        { name: 'xz1.example.org', address: null, target: 'pool.example.org', ttlSeconds: 60 },
        {
          name: 'pool.example.org',
          address: Int32Array.of(0, 0, 0xffff, 0xc0000207 | 0),
          target: '',
          ttlSeconds: 60,
        },
        { name: 'pool.example.org', address: Int32Array.of(0x20010db8, 0, 0, 1), target: '', ttlSeconds: 60 },
      ],
    });
  });

  it('keeps the answers before a cut', () => {
    const whole = `1234 8183 0001 0002 0000 0000 ${QUESTION} 0001 0001 c00c 0001 0001 0000003c 0004 c0000207 c00c 00`;
    expect(read(whole)?.answers).toHaveLength(1);
    expect(read(whole)?.code).toBe(3);
  });

  it('writes bytes that no host name has as numbers', () => {
    expect(read('1234 0100 0001 0000 0000 0000 03 1b2e61 00 0001 0001')?.question).toBe('\\027\\046a');
  });

  const refused = [
    { name: 'nothing', hex: '' },
    { name: 'a header alone', hex: '1234 0100 0001 0000 0000 0000' },
    { name: 'no question', hex: `1234 0100 0000 0000 0000 0000 ${QUESTION} 0001 0001` },
    { name: 'a pointer to itself', hex: '1234 0100 0001 0000 0000 0000 c00c 0001 0001 00' },
    { name: 'a pointer forward', hex: '1234 0100 0001 0000 0000 0000 c010 0001 0001 00' },
    { name: 'a label beyond the end', hex: '1234 0100 0001 0000 0000 0000 3f61 0001 0001 00' },
    { name: 'an update', hex: `1234 2800 0001 0000 0000 0000 ${QUESTION} 0001 0001` },
    { name: 'another class', hex: `1234 0100 0001 0000 0000 0000 ${QUESTION} 0001 0003` },
  ];
  for (const { name, hex } of refused) it(`refuses ${name}`, () => expect(read(hex)).toBeNull());

  it('never throws for a message cut or changed at any byte', () => {
    const bytes = bytesOf(
      `1234 8180 0001 0001 0000 0000 ${QUESTION} 0001 0001 c00c 0001 0001 0000003c 0004 c0000207`,
    );
    for (let cut = 0; cut <= bytes.length; cut++) readDns(bytes, 0, cut);
    for (let i = 0; i < bytes.length; i++) {
      for (const value of [0, 1, 0x3f, 0xc0, 0xff]) {
        const changed = bytes.slice();
        changed[i] = value;
        readDns(changed, 0, changed.length);
      }
    }
  });
});
