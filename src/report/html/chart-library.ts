/** ECharts with the parts that the page uses. */
type Init = typeof import('echarts/core').init;

let init: Init | null = null;

/** Loads the library. Wait for it before the first chart. */
export async function loadCharts(): Promise<void> {
  const [core, { BarChart, LineChart }, { GridComponent }, { SVGRenderer }] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]);
  core.use([BarChart, LineChart, GridComponent, SVGRenderer]);
  init = core.init;
}

/** A chart that draws itself as SVG text. */
export function svgChart(width: number, height: number): ReturnType<Init> {
  if (init === null) throw new Error('charts are drawn after loadCharts');
  return init(null, null, { renderer: 'svg', ssr: true, width, height });
}
