import type { EscalationPolicy, Step, TrackPolicy, Wave } from '@anju/contract/api'

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
    {
      targets: [{ to: 'contacts', after: 5 }],
      waves: [wave(acceptanceS, 'push', 'wechat', 'email', 'sms'), wave(acceptanceS, 'voice')],
    },
  ],
}

/** What leaves somebody lying on a floor, or may have: the clock runs since it happened, and not since we know of it. */
const LYING: ReadonlySet<string> = new Set(['fall-detected', 'long-lie', 'no-activity'])
export const isLying = (type: string): boolean => LYING.has(type)

/**
 * Open for so long and nobody has been reached yet: whoever holds it may be waiting for something, or have forgotten it. Once more
 * after as long, until contact was made: what asking takes and the pause after it are at most that time together.
 */
const unreachedS = 10 * 60
const askingS = 60
const untilContact: TrackPolicy = {
  startAfterS: unreachedS,
  repeatAfterS: unreachedS - 2 * askingS,
  quietWhileHeld: false,
  steps: [
    { targets: [{ to: 'queue' }, { to: 'supervisors' }], waves: [wave(askingS, 'console')] },
    {
      targets: [{ to: 'supervisors' }],
      waves: [wave(askingS, 'push', 'sms', 'wecom', 'dingtalk', 'voice')],
    },
  ],
}

export const STANDARD_POLICY: EscalationPolicy = { centre, family, 'long-lie': untilContact }
/** What no policy of a centre's own is without: it writes another, and cannot leave it out. */
export const UNTIL_CONTACT: Pick<Required<EscalationPolicy>, 'long-lie'> = { 'long-lie': untilContact }

/** For so long a life alarm of a test may be nobody's before our own supervisors are asked whether it is one. */
export const testUnclaimedS = 5 * 60
/** Instead of whatever a centre's track says until contact: what happens in a test asks, rather than that it disappears. */
export const IS_IT_REAL: TrackPolicy = {
  startAfterS: testUnclaimedS,
  repeatAfterS: testUnclaimedS - 2 * askingS,
  quietWhileHeld: true,
  steps: [
    {
      targets: [{ to: 'supervisors' }],
      waves: [wave(askingS, 'push', 'sms', 'wecom', 'dingtalk'), wave(askingS, 'voice')],
    },
  ],
}
