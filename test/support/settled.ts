/**
 * Waits for all of them, also when one fails: what the others do is not left behind.
 *
 * @returns what they gave, in their order.
 * @throws what the first of them that failed was rejected with.
 */
export async function allSettled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(promises);
  const failed = ended.find((one) => one.status === "rejected");
  if (failed) throw failed.reason;
  return ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}
