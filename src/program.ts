/** The script that the build makes: the program, and what the package exports. */
export { main } from './cli.ts';
export * from './library.ts';
