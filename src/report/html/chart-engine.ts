/** ECharts with the parts that the page uses. Part of the bundle: the package itself is twenty times larger. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridComponent, SVGRenderer]);

/** A chart that draws itself as SVG text. */
export function svgChart(width: number, height: number): EChartsType {
  return init(null, null, { renderer: 'svg', ssr: true, width, height });
}
