/** ECharts, loaded when the first page is made. */
type Engine = typeof import('./chart-engine.ts');

let engine: Engine | null = null;

/** Loads the library. Wait for it before the first chart. */
export async function loadCharts(): Promise<void> {
  engine = await import('./chart-engine.ts');
}

/** A chart that draws itself as SVG text. */
export function svgChart(width: number, height: number): ReturnType<Engine['svgChart']> {
  if (engine === null) throw new Error('charts are drawn after loadCharts');
  return engine.svgChart(width, height);
}
