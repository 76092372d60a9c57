/** How many typing errors lie between a typed word and the beginning of another. */

/** None in short words, where one letter makes another word; one in words of four to six letters; two in longer ones. */
export function allowedErrors(word: string): number {
  if (word.length < 4) return 0;
  return word.length < 7 ? 1 : 2;
}

/**
 * The fewest errors between `typed` and any beginning of `word`, or null where there are more than `allowed`.
 *
 * An error is a letter too few, too many, wrong, or two neighbours swapped (optimal string alignment:
 * Damerau–Levenshtein where no letter takes part in two swaps). The last row of the table has the distance to each
 * beginning of the word.
 */
export function errorsBetween(typed: string, word: string, allowed: number): number | null {
  if (word.startsWith(typed)) return 0;
  if (word.length < typed.length - allowed) return null;
  const compared = word.slice(0, typed.length + allowed);
  let before: number[] = [];
  let above = Array.from({ length: compared.length + 1 }, (_, column) => column);
  for (let row = 1; row <= typed.length; row++) {
    const line = nextLine(typed, compared, row, above, before);
    if (Math.min(...line) > allowed) return null;
    before = above;
    above = line;
  }
  const fewest = Math.min(...above);
  return fewest <= allowed ? fewest : null;
}

function nextLine(typed: string, word: string, row: number, above: number[], before: number[]): number[] {
  const letter = typed[row - 1];
  const line = [row];
  for (let column = 1; column <= word.length; column++) {
    const other = word[column - 1];
    let cost = Math.min(
      at(above, column) + 1,
      at(line, column - 1) + 1,
      at(above, column - 1) + (letter === other ? 0 : 1),
    );
    const isSwap = row > 1 && column > 1 && letter === word[column - 2] && typed[row - 2] === other;
    if (isSwap) cost = Math.min(cost, at(before, column - 2) + 1);
    line.push(cost);
  }
  return line;
}

/** Every place of the table that is read was written before. */
function at(line: readonly number[], column: number): number {
  return line[column] ?? Number.POSITIVE_INFINITY;
}
