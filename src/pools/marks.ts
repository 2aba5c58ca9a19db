/** Stands in the head of an export that had ports to leave out: read again, its addresses would mean every port. */
export const PORTS_LEFT_OUT = '(ports left out)';
