/**
 * A function of a text that remembers what it gave, for a function that gives the same for the same text and takes long to. An error is
 * not remembered.
 *
 * @param most how many texts are remembered. It begins again when there are more, so that a process that runs for long does not grow.
 */
export function remembered<T extends object>(most: number, give: (text: string) => T): (text: string) => T {
  const given = new Map<string, T>();
  return (text) => {
    const known = given.get(text);
    if (known !== undefined) return known;
    const value = give(text);
    if (given.size >= most) given.clear();
    given.set(text, value);
    return value;
  };
}
