/** Values of a query. They travel in the body of the request, never in the SQL: nothing has to be escaped. */
import { TupleParam } from '@clickhouse/client';

type ParameterValue = string | number | readonly string[] | readonly (readonly (string | number)[])[];

export class Parameters {
  readonly values: Record<string, unknown> = {};
  readonly #lengths = new Map<string, number>();

  /** The SQL that stands for a value of a ClickHouse type. */
  add(type: string, value: ParameterValue): string {
    const name = `p${Object.keys(this.values).length}`;
    const isTuples = Array.isArray(value) && Array.isArray(value[0]);
    this.values[name] = isTuples ? value.map((tuple) => new TupleParam([...tuple])) : value;
    if (Array.isArray(value)) this.#lengths.set(name, value.length);
    return `{${name}: ${type}}`;
  }

  /** The parameters in words, for --explain-sql. */
  shown(): string[] {
    return Object.entries(this.values).map(([name, value]) => {
      const length = this.#lengths.get(name);
      return `-- ${name}: ${length === undefined ? String(value) : `${length} values`}`;
    });
  }
}
