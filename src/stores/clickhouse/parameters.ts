/** Values of a query. They travel in the body of the request, never in the SQL: nothing has to be escaped. */
type ParameterValue = string | number | readonly string[];

export class Parameters {
  readonly values: Record<string, ParameterValue> = {};

  /** The SQL that stands for a value of a ClickHouse type. A value that is there already is not sent twice. */
  add(type: string, value: ParameterValue): string {
    const known = Object.keys(this.values).find((name) => this.values[name] === value);
    const name = known ?? `p${Object.keys(this.values).length}`;
    this.values[name] = value;
    return `{${name}: ${type}}`;
  }

  /** The parameters in words, for --explain-sql. */
  shown(): string[] {
    return Object.entries(this.values).map(([name, value]) => {
      const count =
        typeof value === 'number' ? 1 : typeof value === 'string' ? value.split(',').length : value.length;
      return `-- ${name}: ${count > 1 ? `${count} values` : String(value)}`;
    });
  }
}
