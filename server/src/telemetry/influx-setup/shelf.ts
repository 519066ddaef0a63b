import type { Body, Found, Thing } from './thing.ts'

/** One kind of thing in an InfluxDB. */
export interface Shelf {
  /** Those that the token may see: InfluxDB leaves out the others without a word. */
  find(): Promise<Found[]>
  create(thing: Thing): Promise<void>
  change(id: string, thing: Thing): Promise<void>
}

/** What InfluxDB answers, as it will be compared: plain JSON. */
export const plain = (answer: object): Body => JSON.parse(JSON.stringify(answer)) as Body

/** A text of a thing's body; empty where there is none. */
export function textOf(body: Body, key: string): string {
  const text = body[key]
  return typeof text === 'string' ? text : ''
}

export const pageSize = 100
const pagesMax = 100

/** Page after page, until one is not full. */
export async function allPages<T>(page: (offset: number) => Promise<readonly T[] | undefined>): Promise<T[]> {
  const all: T[] = []
  for (let number = 0; number < pagesMax; number++) {
    const items = (await page(number * pageSize)) ?? []
    all.push(...items)
    if (items.length < pageSize) break
  }
  return all
}
