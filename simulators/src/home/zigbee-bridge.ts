import { type Clock, elapsed, type Millis, millis, minutes, type Random, seconds, type Timer } from '@anju/contract'
import { connect, type MqttClient } from 'mqtt'
import { type Publication, SosButton } from '../devices/sos-button/button.ts'
import type { HomeConfig } from './config.ts'

/** How a press fared: `acknowledged` is the gateway's PUBACK, which it gives once the press is on its disk. */
export type PressOutcome =
  | { readonly acknowledged: true; readonly after: Millis }
  | { readonly acknowledged: false; readonly why: string }

const stateTopic = 'zigbee2mqtt/bridge/state'
const checkInEvery = minutes(50)
const pressAcknowledgedWithin = seconds(8)
/** Presses waiting for a gateway that is away; zigbee2mqtt holds them in memory and so do we. */
const pressesWaitingMax = 64

/** The home's zigbee2mqtt: it speaks for the button, and keeps coming back to the gateway's broker. */
export class ZigbeeBridge {
  readonly #client: MqttClient
  readonly #button: SosButton
  readonly #clock: Clock
  readonly #checkIns: Timer
  #waiting = 0

  constructor(
    { broker, button }: Pick<HomeConfig, 'broker' | 'button'>,
    { clock, random, log }: { readonly clock: Clock; readonly random: Random; readonly log: (message: string) => void },
  ) {
    this.#clock = clock
    this.#button = new SosButton({ friendlyName: button.friendlyName, random })
    this.#client = connect(broker.url, {
      clientId: 'zigbee2mqtt',
      username: broker.username,
      password: broker.password,
      reconnectPeriod: 500,
      connectTimeout: 5_000,
      keepalive: 30,
      will: { topic: stateTopic, payload: Buffer.from('{"state":"offline"}'), qos: 1, retain: true },
    })
    // Said once for each time it goes away and each reason, not at every try.
    let away = false
    let reason = ''
    this.#client.on('connect', () => {
      away = false
      reason = ''
      log('connected to the gateway')
      this.#publish({ topic: stateTopic, payload: '{"state":"online"}', qos: 1, retain: true })
      this.#publish(this.#button.checkIn())
    })
    this.#client.on('error', (error) => {
      const said = error.message || String(error)
      if (said !== reason) log(`gateway: ${said}`)
      reason = said
    })
    this.#client.on('close', () => {
      if (!away && !this.#client.disconnecting) log('no connection to the gateway, trying again')
      away = true
    })
    this.#checkIns = clock.every(checkInEvery, () => this.#publish(this.#button.checkIn()))
  }

  get connected(): boolean {
    return this.#client.connected
  }

  /** Presses the button once. A press that is not acknowledged in time is still sent when the gateway is back. */
  async press(): Promise<PressOutcome> {
    if (this.#waiting >= pressesWaitingMax)
      return { acknowledged: false, why: `${pressesWaitingMax} presses already wait for the gateway` }
    const [pressed, released] = this.#button.press()
    const from = this.#clock.monotonic()
    this.#waiting += 1
    const { promise, resolve } = Promise.withResolvers<PressOutcome>()
    const tooLong = this.#clock.after(pressAcknowledgedWithin, () => {
      const why = `not acknowledged by the gateway within ${pressAcknowledgedWithin / 1_000} s; it is sent when the gateway is back`
      resolve({ acknowledged: false, why })
    })
    this.#client.publish(pressed.topic, pressed.payload, { qos: pressed.qos, retain: pressed.retain }, (error) => {
      this.#waiting -= 1
      tooLong.cancel()
      if (!error) this.#publish(released)
      resolve(
        error
          ? { acknowledged: false, why: error.message }
          : { acknowledged: true, after: millis(Math.round(elapsed(from, this.#clock.monotonic()))) },
      )
    })
    return promise
  }

  async stop(): Promise<void> {
    this.#checkIns.cancel()
    if (this.#client.connected)
      await new Promise<void>((resolve) => {
        const giveUp = this.#clock.after(millis(300), resolve)
        this.#client.publish(stateTopic, '{"state":"offline"}', { qos: 1, retain: true }, () => {
          giveUp.cancel()
          resolve()
        })
      })
    await this.#client.endAsync(true)
  }

  /** What says nothing of a press may be lost while the gateway is away: the next one says it again. */
  #publish({ topic, payload, qos, retain }: Publication): void {
    if (this.#client.connected) this.#client.publish(topic, payload, { qos, retain }, () => {})
  }
}
