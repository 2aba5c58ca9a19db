/** In the single executable: the program is part of it (in place of bin/load.js). */
require('../../bin/flags.js');

module.exports = { loadProgram: () => require('../../src/cli.ts') };
