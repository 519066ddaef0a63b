import type { SamplePage } from '../archive.ts'

/** A place in a sequence of pages: it moves row by row, and waits only where a page ends. */
export class PageReader {
  readonly #pages: AsyncIterator<SamplePage>
  #page: SamplePage | undefined
  #row = 0

  constructor(pages: AsyncIterable<SamplePage>) {
    this.#pages = pages[Symbol.asyncIterator]()
  }

  /** To the first row, or to the next one; false behind the last. */
  async next(): Promise<boolean> {
    if (this.#page && ++this.#row < this.#page.at.length) return true
    const { done, value } = await this.#pages.next()
    this.#page = done ? undefined : value
    this.#row = 0
    return this.#page !== undefined
  }

  /** Undefined before the first row and behind the last. */
  get at(): number | undefined {
    return this.#page?.at[this.#row]
  }
  get value(): number {
    return this.#page?.value[this.#row] as number
  }
  get absent(): number {
    return this.#page?.absent[this.#row] as number
  }

  async end(): Promise<void> {
    await this.#pages.return?.()
  }
}
