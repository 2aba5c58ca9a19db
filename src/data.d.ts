/** Tables of data/, the page's style and its script as text: esbuild (bin/shipped.mjs) and Vitest load them. */
declare module '*?raw' {
  const text: string;
  export default text;
}
