import { type Clock, DomainError, hours, type Millis, millis, type Random, sleep } from '@anju/contract'
import { wires } from '@anju/device-profiles/wires'
import { Line } from '../../serial-line/line.ts'
import type { OpenTransport } from '../../serial-line/transport.ts'
import { silentLog } from '../../testing/silent-log.ts'
import { Conversation } from './conversation.ts'
import { Ear, type Sighting } from './ear.ts'
import { candidates, type Device, type Findings } from './findings.ts'
import { Inquiry } from './inquiry.ts'
import type { Trial } from './plan.ts'
import { spokenBy } from './spoken.ts'

export interface Tools {
  readonly open: OpenTransport
  readonly clock: Clock
  readonly random: Random
  /** Ends the search; what was found until then is handed back. */
  readonly signal: AbortSignal
}

const listeningSlice = millis(250)
/** Bytes in more slices than this before anything is asked: somebody sends, and is set otherwise. */
const noisySlicesMax = 1

/**
 * One trial: opens the line as it says, listens, asks, and closes it. What is wrong with the port is part of what was found.
 * `onDevice`: once for each, as soon as it is known.
 */
export async function searchLine(trial: Trial, tools: Tools, onDevice: (device: Device) => void): Promise<Findings> {
  const { clock, random, signal, open } = tools
  // A line that is mute stays open: here silence is an answer.
  const line = new Line({ id: 'scan', url: trial.url, clock, random, log: silentLog, open, quietMax: hours(24) })
  let refused: string | undefined
  line.onState((state) => {
    if (state.state === 'down') refused ??= state.why ?? 'closed'
  })
  const stop = () => void line.stop()
  signal.addEventListener('abort', stop, { once: true })
  const search = new Search(trial, line, { ...tools, onDevice }, () => signal.aborted || refused !== undefined)
  try {
    await line.start()
    await search.run()
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'port-unavailable') throw error
    if (!signal.aborted) refused ??= error.message
  } finally {
    signal.removeEventListener('abort', stop)
    await line.stop()
  }
  search.tellTalkers()
  return { ...search.findings(), ...(refused !== undefined && { refused }) }
}

/** First listens, then asks, then listens for what speaks more seldom. */
class Search {
  readonly #trial: Trial
  readonly #tools: Tools & { readonly onDevice: (device: Device) => void }
  readonly #isOver: () => boolean
  readonly #ear: Ear
  readonly #inquiry: Inquiry
  readonly #devices: Device[] = []
  #asking = false
  #listened = 0
  #noisySlices = 0
  #wasQuiet = true
  #otherMaster = false

  constructor(
    trial: Trial,
    line: Line,
    tools: Tools & { readonly onDevice: (device: Device) => void },
    isOver: () => boolean,
  ) {
    this.#trial = trial
    this.#tools = tools
    this.#isOver = isOver
    this.#ear = new Ear(trial.talkers)
    line.onBytes((bytes) => {
      if (!this.#asking) this.#ear.hear(bytes)
    })
    // What answers a question is read as its protocol; the rest may be anything.
    const onStray = (bytes: Uint8Array) => this.#ear.hear(bytes)
    this.#inquiry = new Inquiry(trial, new Conversation(line, tools), { isOver, onStray })
  }

  async run(): Promise<void> {
    const { listenFirst, listenInAll, asking, isGiven } = this.#trial
    await this.#listen(listenFirst)
    // Whoever sends is waited for: its next whole frame may be ten seconds away.
    if (this.#ear.bytesHeard > 0) await this.#listen(listenInAll)
    this.#wasQuiet = this.#ear.bytesHeard === 0
    this.#otherMaster = this.#ear.overheard().length > 0
    // Two masters spoil each other's questions, and one of them is the home's.
    if (this.#otherMaster || this.#ear.talking().length > 0) return
    if (this.#noisySlices > noisySlicesMax && !isGiven) return
    this.#asking = true
    for (const one of asking) {
      const before = new Set(this.#inquiry.answered)
      await this.#inquiry.askAll(one)
      for (const sighting of this.#inquiry.answered)
        if (!before.has(sighting)) this.#tell({ sighting, spoken: await this.#inquiry.firstWords(sighting) })
    }
    this.#asking = false
    if (this.#devices.length === 0) await this.#listen(listenInAll)
  }

  /** What spoke by itself, or so late that another question had been asked. */
  tellTalkers(): void {
    for (const sighting of [...this.#ear.talking(), ...this.#ear.overheard()])
      if (!this.#isTold(sighting))
        this.#tell({ sighting, spoken: spokenBy(candidates(sighting.name, this.#trial), sighting.messages) })
  }

  #isTold({ name, address }: Sighting): boolean {
    const { protocol } = wires[name]
    return this.#devices.some(
      ({ sighting }) => wires[sighting.name].protocol === protocol && sighting.address === address,
    )
  }

  #tell(device: Device): void {
    this.#devices.push(device)
    this.#tools.onDevice(device)
  }

  findings(): Findings {
    return {
      trial: this.#trial,
      devices: this.#devices,
      // Where somebody sends all the time, what comes back with a question need not be its answer.
      collided: this.#wasQuiet ? [...this.#inquiry.collided] : [],
      bytesHeard: this.#ear.bytesHeard,
      echoed: this.#inquiry.echoed,
      looksLike698: this.#ear.looksLike698,
      otherMaster: this.#otherMaster,
    }
  }

  /** Until so long was listened in all. A line with one talker is known with its first frame; a receiver hears several. */
  async #listen(inAll: Millis): Promise<void> {
    const { clock, signal } = this.#tools
    while (this.#listened < inAll && !this.#isOver()) {
      const before = this.#ear.bytesHeard
      await sleep(clock, listeningSlice, signal)
      this.#listened += listeningSlice
      if (this.#ear.bytesHeard > before) this.#noisySlices++
      if (this.#ear.talking().some(({ address }) => address === undefined)) break
    }
    this.#ear.quiet()
  }
}
