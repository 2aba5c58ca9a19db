/** Rows that TypeScript fills, field by field, where a format has few of them or is rare. */
import { ValidatedRows } from './validated-rows.ts';

export class FilledRows extends ValidatedRows {
  // Times travel in fields: as arguments of a call that is not inlined they would be boxed, once a record.
  /** Time of a row that has no believable one, us since 1970; NaN if there is none. */
  fallbackUs = Number.NaN;
  /** Time of the export, within a day of which a row must end; NaN if unknown. */
  exportedUs = Number.NaN;
  /** Flow records met, those included that could not be used. */
  number = 0;

  /** Has the kernel validate the row that the writer has begun. `position` is where damage points to. */
  validate(position: number): void {
    const { writer } = this;
    const { record } = writer;
    record.number = this.number;
    writer.meet(record.exporter);
    this.note(writer.kernel.calls.validateRow(writer.rowAt, this.fallbackUs, this.exportedUs), position);
  }
}
