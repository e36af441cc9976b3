import editDistance from "damerau-levenshtein";

/**
 * Suggests the candidate that a misspelt word is closest to.
 * @returns ` Did you mean "x"?`, or an empty string when no candidate is close: it may differ by one letter in three, and by one
 *   letter in a shorter word. Two swapped letters count as one.
 */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const [closest] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()).steps }))
    .sort((a, b) => a.distance - b.distance);
  if (closest === undefined || closest.distance > Math.max(1, Math.floor(word.length / 3))) return "";
  return ` Did you mean "${closest.candidate}"?`;
}
