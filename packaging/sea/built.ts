/** In the single executable: what the build leaves in dist/ are assets of the executable (in place of src/built.ts). */
import { getAsset, getRawAsset } from 'node:sea';

export function builtBytes(file: string): Buffer {
  return Buffer.from(getRawAsset(file));
}

/** A thread takes its program from a file or an address: this address holds the program itself. */
export function builtProgram(file: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(getAsset(file, 'utf8'))}`);
}
