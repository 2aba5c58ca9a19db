/** What was probably meant, for 'did you mean'. */

/** The known name with the fewest changed, added, left out or swapped letters; null if none is near. */
export function nearestName(word: string, known: readonly string[]): string | null {
  // A third of the letters, so that words of three letters have to be exact but for one.
  const most = Math.max(1, Math.floor(word.length / 3));
  let nearest: string | null = null;
  let least = most + 1;
  for (const name of known) {
    const steps = Math.abs(name.length - word.length) > most ? least : distance(word, name);
    if (steps < least) [nearest, least] = [name, steps];
  }
  return nearest;
}

/** Letters to change, add, leave out or swap with a neighbour to make one text the other (Damerau and Levenshtein). */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}
