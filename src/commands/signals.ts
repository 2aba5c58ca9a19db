/** Calls once at SIGINT or SIGTERM; from then on they end the program, as they do anyway. What comes back ends the listening. */
export function onceStopped(stop: () => void): () => void {
  const release = (): void => {
    process.off('SIGINT', observed).off('SIGTERM', observed);
  };
  const observed = (): void => {
    release();
    stop();
  };
  process.on('SIGINT', observed).on('SIGTERM', observed);
  return release;
}
