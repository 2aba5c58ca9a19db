/** The page and its chart library, which takes longer to load than the rest of the program: only if a page is asked for. */
import type { Render } from '../format.ts';
import { loadCharts } from './chart-library.ts';

export async function loadHtml(): Promise<Render> {
  const [{ renderHtml }] = await Promise.all([import('./page.ts'), loadCharts()]);
  return renderHtml;
}
