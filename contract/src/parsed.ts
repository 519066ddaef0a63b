import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { DomainError, type ErrorCode } from './errors.ts'

export const messageBytesMax = 256 * 1024

/** A validated value, or the first thing that is wrong with it, in words that name the field. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode; readonly why: string }

const text = new TextDecoder('utf-8', { fatal: true })

/** Compiles a schema once; the returned function never throws. */
export function parserOf<T>(
  schema: TSchema,
  more?: (value: T) => string | undefined,
): (payload: Uint8Array) => Parsed<T> {
  const validator = Compile(schema)
  return (payload) => {
    if (payload.byteLength > messageBytesMax)
      return { ok: false, code: 'message-oversized', why: `${payload.byteLength} bytes, at most ${messageBytesMax}` }
    let value: unknown
    try {
      value = JSON.parse(text.decode(payload))
    } catch (error) {
      return {
        ok: false,
        code: 'message-malformed',
        why: `not JSON in UTF-8: ${(error as Error).message.slice(0, 120)}`,
      }
    }
    if (!validator.Check(value)) {
      const [first] = validator.Errors(value)
      return {
        ok: false,
        code: 'message-malformed',
        why: `${first?.instancePath || '(root)'} ${first?.message ?? 'is not as agreed'}`,
      }
    }
    const wrong = more?.(value as T)
    return wrong ? { ok: false, code: 'message-malformed', why: wrong } : { ok: true, value: value as T }
  }
}

/** The id of a message that may be malformed otherwise, so that its refusal can be receipted by name. */
export function idOfMalformed(payload: Uint8Array): string | undefined {
  if (payload.byteLength > messageBytesMax) return undefined
  const match = /"id"\s*:\s*"([0-7][0-9A-HJKMNP-TV-Z]{25})"/.exec(new TextDecoder().decode(payload))
  return match?.[1]
}

export const encode = (message: unknown): Buffer => Buffer.from(JSON.stringify(message))

/** Throws what `Parsed` says, for edges where a malformed message is a caller's error. */
export function unwrap<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new DomainError(parsed.code, parsed.why)
  return parsed.value
}
