/** Declared types in TypeScript, as the build writes them for the program. */
import type { Type } from './field.ts';

/** The source file of types by name; `known` names the file of those that TypeScript can tell better than a table. */
export function typesSource(types: ReadonlyMap<string, Type>, from: string, known: string): string {
  const declared = [...types].map(([name, type]) => `export type ${typeName(name)} = ${bodyOf(type)};\n`);
  return `/** Made by the build from ${from}: change it there. */
import type * as known from '${known}';

${declared.join('\n')}`;
}

function typeName(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}

function nameOf(type: Type): string {
  const body = type.name === undefined ? bodyOf(type) : typeName(type.name);
  return type.orNull ? `${body} | null` : body;
}

function bodyOf({ kind, items, fields = {}, words = [], known }: Type): string {
  if (known !== undefined) return `known.${known}`;
  const each = items === undefined ? 'unknown' : nameOf(items);
  switch (kind) {
    case 'text':
      return 'string';
    case 'flag':
      return 'boolean';
    case 'whole':
    case 'number':
      return 'number';
    case 'words':
      return words.map((word) => `'${word}'`).join(' | ');
    case 'list':
      return `Array<${each}>`;
    case 'map':
      return `Record<string, ${each}>`;
    case 'record':
      return `{\n${Object.entries(fields)
        .map(
          ([key, { type, isOptional, meaning }]) =>
            `/** ${meaning} */\n${key}${isOptional ? '?' : ''}: ${nameOf(type)};\n`,
        )
        .join('')}}`;
  }
}
