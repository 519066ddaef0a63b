/**
 * What all of them answer, when the last one has ended: so that none goes on in a transaction, or a server, that is over.
 * @throws what the first of those that failed threw, in their order.
 */
export async function allEnded<T extends readonly unknown[] | []>(work: T): Promise<Answers<T>> {
  const ended = await Promise.allSettled(work)
  const answers = ended.map((one) => {
    if (one.status === 'rejected') throw one.reason
    return one.value
  })
  return answers as Answers<T>
}

type Answers<T extends readonly unknown[] | []> = { -readonly [Nth in keyof T]: Awaited<T[Nth]> }
