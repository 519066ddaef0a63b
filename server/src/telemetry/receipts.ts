import type { ErrorCode } from '@anju/contract'

const idsPerReceiptMax = 1_024

/** The receipts of one write, as the JSON that goes on the wire: made here so that the alarm's thread need not. */
export class Receipts {
  readonly #ids = new Map<number, string[]>()
  readonly #refused = new Map<number, [string, ErrorCode][]>()

  committed(gateway: number, id: string): void {
    const ids = this.#ids.get(gateway)
    if (ids) ids.push(id)
    else this.#ids.set(gateway, [id])
  }

  refused(gateway: number, id: string, code: ErrorCode): void {
    const refused = this.#refused.get(gateway)
    if (refused) refused.push([id, code])
    else this.#refused.set(gateway, [[id, code]])
  }

  pages(): { gateway: number; json: string }[] {
    const pages: { gateway: number; json: string }[] = []
    for (const [gateway, ids] of this.#ids)
      for (let from = 0; from < ids.length; from += idsPerReceiptMax)
        // Ids are of a closed alphabet: nothing in them needs escaping.
        pages.push({ gateway, json: `{"ids":["${ids.slice(from, from + idsPerReceiptMax).join('","')}"]}` })
    for (const [gateway, refused] of this.#refused)
      for (let from = 0; from < refused.length; from += idsPerReceiptMax) {
        const some = Object.fromEntries(refused.slice(from, from + idsPerReceiptMax))
        pages.push({ gateway, json: JSON.stringify({ ids: [], refused: some }) })
      }
    return pages
  }
}
