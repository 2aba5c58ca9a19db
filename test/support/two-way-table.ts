/** A table of flow records that count both ways, as text. */

const HEADER = 'start,end,src,sport,dst,dport,proto,packets,bytes,reverse packets,reverse bytes';

/** The rows below their header, each with the cells that it names. */
export function twoWayTable(...rows: readonly string[]): string {
  return `${[HEADER, ...rows].join('\n')}\n`;
}
