/**
 * The same network where its capture is bad: one direction, lost segments, connections without their begin, the same wire twice, segments
 * that came again or late. Golden texts of what is left, and where nothing is lost, the audit of the good capture.
 */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { departures } from '../support/merging.ts';
import { partsOf } from '../support/parts.ts';
import { random } from '../support/random.ts';
import { days, MIDNIGHT_US } from './days.ts';
import { Desk, golden, HOUR_US, lines, listed, lookUps, mining, proxied, read } from './network.ts';

const desk = new Desk();
const connections = mining([0]);
const good = [...connections.flat(), ...proxied(), ...listed(), ...lookUps()];

async function audit(name: string, ...captures: readonly (readonly CapturedPacket[])[]) {
  const files = captures.map((packets, at) => desk.capture(`${name}-${at}`, packets));
  return read(await desk.scan(name, ...files));
}

describe('is told of', () => {
  it.each([
    'from server to client alone',
    'from client to server alone',
    'every 4. segment missing',
    'from 35.0 % to 100 %',
    'from 0 % to 50 %',
  ])('each connection, %s', async (name) => {
    const parts = connections.map((packets) => {
      const lastUs = Math.max(...packets.map(({ timeUs }) => timeUs));
      if (name.startsWith('from 35')) {
        const fromUs = packets[0].timeUs + 0.35 * (lastUs - packets[0].timeUs);
        return packets.filter(({ timeUs }) => timeUs >= fromUs);
      }
      return partsOf(packets).find((part) => part.name === name)?.packets ?? [];
    });
    expect(parts.flat().length).toBeGreaterThan(300);
    const file = `${name.replaceAll(/\W+/g, '-')}.txt`;
    await expect(lines(await audit('part', parts.flat()))).toMatchFileSnapshot(golden(file));
  });

  it('a network of which two times of 20 minutes were not captured', async () => {
    const holes = [7, 9].map((hour) => MIDNIGHT_US + hour * HOUR_US);
    const left = days().filter(({ timeUs }) =>
      holes.every((hole) => timeUs < hole || timeUs > hole + 1200e6),
    );
    await expect(lines(await audit('holes', left))).toMatchFileSnapshot(golden('two-holes.txt'));
  });
});

describe('is the same', () => {
  /** What names the inputs, and texts with figures that stand in the fields as well. */
  const isOfInputs = (line: string): boolean => /^\/(inputs|notes|command|coverage)|\/text: /.test(line);
  /** The last segments of a connection that come again last a little longer. */
  const LITTLE = { timeMs: 1, relative: 0.2 };
  const changed = async (name: string, ...captures: readonly (readonly CapturedPacket[])[]) =>
    departures(await audit('good', good), await audit(name, ...captures), LITTLE).filter(
      (line) => !isOfInputs(line),
    );

  it('when a second probe captured the same wire', async () => {
    const later = good.map((packet) => ({ ...packet, timeUs: packet.timeUs + 150 }));
    expect(await changed('twice', good, later)).toEqual([]);
  });

  it('when segments came again, but for their bytes', async () => {
    const draw = random(7);
    const again = good.flatMap((packet) =>
      draw.chance(0.2) ? [packet, { ...packet, timeUs: packet.timeUs + 300 }] : [packet],
    );
    const found = await changed('again', again);
    // What nobody can read is watched from the packet on that shows it, which may be one that came again.
    const mayDiffer = /traffic|retrans|bytes|packets|sharesSeen\/(firstAt|series)/i;
    expect(found.filter((line) => !mayDiffer.test(line))).toEqual([]);
  });
});
