import { type Reading, reading } from '@anju/contract'
import type { DeviceOptions } from '../../src/profile.ts'
import type { Told } from '../../src/telling.ts'

/** null is a button between two pushes: nothing is known of the contact. */
export function inputState({ frame }: Told, { input = '0' }: DeviceOptions): Reading | undefined {
  const state = frame[`input${input}`]
  return typeof state === 'boolean' ? reading(state) : undefined
}
