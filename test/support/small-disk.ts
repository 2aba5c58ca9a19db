/** A disk of about a megabyte, for what a service has to live through. Root alone may make one. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

export interface SmallDisk {
  readonly folder: string;
  /** Takes all room that is left. */
  fill(): void;
  free(): void;
  remove(): void;
}

export const NO_SMALL_DISKS = 'small disks cannot be made here (needs root)';
export const HAS_SMALL_DISKS = canMount();

function canMount(): boolean {
  try {
    smallDisk().remove();
    return true;
  } catch {
    return false;
  }
}

export function smallDisk(kilobytes = 1024, folder = temporaryFolder('disk')): SmallDisk {
  const filler = path.join(folder, 'filler');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'ignore' });
  return {
    folder,
    fill: () => {
      try {
        for (;;) appendFileSync(filler, Buffer.alloc(4096));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove: () => execFileSync('umount', ['-l', folder]),
  };
}
