import { DomainError, errorMessage } from '@anju/contract'
import { type Attempt, decodeWith } from '@anju/device-profiles/decode-with'
import type { Decoded, DeviceOptions } from '@anju/device-profiles/profile'
import type { Device, Log } from '../ports.ts'

type Decode = (message: unknown, options: DeviceOptions) => Decoded | Promise<Decoded>

/**
 * From a message to what its profile makes of it. A file's expressions answer later: what a device says next waits behind it, so that
 * nothing overtakes. A fault of our own in a codec is the message's refusal (`internal`) and no more: thrown, it would cut off the
 * bridge that brought it, which would bring it again for ever, and every other device with it.
 */
export class Decoding {
  readonly #log: Log
  /** What each device's file has still to say of its last message. */
  readonly #pending = new Map<string, Promise<Attempt<Decoded>>>()

  constructor(log: Log) {
    this.#log = log
  }

  async decode(device: Device, message: object): Promise<Attempt<Decoded>> {
    const attempt = this.#attempt(device, message)
    if (!attempt.ok || !(attempt.value instanceof Promise)) return attempt as Attempt<Decoded>
    const answer = attempt.value.then(
      (value): Attempt<Decoded> => ({ ok: true, value }),
      (error: unknown): Attempt<Decoded> => ({ ok: false, error: this.#refusal(device, error) }),
    )
    const before = this.#pending.get(device.id)
    const inTurn = Promise.allSettled([before, answer]).then(() => answer)
    this.#pending.set(device.id, inTurn)
    try {
      return await inTurn
    } finally {
      if (this.#pending.get(device.id) === inTurn) this.#pending.delete(device.id)
    }
  }

  #attempt(device: Device, message: object): Attempt<Decoded | Promise<Decoded>> {
    try {
      return decodeWith((given) => (device.profile.decode as Decode)(given, device.options), message)
    } catch (error) {
      return { ok: false, error: this.#refusal(device, error) }
    }
  }

  #refusal(device: Device, error: unknown): DomainError {
    if (error instanceof DomainError) return error
    this.#log.error({ device: device.id, profile: device.profile.id, error }, 'a codec failed by our own fault')
    return new DomainError('internal', `a fault of ours: ${errorMessage(error)}`, {}, { cause: error })
  }
}
