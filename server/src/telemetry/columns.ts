import { ABSENCES, formatInstant, type Instant, type TelemetryMessage } from '@anju/contract'
import type { Refusal, SeriesKey, TelemetryBatch } from './store.ts'

const seriesPerHomeMax = 4_096
const firstRows = 8_192
const firstMessages = 1_024
const absenceCode: Readonly<Record<string, number>> = Object.fromEntries(ABSENCES.map((why, index) => [why, index + 1]))

/** Where a gateway's samples belong, and the numbers of the series it has spoken of. */
export interface GatewayScope {
  readonly centre: string
  readonly home: string
  /** What was measured before is erased (epoch ms): it is taken and receipted, so that the home forgets it, and not stored. */
  erasedUntil?: number
  /** `<placement>/<point>` and unit → number of the series. */
  readonly series: Map<string, number>
}

/** Between when something can have been measured, epoch ms. */
export interface Credible {
  readonly from: number
  readonly until: number
}
/** For what was judged before: a second pass over what was taken. */
const EVER: Credible = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }

/**
 * Gathers messages into columns. There is no object per sample: at ten thousand messages a second those would be most of the
 * work. The columns are used again and again; a batch is valid until `clear`.
 */
export class ColumnBuffer implements TelemetryBatch {
  readonly series: SeriesKey[]
  rows = 0
  messages = 0
  seriesOf = new Int32Array(firstRows)
  at = new Float64Array(firstRows)
  value = new Float64Array(firstRows)
  absent = new Uint8Array(firstRows)
  messageEnds = new Int32Array(firstMessages)

  /** `series` may be shared by several buffers: it is one dictionary of the process. */
  constructor(series: SeriesKey[]) {
    this.series = series
  }

  clear(): void {
    this.rows = 0
    this.messages = 0
  }

  /**
   * Adds a validated message; answers why not when it cannot be one of this home's, or was measured at a time that cannot be:
   * charts and sums of what people do must not be made of what a wrong clock says.
   */
  add(scope: GatewayScope, message: TelemetryMessage, { from, until }: Credible = EVER): Refusal | undefined {
    const start = this.rows
    for (const { p, u, t0, dt, v, absent } of message.series) {
      const number = this.#numberOf(scope, p, u)
      if (number === undefined) {
        this.rows = start
        return { code: 'message-malformed', why: `more than ${seriesPerHomeMax} series from one gateway` }
      }
      const count = dt.length
      this.#reserve(count)
      const erasedUntil = scope.erasedUntil ?? Number.NEGATIVE_INFINITY
      let row = this.rows
      for (let i = 0; i < count; i++) {
        const value = v[i]
        const at = t0 + (dt[i] as number)
        if (at < from || at > until) {
          this.rows = start
          return {
            code: 'time-not-credible',
            why: `${p} at ${formatInstant(at as Instant)}: the clock of the gateway is wrong`,
          }
        }
        if (at < erasedUntil) continue
        this.seriesOf[row] = number
        this.at[row] = at
        if (value === null || value === undefined) {
          this.value[row] = 0
          this.absent[row] = absenceCode[absent?.[i] ?? ''] ?? 1
        } else {
          this.value[row] = value
          this.absent[row] = 0
        }
        row++
      }
      this.rows = row
    }
    if (this.messages === this.messageEnds.length)
      this.messageEnds = grown(this.messageEnds, new Int32Array(this.messages * 2))
    this.messageEnds[this.messages++] = this.rows
    return undefined
  }

  #numberOf(scope: GatewayScope, p: string, unit: string): number | undefined {
    const key = `${p} ${unit}`
    const known = scope.series.get(key)
    if (known !== undefined) return known
    if (scope.series.size >= seriesPerHomeMax) return undefined
    const slash = p.indexOf('/')
    const { centre, home } = scope
    const number = this.series.push({ centre, home, placement: p.slice(0, slash), point: p.slice(slash + 1), unit }) - 1
    scope.series.set(key, number)
    return number
  }

  #reserve(more: number): void {
    const needed = this.rows + more
    if (needed <= this.at.length) return
    const rows = Math.max(needed, this.at.length * 2)
    this.seriesOf = grown(this.seriesOf, new Int32Array(rows))
    this.at = grown(this.at, new Float64Array(rows))
    this.value = grown(this.value, new Float64Array(rows))
    this.absent = grown(this.absent, new Uint8Array(rows))
  }
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}
