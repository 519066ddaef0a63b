import { DomainError } from '@anju/contract'

/** What came of decoding: the value, or the coded reason why the message was refused. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DomainError }

/**
 * Runs a codec. What the device did wrong (a `DomainError`) comes back as a value, so the pipeline can keep and count the
 * frame; what we did wrong flies on.
 */
export function decodeWith<Message, T>(decode: (message: Message) => T, message: Message): Attempt<T> {
  try {
    return { ok: true, value: decode(message) }
  } catch (error) {
    if (error instanceof DomainError) return { ok: false, error }
    throw error
  }
}
