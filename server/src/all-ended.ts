/**
 * What all of them answer, when the last one has ended: so that none goes on in a transaction, or a server, that is over.
 * @throws what the first of those that failed threw, in their order.
 */
export async function allEnded<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work)
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
}
