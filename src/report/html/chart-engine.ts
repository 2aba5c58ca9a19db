/**
 * ECharts with the parts that the page uses, of which the package has twenty times as many. It takes longer to load than the
 * rest of the program: whoever makes a page loads the page when one is asked for.
 */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridComponent, SVGRenderer]);

/** A chart that draws itself as SVG text. */
export function svgChart(width: number, height: number): EChartsType {
  return init(null, null, { renderer: 'svg', ssr: true, width, height });
}
