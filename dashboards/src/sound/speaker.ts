import { pageClock } from '../edge/page-clock.ts'

/** Loudness of the two levels, and how long one pattern lasts: it is played anew by each second's tick. */
const gains = { normal: 0.25, loud: 0.8 }

interface Tone {
  readonly hz: number
  readonly atS: number
  readonly forS: number
}
const patterns: Record<'alarm' | 'again' | 'link', readonly Tone[]> = {
  alarm: [
    { hz: 960, atS: 0, forS: 0.18 },
    { hz: 720, atS: 0.2, forS: 0.18 },
    { hz: 960, atS: 0.4, forS: 0.18 },
    { hz: 720, atS: 0.6, forS: 0.22 },
  ],
  again: [
    { hz: 1_180, atS: 0, forS: 0.12 },
    { hz: 1_180, atS: 0.18, forS: 0.12 },
    { hz: 1_180, atS: 0.36, forS: 0.12 },
  ],
  link: [
    { hz: 220, atS: 0, forS: 0.35 },
    { hz: 196, atS: 0.4, forS: 0.35 },
  ],
}
export type Pattern = keyof typeof patterns

/** A voice that has not come for so long does not come any more: its device was away when it was asked for. */
const givenUpAfterMs = 10_000

/**
 * The seat's loudspeaker. A browser gives it a voice only after a person has touched the page; until then, and whenever
 * the machine takes it away, `audible` is false and the page must say so.
 */
class Speaker {
  #context: AudioContext | undefined
  #askedAt = 0
  readonly #listeners = new Set<() => void>()

  readonly audible = (): boolean => this.#context?.state === 'running'
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Asks for a voice; call it from a click or a key. The answer comes through `subscribe`: without a touch a browser
   * leaves the request open for as long as it likes. Called once more after a while, it asks for another one.
   */
  unlock(): void {
    try {
      this.#voice()
        .resume()
        .then(
          () => this.#changed(),
          () => this.#changed(),
        )
    } catch {
      // No audio device: stays inaudible, and the page says so.
    }
    this.#changed()
  }

  #voice(): AudioContext {
    const now = pageClock.monotonic()
    const before = this.#context
    if (before && (this.audible() || now - this.#askedAt < givenUpAfterMs)) return before
    const context = new AudioContext()
    before?.close().catch(() => undefined)
    context.addEventListener('statechange', () => this.#changed())
    this.#context = context
    this.#askedAt = now
    return context
  }

  /** Plays one pattern now, on top of whatever still sounds. Silent while not `audible`. */
  play(pattern: Pattern, loud = false): void {
    const context = this.#context
    if (context?.state !== 'running') return
    const volume = loud ? gains.loud : gains.normal
    for (const { hz, atS, forS } of patterns[pattern]) {
      const from = context.currentTime + 0.02 + atS
      const tone = context.createOscillator()
      const gain = context.createGain()
      tone.type = 'triangle'
      tone.frequency.value = hz
      gain.gain.setValueAtTime(0, from)
      gain.gain.linearRampToValueAtTime(volume, from + 0.012)
      gain.gain.setValueAtTime(volume, from + forS - 0.03)
      gain.gain.linearRampToValueAtTime(0, from + forS)
      tone.connect(gain).connect(context.destination)
      tone.start(from)
      tone.stop(from + forS + 0.02)
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

export const speaker = new Speaker()
