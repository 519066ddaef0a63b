import { expect, test } from 'vitest'
import { codeOfStep, enrolmentOf, stepLengthS, stepOfCode } from './totp.ts'

/** RFC 6238, appendix B, the rows of SHA-1: eight digits there, of which six-digit codes are the last. */
const secret = new TextEncoder().encode('12345678901234567890')
const VECTORS = [
  { atS: 59, code: '94287082' },
  { atS: 1_111_111_109, code: '07081804' },
  { atS: 1_111_111_111, code: '14050471' },
  { atS: 1_234_567_890, code: '89005924' },
  { atS: 2_000_000_000, code: '69279037' },
  { atS: 20_000_000_000, code: '65353130' },
].map(({ atS, code }) => ({ step: Math.floor(atS / stepLengthS), code: code.slice(-6) }))

test.for(VECTORS)('at step $step the code is $code, and is known as that step’s', ({ step, code }) => {
  expect(codeOfStep(secret, step)).toBe(code)
  expect(stepOfCode(secret, code, step)).toBe(step)
})

test('a code holds one step early and one late, and no longer', () => {
  const code = codeOfStep(secret, 1_000)
  expect([998, 999, 1_000, 1_001, 1_002].map((present) => stepOfCode(secret, code, present))).toEqual([
    undefined,
    1_000,
    1_000,
    1_000,
    undefined,
  ])
})

test.for(['', '12345', '1234567', 'abcdef', '28708２', '-87082', '287082\n'])('"%s" is no code', (code) => {
  expect(stepOfCode(secret, code, 1)).toBeUndefined()
})

test('a blank in the middle, as an authenticator shows it, is no fault; another person’s code is', () => {
  const code = codeOfStep(secret, 7)
  expect(stepOfCode(secret, `${code.slice(0, 3)} ${code.slice(3)}`, 7)).toBe(7)
  expect(
    stepOfCode(
      Uint8Array.from(secret, (byte) => byte ^ 1),
      code,
      7,
    ),
  ).toBeUndefined()
})

test('what is enrolled is the secret in base 32, as a text and within an address that authenticators know', () => {
  expect(enrolmentOf(secret, 'li.na')).toEqual({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    uri: 'otpauth://totp/Anju:li.na?issuer=Anju&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
  })
})
