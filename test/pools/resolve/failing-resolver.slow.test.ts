/** Resolvers that die, or deny everything, on the way: the list that is there stays. The whole catalogue is asked for. */
import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../../src/cli.ts';
import { capture } from '../../cli/streams.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);

async function run(argv: readonly string[]) {
  const to = capture();
  const status = await main(argv, {}, to.streams);
  return { status, err: to.err() };
}

describe('pools resolve', () => {
  /** A resolver that has an address for the first names, denies the next ones, and then fails. */
  async function resolver(found: number, denied: number) {
    const socket = createSocket('udp4');
    let asked = 0;
    socket.on('message', (question, from) => {
      const isFound = asked < found;
      const answer = Buffer.concat([
        question,
        // The name of the question, A, IN, 60 s, four bytes: an address of no CDN.
        isFound
          ? Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 198, 51, 100, asked % 250])
          : Buffer.alloc(0),
      ]);
      answer[2] = 0x81;
      answer[3] = isFound ? 0x80 : asked < found + denied ? 0x83 : 0x82;
      answer[7] = isFound ? 1 : 0;
      answer[11] = 0;
      asked++;
      socket.send(answer, from.port, from.address);
    });
    await new Promise<void>((ready) => socket.bind(0, '127.0.0.1', ready));
    const { port } = socket.address() as AddressInfo;
    const options = ['--server', `127.0.0.1:${port}`, '--rate', '9999', '--out', at('endpoints.csv')];
    const done = await run(['pools', 'resolve', ...options]);
    socket.close();
    return { ...done, list: readFileSync(at('endpoints.csv'), 'utf8'), asked };
  }
  const ALL = Number.POSITIVE_INFINITY;

  it('keeps the list that is there if the resolver is dead, or answers that nothing exists', async () => {
    writeFileSync(at('endpoints.csv'), 'kept');
    for (const done of [await resolver(0, 0), await resolver(0, ALL)]) {
      expect(done).toMatchObject({ status: 1, list: 'kept' });
      expect(done.err).toMatch(/no resolver answered|no name has an address/);
      expect(done.err).toMatch(/about \d+ min/);
    }
  });

  it('gives up soon, and keeps the list, if the resolver dies on the way', async () => {
    writeFileSync(at('endpoints.csv'), 'kept');
    const done = await resolver(30, 200);
    expect(done).toMatchObject({ status: 1, list: 'kept' });
    expect(done.err).toMatch(/\d+ of the first \d+ names of \d+ were not answered; .* stays as it was/);
    expect(done.asked).toBeLessThan(1000);
  });

  it('keeps the list if most of its names are denied all at once', async () => {
    writeFileSync(at('endpoints.csv'), 'kept');
    expect((await resolver(90, ALL)).status).toBe(0);
    const before = readFileSync(at('endpoints.csv'), 'utf8');
    const filtered = await resolver(12, ALL);
    expect(filtered).toMatchObject({ status: 1, list: before });
    expect(filtered.err).toMatch(/\d+ rows were found, and the list has \d+; .* stays as it was/);
  });
});
