/**
 * Tables of data/: tab-separated text, '#' lines that explain it, a line of column names, a line a row. The columns are
 * declared where a table is read, each with the reader of its cells, from which the type of a row follows. The build
 * reads all tables once, so that a wrong cell fails there, with file and line, and checks the rules in their heads.
 */

/** A cell to its value; throws if it has none. */
type Cell<T> = (cell: string) => T;

/** Columns in their order. */
type Columns = Readonly<Record<string, Cell<unknown>>>;

export type Row<C extends Columns> = { readonly [K in keyof C]: ReturnType<C[K]> };

/** Reads each table that is loaded, of its own text or of another one, for the build's check. By their files. */
export const TABLES = new Map<string, (text?: string) => unknown>();

/** Declares a table: its file's name, its text, its columns. The rows are read when they are first wanted. */
export function table<C extends Columns>(file: string, text: string, columns: C): () => readonly Row<C>[] {
  let rows: readonly Row<C>[] | undefined;
  const read = (): readonly Row<C>[] => {
    rows ??= readRows(file, text, columns);
    return rows;
  };
  TABLES.set(file, (other = text) => readRows(file, other, columns));
  return read;
}

/** If one character of a file needs two bytes, V8 keeps two bytes for each of them, and for each of texts made from it. */
function narrow(line: string): string {
  return /^[\0-\xff]*$/.test(line) ? Buffer.from(line, 'latin1').toString('latin1') : line;
}

function readRows<C extends Columns>(file: string, text: string, columns: C): Row<C>[] {
  const readers = Object.entries(columns);
  const rows: Row<C>[] = [];
  let hasHead = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const where = `data/${file}:${index + 1}`;
    if (!hasHead) {
      const stated = readers.map(([name]) => name).join('\t');
      if (line !== stated) throw new Error(`${where}: the columns are ${stated.replaceAll('\t', ', ')}`);
      hasHead = true;
      continue;
    }
    const cells = narrow(line).split('\t');
    if (cells.length > readers.length) throw new Error(`${where}: more than ${readers.length} cells`);
    const row: Record<string, unknown> = {};
    for (const [at, [name, reader]] of readers.entries()) {
      try {
        // A row may end after its last filled cell.
        row[name] = reader(cells[at] ?? '');
      } catch (cause) {
        throw new Error(`${where}: ${name} '${cells[at] ?? ''}': ${(cause as Error).message}`, { cause });
      }
    }
    rows.push(row as Row<C>);
  }
  return rows;
}

/** Any text that is not empty. */
export function text(cell: string): string {
  if (cell === '' || cell !== cell.trim()) throw new Error('empty, or has blanks at an end');
  return cell;
}

/** Text, or nothing. */
export const note: Cell<string> = (cell) => (cell === '' ? '' : text(cell));

/** Words parted by blanks, none if the cell is empty. */
export const words: Cell<readonly string[]> = list(' ');

/** Cells of a kind parted by blanks, none if the cell is empty. */
export function each<T>(cell: (text: string) => T): (text: string) => readonly T[] {
  return (whole) => words(whole).map(cell);
}

/** Texts parted by `separator`, none if the cell is empty. */
export function list(separator: string): Cell<readonly string[]> {
  return (cell) => (cell === '' ? [] : cell.split(separator).map(text));
}

/** 'yes', or empty for no. */
export function yes(cell: string): boolean {
  if (cell !== '' && cell !== 'yes') throw new Error("is not 'yes'");
  return cell === 'yes';
}

/** A number in a range. */
export function number(least: number, most: number): Cell<number> {
  return (cell) => {
    const value = cell.trim() === '' ? Number.NaN : Number(cell);
    if (!(value >= least && value <= most)) throw new Error(`is not a number from ${least} to ${most}`);
    return value;
  };
}

/** A day, a month or a year of this century. */
export function date(cell: string): string {
  const time = /^20\d\d(?:-\d\d){0,2}$/.test(cell) ? Date.parse(cell) : Number.NaN;
  // February 30 would be a day of March.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(cell))
    throw new Error('is no day, month or year such as 2026-08-31, 2026-08 or 2026');
  return cell;
}

/** One of some words. */
export function oneOf<const T extends string>(...allowed: readonly T[]): Cell<T> {
  return (cell) => {
    const found = allowed.find((word) => word === cell);
    if (found === undefined) throw new Error(`is none of: ${allowed.join(', ')}`);
    return found;
  };
}

/** A regular expression, without case. */
export function pattern(cell: string): RegExp {
  return new RegExp(text(cell), 'i');
}

/** Null for an empty cell. */
export function optional<T>(reader: Cell<T>): Cell<T | null> {
  return (cell) => (cell === '' ? null : reader(cell));
}
