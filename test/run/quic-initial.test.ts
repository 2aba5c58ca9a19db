import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { quicServerName } from '../../src/run/quic-initial.ts';

// RFC 9001, appendix A: the client's keys for the destination 8394c8f03e515708, and its first packet before it is sealed.
const KEY = '1f369613dd76d5467730efcbe3b1a22d';
const IV = 'fa044b2f42a3fd3b46fb255c';
const MASK_KEY = '9f50449e04a0e810283a1e9933adedd2';
const HELLO =
  '010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c0' +
  '00000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d00170018001000070005' +
  '04616c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce1' +
  '5d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c00024001' +
  '003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e515708' +
  '06048000ffff';

/** An Initial packet with these frames, sealed as RFC 9001 5.3 and 5.4 say, with four bytes of number. */
function sealed(frames: Buffer, number: number): Buffer {
  const plain = Buffer.concat([frames, Buffer.alloc(1162 - frames.length)]);
  const header = Buffer.from('c300000001088394c8f03e5157080000449e00000000', 'hex');
  header.writeUInt32BE(number, header.length - 4);
  const nonce = Buffer.from(IV, 'hex');
  nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ number) >>> 0, 8);
  const seal = createCipheriv('aes-128-gcm', Buffer.from(KEY, 'hex'), nonce);
  seal.setAAD(header);
  const body = Buffer.concat([seal.update(plain), seal.final(), seal.getAuthTag()]);
  const mask = createCipheriv('aes-128-ecb', Buffer.from(MASK_KEY, 'hex'), null).update(body.subarray(0, 16));
  header[0] ^= mask[0] & 0x0f;
  for (let i = 0; i < 4; i++) header[header.length - 4 + i] ^= mask[1 + i];
  return Buffer.concat([header, body]);
}

function crypto(offset: number, data: Buffer): Buffer {
  const head = Buffer.from([6, 0x40, 0, 0x40, 0]);
  head.writeUInt16BE(0x4000 | offset, 1);
  head.writeUInt16BE(0x4000 | data.length, 3);
  return Buffer.concat([head, data]);
}

describe('the opening of QUIC', () => {
  const hello = Buffer.from(HELLO, 'hex');

  it('is that of RFC 9001 A.2', () => {
    const packet = sealed(Buffer.concat([Buffer.from('060040f1', 'hex'), hello]), 2);
    expect(packet.toString('hex', 0, 26)).toBe('c000000001088394c8f03e5157080000449e7b9aec34d1b1c98d');
    expect(quicServerName([packet])).toBe('example.com');
  });

  it('says its name in two packets, in any order', () => {
    const [first, second] = [
      sealed(crypto(0, hello.subarray(0, 60)), 0),
      sealed(crypto(60, hello.subarray(60)), 1),
    ];
    expect(quicServerName([first, second])).toBe('example.com');
    expect(quicServerName([second, first])).toBe('example.com');
    expect(quicServerName([second])).toBe('');
  });

  it('is none if it is broken, cut or of another version', () => {
    const packet = sealed(crypto(0, hello), 2);
    const broken = Buffer.from(packet);
    broken[100] ^= 1;
    expect(quicServerName([broken])).toBe('');
    for (let length = 0; length < 60; length++) expect(quicServerName([packet.subarray(0, length)])).toBe('');
    const other = Buffer.from(packet);
    other.writeUInt32BE(0x0a0a0a0a, 1);
    expect(quicServerName([other])).toBe('');
    expect(quicServerName([])).toBe('');
  });
});
