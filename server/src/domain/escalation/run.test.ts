import { plus, seconds } from '@anju/contract'
import { expect, test } from 'vitest'
import { at, family, outcome, STATES, type State, untouched } from './run.fixture.ts'
import { type Facts, inForce, type Run, reconcile } from './run.ts'

const FACTS = {
  'nothing happened': () => ({}),
  'its time has come': (run) => ({ now: plus(untouched(run).now, seconds(1)) }),
  'nobody of the wave can be reached': () => ({ wave: ['negative', 'negative'] }),
  'the wave has nobody': () => ({ wave: [] }),
  'one cannot be reached': () => ({ wave: ['negative', 'pending'] }),
  'all of the wave declined': () => ({ wave: ['declined'] }),
  'one declined, the other cannot be reached': () => ({ wave: ['declined', 'negative'] }),
  'somebody of the wave accepted': () => ({ acceptedUntil: at(900), wave: ['accepted', 'pending'] }),
  'somebody asked before accepted': () => ({ acceptedUntil: at(900) }),
  'what was accepted is taken back': () => ({ acceptedUntil: null }),
  'an operator claimed': () => ({ handling: 'claimed' }),
  'an operator parked': () => ({ handling: 'parked' }),
  'it is a test': () => ({ test: true }),
  'it was closed a moment ago': () => ({ handling: 'closed', undoUntil: at(900) }),
  'it was closed a moment ago, and nobody elsewhere was asked': () => ({
    handling: 'closed',
    undoUntil: at(900),
    askedElsewhere: false,
  }),
  'it was closed a minute ago': (run) => ({ handling: 'closed', undoUntil: untouched(run).now }),
  'it closed itself': () => ({ handling: 'closed' }),
} as const satisfies Record<string, (run: Run) => Partial<Facts>>
type Fact = keyof typeof FACTS

type Expected = readonly [becomes: string, ...doing: string[]]
const SMS_OVER = (until: number): Expected => [`running 0.1.0 until ${until}`, 'ask 0.1.0 responders voice']
const AGAIN = (round: number, until: number): Expected => [
  `running ${round}.0.0 until ${until}`,
  `ask ${round}.0.0 contact push`,
]
const ENDED = (position: string): Expected => [`ended ${position}`, 'withdraw', 'stand-down closed']
const ACCEPTED = (position: string): Expected => [`quiet ${position} until 900`, 'withdraw', 'stand-down accepted']
const stays = (becomes: string) => (): Expected => [becomes]

/** What is said here for every state and every fact; `otherwise` for facts that change nothing there. */
const table: Record<State, { readonly otherwise: () => Expected } & Partial<Record<Fact, Expected>>> = {
  starting: {
    otherwise: stays('starting 0.0.-1 until 30'),
    'its time has come': ['running 0.0.0 until 75', 'ask 0.0.0 contact push'],
    'somebody of the wave accepted': ACCEPTED('0.0.-1'),
    'somebody asked before accepted': ACCEPTED('0.0.-1'),
    'an operator claimed': ['quiet 0.0.-1', 'withdraw'],
    'an operator parked': ['quiet 0.0.-1', 'withdraw'],
    'it is a test': ['quiet 0.0.-1', 'withdraw'],
    'it was closed a moment ago': ['ending 0.0.-1 until 900', 'withdraw'],
    'it was closed a moment ago, and nobody elsewhere was asked': ['ended 0.0.-1', 'withdraw'],
    'it was closed a minute ago': ENDED('0.0.-1'),
    'it closed itself': ENDED('0.0.-1'),
  },
  running: {
    otherwise: stays('running 0.0.1 until 120'),
    'its time has come': SMS_OVER(180),
    'nobody of the wave can be reached': SMS_OVER(179),
    'the wave has nobody': SMS_OVER(179),
    'all of the wave declined': SMS_OVER(179),
    'one declined, the other cannot be reached': SMS_OVER(179),
    // The next is next; whoever was only just being asked is asked again, not passed over.
    'somebody of the wave accepted': ACCEPTED('0.1.-1'),
    'somebody asked before accepted': ACCEPTED('1.0.-1'),
    'an operator claimed': ['quiet 1.0.-1', 'withdraw'],
    'an operator parked': ['quiet 1.0.-1', 'withdraw'],
    'it is a test': ['quiet 1.0.-1', 'withdraw'],
    'it was closed a moment ago': ['ending 1.0.-1 until 900', 'withdraw'],
    'it was closed a moment ago, and nobody elsewhere was asked': ['ended 1.0.-1', 'withdraw'],
    'it was closed a minute ago': ENDED('0.0.1'),
    'it closed itself': ENDED('0.0.1'),
  },
  'running last': {
    otherwise: stays('running 0.1.0 until 180'),
    'its time has come': ['waiting 0.2.0 until 300'],
    'nobody of the wave can be reached': ['waiting 0.2.0 until 299'],
    'the wave has nobody': ['waiting 0.2.0 until 299'],
    'all of the wave declined': ['waiting 0.2.0 until 299'],
    'one declined, the other cannot be reached': ['waiting 0.2.0 until 299'],
    'somebody of the wave accepted': ACCEPTED('1.0.-1'),
    'somebody asked before accepted': ACCEPTED('1.1.-1'),
    'an operator claimed': ['quiet 1.1.-1', 'withdraw'],
    'an operator parked': ['quiet 1.1.-1', 'withdraw'],
    'it is a test': ['quiet 1.1.-1', 'withdraw'],
    'it was closed a moment ago': ['ending 1.1.-1 until 900', 'withdraw'],
    'it was closed a moment ago, and nobody elsewhere was asked': ['ended 1.1.-1', 'withdraw'],
    'it was closed a minute ago': ENDED('0.1.0'),
    'it closed itself': ENDED('0.1.0'),
  },
  waiting: {
    otherwise: stays('waiting 0.2.0 until 300'),
    'its time has come': AGAIN(1, 345),
    'somebody of the wave accepted': ACCEPTED('1.0.-1'),
    'somebody asked before accepted': ACCEPTED('1.0.-1'),
    'an operator claimed': ['quiet 1.0.-1', 'withdraw'],
    'an operator parked': ['quiet 1.0.-1', 'withdraw'],
    'it is a test': ['quiet 1.0.-1', 'withdraw'],
    'it was closed a moment ago': ['ending 1.0.-1 until 900', 'withdraw'],
    'it was closed a moment ago, and nobody elsewhere was asked': ['ended 1.0.-1', 'withdraw'],
    'it was closed a minute ago': ENDED('0.2.0'),
    'it closed itself': ENDED('0.2.0'),
  },
  'quiet for an operator': {
    // They gave it back, whatever became of who was asked before.
    otherwise: () => AGAIN(1, 294),
    'its time has come': AGAIN(1, 295),
    'somebody of the wave accepted': ACCEPTED('1.0.-1'),
    'somebody asked before accepted': ACCEPTED('1.0.-1'),
    'an operator claimed': ['quiet 1.0.-1'],
    'an operator parked': ['quiet 1.0.-1'],
    'it is a test': ['quiet 1.0.-1'],
    'it was closed a moment ago': ['ending 1.0.-1 until 900', 'withdraw'],
    'it was closed a moment ago, and nobody elsewhere was asked': ['ended 1.0.-1', 'withdraw'],
    'it was closed a minute ago': ENDED('1.0.-1'),
    'it closed itself': ENDED('1.0.-1'),
  },
  'quiet for who accepted': {
    otherwise: stays('quiet 0.1.-1 until 500'),
    'its time has come': SMS_OVER(560),
    'what was accepted is taken back': SMS_OVER(559),
    'somebody of the wave accepted': ACCEPTED('0.1.-1'),
    'somebody asked before accepted': ACCEPTED('0.1.-1'),
    'it was closed a moment ago': ['ending 0.1.-1 until 900', 'withdraw'],
    'it was closed a moment ago, and nobody elsewhere was asked': ['ended 0.1.-1', 'withdraw'],
    'it was closed a minute ago': ENDED('0.1.-1'),
    'it closed itself': ENDED('0.1.-1'),
  },
  ending: {
    // Undone: it goes on as if it had never been closed.
    otherwise: () => AGAIN(1, 444),
    'its time has come': AGAIN(1, 445),
    'somebody of the wave accepted': ACCEPTED('1.0.-1'),
    'somebody asked before accepted': ACCEPTED('1.0.-1'),
    'an operator claimed': ['quiet 1.0.-1', 'withdraw'],
    'an operator parked': ['quiet 1.0.-1', 'withdraw'],
    'it is a test': ['quiet 1.0.-1', 'withdraw'],
    'it was closed a moment ago': ['ending 1.0.-1 until 900', 'withdraw'],
    'it was closed a moment ago, and nobody elsewhere was asked': ['ended 1.0.-1', 'withdraw'],
    'it was closed a minute ago': ENDED('1.0.-1'),
    'it closed itself': ENDED('1.0.-1'),
  },
  ended: {
    otherwise: () => AGAIN(1, 294),
    'its time has come': AGAIN(1, 295),
    'somebody of the wave accepted': ACCEPTED('1.0.-1'),
    'somebody asked before accepted': ACCEPTED('1.0.-1'),
    'an operator claimed': ['quiet 1.0.-1', 'withdraw'],
    'an operator parked': ['quiet 1.0.-1', 'withdraw'],
    'it is a test': ['quiet 1.0.-1', 'withdraw'],
    // Nobody had been asked elsewhere, and somebody has said since that they go: they hear when it is over.
    'it was closed a moment ago': ['ending 1.0.-1 until 900', 'withdraw'],
    'it was closed a moment ago, and nobody elsewhere was asked': ['ended 1.0.-1'],
    'it was closed a minute ago': ['ended 1.0.-1'],
    'it closed itself': ['ended 1.0.-1'],
  },
}

const rows = (Object.keys(STATES) as State[]).flatMap((given) =>
  (Object.keys(FACTS) as Fact[]).map((input) => {
    const [becomes, ...doing] = table[given][input] ?? table[given].otherwise()
    return { given, input, becomes, doing }
  }),
)

test.for(rows)('$given, and $input', ({ given, input, ...expected }) => {
  const run = STATES[given]
  const facts = { ...untouched(run), ...FACTS[input](run) }
  expect(outcome(reconcile(run, 'family', inForce('family', family, facts), facts))).toEqual(expected)
})
