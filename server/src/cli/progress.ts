import { type Clock, elapsed, type Millis, type Monotonic, seconds } from '@anju/contract'

export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** How far something has come: `done` of `total`, both counted since it was begun the first time. */
export interface Progress {
  readonly what: string
  readonly done: number
  readonly total: number
  /** What is told besides, and how fast that grows. */
  readonly rows: number
  readonly unit: string
}

const barWidth = 24
const drawEvery = seconds(0.2)
const lineEvery = seconds(5)

/** A bar that is drawn over itself on a terminal; elsewhere, where every line stays, one every few seconds. */
export class ProgressLine {
  readonly #screen: Screen
  readonly #clock: Clock
  #begun: { readonly progress: Progress; readonly at: Monotonic } | undefined
  #drawn: Monotonic | undefined

  constructor(screen: Screen, clock: Clock) {
    this.#screen = screen
    this.#clock = clock
  }

  show(progress: Progress): void {
    const now = this.#clock.monotonic()
    if (this.#begun?.progress.what !== progress.what) this.#begun = { progress, at: now }
    const every = this.#screen.isTTY ? drawEvery : lineEvery
    this.#drawn ??= now
    if (elapsed(this.#drawn, now) < every) return
    this.#drawn = now
    const line = lineOf(progress, this.#begun.progress, elapsed(this.#begun.at, now))
    if (!this.#screen.isTTY) this.#screen.write(`${line}\n`)
    else this.#screen.write(`\r${cut(`${barOf(progress)} ${line}`, (this.#screen.columns ?? 80) - 1)}\x1b[K`)
  }

  /** Before something else is said on the same screen. */
  clear(): void {
    if (this.#screen.isTTY && this.#drawn !== undefined) this.#screen.write('\r\x1b[K')
  }
}

export function barOf({ done, total }: Pick<Progress, 'done' | 'total'>): string {
  const full = total === 0 ? barWidth : Math.floor((barWidth * Math.min(done, total)) / total)
  return `[${'#'.repeat(full)}${'.'.repeat(barWidth - full)}]`
}

/** The rate and what remains are of this run, whatever was done by others before. */
export function lineOf(progress: Progress, begun: Progress, after: Millis): string {
  const { what, done, total, rows, unit } = progress
  const percent = total === 0 ? 100 : Math.min(100, Math.floor((100 * done) / total))
  const rate = after === 0 ? 0 : ((rows - begun.rows) * 1_000) / after
  const left = done > begun.done ? (after * (total - done)) / (done - begun.done) : undefined
  const remaining = left === undefined || done >= total ? '' : `, ${duration(left)} left`
  return `${what}: ${percent} %, ${rows.toLocaleString('en')} ${unit} (${Math.round(rate).toLocaleString('en')}/s)${remaining}`
}

function duration(ms: number): string {
  const minutes = Math.ceil(ms / 60_000)
  if (ms < 60_000) return `${Math.max(1, Math.ceil(ms / 1_000))} s`
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`
}

const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text)
