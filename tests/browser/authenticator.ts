import { expect } from 'vitest'
import { codeOfStep, stepLengthS } from '../../server/src/people/totp.ts'
import type { Console } from './console.ts'

/** The secret that a page shows, as an authenticator reads it. */
export async function secretOn({ page }: Console): Promise<Uint8Array> {
  const text = (await page.locator('[data-secret]').getAttribute('data-secret')) ?? ''
  expect(await page.locator('[data-enrolment] a').getAttribute('href')).toContain(`secret=${text}&`)
  return fromBase32(text)
}

/** As the page shows it: an authenticator of our own, that shares no code with the server's. */
function fromBase32(text: string): Uint8Array {
  const bits = Array.from(text, (char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
  return Uint8Array.from(bits.join('').match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** Of this step, or of a later one: a code is taken once, and nobody waits half a minute for the next. */
export const codeOf = (secret: Uint8Array, later = 0): string =>
  codeOfStep(secret, Math.floor(Date.now() / 1_000 / stepLengthS) + later)

/** The recovery codes that a page shows this once. */
export async function codesOn({ page }: Console): Promise<readonly string[]> {
  await page.locator('[data-recovery-codes] h2:focus').waitFor()
  return page.locator('[data-recovery-codes] code').allInnerTexts()
}
