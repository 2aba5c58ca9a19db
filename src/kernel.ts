/**
 * Loads the kernel: what touches every packet or every flow record, and the search for nonce counters, written in AssemblyScript (src/kernel/) and compiled
 * by the build to one WebAssembly module for each job. There is nothing else that could do its work: if the system
 * refuses the memory, the program says so and ends.
 */
import { builtBytes } from './built.ts';
import { fail } from './errors.ts';
import { under } from './order.ts';

type KernelName = 'records' | 'conversations' | 'packets' | 'counters';

/** The types of Node.js do not know it. */
interface Memory<Buffer> {
  readonly buffer: Buffer;
  /** Adds pages of 64 KiB. Views of shared memory stay as they are, others end. */
  grow(pages: number): number;
}
/** Memory that threads may share. */
export type KernelMemory = Memory<SharedArrayBuffer>;
/** Memory that counts as that of its owner, and goes with it. */
export type OwnMemory = Memory<ArrayBuffer>;

/** A number that the kernel keeps. */
export interface KernelNumber {
  value: number;
}

/** What a module of AssemblyScript exports as WebAssembly has it: functions return true and false as 1 and 0. */
export type Calls<Module> = {
  readonly [Name in keyof Module]: Module[Name] extends (...given: infer Given) => infer Result
    ? (...given: Given) => Result extends boolean ? number : Result
    : KernelNumber;
};

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new <Exports>(
    module: object,
    imports: { readonly env: { readonly memory: KernelMemory | OwnMemory }; readonly host?: object },
  ) => { readonly exports: Exports };
  readonly Memory: {
    new (size: { initial: number; maximum: number; shared: true }): KernelMemory;
    new (size: { initial: number; maximum: number }): OwnMemory;
  };
};

const PAGE_BYTES = 65_536;
/** As the build states it: 1 GiB. */
const MOST_PAGES = 16_384;

const modules = new Map<KernelName, object>();

/** Memory of so many bytes or somewhat more; bytes are zero and take no room before they are written. */
export function kernelMemory(bytes: number): KernelMemory {
  return granted(() => new WebAssembly.Memory({ ...sizeOf(bytes), shared: true }));
}

export function ownMemory(bytes: number): OwnMemory {
  return granted(() => new WebAssembly.Memory(sizeOf(bytes)));
}

function sizeOf(bytes: number) {
  return { initial: Math.ceil(bytes / PAGE_BYTES), maximum: MOST_PAGES };
}

/** Makes the memory as large as this, if it is smaller. */
export function growMemory(memory: KernelMemory | OwnMemory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) granted(() => memory.grow(Math.ceil(missing / PAGE_BYTES)));
}

function granted<T>(ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    // V8 keeps 8 GiB of addresses free behind a memory in place of testing each access.
    return fail('INPUT_UNREADABLE', 'the system refuses the memory that the program needs', {
      hint: 'Raise the limit of virtual memory (ulimit -v) by 10 GB; little of it is used.',
      cause,
    });
  }
}

/** The kernel's functions and numbers for one job, at work in this memory; `host` is what it may call. */
export function startKernel<Exports>(
  name: KernelName,
  memory: KernelMemory | OwnMemory,
  host: object = {},
): Exports {
  const module = under(modules, name, () => {
    const bytes = builtBytes(`${name}.wasm`);
    if (bytes === null) throw new Error('the program is not built: npm run build');
    return new WebAssembly.Module(bytes);
  });
  return new WebAssembly.Instance<Exports>(module, { env: { memory }, host }).exports;
}
