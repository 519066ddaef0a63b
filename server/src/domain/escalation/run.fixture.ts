import { type Instant, instant, plus, seconds } from '@anju/contract'
import type { TrackPolicy } from '@anju/contract/api'
import type { EscalationEffect, Facts, Reconciled, Run } from './run.ts'

export const T0 = instant(Date.parse('2026-01-01T00:00:00.000Z'))
export const at = (s: number): Instant => plus(T0, seconds(s))
export const secondOf = (when: Instant): number => (when - T0) / 1_000

/** The daughter on two channels one after the other, then who is near. */
export const family: TrackPolicy = {
  startAfterS: 30,
  repeatAfterS: 120,
  quietWhileHeld: true,
  steps: [
    {
      targets: [{ to: 'contact', position: 1 }],
      waves: [
        { channels: ['push'], timeoutS: 45 },
        { channels: ['sms'], timeoutS: 45 },
      ],
    },
    { targets: [{ to: 'responders' }], waves: [{ channels: ['voice'], timeoutS: 60 }] },
  ],
}
/** Our own consoles, then the next centre's and who is on call. */
export const centre: TrackPolicy = {
  startAfterS: 0,
  repeatAfterS: 30,
  quietWhileHeld: true,
  steps: [
    { targets: [{ to: 'queue' }], waves: [{ channels: ['console'], timeoutS: 30 }] },
    {
      targets: [{ to: 'next-centre' }, { to: 'shift', shift: 'on-call' }],
      waves: [{ channels: ['console', 'voice'], timeoutS: 60 }],
    },
    { targets: [{ to: 'next-centre' }], waves: [{ channels: ['console'], timeoutS: 60 }] },
  ],
}
export const longLie: TrackPolicy = { ...centre, startAfterS: 900, quietWhileHeld: false }

export const STATES = {
  starting: { at: 'starting', round: 0, step: 0, wave: -1, until: at(30) },
  /** The daughter's second wave. */
  running: { at: 'running', round: 0, step: 0, wave: 1, until: at(120) },
  /** The last wave of the round. */
  'running last': { at: 'running', round: 0, step: 1, wave: 0, until: at(180) },
  waiting: { at: 'waiting', round: 0, step: 2, wave: 0, until: at(300) },
  /** An operator took it while the daughter was asked. */
  'quiet for an operator': { at: 'quiet', round: 1, step: 0, wave: -1, until: null },
  /** The daughter is on the way. */
  'quiet for who accepted': { at: 'quiet', round: 0, step: 1, wave: -1, until: at(500) },
  ending: { at: 'ending', round: 1, step: 0, wave: -1, until: at(400) },
  ended: { at: 'ended', round: 1, step: 0, wave: -1 },
} as const satisfies Record<string, Run>
export type State = keyof typeof STATES

/** Just before something is due, if nothing has happened. */
export const untouched = (run: Run): Facts => {
  const until = 'until' in run && run.until !== null ? run.until : at(250)
  return {
    now: plus(until, seconds(-1)),
    class: 'life',
    openedAt: T0,
    contactDueFrom: T0,
    handling: 'new',
    undoUntil: null,
    contactMade: false,
    test: false,
    acceptedUntil: run.at === 'quiet' ? run.until : null,
    wave: ['pending', 'pending'],
    askedElsewhere: true,
  }
}
export const said = (effect: EscalationEffect): string => {
  if (effect.do === 'ask')
    return `ask ${effect.round}.${effect.step}.${effect.wave} ${effect.targets.map(({ to }) => to).join(',')} ${effect.channels.join(',')}`
  return effect.do === 'withdraw' ? 'withdraw' : `stand-down ${effect.because}`
}
export const outcome = ({ run, effects }: Reconciled) => ({
  becomes: `${run.at} ${run.round}.${run.step}.${run.wave}${'until' in run && run.until !== null ? ` until ${secondOf(run.until)}` : ''}`,
  doing: effects.map(said),
})
