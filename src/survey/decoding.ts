/** The program of the decoding thread, which the build bundles by itself: what the survey wants of packets, built in. */
import { serve } from '../capture/thread/decoder.ts';
import { mayConcernCode } from '../framing/name-program.ts';

serve(mayConcernCode);
