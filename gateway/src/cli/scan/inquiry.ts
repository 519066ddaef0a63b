import { definitionOf, type Millis, millis } from '@anju/contract'
import { FrameScanner } from '@anju/device-profiles/frame-scanner'
import type { Measure } from '@anju/device-profiles/profile'
import type { AnyProfile } from '@anju/device-profiles/registry'
import type { PolledWire } from '@anju/device-profiles/wire'
import type { Conversation } from './conversation.ts'
import { coverageMin, type Sighting } from './ear.ts'
import { candidates } from './findings.ts'
import type { Asking, Trial } from './plan.ts'
import { deviceIn, type PolledName, type Question } from './questions.ts'
import { type Spoken, spokenBy } from './spoken.ts'

/** Answers that overlap may not overlap the next time. */
const callsMax = 3
/** Fewer bytes beside frames are a glitch of a transceiver, or what a radio head puts before its frames. */
const spoiltBytesMin = 12
/** What wakes a receiver, and what a line says while it turns round. */
const FILLERS = new Set([0x00, 0xfe, 0xff])
const firstPollsOfAProfile = 2
const firstPollsMax = 16
const triesMax = 2
const devicesMax = 256

interface Outcome {
  readonly found: number
  readonly spoilt: boolean
  readonly took: Millis
}

/** Asks a line everything a trial has to ask, and keeps who answered. */
export class Inquiry {
  readonly #trial: Trial
  readonly #conversation: Conversation
  readonly #isOver: () => boolean
  readonly #onStray: (bytes: Uint8Array) => void
  readonly #answered = new Map<string, Sighting>()
  readonly collided = new Set<PolledName>()
  echoed = false

  /** `onStray`: bytes that came back and were no frame of the protocol that was spoken. */
  constructor(
    trial: Trial,
    conversation: Conversation,
    { isOver, onStray }: { isOver: () => boolean; onStray: (bytes: Uint8Array) => void },
  ) {
    this.#trial = trial
    this.#conversation = conversation
    this.#isOver = isOver
    this.#onStray = onStray
  }

  get answered(): readonly Sighting[] {
    return [...this.#answered.values()]
  }

  async askAll(asking: Asking): Promise<void> {
    const { search, questions, name } = asking
    let reachedAll = false
    for (const question of questions) {
      if (this.#isOver() || reachedAll) return
      if (question.to !== undefined && this.#answered.has(keyOf(name, question.to))) continue
      if (question.to !== undefined) await this.#ask(asking, question)
      else reachedAll = (await this.#call(asking, question)) && search.callReachesAll
    }
  }

  /** Whether exactly one answered. Several at once spoil each other's words, and are called again. */
  async #call(asking: Asking, question: Question): Promise<boolean> {
    let tookMs = 0
    for (let call = 0; call < callsMax && !this.#isOver(); call++) {
      const { found, spoilt, took } = await this.#ask(asking, question)
      if (!spoilt) return found === 1
      tookMs += took
    }
    if (this.#isOver()) return false
    // Who speaks by himself is heard as often when nobody asks.
    const unasked = await this.#conversation.listen(millis(tookMs))
    if (unasked.byteLength < spoiltBytesMin) this.collided.add(asking.name)
    else this.#onStray(unasked)
    return false
  }

  async #ask({ name, wire, search }: Asking, question: Question): Promise<Outcome> {
    const seen = new Map<string, Sighting>()
    let last = ''
    const { bytes, echoed, took } = await this.#conversation.ask({
      wire,
      exchange: question.begin(),
      answerWithin: question.answerWithin,
      toAnybody: question.to === undefined,
      onFrame: (frame) => {
        const device = deviceIn(wire, search, frame)
        if (!device) return
        last = keyOf(name, device.address)
        if (!seen.has(last)) seen.set(last, { name, frame, messages: [], ...device })
      },
      onAnswer: (message) => {
        const sighting = seen.get(last)
        if (sighting && search.answersAreReadings) seen.set(last, { ...sighting, messages: [message] })
      },
    })
    this.echoed ||= echoed
    const noise = noiseIn(wire, bytes)
    if (noise > bytes.byteLength * (1 - coverageMin)) seen.clear()
    for (const [key, sighting] of seen)
      if (!this.#answered.has(key) && this.#answered.size < devicesMax) this.#answered.set(key, sighting)
    if (seen.size === 0 && bytes.byteLength > 0) this.#onStray(bytes)
    return { found: seen.size, spoilt: noise >= spoiltBytesMin, took }
  }

  /** The first words of a device, in which it also shows which profile's questions it knows. */
  async firstWords(sighting: Sighting): Promise<Spoken | undefined> {
    const own = candidates(sighting.name, this.#trial).filter(({ driver }) => driver === sighting.name)
    const said = spokenBy(own, sighting.messages)
    const asking = this.#trial.asking.find(({ name }) => name === sighting.name)
    if (said || !asking) return said
    let polls = 0
    for (const profile of own)
      for (const { ask } of firstPolls(profile)) {
        if (this.#isOver() || ++polls > firstPollsMax) return undefined
        if (asking.search.suits && !asking.search.suits(ask, sighting.frame)) continue
        const spoken = spokenBy([profile], await this.#poll(asking, sighting, ask))
        if (spoken) return spoken
      }
    return undefined
  }

  async #poll({ wire, search }: Asking, { address = '' }: Sighting, ask: unknown): Promise<readonly unknown[]> {
    const aloneOnBus = this.#answered.size === 1
    const messages: unknown[] = []
    for (let unanswered = 0; unanswered < triesMax && !this.#isOver(); unanswered++) {
      let isAnswered = false
      // Where makers differ, the second question is put otherwise.
      await this.#conversation.ask({
        wire,
        exchange: wire.begin({ address, ask, aloneOnBus, unanswered, speedChanges: false }),
        answerWithin: wire.timing.answerWithin,
        toAnybody: false,
        onFrame: (frame) => {
          isAnswered ||= deviceIn(wire, search, frame) !== undefined
        },
        onAnswer: (message) => messages.push(message),
      })
      if (isAnswered) break
    }
    return messages
  }
}

/** A total first: an installer can compare it with what the meter shows. */
function firstPolls({ polls = [], measures }: AnyProfile): readonly { readonly ask: unknown }[] {
  const totals = new Set(
    Object.entries<Measure>(measures).flatMap(([point, { quantity }]) =>
      definitionOf(quantity).counter === true ? [point] : [],
    ),
  )
  const rank = ({ points }: { readonly points: readonly string[] }): number =>
    points.some((point) => totals.has(point)) ? 0 : 1
  return [...polls].toSorted((a, b) => rank(a) - rank(b)).slice(0, firstPollsOfAProfile)
}

const keyOf = (name: PolledName, address = ''): string => `${name} ${address}`

/** Bytes that stand in no frame of this protocol. */
function noiseIn({ framing }: PolledWire, bytes: Uint8Array): number {
  const meant = bytes.filter((byte) => !FILLERS.has(byte))
  if (meant.byteLength < spoiltBytesMin) return 0
  const scanner = new FrameScanner(framing)
  scanner.push(bytes)
  scanner.reset()
  const fillers = bytes.byteLength - meant.byteLength
  return Math.max(0, scanner.noiseBytes - fillers)
}
