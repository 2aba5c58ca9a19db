/** Which addresses are somebody's on the internet: the others are told to nobody as indicators, and hidden by pseudonyms. */
import { expect, it } from 'vitest';
import { isPublic } from '../../src/networks.ts';

it.each([
  ['8.8.8.8', true],
  ['::ffff:8.8.8.8', true],
  ['2606:4700::1', true],
  ['10.0.0.1', false],
  ['100.64.0.1', false],
  ['192.0.0.9', false],
  ['203.0.113.1', false],
  ['239.1.2.3', false],
  ['2001:db8::1', false],
  ['3fff::1', false],
  ['4000::1', false],
  ['64:ff9b::8.8.8.8', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['fec0::1', false],
  ['pool.example', false],
  ['', false],
])('of %s that is %s', (ip, expected) => {
  expect(isPublic(ip)).toBe(expected);
});
