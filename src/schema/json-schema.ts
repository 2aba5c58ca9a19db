/** A declared type as JSON Schema, draft 2020-12. Types with a name become definitions. */
import type { Field, Type } from './field.ts';

type Node = Record<string, unknown>;

export function jsonSchema(root: Type, title: string): Node {
  const definitions: Record<string, Node> = {};
  const { name: _, ...body } = root;
  const whole = nodeOf(body, definitions);
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...whole, $defs: definitions };
}

function nodeOf(type: Type, definitions: Record<string, Node>): Node {
  const { name, orNull, meaning } = type;
  if (orNull) {
    const { orNull: _, ...present } = type;
    const node = nodeOf(present, definitions);
    return typeof node.type === 'string' && node.type !== 'object' && node.type !== 'array'
      ? { ...node, type: [node.type, 'null'] }
      : { anyOf: [node, { type: 'null' }] };
  }
  if (name !== undefined) {
    if (!Object.hasOwn(definitions, name)) {
      const { name: _, ...body } = type;
      // Its place first: definitions stand in the order in which they are met.
      definitions[name] = {};
      definitions[name] = nodeOf(body, definitions);
    }
    return { $ref: `#/$defs/${name}` };
  }
  const described = meaning === undefined ? {} : { description: meaning };
  return { ...described, ...bodyOf(type, definitions) };
}

const SIMPLE = { text: 'string', flag: 'boolean', whole: 'integer', number: 'number' } as const;

function bodyOf(type: Type, definitions: Record<string, Node>): Node {
  const { kind, items, fields = {}, words, pattern, least: minimum, most: maximum } = type;
  const below = (each: Type | undefined): Node => (each === undefined ? {} : nodeOf(each, definitions));
  switch (kind) {
    case 'words':
      return { enum: words };
    case 'list':
      return { type: 'array', items: below(items) };
    case 'map':
      return { type: 'object', additionalProperties: below(items) };
    case 'record': {
      const entries = Object.entries(fields);
      const required = entries.filter(([, { isOptional }]) => !isOptional).map(([key]) => key);
      const properties = entries.map(([key, each]) => [key, propertyOf(each, definitions)]);
      return {
        type: 'object',
        ...(required.length > 0 && { required }),
        properties: Object.fromEntries(properties),
      };
    }
    default: {
      const bounds = Object.entries({ pattern, minimum, maximum }).filter(([, bound]) => bound !== undefined);
      return { type: SIMPLE[kind], ...Object.fromEntries(bounds) };
    }
  }
}

function propertyOf({ type, meaning }: Field, definitions: Record<string, Node>): Node {
  const description = [meaning, type.unit && `Unit: ${type.unit}.`];
  return { description: description.filter(Boolean).join(' '), ...nodeOf(type, definitions) };
}
