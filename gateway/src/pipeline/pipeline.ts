import {
  type Absence,
  absent,
  type Clock,
  elapsed,
  errorMessage,
  type Instant,
  type Measurement,
  type Millis,
  type Monotonic,
  millis,
  minutes,
  seconds,
  type Timer,
} from '@anju/contract'
import { type DeviceMemory, mustBeStored, readMemory, unconfirmed, writeMemory } from '../domain/memory.ts'
import { ODDITIES } from '../domain/oddities.ts'
import { heardFrom, unheard } from '../domain/supervision.ts'
import type { DeviceListener } from '../drivers/driver.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Device, DeviceMessage, EventDraft, Heard, Log, Quarantined } from '../ports.ts'
import { Decoding } from './decoding.ts'
import { calmed, draft, hearing, turnedEvents } from './hearing.ts'
import { measure } from './measure.ts'
import { Sampling } from './sampling.ts'
import type { Tally } from './tally.ts'

export interface PipelineOptions {
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Log
  readonly tally: Tally
  readonly devices: readonly Device[]
}

const superviseEvery = seconds(1)
/** Senders named in the log, once each: an installer finds the new button, and a busy street does not fill the disk. */
const strangersMax = 256
/** How much listening time a crash may forget. */
const rememberEvery = minutes(1)

/** From what a driver heard to what is on the disk: decode, measure, judge, and one durable write for all of it. */
export class Pipeline implements DeviceListener {
  readonly #options: PipelineOptions
  readonly #memories = new Map<string, DeviceMemory>()
  readonly #suspended = new Set<string>()
  readonly #announced = new Map<string, Monotonic>()
  /** Devices with an event on its way to the disk, and when it is known whether it got there. */
  readonly #storing = new Map<string, Promise<void>>()
  readonly #decoding: Decoding
  readonly #sampling = new Sampling()
  /** What each point said last, for the person in front of the gateway: one for each measure of each installed device. */
  readonly #latest = new Map<string, Measurement>()
  readonly #strangers = new Set<string>()
  readonly #timers: Timer[] = []
  #startedAt: Monotonic
  #tickedAt: Monotonic

  constructor(options: PipelineOptions) {
    this.#options = options
    const { clock, devices, log } = options
    this.#decoding = new Decoding(log)
    this.#startedAt = clock.monotonic()
    this.#tickedAt = this.#startedAt
    for (const { id } of devices) this.#memories.set(id, this.#stored(id))
  }

  start(): void {
    const { clock } = this.#options
    this.#tickedAt = clock.monotonic()
    this.#timers.push(
      clock.every(superviseEvery, () => this.#supervise()),
      clock.every(rememberEvery, () => this.#inBackground(this.remember(), 'supervision could not be stored')),
    )
  }

  /** Stores the listening time, so that a restart does not begin the supervision anew. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await this.remember()
  }

  latestOf({ id, profile }: Device): readonly Measurement[] {
    return Object.keys(profile.measures).flatMap((point) => this.#latest.get(`${id}/${point}`) ?? [])
  }

  /** One row that cannot be read is one device that begins anew, and no reason for a home to be deaf. */
  #stored(id: string): DeviceMemory {
    const { outbox, clock, log } = this.#options
    try {
      return readMemory(outbox.state(keyOf(id)), clock.now())
    } catch (error) {
      log.error({ device: id, why: errorMessage(error) }, 'what was remembered of a device cannot be read')
      return readMemory(undefined, clock.now())
    }
  }

  memoryOf(device: Device): DeviceMemory {
    return this.#memories.get(device.id) ?? readMemory(undefined, this.#options.clock.now())
  }

  /** Resolves when what the message meant is on the disk. A malformed one is counted and kept, and is no error. */
  async hear(given: DeviceMessage): Promise<void> {
    const { device, heard, message, delivery, retained = false } = given
    const decoded = await this.#decoding.decode(device, message)
    if (!decoded.ok) {
      const { code, message: why } = decoded.error
      await this.refuse({ source: device.id, code, why, bytes: bytesOf(message) })
      // It may have been a press: somebody should ask.
      const doubt = draft(device, 'cannot-tell', heard, { why: code })
      if (code === 'internal') await this.#options.outbox.append({ events: [doubt] })
      return
    }
    // The repeat of a press is acknowledged for the press's sake: it must not be, if that one could not be stored after all.
    for (let storing = this.#storing.get(device.id); storing; storing = this.#storing.get(device.id)) await storing
    this.#options.tally.count('messages-heard')
    const { readings, events: named, heartbeat } = decoded.value
    // A retained message is the broker's memory, and a bridge's word about a device is not the device's.
    const says = Object.keys(readings).length > 0 || named.length > 0 || heartbeat === true
    const alive = given.driver !== 'mqtt' || (!retained && says)
    const before = this.memoryOf(device)
    const { memory, events, samples } = hearing(device, before, {
      decoded: decoded.value,
      heard,
      retained,
      alive,
      delivery,
      announcedAgo: this.#announcedAgo(device, heard),
    })
    for (const { type, phase } of events) this.#options.log.info({ device: device.id, type, phase }, 'event')
    this.#tellOddities(device, before, memory)
    await this.#store(device, memory, events, samples)
  }

  async silence(device: Device, points: readonly string[], why: Absence, alive: boolean): Promise<void> {
    const at = this.#now()
    const before = this.memoryOf(device)
    const watched = alive ? heardFrom(before, at.at) : { memory: before }
    this.#options.tally.count(`absent-${why}`)
    await this.#store(
      device,
      watched.memory,
      turnedEvents(device, watched, at),
      this.#absences(device, points, why, at.at),
    )
  }

  /** Its bridge says that the device has just come back to the network. */
  announced(device: Device, heard: Heard): void {
    this.#announced.set(device.id, heard.mono)
  }

  /** What was heard before the announcement, and judged after it, is not its echo. */
  #announcedAgo(device: Device, heard: Heard): Millis | undefined {
    const at = this.#announced.get(device.id)
    return at === undefined || at > heard.mono ? undefined : elapsed(at, heard.mono)
  }

  stranger(line: string, sender: string): void {
    this.#options.tally.count('device-unknown')
    const key = `${line} ${sender}`
    if (this.#strangers.has(key) || this.#strangers.size >= strangersMax) return
    this.#strangers.add(key)
    this.#options.log.info({ line, sender }, 'heard a device that is not installed here')
  }

  async refuse(refused: Omit<Quarantined, 'at'>): Promise<void> {
    this.#options.tally.count(refused.code)
    this.#options.log.debug({ source: refused.source, code: refused.code, why: refused.why }, 'refused')
    await this.#options.outbox.append({ quarantined: [{ ...refused, at: this.#options.clock.now() }] })
  }

  /** Nobody can be heard on a line that is down: that is one fault, not one of each device. */
  async suspend(devices: readonly Device[]): Promise<void> {
    const now = this.#options.clock.now()
    for (const device of devices) {
      this.#suspended.add(device.id)
      this.#memories.set(device.id, unconfirmed(this.memoryOf(device)))
    }
    const samples = devices.flatMap((device) =>
      this.#absences(device, Object.keys(device.profile.measures), 'line-down', now),
    )
    await this.#options.outbox.append({ samples })
  }

  resume(devices: readonly Device[]): void {
    for (const device of devices) this.#suspended.delete(device.id)
  }

  /** Not of a device whose event is on its way: a memory of it on the disk without the event would bar it for good. */
  async remember(): Promise<void> {
    const settled = [...this.#memories].filter(([id]) => !this.#storing.has(id))
    const states = Object.fromEntries(settled.map(([id, memory]) => [keyOf(id), writeMemory(memory)]))
    if (settled.length > 0) await this.#options.outbox.append({ states })
  }

  #supervise(): void {
    const now = this.#options.clock.monotonic()
    const passed = elapsed(this.#tickedAt, now)
    this.#tickedAt = now
    for (const device of this.#options.devices) {
      this.#calm(device)
      if (this.#suspended.has(device.id)) continue
      const watched = unheard(this.memoryOf(device), millis(passed), device.profile.supervision.lostAfter)
      if (!watched.turned) {
        this.#memories.set(device.id, watched.memory)
        continue
      }
      const heard = this.#now()
      this.#options.log.warn({ device: device.id, unheardMs: watched.memory.unheardMs }, 'device is silent')
      const samples = this.#absences(device, Object.keys(device.profile.measures), 'device-silent', heard.at)
      this.#inBackground(
        this.#store(device, unconfirmed(watched.memory), turnedEvents(device, watched, heard), samples),
        'a silent device could not be reported',
      )
    }
  }

  #calm(device: Device): void {
    const calm = calmed(device, this.memoryOf(device), this.#startedAt, this.#now())
    if (!calm) return
    const stored = this.#store(device, calm.memory, calm.events, calm.samples)
    this.#inBackground(stored, 'a switch that is calm again could not be reported')
  }

  async #store(
    device: Device,
    memory: DeviceMemory,
    events: readonly EventDraft[],
    samples: readonly Measurement[],
  ): Promise<void> {
    const before = this.memoryOf(device)
    this.#memories.set(device.id, memory)
    for (const sample of samples) this.#latest.set(`${device.id}/${sample.point}`, sample)
    const changed = events.length > 0 || mustBeStored(before, memory)
    const { outbox } = this.#options
    const known = Promise.withResolvers<void>()
    if (events.length > 0) this.#storing.set(device.id, known.promise)
    try {
      await outbox.append({
        events,
        samples: this.#sampling.worthKeeping(samples, device.profile.supervision.reportEvery, device.profile.measures),
        ...(changed && { states: { [keyOf(device.id)]: writeMemory(memory) } }),
      })
    } catch (error) {
      // Nothing of it is on the disk, so nothing of it happened: the same press sent again must be a press again.
      this.#memories.set(device.id, {
        ...this.#stored(device.id),
        lastHeardAt: memory.lastHeardAt,
      })
      this.#sampling.forget(samples)
      throw error
    } finally {
      if (this.#storing.get(device.id) === known.promise) this.#storing.delete(device.id)
      known.resolve()
    }
  }

  /** Once for each new thing that was not taken at its word: the rest is counted, for `doctor` and the local page. */
  #tellOddities(device: Device, before: DeviceMemory, { oddities }: DeviceMemory): void {
    for (const { kind, of, times } of oddities)
      if (times === 1 && !before.oddities.some((one) => one.kind === kind && one.of === of))
        this.#options.log.warn({ device: device.id, of, kind }, ODDITIES[kind])
  }

  #absences(device: Device, points: readonly string[], why: Absence, at: Instant): Measurement[] {
    const readings = Object.fromEntries(points.map((point) => [point, absent(why)]))
    return [...measure(device.placement, device.profile.measures, readings, at, {}).samples]
  }

  #now(): Heard {
    return { at: this.#options.clock.now(), mono: this.#options.clock.monotonic() }
  }

  #inBackground(work: Promise<void>, failed: string): void {
    work.catch((error: unknown) => this.#options.log.error({ why: errorMessage(error) }, failed))
  }
}

const keyOf = (device: string): string => `device:${device}`

/** What a person will look at: the bytes themselves, or for messages that were taken apart already, their words. */
function bytesOf(message: object): Uint8Array {
  if ('payload' in message && message.payload instanceof Uint8Array) return message.payload
  if ('data' in message && message.data instanceof Uint8Array) return message.data
  return new TextEncoder().encode(JSON.stringify(message))
}
