/** The program of the decoding thread, which the build bundles by itself: what the survey wants of packets, built in. */

import { mayConcernCode } from '../framing/name-program.ts';
import { serve } from '../packets/thread/decoder.ts';

serve(mayConcernCode);
