/** Tables of data/ as text: esbuild and Vitest load them. */
declare module '*.tsv?raw' {
  const text: string;
  export default text;
}
