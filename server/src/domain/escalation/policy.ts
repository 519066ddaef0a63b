import type { EscalationPolicy } from '@anju/contract/api'

/** What is wrong with a policy beyond its shape. `where` is a path inside of it. */
export interface PolicyProblem {
  readonly where: string
  readonly why: string
}

/** A step asks each person once on each channel: a second wave on the same one would find nobody, and pass at once. */
export function repeatedChannel(policy: EscalationPolicy): PolicyProblem | undefined {
  for (const [track, { steps }] of Object.entries(policy))
    for (const [step, { waves }] of steps.entries()) {
      const before = new Set<string>()
      for (const [wave, { channels }] of waves.entries())
        for (const channel of channels) {
          if (before.has(channel))
            return { where: `${track}/steps/${step}/waves/${wave}`, why: `"${channel}" stands in this step already` }
          before.add(channel)
        }
    }
  return undefined
}
