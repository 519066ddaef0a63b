import type { Random } from '@anju/contract'
import { integerBetween } from '@anju/contract'

export interface Publication {
  readonly topic: string
  readonly payload: string
  readonly qos: 0 | 1
  readonly retain: boolean
}

/** A Tuya TS0215A emergency button as zigbee2mqtt speaks for it, base topic `zigbee2mqtt`. */
export class SosButton {
  readonly #topic: string
  readonly #random: Random
  readonly #batteryPct: number

  constructor(options: { readonly friendlyName: string; readonly random: Random; readonly batteryPct?: number }) {
    this.#topic = `zigbee2mqtt/${options.friendlyName}`
    this.#random = options.random
    this.#batteryPct = options.batteryPct ?? 80
  }

  /** One press: the action, and the empty action that zigbee2mqtt sends right after it, which means nothing. */
  press(): readonly [Publication, Publication] {
    const linkquality = this.#linkQuality()
    return [this.#message({ action: 'emergency', linkquality }), this.#message({ action: '', linkquality })]
  }

  /** What it says of itself every few hours without being pressed. */
  checkIn(): Publication {
    return this.#message({ linkquality: this.#linkQuality() })
  }

  #message(fields: Readonly<Record<string, unknown>>): Publication {
    const payload = JSON.stringify({ ...fields, battery: this.#batteryPct })
    return { topic: this.#topic, payload, qos: 1, retain: false }
  }

  #linkQuality(): number {
    return integerBetween(this.#random, 74, 112)
  }
}
