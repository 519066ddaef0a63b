import type { EscalationPolicy, Step, Wave } from '@anju/contract/api'

/**
 * What every centre has until it writes a policy of its own. Centre: unclaimed for 30 s it is louder, after 60 s the supervisor,
 * after 120 s the next centre and whoever is on call (domain.md, "answering"). Family: each contact in order, the quiet channels
 * first, 45 s each for a deliberate acceptance.
 */
const acceptanceS = 45

const wave = (timeoutS: number, ...channels: Wave['channels']): Wave => ({ channels, timeoutS })
const inTurn = [
  wave(acceptanceS, 'push', 'wechat', 'email'),
  wave(acceptanceS, 'sms'),
  wave(acceptanceS, 'voice'),
] as const
const contact = (position: number): Step => ({ targets: [{ to: 'contact', position }], waves: [...inTurn] })

const centre: EscalationPolicy['centre'] = {
  startAfterS: 0,
  repeatAfterS: 30,
  quietWhileHeld: true,
  steps: [
    { targets: [{ to: 'queue' }], waves: [wave(30, 'console')] },
    { targets: [{ to: 'queue' }], waves: [wave(30, 'console')] },
    { targets: [{ to: 'supervisors' }], waves: [wave(60, 'console', 'push', 'sms', 'wecom', 'dingtalk')] },
    {
      targets: [{ to: 'next-centre' }, { to: 'shift', shift: 'on-call' }],
      waves: [wave(60, 'console', 'voice')],
    },
  ],
}

const family: EscalationPolicy['family'] = {
  startAfterS: 0,
  repeatAfterS: 120,
  quietWhileHeld: true,
  steps: [
    contact(1),
    contact(2),
    contact(3),
    { targets: [{ to: 'responders' }], waves: [wave(60, 'push', 'sms', 'voice')] },
    // Whoever else the home has named; also where one of the first three may not be told any more.
    contact(4),
    contact(5),
  ],
}

/**
 * Half of those who fall and lie cannot say so: whoever holds it is reminded every quarter of an hour until contact was made.
 * What a reminder takes and the pause after it are that quarter together.
 */
const quarterS = 15 * 60
const reminderS = 60
const longLie: EscalationPolicy['long-lie'] = {
  startAfterS: quarterS,
  repeatAfterS: quarterS - reminderS,
  quietWhileHeld: false,
  steps: [{ targets: [{ to: 'queue' }, { to: 'supervisors' }], waves: [wave(reminderS, 'console')] }],
}

export const STANDARD_POLICY: EscalationPolicy = { centre, family }
/** For what leaves somebody on the floor: the long-lie clock runs beside the rest. */
export const STANDARD_FALL_POLICY: EscalationPolicy = { ...STANDARD_POLICY, 'long-lie': longLie }
