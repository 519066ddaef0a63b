import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { formatInstant, type Instant, parseInstant } from '@anju/contract'
import type { Absence, Household } from '../resident/household.ts'

interface Kept {
  readonly at: Instant
  readonly wattMs: number
  readonly absence: Absence | undefined
}

/** New meters are tested; this one has some years behind it. */
const firstRegisterWattMs = 3_412.07 * 3.6e9

/**
 * The meter's register: what was counted up to a moment, kept on disk, and from there the integral of the load. After a crash
 * it continues from the last moment kept by the day's plan, which never draws less than what really ran: it cannot fall.
 */
export class Register {
  readonly #file: string
  readonly #household: Household
  #kept: Kept

  constructor(file: string, household: Household, now: Instant) {
    this.#file = file
    this.#household = household
    this.#kept = read(file) ?? { at: now, wattMs: Math.round(firstRegisterWattMs), absence: undefined }
  }

  get absence(): Absence | undefined {
    return this.#kept.absence
  }

  wattMsAt(now: Instant): number {
    const { at, wattMs, absence } = this.#kept
    return wattMs + this.#household.energyWattMs(at, now, absence)
  }

  /** From now on somebody is away, or is back; what ran until now stays counted. */
  setAbsence(now: Instant, absence: Absence | undefined): void {
    this.#save({ at: this.#laterOf(now), wattMs: this.wattMsAt(now), absence })
  }

  keep(now: Instant): void {
    const over = this.#kept.absence && this.#kept.absence.until <= now
    this.#save({ at: this.#laterOf(now), wattMs: this.wattMsAt(now), absence: over ? undefined : this.#kept.absence })
  }

  /** A machine whose clock went back must not count the same hours twice. */
  #laterOf(now: Instant): Instant {
    return Math.max(now, this.#kept.at) as Instant
  }

  #save(kept: Kept): void {
    this.#kept = kept
    const { at, wattMs, absence } = kept
    const text = JSON.stringify({
      at: formatInstant(at),
      wattMs,
      ...(absence && { away: { from: formatInstant(absence.from), until: formatInstant(absence.until) } }),
    })
    // Written beside and renamed: a crash leaves the old file or the new one, never half of one.
    const beside = `${this.#file}.new`
    const file = openSync(beside, 'w', 0o600)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(beside, this.#file)
  }
}

function read(file: string): Kept | undefined {
  try {
    const { at, wattMs, away } = JSON.parse(readFileSync(file, 'utf8')) as {
      at: string
      wattMs: number
      away?: { from: string; until: string }
    }
    if (!Number.isSafeInteger(wattMs) || wattMs < 0) return undefined
    const absence = away && { from: parseInstant(away.from), until: parseInstant(away.until) }
    return { at: parseInstant(at), wattMs, absence }
  } catch {
    return undefined // no file yet, or one that says nothing: a new meter
  }
}
