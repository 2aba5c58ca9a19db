/** A step of the build: makes the embedded owner database beside the compiled modules, if it is not there yet. */
import { compileEmbedded } from './embedded.ts';

compileEmbedded();
