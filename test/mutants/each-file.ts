/**
 * Before each test file: which tests reach which mutants is told by file. Files share a process, and Stryker would tell with
 * each all that it told before, which takes more memory than there is.
 */
const { __stryker__: stryker }: { __stryker__?: { mutantCoverage?: { static: object; perTest: object } } } =
  Object(globalThis);
if (stryker?.mutantCoverage !== undefined) Object.assign(stryker.mutantCoverage, { static: {}, perTest: {} });
