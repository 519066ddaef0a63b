import type { Channel, EscalationPolicy } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { repeatedChannel } from './policy.ts'
import { IS_IT_REAL, STANDARD_POLICY } from './standard.ts'

const policyOf = (...steps: readonly (readonly (readonly Channel[])[])[]): EscalationPolicy => ({
  centre: {
    startAfterS: 0,
    repeatAfterS: 30,
    quietWhileHeld: true,
    steps: steps.map((waves) => ({
      targets: [{ to: 'queue' }],
      waves: waves.map((channels) => ({ channels: [...channels], timeoutS: 30 })),
    })),
  },
})

test.for([
  [policyOf([['console']], [['console'], ['sms', 'voice']]), undefined],
  [policyOf([['console'], ['sms']], [['sms'], ['voice'], ['push', 'sms']]), 'centre/steps/1/waves/2'],
  [policyOf([['sms', 'sms']]), 'centre/steps/0/waves/0'],
  [STANDARD_POLICY, undefined],
  [{ ...STANDARD_POLICY, 'long-lie': IS_IT_REAL }, undefined],
] as const)('a channel stands once in a step: %#', ([policy, where]) => {
  expect(repeatedChannel(policy)?.where).toBe(where)
})
