/**
 * The published JSON Schema of audit.json (audit.schema.json beside this file, draft 2020-12) as a value, and a check
 * of unknown JSON against it. The schema keeps to a small vocabulary, listed in `SchemaNode`; a general validator
 * is left out on purpose. Reports take their order of keys and columns from it, so that no second list exists.
 */
import publishedSchema from './audit.schema.json' with { type: 'json' };
import type { Audit } from './audit.ts';

/** The vocabulary that audit.schema.json uses. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

/** Where a value departs from the schema ('hosts[3].verdict') and how. */
interface SchemaProblem {
  readonly at: string;
  readonly message: string;
}

const SCHEMA: SchemaNode = publishedSchema;

/** The schema of the whole audit. */
export function auditSchema(): SchemaNode {
  return SCHEMA;
}

/** The node itself, or what its $ref names; of a nullable node the part that is not null. */
export function resolveNode(node: SchemaNode): SchemaNode {
  if (node.$ref !== undefined) {
    const name = node.$ref.slice('#/$defs/'.length);
    const target = auditSchema().$defs?.[name];
    if (target === undefined) throw new Error(`audit.schema.json has no definition ${name}`);
    return resolveNode(target);
  }
  const present = node.anyOf?.find((choice) => choice.type !== 'null');
  return present === undefined ? node : resolveNode(present);
}

/** The rows of a list of the audit as the schema knows them: 'host', 'session' or 'pool'. */
export function rowSchema(name: 'host' | 'session' | 'pool'): SchemaNode {
  return resolveNode({ $ref: `#/$defs/${name}` });
}

/** The first departure of a value from the schema, or null if it is a whole audit. */
export function auditProblem(value: unknown): SchemaProblem | null {
  return problemIn(value, auditSchema(), '');
}

/** True if the value is a whole audit. */
export function isAudit(value: unknown): value is Audit {
  return checkOf(auditSchema())(value);
}

type Check = (value: unknown) => boolean;
type ObjectCheck = (value: object) => boolean;

const checks = new Map<SchemaNode, Check>();

/** What `problemIn` finds, as yes or no: an audit has millions of values, and none of them needs its place told. */
function checkOf(node: SchemaNode): Check {
  const known = checks.get(node);
  if (known !== undefined) return known;
  // Definitions may hold themselves: the check stands before it is made.
  let made: Check | null = null;
  checks.set(node, (value) => made?.(value) ?? false);
  made = makeCheck(node);
  checks.set(node, made);
  return made;
}

function makeCheck(node: SchemaNode): Check {
  if (node.anyOf !== undefined) {
    const present = checkOf(resolveNode(node));
    return (value) => value === null || present(value);
  }
  if (node.$ref !== undefined) return checkOf(resolveNode(node));
  const { const: only, enum: words, minimum, maximum } = node;
  const types = node.type === undefined || typeof node.type === 'string' ? null : node.type;
  const type = typeof node.type === 'string' ? node.type : null;
  const pattern = node.pattern === undefined ? null : compiled(node.pattern);
  const items = node.items === undefined ? null : checkOf(node.items);
  const members = membersCheck(node);
  return (value) => {
    if (only !== undefined && value !== only) return false;
    if (words !== undefined && !words.includes(value)) return false;
    if (type !== null && !hasType(value, type)) return false;
    if (types !== null && !types.some((each) => hasType(value, each))) return false;
    if (typeof value === 'string') return pattern === null || pattern.test(value);
    if (typeof value === 'number')
      return !(minimum !== undefined && value < minimum) && !(value > (maximum ?? value));
    if (Array.isArray(value)) return items === null || all(value, items);
    return typeof value !== 'object' || value === null || members(value);
  };
}

function all(list: readonly unknown[], check: Check): boolean {
  for (const item of list) if (!check(item)) return false;
  return true;
}

function membersCheck(node: SchemaNode): ObjectCheck {
  const required = node.required ?? [];
  const known = new Map(Object.entries(node.properties ?? {}).map(([key, each]) => [key, checkOf(each)]));
  const other = node.additionalProperties === undefined ? null : checkOf(node.additionalProperties);
  return (object) => {
    for (const key of required) if (!Object.hasOwn(object, key)) return false;
    for (const key of Object.keys(object)) {
      const check = known.get(key) ?? other;
      if (check !== null && !check(Reflect.get(object, key))) return false;
    }
    return true;
  };
}

function problemIn(value: unknown, node: SchemaNode, at: string): SchemaProblem | null {
  if (node.anyOf !== undefined) {
    return value === null ? null : problemIn(value, resolveNode(node), at);
  }
  const rule = resolveNode(node);
  if (rule.const !== undefined && value !== rule.const) return { at, message: `must be ${show(rule.const)}` };
  if (rule.enum !== undefined && !rule.enum.includes(value)) {
    return { at, message: `must be one of ${rule.enum.join(', ')}` };
  }
  if (rule.type !== undefined) {
    const types = typeof rule.type === 'string' ? [rule.type] : rule.type;
    if (!types.some((type) => hasType(value, type))) return { at, message: `must be ${types.join(' or ')}` };
  }
  if (typeof value === 'string' && rule.pattern !== undefined && !compiled(rule.pattern).test(value)) {
    return { at, message: `must match ${rule.pattern}` };
  }
  if (typeof value === 'number') {
    if (rule.minimum !== undefined && value < rule.minimum)
      return { at, message: `must be >= ${rule.minimum}` };
    if (rule.maximum !== undefined && value > rule.maximum)
      return { at, message: `must be <= ${rule.maximum}` };
  }
  if (Array.isArray(value)) return rule.items === undefined ? null : problemInList(value, rule.items, at);
  return isObject(value) ? problemInObject(value, rule, at) : null;
}

function problemInList(list: readonly unknown[], items: SchemaNode, at: string): SchemaProblem | null {
  for (let i = 0; i < list.length; i++) {
    const problem = problemIn(list[i], items, `${at}[${i}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function problemInObject(
  object: Readonly<Record<string, unknown>>,
  rule: SchemaNode,
  at: string,
): SchemaProblem | null {
  const below = (key: string): string => (at === '' ? key : `${at}.${key}`);
  for (const key of rule.required ?? []) {
    if (!Object.hasOwn(object, key)) return { at: below(key), message: 'is missing' };
  }
  const known = rule.properties ?? {};
  for (const [key, value] of Object.entries(object)) {
    const node = Object.hasOwn(known, key) ? known[key] : rule.additionalProperties;
    const problem = node === undefined ? null : problemIn(value, node, below(key));
    if (problem !== null) return problem;
  }
  return null;
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const made = new RegExp(pattern, 'u');
  patterns.set(pattern, made);
  return made;
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
