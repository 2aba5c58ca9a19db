/**
 * What the published schema of SARIF 2.1.0 (OASIS, sarif-schema-2.1.0.json) asks of the part that is used here, and what
 * GitHub's code scanning asks beyond it. Other names are refused, as the schema has `additionalProperties: false` throughout.
 */
import Ajv from 'ajv';

const closed = (properties: Record<string, object>, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const list = (items: object, more: object = {}): object => ({ type: 'array', items, ...more });
const text = { type: 'string', minLength: 1 };
const level = { enum: ['none', 'note', 'warning', 'error'] };
const message = closed({ text }, ['text']);
const bag = { type: 'object' };

const rule = closed(
  { id: text, shortDescription: message, fullDescription: message, defaultConfiguration: closed({ level }) },
  ['id', 'shortDescription'],
);
const location = closed({
  physicalLocation: closed({
    artifactLocation: closed({ uri: { ...text, pattern: '^[^\\s\\\\]+$' } }, ['uri']),
  }),
  logicalLocations: list(closed({ name: text, kind: text })),
});
const result = closed(
  {
    ...{ ruleId: text, ruleIndex: { type: 'integer', minimum: -1 }, level, message },
    locations: list(location, { minItems: 1 }),
    partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
    properties: bag,
  },
  ['ruleId', 'message', 'locations', 'partialFingerprints'],
);
const invocation = closed(
  {
    executionSuccessful: { type: 'boolean' },
    endTimeUtc: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' },
    toolExecutionNotifications: list(closed({ level, message }, ['message'])),
  },
  ['executionSuccessful'],
);
const driver = closed({ name: text, version: text, rules: list(rule, { uniqueItems: true }) }, ['name']);
const run = closed(
  { tool: closed({ driver }, ['driver']), invocations: list(invocation), results: list(result) },
  ['tool', 'results'],
);
const check = new Ajv({ allErrors: true }).compile(
  closed(
    {
      $schema: { const: 'https://json.schemastore.org/sarif-2.1.0.json' },
      version: { const: '2.1.0' },
      runs: list(run),
    },
    ['version', 'runs'],
  ),
);

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string } };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

/** The results of a log; throws if it is none, or a rule is not the one that its index names. */
export function sarifResults(json: string): readonly SarifResult[] {
  const log = JSON.parse(json);
  const isValid: boolean = check(log);
  if (!isValid) throw new Error(JSON.stringify(check.errors?.slice(0, 3)));
  const [{ tool, results }] = log.runs;
  for (const { ruleId, ruleIndex } of results)
    if (tool.driver.rules[ruleIndex]?.id !== ruleId) throw new Error(`${ruleId} is not rule ${ruleIndex}`);
  return results;
}
