import type { ErrorCode, GatewayId, Receipt } from '@anju/contract'
import type { Downlink } from '../ports.ts'
import type { IngestCounters } from './counters.ts'

const idsPerReceiptMax = 1_024

interface Page {
  ids: string[]
  refused: Record<string, ErrorCode>
  refusedCount: number
  retryAfterS: number
}

/** Receipts, gathered per gateway until `flush`: one message settles everything one commit settled. */
export class ReceiptBook {
  readonly #pages = new Map<GatewayId, Page>()
  readonly #downlink: Downlink
  readonly #counters: IngestCounters
  #scheduled = false

  constructor(downlink: Downlink, counters: IngestCounters) {
    this.#downlink = downlink
    this.#counters = counters
  }

  committed(gateway: GatewayId, id: string): void {
    const page = this.#page(gateway)
    page.ids.push(id)
    if (page.ids.length >= idsPerReceiptMax) this.#send(gateway, page)
  }

  /** Sent at the end of this turn, together with what else is refused in it. */
  refused(gateway: GatewayId, id: string, code: ErrorCode): void {
    const page = this.#page(gateway)
    page.refused[id] = code
    page.refusedCount++
    if (page.refusedCount >= idsPerReceiptMax) this.#send(gateway, page)
    this.#schedule()
  }

  retryAfter(gateway: GatewayId, seconds: number): void {
    const page = this.#page(gateway)
    page.retryAfterS = Math.max(page.retryAfterS, seconds)
    this.#schedule()
  }

  flush(): void {
    for (const [gateway, page] of this.#pages) this.#send(gateway, page)
  }

  #page(gateway: GatewayId): Page {
    const page = this.#pages.get(gateway) ?? { ids: [], refused: {}, refusedCount: 0, retryAfterS: 0 }
    this.#pages.set(gateway, page)
    return page
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.flush()
    })
  }

  #send(gateway: GatewayId, page: Page): void {
    this.#pages.delete(gateway)
    const receipt: Receipt = {
      ids: page.ids,
      ...(page.refusedCount > 0 ? { refused: page.refused } : {}),
      ...(page.retryAfterS > 0 ? { retryAfterS: page.retryAfterS } : {}),
    }
    this.#counters.receipts++
    this.#downlink.send(gateway, 'receipt', receipt)
  }
}
