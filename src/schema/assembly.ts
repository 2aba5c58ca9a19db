/** The classes and places of a kernel's memory in AssemblyScript, as the build writes them beside the kernel. */
import { CONVERSATIONS_MEMORY, DIRECTION } from './conversations-memory.ts';
import {
  CAPTURE_DAMAGE,
  JUDGEMENTS,
  PACKETS_MEMORY,
  PACKETS_NUMBERS,
  SCANNER,
  SIDE,
  SKIP_REASONS,
  WATCH,
} from './packets-memory.ts';
import { ADDRESS_VALUE, CELL_ROW, RECORDS_MEMORY, RECORDS_WORDS } from './records-memory.ts';
import type { MemoryMap, Place, Struct } from './struct.ts';

/** Source texts by file, from the root of the repository on. */
export function kernelSources(): Readonly<Record<string, string>> {
  return {
    'src/kernel/records/memory.ts': assemblyOf(RECORDS_MEMORY, [CELL_ROW, ADDRESS_VALUE], RECORDS_WORDS),
    'src/kernel/conversations/memory.ts': assemblyOf(CONVERSATIONS_MEMORY, [DIRECTION]),
    'src/kernel/packets/memory.ts': assemblyOf(
      PACKETS_MEMORY,
      [SCANNER, SIDE, WATCH],
      { Skip: SKIP_REASONS, Fault: CAPTURE_DAMAGE, Judgement: JUDGEMENTS },
      PACKETS_NUMBERS,
    ),
  };
}

/**
 * The source file of a memory, with structs that no region is of. `words` are lists of which the kernel knows each word by its
 * number, `numbers` others that it knows by name.
 */
export function assemblyOf(
  map: MemoryMap,
  others: readonly Struct[] = [],
  words: Readonly<Record<string, readonly string[]>> = {},
  numbers: Readonly<Record<string, number>> = {},
): string {
  const structs = new Map<string, Struct>();
  const add = (struct: Struct): void => {
    if (struct.base !== null) add(struct.base);
    structs.set(struct.name, struct);
  };
  for (const struct of others) add(struct);
  const places: string[] = [];
  for (const [name, region] of Object.entries(map.regions)) {
    places.push(constant(`${upper(name)}_AT`, map.at[name] ?? 0, 'usize'));
    const [piece, count] = typeof region === 'number' || 'bytes' in region ? [region, 1] : region;
    if (typeof piece === 'number') places.push(constant(`${upper(name)}_BYTES`, piece * count));
    else add(piece);
    if (count > 1) places.push(constant(upper(name), count));
    else if (typeof piece !== 'number')
      places.push(`export const ${name} = changetype<${piece.name}>(${upper(name)}_AT);\n`);
  }
  return [
    '/** Made by the build from src/schema/: change it there. */\n',
    ...[...structs.values()].map(classOf),
    ...places,
    ...Object.entries(numbers).map(([name, value]) => constant(name, value)),
    ...Object.entries(words).map(([name, list]) => `export enum ${name} { ${list.map(upper).join(', ')} }\n`),
  ].join('\n');
}

function constant(name: string, value: number, type = 'u32'): string {
  return `export const ${name}: ${type} = ${value};\n`;
}

function classOf({ name, base, places, addresses, bytes }: Struct): string {
  const own = places
    .filter(({ type }) => type !== 'bits')
    .slice(base?.places.filter(({ type }) => type !== 'bits').length ?? 0);
  const extended = base === null ? '' : ` extends ${base.name}`;
  // The compiler ends where it has another layout in mind.
  return `@unmanaged
export class ${name}${extended} {
${own.map(fieldOf).join('')}${addresses.map((address) => placeOf(name, address)).join('')}}

if (offsetof<${name}>() !== ${bytes}) ERROR('${name}');

/** Back to what says nothing. */
export function clear${name}(row: ${name}): void {
${base === null ? '' : `  clear${base.name}(row);\n`}${own.map(clearing).join('')}}
`;
}

function fieldOf({ name, type, meaning }: Place): string {
  return `  /** ${meaning} */\n  ${name}: ${type};\n`;
}

/** Where an address lies. */
function placeOf(struct: string, address: string): string {
  return `
  get ${address}(): usize {
    return changetype<usize>(this) + offsetof<${struct}>('${address}0');
  }
`;
}

function clearing({ name, type, none }: Place): string {
  return `  row.${name} = ${type === 'bool' ? none !== 0 : none};\n`;
}

/** SNAKE_CASE of a name. */
function upper(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])|[- ]/g, '$1_$2').toUpperCase();
}
