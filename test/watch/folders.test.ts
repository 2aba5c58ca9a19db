/** Which files of a folder are whole, as tcpdump, dumpcap, nfcapd and others rotate them. */
import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WatchedFolders } from '../../src/watch/folders.ts';
import { HAS_SMALL_DISKS, NO_SMALL_DISKS, smallDisk } from '../support/small-disk.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const QUIET_MS = 60_000;

class Place {
  readonly folder = temporaryFolder('watched');
  readonly lost: string[] = [];
  private readonly watched: WatchedFolders;

  constructor(quietMs = QUIET_MS) {
    this.watched = new WatchedFolders([this.folder], quietMs);
  }

  write(name: string, ageSeconds = 0): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, 'bytes');
    const at = Date.now() / 1000 - ageSeconds;
    utimesSync(file, at, at);
    return file;
  }

  async sweep(): Promise<string[]> {
    const whole = await this.watched.sweep((folder) => this.lost.push(folder));
    return whole
      .filter(({ isWhole }) => isWhole)
      .map((file) => path.relative(this.folder, file.path))
      .sort();
  }
}

describe('a file is whole', () => {
  it('if it was old when the watch began', async () => {
    const place = new Place();
    place.write('old.pcap', 3600);
    place.write('new.pcap', 1);
    expect(await place.sweep()).toEqual(['old.pcap']);
  });

  it('if nobody has written to it for the quiet time', async () => {
    const place = new Place(150);
    await place.sweep();
    const file = place.write('conn.log');
    expect(await place.sweep()).toEqual([]);
    await sleep(200);
    appendFileSync(file, 'more');
    expect(await place.sweep()).toEqual([]);
    await sleep(200);
    expect(await place.sweep()).toEqual(['conn.log']);
  });

  it('if the next one of its series has begun', async () => {
    const place = new Place();
    await place.sweep();
    place.write('trace-20261127-0815.pcap');
    await place.sweep();
    await sleep(10);
    place.write('trace-20261127-0820.pcap');
    await place.sweep();
    expect(await place.sweep()).toEqual(['trace-20261127-0815.pcap']);
  });

  it('if it has got its name', async () => {
    const place = new Place();
    const current = place.write('nfcapd.current.4711');
    await place.sweep();
    renameSync(current, path.join(place.folder, 'nfcapd.202611270815'));
    expect(await place.sweep()).toEqual(['nfcapd.202611270815']);
  });
});

describe('a file is not whole', () => {
  it('under the names of files that are being written', async () => {
    const place = new Place(0);
    for (const name of ['nfcapd.current', 'nfcapd.current.12', '.hidden', 'copy.pcap.part', 'a.tmp']) {
      place.write(name, 7200);
    }
    expect(await place.sweep()).toEqual([]);
  });

  it('if its neighbour is another series that is written at the same time', async () => {
    const place = new Place();
    await place.sweep();
    const first = place.write('eth0.pcap');
    place.write('eth1.pcap');
    await place.sweep();
    await sleep(1200);
    appendFileSync(first, 'more');
    expect(await place.sweep()).toEqual([]);
    expect(await place.sweep()).not.toContain('eth0.pcap');
  });

  it('while the clock says that it is of the future and it still grows', async () => {
    const place = new Place(100);
    await place.sweep();
    place.write('ahead.pcap', -86_400);
    expect(await place.sweep()).toEqual([]);
    await sleep(150);
    expect(await place.sweep()).toEqual(['ahead.pcap']);
  });
});

it('tells once of a folder that is gone, and finds what comes back', async () => {
  const place = new Place(0);
  rmSync(place.folder, { recursive: true });
  await place.sweep();
  await place.sweep();
  expect(place.lost).toEqual([place.folder]);
  mkdirSync(path.join(place.folder, 'below'), { recursive: true });
  writeFileSync(path.join(place.folder, 'below', 'late.pcap'), 'bytes');
  await place.sweep();
  expect(await place.sweep()).toEqual([path.join('below', 'late.pcap')]);
});

it.skipIf(!HAS_SMALL_DISKS)(
  HAS_SMALL_DISKS ? 'a mount that goes away is a folder that is gone, until it is back' : NO_SMALL_DISKS,
  async () => {
    const { folder, remove } = smallDisk();
    const lost: string[] = [];
    const watched = new WatchedFolders([folder], 0);
    const look = async (): Promise<readonly [files: number, missing: number]> => {
      const files = await watched.sweep((gone, why) => lost.push(`${gone}: ${why}`));
      return [files.length, watched.missing];
    };
    writeFileSync(path.join(folder, 'a.pcap'), 'bytes');
    expect(await look()).toEqual([1, 0]);
    remove();
    expect(await look()).toEqual([0, 1]);
    expect(await look()).toEqual([0, 1]);
    expect(lost).toEqual([`${folder}: its file system is not mounted any more`]);
    const again = smallDisk(1024, folder);
    expect(await look()).toEqual([0, 0]);
    expect(lost.slice(1)).toEqual([`${folder}: null`]);
    again.remove();
  },
);
