/**
 * The layout of a state: what lies where in the kernel's memory, and which fields the kept classes and what they hold have.
 * Raise the number with every change of a layout that was released (test/state/layout.test.ts tells): a state of another layout
 * is not read.
 */
export const LAYOUT = 3;
