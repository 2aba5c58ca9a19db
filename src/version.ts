/** Version of this program, from its package.json. */
import manifest from '../package.json' with { type: 'json' };

export const VERSION = manifest.version;
