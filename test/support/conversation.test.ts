/** A conversation says the same in each of its forms. */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from './capture-reader.ts';
import { conversation } from './conversation.ts';
import { layersOf } from './layers.ts';

const LOGIN = { id: 1, method: 'login', params: { login: 'wallet/ä', pass: 'x' } };
const JOB = { method: 'job', params: { job_id: 'a', blob: '00'.repeat(76), target: 'ffff0000' } };

function talk() {
  return conversation({ miner: '192.0.2.10:40000', pool: '203.0.113.5:3333' })
    .connect()
    .minerSays(LOGIN)
    .poolReplies({ result: { status: 'OK' } })
    .after(12.5)
    .captureMayStartHere()
    .poolSays(JOB, JOB)
    .close();
}

/** The JSON values that a port sends, in order of its packets. */
function said(packets: readonly CapturedPacket[], port: number): unknown[] {
  const parts = packets.flatMap((packet) => {
    const layers = layersOf(packet);
    if (layers === null || layers.tcp === null || layers.view.getUint16(layers.tcp) !== port) return [];
    return [packet.bytes.subarray(layers.payload, layers.end)];
  });
  const lines = Buffer.concat(parts).toString('utf8').split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line));
}

describe('a conversation', () => {
  it('comes out as packets of the right order, length and time', () => {
    const packets = talk().toPackets();
    const flags = packets.map((packet) => packet.bytes[47]);
    expect(flags).toEqual([2, 18, 16, 24, 16, 24, 16, 24, 16, 24, 16, 17, 17, 16]);
    const jobs = packets[7];
    expect((jobs?.timeUs ?? 0) - (packets[0]?.timeUs ?? 0)).toBe(12.5e6 + 7 * 400);
  });

  it('puts the id of the call into the reply', () => {
    expect(said(talk().toPackets(), 3333)).toEqual([{ id: 1, result: { status: 'OK' } }, JOB, JOB]);
  });

  it('says the same in every variant, or its end where it starts in the middle', () => {
    const noise = /^client\./;
    const isNoise = (value: unknown): boolean =>
      typeof value === 'object' && value !== null && 'method' in value && noise.test(String(value.method));
    const heard = [...talk().variants(200)].map((variant) => ({
      fromTheMiddle: variant.rendering.fromTheMiddle,
      miner: said(variant.packets, 40000).filter((value) => !isNoise(value)),
      pool: said(variant.packets, 3333).filter((value) => !isNoise(value)),
    }));
    const whole = {
      fromTheMiddle: false,
      miner: [LOGIN],
      pool: [{ id: 1, result: { status: 'OK' } }, JOB, JOB],
    };
    const middle = { fromTheMiddle: true, miner: [], pool: [JOB, JOB] };
    expect(heard).toEqual(heard.map(({ fromTheMiddle }) => (fromTheMiddle ? middle : whole)));
    expect(new Set(heard.map(({ fromTheMiddle }) => fromTheMiddle)).size).toBe(2);
  });

  it('draws the same variants from the same seed', () => {
    expect([...talk().variants(20, 7)]).toEqual([...talk().variants(20, 7)]);
  });

  it('runs over IPv6 where the addresses are', () => {
    const packets = conversation({ miner: '[2001:db8::10]:40000', pool: '[2001:db8::5]:3333' })
      .connect()
      .minerSays(LOGIN)
      .toPackets();
    expect(said(packets, 40000)).toEqual([LOGIN]);
    expect(packets.map((packet) => layersOf(packet)?.version)).toEqual([6, 6, 6, 6, 6]);
  });
});
