/** What a TLS server says in clear: versions, certificates, and every way in which both can be cut or broken. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCertificate } from '../../src/framing/certificate.ts';
import type { Direction, TlsHello } from '../../src/framing/message.ts';
import { HELLO_LIMIT, HelloCollector } from '../../src/framing/tls-hello.ts';
import { ISSUED, SELF_SIGNED } from '../support/certificates.ts';
import { framerFor } from '../support/framer.ts';
import { concat } from '../support/packet-builder.ts';
import { certificateMessage, handshake, plainHello, records, serverHelloMessage } from '../support/tls.ts';

const POOL = {
  subject: 'pool.lab.example',
  names: ['pool.lab.example', '*.mine.lab.example'],
  issuer: 'pool.lab.example',
  selfSigned: true,
};

function hellosOf(directions: readonly (readonly [Direction, Uint8Array])[]): TlsHello[] {
  const hellos: TlsHello[] = [];
  const framer = framerFor({
    message: (message) => {
      if (message.kind === 'tls-hello') hellos.push(message);
    },
  });
  for (const [direction, bytes] of directions)
    framer.push(direction, bytes, 0, bytes.length, { timeUs: 0, record: 1, input: 0 });
  framer.end();
  return hellos;
}

function serverSays(...parts: readonly Uint8Array[]): unknown {
  const [hello] = hellosOf([[1, concat(...parts)]]);
  return hello === undefined ? null : { cut: hello.cut, ...hello.server };
}

const KEY_EXCHANGE = handshake(12, new Array<number>(60).fill(1));
const DONE = handshake(14, []);
const OLD_FLIGHT = concat(
  serverHelloMessage(0x0303),
  certificateMessage(SELF_SIGNED, ISSUED),
  KEY_EXCHANGE,
  DONE,
);

describe('a certificate', () => {
  it('signed by itself says so, with its names', () => {
    expect(readCertificate(SELF_SIGNED)).toEqual(POOL);
  });

  it('of an authority names it, and its common name counts as one', () => {
    expect(readCertificate(ISSUED)).toEqual({
      subject: 'xmr.pool.lab.example',
      names: ['xmr.pool.lab.example'],
      issuer: 'Lab CA',
      selfSigned: false,
    });
  });

  it('that is none is null, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readCertificate(bytes)).toBeNull();
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('with any byte changed throws nothing', () => {
    for (let at = 0; at < SELF_SIGNED.length; at++) {
      const changed = Uint8Array.from(SELF_SIGNED);
      changed[at] ^= 0x5f;
      readCertificate(changed);
    }
  });
});

describe('a server', () => {
  const old = { version: 0x0303, cipher: 0x1301, alpn: [] };
  const cases: readonly { name: string; bytes: Uint8Array; expected: unknown }[] = [
    {
      name: 'of TLS 1.2 shows its certificate',
      bytes: records(22, OLD_FLIGHT),
      expected: { cut: false, ...old, certificate: POOL },
    },
    {
      name: 'shows it in a record a message as well',
      bytes: concat(
        records(22, serverHelloMessage(0x0303)),
        records(22, certificateMessage(SELF_SIGNED)),
        records(22, DONE),
      ),
      expected: { cut: false, ...old, certificate: POOL },
    },
    {
      name: 'shows it in records of 7 bytes as well',
      bytes: records(22, OLD_FLIGHT, 7),
      expected: { cut: false, ...old, certificate: POOL },
    },
    {
      name: 'of TLS 1.3 shows none, and what follows its hello is not waited for',
      bytes: concat(records(22, serverHelloMessage(0x0304)), records(23, new Uint8Array(900))),
      expected: { cut: false, ...old, version: 0x0304, certificate: null },
    },
    {
      name: 'that resumes a session shows none',
      bytes: concat(records(22, serverHelloMessage(0x0303)), records(20, Uint8Array.of(1))),
      expected: { cut: false, ...old, certificate: null },
    },
    {
      name: 'without a certificate (anonymous suites) shows none',
      bytes: records(22, concat(serverHelloMessage(0x0303), KEY_EXCHANGE, DONE)),
      expected: { cut: false, ...old, certificate: null },
    },
    {
      name: 'with an empty list of certificates shows none',
      bytes: records(22, concat(serverHelloMessage(0x0303), certificateMessage(), DONE)),
      expected: { cut: false, ...old, certificate: null },
    },
    {
      name: 'whose certificate is cut off is cut',
      bytes: records(22, OLD_FLIGHT).subarray(0, 200),
      expected: { cut: true, ...old, certificate: null },
    },
  ];
  for (const { name, bytes, expected } of cases) it(name, () => expect(serverSays(bytes)).toEqual(expected));

  it('split at every byte says the same, and so does its client', () => {
    const hello = plainHello('pool.lab.example');
    const handshakeMessage = records(22, OLD_FLIGHT);
    const whole = hellosOf([
      [0, hello],
      [1, handshakeMessage],
    ]);
    expect(whole.map(({ serverName, server }) => [serverName, server?.certificate?.subject])).toEqual([
      ['pool.lab.example', undefined],
      ['', 'pool.lab.example'],
    ]);
    for (let at = 1; at < hello.length; at++) {
      expect(
        hellosOf([
          [0, hello.subarray(0, at)],
          [0, hello.subarray(at)],
          [1, handshakeMessage],
        ]),
      ).toEqual(whole);
    }
    for (let at = 1; at < handshakeMessage.length; at++) {
      expect(
        hellosOf([
          [0, hello],
          [1, handshakeMessage.subarray(0, at)],
          [1, handshakeMessage.subarray(at)],
        ]),
      ).toEqual(whole);
    }
  });

  it('saying anything at all ends in at most one hello of bounded size', () => {
    const start = records(22, serverHelloMessage(0x0303));
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom(certificateMessage(SELF_SIGNED), KEY_EXCHANGE, handshake(11, [0xff, 0xff, 0xff])),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(20, 22, 23), piece), { maxLength: 6 }), (pieces) => {
        const bytes = concat(start, ...pieces.map(([type, content]) => records(type, content)));
        expect(hellosOf([[1, bytes]]).length).toBe(1);
      }),
      { seed: 11, numRuns: 500 },
    );
  });

  it('that claims a message of 16 MB is given up at the limit', () => {
    const collector = new HelloCollector({ say: () => {} });
    const claim = records(22, Uint8Array.of(2, 0xff, 0xff, 0xff, 3, 3));
    collector.push(claim, 0, claim.length);
    const more = records(22, new Uint8Array(16000));
    let used = 0;
    for (let i = 0; i < 4; i++) used += collector.push(more, 0, more.length);
    expect([collector.status, collector.cut, used < HELLO_LIMIT + 64]).toEqual(['closed', true, true]);
  });
});
